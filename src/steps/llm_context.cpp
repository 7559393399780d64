// What a prompt is given of the steps before it when it doesn't refer to them itself. Pure.
#include "steps/llm_context.hpp"

#include "mission/references.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>

namespace rustchain {
namespace {

bool names(const Reference& reference, const std::string& id) {
  if (reference.head == id || reference.head == id + "_result" || reference.head == id + "_response")
    return true;
  if (reference.head != "steps" || reference.path.empty()) return false;
  const auto* field = std::get_if<std::string>(&reference.path.front());
  return field != nullptr && *field == id;
}

bool text_refers(std::string_view text, const std::vector<ContextItem>& items) {
  for (const TextPart& part : split_references(text)) {
    if (!part.reference) continue;
    if (part.reference->head == "previous_result") return true;
    for (const ContextItem& item : items)
      if (names(*part.reference, item.step)) return true;
  }
  return false;
}

// How much of each text is kept, so that the sum is at most `most`: equal shares, and what short texts leave
// over goes to the long ones.
std::vector<std::size_t> shares(const std::vector<ContextItem>& items, std::size_t most) {
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return items[a].text.size() < items[b].text.size(); });
  std::vector<std::size_t> kept(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    kept[order[i]] = std::min(items[order[i]].text.size(), most / (order.size() - i));
    most -= kept[order[i]];
  }
  return kept;
}

// Three fifths of the beginning and two of the end: errors stand at the end, what was run at the beginning.
std::string cut_in_the_middle(std::string_view text, std::size_t most) {
  std::string_view head = utf8_prefix(text, most * 3 / 5);
  std::size_t tail_at = text.size() - (most - most * 3 / 5);
  while (tail_at < text.size() && (text[tail_at] & 0xc0) == 0x80) ++tail_at;
  return std::string(head) + "\n[... " + std::to_string(tail_at - head.size()) + " bytes cut here ...]\n" +
         std::string(text.substr(tail_at));
}

std::string_view how_it_ended(Status status) {
  switch (status) {
    case Status::success: return "";
    case Status::partial: return ", which was stopped before its end";
    case Status::failed: return ", which failed";
    case Status::skipped: return ", which was skipped";
    case Status::cancelled: return ", which was cancelled";
  }
  return "";
}

}  // namespace

bool refers_to_any(const Node& parameters, const std::vector<ContextItem>& items) {
  std::vector<const Node*> open = {&parameters};
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    if (node->is_scalar() && text_refers(node->text, items)) return true;
    for (const Node& item : node->items) open.push_back(&item);
  }
  return false;
}

PromptContext context_text(const std::vector<ContextItem>& items, std::size_t most) {
  PromptContext context;
  std::vector<std::size_t> kept = shares(items, most);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ContextItem& item = items[i];
    bool whole = kept[i] == item.text.size();
    std::string name = item.name.empty() || item.name == item.step ? "" : " (" + item.name + ")";
    std::string text = whole ? item.text : cut_in_the_middle(item.text, kept[i]);
    if (text.empty() || text.back() != '\n') text += '\n';
    context.text += "\n--- Output of step " + item.step + name + std::string(how_it_ended(item.status)) +
                    ":\n" + (item.text.empty() ? "(nothing)\n" : text) + "--- End of " + item.step + "\n";
    if (!whole)
      context.cuts.push_back("the prompt got " + std::to_string(kept[i]) + " of the " +
                             std::to_string(item.text.size()) + " bytes that " + item.step +
                             " gave; max_context_chars sets how much");
  }
  if (!context.text.empty()) context.text = "\n\nThe results of the steps before:\n" + context.text;
  return context;
}

}  // namespace rustchain

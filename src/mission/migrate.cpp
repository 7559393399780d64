// Missions in older shapes, rewritten into today's format.
#include "mission/migrate.hpp"

#include "mission/emit.hpp"
#include "mission/key_reader.hpp"
#include "mission/keys.hpp"
#include "mission/load.hpp"
#include "mission/migrate_step.hpp"
#include "mission/older_forms.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read.hpp"
#include "mission/source_lines.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace rustchain {
namespace {

// The same value to whoever reads the two; places and ways of writing aside.
bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.items.size() != b.items.size()) return false;
  if (a.is_scalar() && (a.text != b.text || type_word(a) != type_word(b))) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same(a.items[i], b.items[i])) return false;
  return true;
}

bool reads_as(const std::string& text, const Node& document) {
  Diagnostics ignored;
  std::optional<Node> loaded = load_yaml(text, 0, ignored);
  return loaded && !ignored.has_errors() && same(*loaded, document);
}

// Steps that are put together anew, in the place of their lines.
class Splice {
 public:
  Splice(const SourceLines& source, Patches patches) : source_(source), patches_(std::move(patches)) {}

  // False: the list isn't written with one step on lines of its own.
  bool replace_steps(const Node& list, const std::vector<bool>& rewritten, std::size_t end_line) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (!rewritten[i]) continue;
      const Node& step = list.items[i];
      std::size_t first = step.at.line;
      std::string_view line = source_.line(first);
      std::size_t dash = line.find_first_not_of(' ');
      if (dash == std::string_view::npos || line[dash] != '-') return false;
      std::size_t next = i + 1 < list.items.size() ? list.items[i + 1].at.line : end_line;
      if (next <= first) return false;
      std::size_t last = source_.last_of(first, next, dash);
      std::string text;
      for (std::string_view comment : source_.comments(first, last + 1, step)) {
        text.append(dash, ' ');
        (text += comment) += '\n';
      }
      text += list_item(step, dash);
      std::size_t begin = source_.offset(first);
      std::size_t end = source_.offset(last + 1);
      // Changes of single places within it are passed over: they begin later.
      patches_.push_back({begin, end - begin, std::move(text)});
    }
    return true;
  }

  static std::string list_item(const Node& step, std::size_t indent) {
    Node list;
    list.kind = Node::Kind::list;
    list.items.push_back(step);
    return emit_yaml(list, indent);
  }

  std::string result() { return source_.patched(std::move(patches_)); }

 private:
  const SourceLines& source_;
  Patches patches_;
};

// All of it, with the comments above the first key and within the steps.
std::string write_anew(const Node& document, const Node& original_steps, const SourceLines& source,
                       std::size_t end_line) {
  std::string text;
  for (std::string_view comment : source.comments_at_top()) (text += comment) += '\n';
  for (std::size_t i = 0; i < document.size(); ++i) {
    bool steps = document.key(i).text == "steps" && document.value(i).is_list();
    if (!steps || document.value(i).items.empty()) {
      Node one;
      append_entry(one, document.key(i), document.value(i));
      text += emit_yaml(one);
      continue;
    }
    text += "steps:\n";
    const std::vector<Node>& items = document.value(i).items;
    std::size_t from = 0;
    for (std::size_t k = 0; k < items.size(); ++k) {
      if (k > 0) text += '\n';
      if (k < original_steps.items.size() && !source.is_json()) {
        const Node& old = original_steps.items[k];
        std::size_t next =
            k + 1 < original_steps.items.size() ? original_steps.items[k + 1].at.line : end_line;
        std::size_t dash =
            std::min(source.line(old.at.line).find_first_not_of(' '), source.line(old.at.line).size());
        std::size_t after = source.last_of(old.at.line, next, dash) + 1;
        if (k == 0) from = source.first_comment_above(old.at.line);
        for (std::string_view comment : source.comments(from, after, old))
          (text += "  ").append(comment) += '\n';
        from = after;
      }
      text += Splice::list_item(items[k], 2);
    }
  }
  return text;
}

// The line after the last one of the value of `key`.
std::size_t end_of(const Node& document, std::string_view key, std::size_t lines) {
  std::size_t end = lines + 1;
  const Node* value = document.find(key);
  for (std::size_t i = 0; value && i < document.size(); ++i)
    if (document.key(i).at.line > value->at.line) end = std::min<std::size_t>(end, document.key(i).at.line);
  return end;
}

}  // namespace

Migration migrate(const std::string& text, const StepTypes& types) {
  Migration result;
  std::optional<Node> loaded = load_yaml(text, 0, result.problems);
  if (!loaded || result.problems.has_errors()) return result;
  SourceLines source(text);
  Node document = *loaded;
  bool other_form = rewrite_older_form(document, result.notes);
  if (!other_form && refuse_document(document, result.problems)) return result;

  StepMigration steps(types, source, result.notes);
  steps.rename_old_keys(document, mission_keys());
  std::vector<std::pair<std::string_view, std::vector<bool>>> rewritten;
  bool any = false;
  for (std::string_view key : {"steps", "finally"}) {
    Node* list = find_value(document, key);
    if (!list || !list->is_list()) continue;
    std::vector<bool>& flags = rewritten.emplace_back(key, std::vector<bool>(list->items.size())).second;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      flags[i] = steps.migrate(list->items[i]);
      any = any || flags[i];
    }
  }
  if (result.notes.empty()) {
    result.text = text;
    return result;
  }

  std::stable_sort(result.notes.begin(), result.notes.end(),
                   [](const MigrationNote& a, const MigrationNote& b) { return a.line < b.line; });

  if (!other_form && !steps.has_lost_its_place()) {
    Splice splice(source, steps.take_patches());
    bool placed = true;
    for (const auto& [key, flags] : rewritten)
      placed = placed && (!any || splice.replace_steps(*document.find(key), flags,
                                                       end_of(*loaded, key, source.count())));
    if (placed) result.text = splice.result();
    if (placed && reads_as(result.text, document)) return result;
  }
  const Node* old_steps = nullptr;
  std::size_t end = source.count() + 1;
  if (const Node* mission = loaded->find("mission"); other_form && mission && mission->find("steps")) {
    old_steps = mission->find("steps");
  } else {
    std::string_view key = loaded->find("steps") ? "steps" : "tasks";
    old_steps = loaded->find(key);
    end = end_of(*loaded, key, source.count());
  }
  result.text = write_anew(document, old_steps ? *old_steps : Node{}, source, end);
  result.notes.insert(result.notes.begin(),
                      {0, "the file is written anew as a whole; comments at the ends of lines are not kept"});
  if (!reads_as(result.text, document)) {
    result.text.clear();
    result.problems.add({.code = "RC0103",
                         .message = "the mission can't be rewritten without changing what it means",
                         .at = document.at,
                         .help = "write it by hand; `rustchain steps` shows what each type takes"});
  }
  return result;
}

}  // namespace rustchain

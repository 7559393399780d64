// Which steps hand on what came from outside or is secret.
#include "cli/mission_flow.hpp"

#include "safety/walk.hpp"
#include "safety/word_index.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace rustchain {
namespace {

// What a step's text has to do with other steps and files. The mission owns the texts.
struct Links {
  std::vector<StepIndex> uses;             // steps whose outputs it refers to
  std::vector<std::string_view> mentions;  // words that may be files
  std::vector<std::string_view> writes;    // files
  bool from_outside = false;  // it asks a machine or a model, or has a variable that came from there
  bool names_secret = false;
  bool prints = false;  // what it is given
};

constexpr std::string_view k_clients[] = {"curl wget http https xh"};
constexpr std::string_view k_file_steps[] = {"create_file edit_file copy_file move_file read_file"};
constexpr std::string_view k_printers[] = {"echo printf printenv env cat tee head tail sh bash"};

std::string_view bare_path(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

enum class CharacterKind : std::uint8_t { other, between, of_path };

constexpr std::array<CharacterKind, 256> character_kinds() {
  std::array<CharacterKind, 256> kinds{};
  for (unsigned char c : std::string_view(" \t\n'\"`<>|;&()=,[]")) kinds[c] = CharacterKind::between;
  for (unsigned char c : std::string_view("./")) kinds[c] = CharacterKind::of_path;
  return kinds;
}
constexpr std::array<CharacterKind, 256> k_kinds = character_kinds();

// The words of a text, whatever its syntax; what follows > is written.
void read_words(std::string_view text, Links& links) {
  bool written = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    bool path = false;
    for (; end < text.size(); ++end) {
      const CharacterKind kind = k_kinds[static_cast<unsigned char>(text[end])];
      if (kind == CharacterKind::between) break;
      path = path || kind == CharacterKind::of_path;
    }
    if (path) {
      const std::string_view word = bare_path(text.substr(at, end - at));
      if (word.size() > 2 && word.find_first_of("./") != std::string_view::npos)
        (written ? links.writes : links.mentions).push_back(word);
    }
    if (end > at) written = false;
    if (end < text.size() && text[end] != ' ') written = text[end] == '>';
    at = end + 1;
  }
}

bool refers_to_secret(std::string_view text, const NameSet& secrets) {
  return std::any_of(secrets.begin(), secrets.end(), [&](const std::string& name) {
    std::size_t at = text.find(name);
    return at != std::string_view::npos && at > 0 &&
           (text[at - 1] == '$' || text[at - 1] == '{' || text[at - 1] == ' ');
  });
}

Links read_links(const Step& step, const Names& names, const NameSet& outside, const NameSet& secrets) {
  Links links;
  const std::string& type = step.type.value;
  links.from_outside = type == "http" || type == "llm";
  std::vector<std::string_view> texts;
  collect_texts(step.parameters, texts);
  if (step.foreach) collect_texts(*step.foreach, texts);
  for (const auto& [name, text] : step.env) texts.emplace_back(text.value);
  const Node* command = step.parameters.find("command");
  const std::string program =
      command != nullptr && command->is_scalar()
          ? program_name(std::string_view(command->text).substr(0, command->text.find(' ')))
          : std::string();
  links.from_outside = links.from_outside || is_in<k_clients>(program);
  links.prints = is_in<k_file_steps>(type) || is_in<k_printers>(program);
  for (std::string_view text : texts) {
    if (text.find('{') != std::string::npos) {
      for (const TextPart& part : split_references(text)) {
        if (!part.reference) continue;
        const Meaning meaning = names.meaning(*part.reference, step.foreach.has_value());
        if (meaning.kind == Meaning::Kind::step) {
          const std::string* field = part.reference->path.size() > meaning.rest
                                         ? std::get_if<std::string>(&part.reference->path[meaning.rest])
                                         : nullptr;
          if (field == nullptr || !is_plain_field(*field)) links.uses.push_back(meaning.step);
        } else if (meaning.kind == Meaning::Kind::variable || meaning.kind == Meaning::Kind::environment) {
          links.from_outside = links.from_outside || outside.contains(meaning.name);
          links.names_secret = links.names_secret || secrets.contains(meaning.name);
        }
      }
    }
    if (type == "command") links.names_secret = links.names_secret || refers_to_secret(text, secrets);
    read_words(text, links);
  }
  for (std::string_view key : {"path", "destination", "output_file"}) {
    const Node* file = step.parameters.find(key);
    const bool written = key != "path" || type == "create_file" || type == "edit_file";
    if (file != nullptr && file->is_scalar() && written) links.writes.emplace_back(bare_path(file->text));
  }
  return links;
}

// From some steps to all that they reach. `touched`: those to whom a secret comes, whatever they do with it.
void spread(const std::vector<Links>& all, const std::vector<std::vector<StepIndex>>& users,
            const std::unordered_map<std::string_view, std::vector<StepIndex>>& readers,
            const std::vector<StepIndex>& sources, std::vector<bool>& reached, std::vector<bool>* touched) {
  std::vector<StepIndex> queue;
  // Of a secret nothing is left where a step only uses it.
  auto reach = [&](StepIndex step) {
    if (reached[step] || (touched != nullptr && !all[step].prints)) return;
    reached[step] = true;
    queue.push_back(step);
  };
  auto take = [&](StepIndex step) {
    if (touched != nullptr) (*touched)[step] = true;
    reach(step);
  };
  for (StepIndex step : sources) reach(step);
  while (!queue.empty()) {
    const StepIndex step = queue.back();
    queue.pop_back();
    for (StepIndex user : users[step]) take(user);
    for (std::string_view file : all[step].writes)
      if (auto found = readers.find(file); found != readers.end())
        for (StepIndex reader : found->second) take(reader);
  }
}

}  // namespace

void collect_texts(const Node& node, std::vector<std::string_view>& texts) {
  if (node.is_scalar()) texts.emplace_back(node.text);
  for (const Node& item : node.items) collect_texts(item, texts);
}

bool is_plain_field(std::string_view field) {
  return has_word("exit_code status status_code duration_ms attempts size replacements existed", field);
}

MissionFlow::MissionFlow(const Mission& mission, const Names& names, const NameSet& outside,
                         const NameSet& secrets) {
  std::vector<const Step*> steps;
  for (const std::vector<Step>* list : {&mission.steps, &mission.finally})
    for (const Step& step : *list) steps.push_back(&step);
  // Most missions have neither, and pay nothing.
  const bool any =
      !outside.empty() || !secrets.empty() || std::any_of(steps.begin(), steps.end(), [](const Step* step) {
        if (step->type.value == "http" || step->type.value == "llm") return true;
        const Node* command = step->parameters.find("command");
        return command != nullptr && command->is_scalar() &&
               (command->text.starts_with("curl") || command->text.starts_with("wget"));
      });
  if (!any) return;
  std::vector<Links> all;
  all.reserve(steps.size());
  std::vector<std::vector<StepIndex>> users(steps.size());
  std::vector<StepIndex> from_outside, with_secret;
  for (const Step* step : steps) {
    const auto index = static_cast<StepIndex>(all.size());
    all.push_back(read_links(*step, names, outside, secrets));
    for (StepIndex used : all.back().uses)
      if (used < users.size()) users[used].push_back(index);
    if (all.back().from_outside) from_outside.push_back(index);
    if (all.back().names_secret) with_secret.push_back(index);
  }
  std::unordered_map<std::string_view, std::vector<StepIndex>> readers;
  for (StepIndex i = 0; i < all.size(); ++i)
    for (std::string_view file : all[i].mentions)
      if (steps[i]->type.value != "create_file") readers[file].push_back(i);
  outside_.assign(steps.size(), false);
  secret_.assign(steps.size(), false);
  takes_secret_.assign(steps.size(), false);
  spread(all, users, readers, from_outside, outside_, nullptr);
  spread(all, users, readers, with_secret, secret_, &takes_secret_);
}

}  // namespace rustchain

// Texts that a step has in a file of their own.
#include "mission/content_files.hpp"

#include "mission/key_words.hpp"
#include "mission/resolve.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

bool has_parameter(const StepType& type, std::string_view name) {
  return std::any_of(type.parameters.begin(), type.parameters.end(),
                     [&](const KeySpec& key) { return key.name == name; });
}

class Reader {
 public:
  Reader(Mission& mission, Sources& sources, const StepTypes& types, const Names& names,
         const Directories& directories, const ReadFile& read_file, Diagnostics& problems)
      : mission_(mission),
        sources_(sources),
        types_(types),
        names_(names),
        directories_(directories),
        read_file_(read_file),
        problems_(problems) {}

  void read() {
    for (std::vector<Step>* steps : {&mission_.steps, &mission_.finally})
      for (Step& step : *steps)
        if (const Node* from = file_of(step)) read(step, *from);
  }

 private:
  const Node* file_of(const Step& step) const {
    const Node* from = step.parameters.find(k_content_file);
    if (!from || !from->is_scalar() || step.parameters.find(k_content)) return nullptr;
    const StepType* type = types_.find(step.type.value);
    return type && takes_content_file(*type) ? from : nullptr;
  }

  // Absolute; nullopt: only the run will tell.
  std::optional<std::string> place_of(const Step& step, const std::string& written) const {
    Result<std::string, Failure> path = written;
    if (step.substitute)
      path = resolve_text(written, names_, KnownValues(mission_, directories_.mission),
                          step.foreach.has_value());
    if (!path || path->empty() || path->starts_with('~')) return std::nullopt;
    if (path->front() == '/') return normalise_path(*path);
    std::optional<std::string> directory = known_directory(mission_, step, names_, directories_);
    if (!directory || directory->empty()) return std::nullopt;
    return normalise_path(resolve_path(*directory, *path));
  }

  bool is_written(const std::string& place) {
    if (!written_) {
      written_.emplace();
      DefaultValues defaults;
      for (const std::vector<Step>* steps : {&mission_.steps, &mission_.finally})
        for (const Step& step : *steps) {
          const StepType* type = types_.find(step.type.value);
          if (!type || !type->effects) continue;
          for (const std::string& path :
               type->effects(step, unresolved_parameters(step, *type, defaults)).writes)
            if (auto other = place_of(step, path)) written_->insert(std::move(*other));
        }
    }
    return written_->contains(place);
  }

  void read(Step& step, const Node& from) {
    std::optional<std::string> place = place_of(step, from.text);
    if (!place || is_written(*place)) return;
    auto [known, fresh] = file_at_.try_emplace(*place, 0);
    if (fresh) known->second = load(*place, step, from);
    if (known->second == 0) return;
    Node key;
    key.kind = Node::Kind::scalar;
    key.text = k_content;
    Node text = key;
    text.text = sources_[known->second].text;
    text.style = Node::Style::quoted;
    text.at = {1, 1, known->second};
    step.parameters.items.push_back(std::move(key));
    step.parameters.items.push_back(std::move(text));
  }

  // The index in Sources; 0: it can't be read.
  std::uint32_t load(const std::string& place, const Step& step, const Node& from) {
    Result<std::string> text = read_file_(place);
    if (text && text->size() <= k_most_content_bytes) {
      const bool below = place.starts_with(directories_.start + "/");
      sources_.push_back({below ? place.substr(directories_.start.size() + 1) : place, std::move(*text)});
      return static_cast<std::uint32_t>(sources_.size() - 1);
    }
    problems_.add({.code = "RC0413",
                   .severity = Severity::warning,
                   .message = "no text for step '" + step.id.value +
                              "': " + (text ? place + " holds more than 64 MiB" : text.error().message),
                   .at = from.at,
                   .length = shown_length(from),
                   .help =
                       "the path is seen from the working directory, `{mission.dir}/...` from the mission's; "
                       "a file that a command makes must be there when the step runs"});
    return 0;
  }

  Mission& mission_;
  Sources& sources_;
  const StepTypes& types_;
  const Names& names_;
  const Directories& directories_;
  const ReadFile& read_file_;
  Diagnostics& problems_;
  std::optional<std::unordered_set<std::string>> written_;  // by steps of the mission
  std::unordered_map<std::string, std::uint32_t> file_at_;  // the place of a file in Sources; 0: unreadable
};

}  // namespace

bool takes_content_file(const StepType& type) {
  return has_parameter(type, k_content_file) && has_parameter(type, k_content);
}

void read_content_files(Mission& mission, Sources& sources, const StepTypes& types, const Names& names,
                        const Directories& directories, const ReadFile& read_file, Diagnostics& problems) {
  if (!read_file) return;
  Reader(mission, sources, types, names, directories, read_file, problems).read();
}

}  // namespace rustchain

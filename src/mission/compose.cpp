// Composition of missions: `extends`, on Node trees, before anything is read from them.
#include "mission/compose.hpp"

#include "mission/key_reader.hpp"
#include "mission/load.hpp"
#include "mission/map_edit.hpp"
#include "mission/templates.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

// Far past any sane use.
constexpr std::size_t k_most_files = 100;  // that one mission is made of

std::string_view id_of(const Node& step) {
  const Node* id = step.find("id");
  return id && id->is_scalar() ? std::string_view(id->text) : std::string_view();
}

bool says_remove(const Node& step) {
  const Node* remove = step.find("remove");
  bool value = false;
  return remove && is_boolean(*remove, &value) && value;
}

void merge_steps(Node& base, Node child, Diagnostics& problems) {
  std::unordered_map<std::string, std::size_t> by_id;
  for (std::size_t i = 0; i < base.items.size(); ++i) by_id.emplace(id_of(base.items[i]), i);
  std::vector<bool> removed(base.items.size(), false);
  const std::size_t of_base = base.items.size();
  for (Node& step : child.items) {
    auto old = by_id.find(std::string(id_of(step)));
    bool known = old != by_id.end() && !old->first.empty() && old->second < of_base;
    if (says_remove(step)) {
      if (known) {
        removed[old->second] = true;
        by_id.erase(old);
      } else {
        problems.add({.code = "RC0604",
                      .severity = Severity::warning,
                      .message = "nothing to remove: no base has a step '" + std::string(id_of(step)) + "'",
                      .at = step.at,
                      .help = "correct the id, or take the entry out"});
      }
    } else if (known) {
      merge_map(base.items[old->second], std::move(step));
    } else {
      base.items.push_back(std::move(step));
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < base.items.size(); ++i) {
    if (i < of_base && removed[i]) continue;
    if (kept != i) base.items[kept] = std::move(base.items[i]);
    ++kept;
  }
  base.items.resize(kept);
}

void merge_document(Node& base, Node child, Diagnostics& problems) {
  for (std::string_view list : {"steps", "finally"}) {
    Node* old = find_value(base, list);
    Node* steps = find_value(child, list);
    if (!old || !steps || !old->is_list() || !(steps->is_list() || steps->is_null())) continue;
    Node mine = take(child, list);
    if (mine.is_list()) merge_steps(*old, std::move(mine), problems);
  }
  base.at = child.at;
  merge_map(base, std::move(child));
}

class Extender {
 public:
  Extender(Sources& sources, const ReadFile& read_file, Diagnostics& problems)
      : sources_(sources), read_file_(read_file), problems_(problems) {}

  // Merges the bases that `document`, loaded from sources[file], names. The depth is bounded by k_most_files.
  void extend(Node& document, std::uint32_t file) {
    chain_.push_back(normalise_path(sources_[file].name));
    Node extends = take(document, "extends");
    std::vector<Node> names;
    if (extends.is_list())
      names = std::move(extends.items);
    else if (!extends.is_null())
      names.push_back(std::move(extends));
    if (!names.empty()) {
      Node base;
      base.kind = Node::Kind::map;
      for (const Node& name : names) {
        std::optional<Node> one = load(name, file);
        whole_ = whole_ && one;
        if (one) merge_document(base, std::move(*one), problems_);
      }
      merge_document(base, std::move(document), problems_);
      document = std::move(base);
    }
    chain_.pop_back();
  }
  bool whole() const { return whole_; }

 private:
  std::optional<Node> load(const Node& name, std::uint32_t from) {
    if (!name.is_scalar()) {
      problem("RC0601", "extends takes a path or a list of paths, not a " + std::string(type_word(name)),
              name, "write `extends: base.yaml`");
      return std::nullopt;
    }
    std::string path = normalise_path(resolve_path(parent_directory(sources_[from].name), name.text));
    if (std::find(chain_.begin(), chain_.end(), path) != chain_.end()) {
      std::string circle;
      for (const std::string& file : chain_) circle += file + " -> ";
      problem("RC0602", "missions extend each other in a circle: " + circle + path, name,
              "take one of these extends out");
      return std::nullopt;
    }
    if (sources_.size() > k_most_files) {
      problem("RC0601", "more than " + std::to_string(k_most_files) + " files are extended", name,
              "put what they share into fewer files");
      return std::nullopt;
    }
    Result<std::string> text =
        read_file_ ? read_file_(path) : Result<std::string>(Error{"no other files are read here"});
    if (!text) {
      problem("RC0601", "can't use the base " + path + ": " + text.error().message, name,
              "the path is seen from the directory of " + sources_[from].name);
      return std::nullopt;
    }
    bytes_ += text->size();
    if (bytes_ > LoadBounds{}.file_bytes) {
      problem("RC0601", "the bases hold more than 64 MiB", name, "move data to files that the steps read");
      return std::nullopt;
    }
    auto file = static_cast<std::uint32_t>(sources_.size());
    sources_.push_back({path, std::move(text).value()});
    std::optional<Node> document = load_yaml(sources_[file].text, file, problems_);
    if (!document) return std::nullopt;
    if (!document->is_map()) {
      problem("RC0601", "the base " + path + " is no mission, but " + std::string(type_word(*document)), name,
              "name a file that has keys such as `config:` or `steps:` at its top level");
      return std::nullopt;
    }
    extend(*document, file);
    return document;
  }

  void problem(std::string_view code, std::string message, const Node& at, std::string help) {
    problems_.add({.code = code,
                   .message = std::move(message),
                   .at = at.at,
                   .length = static_cast<std::uint32_t>(std::max<std::size_t>(1, at.text.size())),
                   .help = std::move(help)});
  }

  Sources& sources_;
  const ReadFile& read_file_;
  Diagnostics& problems_;
  bool whole_ = true;
  std::size_t bytes_ = 0;           // of all bases
  std::vector<std::string> chain_;  // of the files that are being extended, outermost first
};

}  // namespace

bool compose(Node& document, Sources& sources, const ReadFile& read_file, Diagnostics& problems) {
  if (!document.is_map()) return true;
  if (document.find("extends")) {
    Extender extender(sources, read_file, problems);
    extender.extend(document, 0);
    if (!extender.whole()) return false;
  }
  fill_templates(document, problems);
  return true;
}

}  // namespace rustchain

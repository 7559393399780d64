// What the YAML parser finds becomes a Node tree.
#include "mission/tree_builder.hpp"

#include "mission/merge_keys.hpp"
#include "mission/yaml_problem.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_most_anchors = 100'000;
constexpr std::size_t k_few_keys = 12;  // up to here comparing all with all is the quickest
constexpr std::string_view k_no_break_space = "\u00A0";
constexpr std::string_view k_core_tag = "tag:yaml.org,2002:";

// Values below and including `node`; counts no further than `most` + 1.
std::size_t count_nodes(const Node& node, std::size_t most) {
  std::size_t count = 1;
  for (const Node& item : node.items) {
    if (count > most) break;
    count += count_nodes(item, most - count);
  }
  return count;
}

std::size_t height(const Node& node) {
  std::size_t highest = 0;
  for (const Node& item : node.items) highest = std::max(highest, height(item));
  return node.is_list() || node.is_map() ? highest + 1 : 0;
}

bool is_null_word(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

std::string written_tag(std::string_view tag) {
  if (tag.starts_with(k_core_tag)) return "!!" + std::string(tag.substr(k_core_tag.size()));
  return std::string(tag);
}

std::string in_marks(std::string_view text) {
  constexpr std::size_t k_most = 60;
  if (text.size() > k_most) return "'" + std::string(text.substr(0, k_most)) + "...'";
  return "'" + std::string(text) + "'";
}

}  // namespace

TreeBuilder::TreeBuilder(std::string_view text, std::uint32_t file, const LoadBounds& bounds,
                         Diagnostics& problems)
    : text_(text), file_(file), bounds_(bounds), problems_(problems) {}

Node TreeBuilder::take() {
  if (waiting_.empty()) return Node{.at = {.file = file_}};
  Node root = std::move(waiting_.front());
  if (untidy_) merge_keys(root, problems_);
  return root;
}

void TreeBuilder::stop(Diagnostic reason) {
  problems_.add(std::move(reason));
  throw StopLoading{};
}

Location TreeBuilder::location(std::size_t offset) {
  while (offset < line_begin_) {
    std::size_t before = line_begin_ < 2 ? std::string_view::npos : text_.rfind('\n', line_begin_ - 2);
    searched_ = line_begin_ - 1;
    line_begin_ = before == std::string_view::npos ? 0 : before + 1;
    --line_;
  }
  while (searched_ < offset) {
    std::size_t end = text_.substr(0, offset).find('\n', searched_);
    if (end == std::string_view::npos) {
      searched_ = offset;
      break;
    }
    searched_ = line_begin_ = end + 1;
    ++line_;
  }
  return {line_, static_cast<std::uint32_t>(offset - line_begin_ + 1), file_};
}

// Where a value begins, behind its anchor and its tag.
std::size_t TreeBuilder::skip_properties(std::size_t offset) const {
  std::size_t at = offset;
  while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
    at = std::min(text_.find_first_of(" \t\r\n,[]{}", at + 1), text_.size());
    for (;;) {
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
      if (at >= text_.size() || text_[at] != '#') break;
      at = std::min(text_.find('\n', at), text_.size());
    }
  }
  return at < text_.size() ? at : offset;
}

bool TreeBuilder::key_is_next() const {
  return !frames_.empty() && frames_.back().kind == Node::Kind::map &&
         (waiting_.size() - frames_.back().start) % 2 == 0;
}

void TreeBuilder::begin_document(std::size_t offset) {
  ++documents_;
  document_ = offset;
}

// A second document that is empty is just a line at the end of the file.
void TreeBuilder::refuse_second_document() {
  if (documents_ < 2) return;
  stop({.code = "RC0012",
        .message = "a second document begins here, and a file holds one",
        .at = location(document_),
        .length = 3,
        .help = "remove the line ---, or move what follows to a file of its own"});
}

// Where the value itself begins.
std::size_t TreeBuilder::begin_value(const YamlProperties& properties) {
  refuse_second_document();
  if (!properties.anchor.empty()) remember_anchor(properties.anchor, properties.offset);
  if (properties.tag.empty() && properties.anchor.empty()) return properties.offset;
  if (!properties.tag.empty() && properties.tag != "!") check_tag(properties.tag, properties.offset);
  return skip_properties(properties.offset);
}

// One that isn't written stands where its key does, if it has one.
void TreeBuilder::add_null(const YamlProperties& properties, std::string text) {
  if (documents_ > 1) return;
  if (!properties.anchor.empty()) remember_anchor(properties.anchor, properties.offset);
  Node node;
  if (!text.empty())
    node.at = location(properties.anchor.empty() ? properties.offset : skip_properties(properties.offset));
  else if (!frames_.empty() && frames_.back().kind == Node::Kind::map && !key_is_next())
    node.at = waiting_.back().at;
  else
    node.at = location(properties.offset);
  node.text = std::move(text);
  add(std::move(node));
}

void TreeBuilder::alias(std::size_t offset, std::string_view anchor) {
  refuse_second_document();
  const auto known = anchors_.find(std::string(anchor));
  if (known == anchors_.end()) stop(yaml_problem(text_, {offset, YamlFault::unknown_alias}, file_));
  const Node* node = find(known->second);
  if (node == nullptr) {
    stop({.code = "RC0015",
          .message = "this alias stands inside the value that it refers to",
          .at = location(offset),
          .help = "write the value out; a value can't contain itself"});
  }
  std::size_t added = count_nodes(*node, bounds_.alias_nodes - alias_nodes_);
  alias_nodes_ += added;
  if (alias_nodes_ > bounds_.alias_nodes) {
    stop({.code = "RC0015",
          .message = "aliases would make this file grow by more than " + std::to_string(bounds_.alias_nodes) +
                     " values",
          .at = location(offset),
          .help = "write fewer aliases to values that hold aliases themselves"});
  }
  if (frames_.size() + height(*node) > bounds_.depth) {
    stop({.code = "RC0017",
          .message = "with what this alias refers to, values are nested more than " +
                     std::to_string(bounds_.depth) + " deep",
          .at = location(offset),
          .help = "write flatter lists and maps"});
  }
  nodes_ += added - 1;
  add(Node(*node));
}

void TreeBuilder::scalar(const YamlProperties& properties, std::string value, YamlStyle style) {
  const std::string_view tag = properties.tag;
  if (style == YamlStyle::plain && tag.empty() && is_null_word(value))
    return add_null(properties, std::move(value));
  const std::size_t begin = begin_value(properties);
  Node node;
  node.kind = Node::Kind::scalar;
  node.style = style;
  if (tag == "!" && style == YamlStyle::plain) node.style = YamlStyle::quoted;
  if (tag.starts_with(k_core_tag)) {
    const std::string_view type = tag.substr(k_core_tag.size());
    if (type == "str" && style == YamlStyle::plain) node.style = YamlStyle::quoted;
    if (type == "int" || type == "float" || type == "bool") node.style = YamlStyle::plain;
    if (type == "null") {
      node.kind = Node::Kind::null;
      node.style = YamlStyle::plain;
    }
  }
  node.at = location(begin);
  node.text = std::move(value);
  if (node.style == Node::Style::plain &&
      (node.text.starts_with("\u201C") || node.text.starts_with("\u2018"))) {
    problems_.add({.code = "RC0023",
                   .severity = Severity::warning,
                   .message = "these typographic quotes are part of the text",
                   .at = node.at,
                   .length = 3,
                   .help = "write straight quotes (\" or ') around the value"});
  }
  add(std::move(node));
}

void TreeBuilder::begin(const YamlProperties& properties, Node::Kind kind, bool flow) {
  const Location at = location(begin_value(properties));
  if (frames_.size() >= bounds_.depth) {
    stop({.code = "RC0017",
          .message = "values are nested more than " + std::to_string(bounds_.depth) + " deep",
          .at = at,
          .help = "write flatter lists and maps"});
  }
  frames_.push_back({kind, flow, at, waiting_.size()});
}

void TreeBuilder::end() {
  Frame frame = frames_.back();
  frames_.pop_back();
  Node node;
  node.kind = frame.kind;
  node.at = frame.at;
  auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(frame.start);
  node.items.assign(std::make_move_iterator(first), std::make_move_iterator(waiting_.end()));
  waiting_.erase(first, waiting_.end());
  if (node.is_map()) check_duplicates(node);
  add(std::move(node));
}

void TreeBuilder::add(Node node) {
  if (++nodes_ > bounds_.nodes) {
    stop({.code = "RC0018",
          .message = "the file holds more than " + std::to_string(bounds_.nodes) + " values",
          .at = node.at,
          .help = "split it into several missions"});
  }
  if (key_is_next()) check_key(node);
  waiting_.push_back(std::move(node));
}

void TreeBuilder::check_key(Node& key) {
  if (key.is_null() && !key.text.empty()) key.kind = Node::Kind::scalar;
  if (key.is_scalar()) {
    untidy_ |= is_merge_key(key);
    if (key.text.starts_with(k_no_break_space)) {
      problems_.add(
          {.code = "RC0006",
           .message = "a no-break space is used for indentation, and YAML indents with plain spaces",
           .at = key.at,
           .length = k_no_break_space.size(),
           .help = "replace it by a plain space; it comes from text that was copied from a page"});
    }
    return;
  }
  untidy_ = true;
  Diagnostic problem{.code = "RC0013", .message = "a key is missing before this ':'", .at = key.at};
  problem.help = "write `key: value`, or put quotes around a text that begins with ':'";
  if (!key.is_null()) {
    problem.message = "a key must be a text, not a " + std::string(type_word(key));
    problem.help = "put quotes around a text that begins with '[' or '{'";
    if (frames_.back().flow && key.is_map() && frames_.back().at.line == key.at.line &&
        frames_.back().at.column + 1 == key.at.column) {
      problem.code = "RC0010";
      problem.message = "a value that begins with '{{' needs quotes, or YAML reads it as a map";
      problem.at = frames_.back().at;
      problem.length = 2;
      problem.help = "put the whole value in quotes, as in \"{{ name }}\"";
    }
  }
  problems_.add(std::move(problem));
}

void TreeBuilder::check_duplicates(Node& map) {
  const std::size_t count = map.size();
  if (count <= k_few_keys) {
    for (std::size_t i = 1; i < count; ++i) {
      for (std::size_t j = 0; j < i && map.key(i).is_scalar(); ++j)
        if (map.key(j).is_scalar() && map.key(j).text == map.key(i).text)
          report_duplicate(map.key(j), map.items[2 * i]);
    }
    return;
  }
  // Open addressing over entry numbers: one small allocation instead of one for each key.
  std::size_t slots = 1;
  while (slots < 2 * count) slots *= 2;
  std::vector<std::uint32_t> table(slots, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!map.key(i).is_scalar()) continue;
    std::size_t slot = std::hash<std::string_view>{}(map.key(i).text) & (slots - 1);
    while (table[slot] != 0 && map.key(table[slot] - 1).text != map.key(i).text)
      slot = (slot + 1) & (slots - 1);
    if (table[slot] == 0) {
      table[slot] = static_cast<std::uint32_t>(i + 1);
    } else {
      report_duplicate(map.key(table[slot] - 1), map.items[2 * i]);
    }
  }
}

void TreeBuilder::report_duplicate(const Node& first, Node& second) {
  // A list of maps: its next item may have lost its dash.
  bool in_list = !frames_.empty() && !frames_.back().flow && frames_.back().kind == Node::Kind::list;
  problems_.add({.code = "RC0011",
                 .message = "the key " + in_marks(second.text) + " stands here for the second time",
                 .at = second.at,
                 .length = static_cast<std::uint32_t>(std::max<std::size_t>(second.text.size(), 1)),
                 .help = in_list ? "remove one of the two, or write '- ' before the first key of another item"
                                 : "remove one of the two",
                 .notes = {{first.at, "it is given here first"}}});
  // Dropped when the tree is complete: until then anchors count on every child being in its place.
  second.kind = Node::Kind::null;
  untidy_ = true;
}

void TreeBuilder::check_tag(std::string_view tag, std::size_t offset) {
  if (tag.starts_with(k_core_tag)) {
    std::string_view type = tag.substr(k_core_tag.size());
    for (std::string_view known : {"str", "int", "float", "bool", "null", "map", "seq"})
      if (type == known) return;
  }
  problems_.add({.code = "RC0019",
                 .severity = Severity::warning,
                 .message = "the tag " + in_marks(written_tag(tag)) + " is ignored",
                 .at = location(offset),
                 .help = "remove it, or put quotes around a text that begins with '!'"});
}

void TreeBuilder::remember_anchor(std::string_view anchor, std::size_t offset) {
  if (anchors_.size() >= k_most_anchors) {
    stop({.code = "RC0015",
          .message = "the file has more than " + std::to_string(k_most_anchors) + " anchors",
          .at = location(offset),
          .help = "write values out where they are used once"});
  }
  Path path;
  path.reserve(frames_.size());
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    std::size_t next = i + 1 < frames_.size() ? frames_[i + 1].start : waiting_.size();
    path.push_back(next - frames_[i].start);
  }
  anchors_.insert_or_assign(std::string(anchor), std::move(path));
}

// The complete value at `path`; nullptr while it is still being read.
const Node* TreeBuilder::find(const Path& path) const {
  for (std::size_t i = 0; i < path.size() && i < frames_.size(); ++i) {
    std::size_t next = i + 1 < frames_.size() ? frames_[i + 1].start : waiting_.size();
    if (path[i] >= next - frames_[i].start) continue;
    const Node* node = &waiting_[frames_[i].start + path[i]];
    for (std::size_t j = i + 1; j < path.size(); ++j) node = &node->items[path[j]];
    return node;
  }
  return nullptr;
}

}  // namespace rustchain

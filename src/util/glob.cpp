// Patterns for paths, matched by stepping through all ways at once (Thompson's construction), so that no
// pattern can make it slow.
#include "util/glob.hpp"

#include <algorithm>
#include <map>

namespace rustchain {
namespace {

// For each `{` that has a `}` and a comma between them: where its `}` stands.
std::map<std::size_t, std::size_t> find_braces(std::string_view pattern) {
  struct Open {
    std::size_t at;
    bool comma;
  };
  std::map<std::size_t, std::size_t> braces;
  std::vector<Open> open;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (c == '{') {
      open.push_back({i, false});
    } else if (c == ',' && !open.empty()) {
      open.back().comma = true;
    } else if (c == '}' && !open.empty()) {
      if (open.back().comma) braces[open.back().at] = i;
      open.pop_back();
    }
  }
  return braces;
}

// Where the class that begins at `at` ends; npos: it isn't one.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  std::size_t i = at + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;
  for (; i < pattern.size() && pattern[i] != '/'; ++i) {
    if (pattern[i] == ']') return i;
    if (pattern[i] == '\\') ++i;
  }
  return std::string_view::npos;
}

}  // namespace

std::uint32_t Glob::add(Node node) {
  nodes_.push_back(std::move(node));
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t Glob::add_class(std::string_view inside) {
  std::bitset<256> set;
  bool negated = !inside.empty() && (inside[0] == '!' || inside[0] == '^');
  auto code = [&](std::size_t i) { return static_cast<unsigned char>(inside[i]); };
  for (std::size_t i = negated ? 1 : 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    unsigned from = code(i), to = from;
    if (i + 2 < inside.size() && inside[i + 1] == '-') {
      i += 2;
      if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
      to = code(i);
    }
    for (unsigned c = from; c <= to; ++c) set.set(c);
  }
  if (negated) set.flip();
  set.reset('/');
  sets_.push_back(set);
  return static_cast<std::uint32_t>(sets_.size() - 1);
}

Glob::Glob(std::string_view pattern) {
  struct Group {
    std::size_t end;                   // where its `}` stands
    std::uint32_t split;               // its way in
    std::vector<std::uint32_t> lasts;  // the last node of each alternative
  };
  std::map<std::size_t, std::size_t> braces = find_braces(pattern);
  std::vector<Group> groups;
  // `last` is the node whose way on is still open.
  std::uint32_t last = add({.kind = Node::Kind::split, .next = {}});
  start_ = last;
  auto append = [&](Node node) {
    std::uint32_t added = add(std::move(node));
    nodes_[last].next.push_back(added);
    last = added;
    return added;
  };
  // A split that goes back to itself after one more character of a name, or on.
  auto append_star = [&] {
    std::uint32_t star = append({.kind = Node::Kind::split, .next = {}});
    std::uint32_t any = add({.kind = Node::Kind::any, .next = {star}});
    nodes_[star].next.push_back(any);
  };
  // Any number of directories, each with its slash.
  auto append_directories = [&] {
    std::uint32_t begin = append({.kind = Node::Kind::split, .next = {}});
    std::uint32_t within = add({.kind = Node::Kind::split, .next = {}});
    std::uint32_t first = add({.kind = Node::Kind::any, .next = {within}});
    std::uint32_t more = add({.kind = Node::Kind::any, .next = {within}});
    std::uint32_t slash = add({.kind = Node::Kind::literal, .literal = '/', .next = {begin}});
    nodes_[within].next = {more, slash};
    nodes_[begin].next.push_back(first);
  };

  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    bool in_group = !groups.empty();
    if (in_group && (c == ',' || i == groups.back().end)) {
      groups.back().lasts.push_back(last);
      last = groups.back().split;
      if (c == ',') {
        append({.kind = Node::Kind::split, .next = {}});
        continue;
      }
      std::uint32_t join = add({.kind = Node::Kind::split, .next = {}});
      for (std::uint32_t end : groups.back().lasts) nodes_[end].next.push_back(join);
      last = join;
      groups.pop_back();
    } else if (c == '{' && braces.count(i) > 0) {
      std::uint32_t split = append({.kind = Node::Kind::split, .next = {}});
      groups.push_back({braces[i], split, {}});
      append({.kind = Node::Kind::split, .next = {}});
    } else if (c == '*') {
      std::size_t end = std::min(pattern.find_first_not_of('*', i), pattern.size());
      bool begins =
          i == 0 || pattern[i - 1] == '/' || (in_group && (pattern[i - 1] == '{' || pattern[i - 1] == ','));
      bool ends = end == pattern.size() || pattern[end] == '/' ||
                  (in_group && (pattern[end] == ',' || pattern[end] == '}'));
      if (end - i == 2 && begins && ends) {
        append_directories();
        if (end < pattern.size() && pattern[end] == '/')
          ++end;
        else
          append_star();
      } else {
        append_star();
      }
      i = end - 1;
    } else if (c == '?') {
      append({.kind = Node::Kind::any, .next = {}});
    } else if (std::size_t end = c == '[' ? class_end(pattern, i) : std::string_view::npos;
               end != std::string_view::npos) {
      append({.kind = Node::Kind::one_of, .set = add_class(pattern.substr(i + 1, end - i - 1)), .next = {}});
      i = end;
    } else {
      if (c == '\\' && i + 1 < pattern.size()) c = pattern[++i];
      append({.kind = Node::Kind::literal, .literal = c, .next = {}});
    }
  }
  append({.kind = Node::Kind::accept, .next = {}});
}

bool Glob::consumes(const Node& node, char c, bool at_name) const {
  switch (node.kind) {
    case Node::Kind::literal: return node.literal == c;
    case Node::Kind::any: return c != '/' && !(at_name && c == '.');
    case Node::Kind::one_of: return sets_[node.set][static_cast<unsigned char>(c)] && !(at_name && c == '.');
    case Node::Kind::split:
    case Node::Kind::accept: break;
  }
  return false;
}

// Adds what can be reached without a character; splits themselves go.
void Glob::close(States& states, std::vector<bool>& seen) const {
  States work;
  work.swap(states);
  while (!work.empty()) {
    std::uint32_t at = work.back();
    work.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const Node& node = nodes_[at];
    if (node.kind == Node::Kind::split)
      work.insert(work.end(), node.next.begin(), node.next.end());
    else
      states.push_back(at);
  }
}

Glob::States Glob::start() const {
  States states = {start_};
  std::vector<bool> seen(nodes_.size());
  close(states, seen);
  return states;
}

Glob::States Glob::advance(const States& states, std::string_view text, bool at_name) const {
  States now = states;
  States after;
  std::vector<bool> seen(nodes_.size());
  for (char c : text) {
    after.clear();
    for (std::uint32_t state : now)
      if (consumes(nodes_[state], c, at_name)) after.push_back(nodes_[state].next.front());
    seen.assign(nodes_.size(), false);
    close(after, seen);
    now.swap(after);
    if (now.empty()) break;
    at_name = c == '/';
  }
  return now;
}

bool Glob::accepts(const States& states) const {
  return std::any_of(states.begin(), states.end(),
                     [this](std::uint32_t state) { return nodes_[state].kind == Node::Kind::accept; });
}

bool Glob::matches(std::string_view path) const {
  return accepts(advance(start(), path, true));
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos || !find_braces(text).empty();
}

std::string_view glob_base(std::string_view pattern) {
  std::size_t special = std::min(pattern.find_first_of("*?[{\\"), pattern.size());
  std::size_t slash = pattern.substr(0, special).rfind('/');
  return slash == std::string_view::npos ? std::string_view() : pattern.substr(0, slash + 1);
}

}  // namespace rustchain

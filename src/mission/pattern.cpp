// A parser to a small tree, the tree to a program, and a machine that runs the program in all its states.
#include "mission/pattern.hpp"

#include "util/utf8.hpp"

#include <algorithm>
#include <optional>

namespace rustchain {
namespace {

constexpr int k_deepest = 50;              // of groups
constexpr std::size_t k_longest = 20'000;  // instructions
constexpr std::uint32_t k_most_repeats = 1000;
constexpr std::uint32_t k_no_limit = 0xffffffff;

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_word(char32_t c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

char32_t other_case(char32_t c) {
  if (c >= 'a' && c <= 'z') return c - 'a' + 'A';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
  return c;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}

  Result<Pattern, PatternError> compile() {
    flags();
    std::uint32_t root = alternatives(0);
    if (!error_ && at_ < text_.size()) fail("there is a ')' without a '('");
    if (!error_) emit(root);
    add(Op::match);
    if (!error_ && pattern_.program_.size() > k_longest) fail("the expression is too large");
    if (error_) return std::move(*error_);
    return std::move(pattern_);
  }

 private:
  using Op = Pattern::Op;
  using Set = Pattern::Set;
  using Ranges = Pattern::Ranges;
  enum class Kind : std::uint8_t { sequence, either, repeat, set, assertion };
  struct Node {
    Kind kind = Kind::sequence;
    std::vector<std::uint32_t> children = {};
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    std::uint32_t set = 0;
    Op op = Op::match;
  };

  bool more() const { return at_ < text_.size() && !error_; }
  char peek() const { return text_[at_]; }
  bool take(std::string_view what) {
    if (text_.substr(at_, what.size()) != what) return false;
    at_ += what.size();
    return true;
  }
  void fail(std::string message) {
    if (!error_) error_ = PatternError{std::min(at_, text_.size()), std::move(message)};
  }
  std::uint32_t node(Node node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  void flags() {
    std::size_t end = text_.find(')');
    if (!text_.starts_with("(?") || end == std::string_view::npos || end == 2) return;
    std::string_view letters = text_.substr(2, end - 2);
    if (letters.find_first_not_of("ims") != std::string_view::npos) return;
    pattern_.any_case_ = letters.find('i') != std::string_view::npos;
    lines_ = letters.find('m') != std::string_view::npos;
    dot_is_all_ = letters.find('s') != std::string_view::npos;
    at_ = end + 1;
  }

  std::uint32_t alternatives(int depth) {
    Node either{.kind = Kind::either};
    do either.children.push_back(sequence(depth));
    while (more() && take("|"));
    return either.children.size() == 1 ? either.children.front() : node(std::move(either));
  }

  std::uint32_t sequence(int depth) {
    Node all{.kind = Kind::sequence};
    while (more() && peek() != '|' && peek() != ')') all.children.push_back(repeated(depth));
    return node(std::move(all));
  }

  std::uint32_t repeated(int depth) {
    std::uint32_t one = atom(depth);
    for (int stacked = 0; more(); ++stacked) {
      std::uint32_t least = 0;
      std::uint32_t most = k_no_limit;
      if (take("*")) {
      } else if (take("+")) {
        least = 1;
      } else if (take("?")) {
        most = 1;
      } else if (!counts(least, most)) {
        break;
      }
      if (more()) take("?");  // lazy or not: whether there is a match is the same
      one = node({.kind = Kind::repeat, .children = {one}, .least = least, .most = most});
      if (nodes_.size() > k_longest || stacked == k_deepest) fail("the expression is too large");
    }
    return one;
  }

  // {m}, {m,}, {m,n}; anything else is a plain brace.
  bool counts(std::uint32_t& least, std::uint32_t& most) {
    if (peek() != '{') return false;
    std::size_t at = at_ + 1;
    auto number = [&](std::uint32_t& value) {
      std::size_t begin = at;
      for (value = 0; at < text_.size() && is_digit(static_cast<unsigned char>(text_[at])); ++at)
        value = std::min(value * 10 + static_cast<std::uint32_t>(text_[at] - '0'), k_most_repeats + 1);
      return at > begin;
    };
    if (!number(least)) return false;
    most = least;
    if (at < text_.size() && text_[at] == ',') {
      ++at;
      if (!number(most)) most = k_no_limit;
    }
    if (at >= text_.size() || text_[at] != '}') return false;
    at_ = at + 1;
    if (least > k_most_repeats || (most != k_no_limit && most > k_most_repeats))
      fail("more than 1,000 repetitions");
    else if (most < least)
      fail("the repetition ends before it begins");
    return true;
  }

  std::uint32_t atom(int depth) {
    char c = peek();
    switch (c) {
      case '(': return group(depth);
      case '[': return bracket();
      case '.': ++at_; return set({dot_is_all_ ? Ranges{} : Ranges{{'\n', '\n'}}, true});
      case '^': ++at_; return node({.kind = Kind::assertion, .op = lines_ ? Op::line_begin : Op::text_begin});
      case '$': ++at_; return node({.kind = Kind::assertion, .op = lines_ ? Op::line_end : Op::text_end});
      case '*':
      case '+':
      case '?': fail(std::string("there is nothing in front of the '") + c + "' to repeat"); break;
      case '\\': return escape();
      default: return character(next_character());
    }
    return node({});
  }

  char32_t next_character() {
    Character c = character_at(text_, at_);
    at_ += c.bytes;
    return c.code;
  }

  std::uint32_t character(char32_t c) { return set({{{c, c}}, false}); }

  std::uint32_t set(Set set) {
    pattern_.sets_.push_back(std::move(set));
    return node({.kind = Kind::set, .set = static_cast<std::uint32_t>(pattern_.sets_.size() - 1)});
  }

  std::uint32_t group(int depth) {
    std::size_t begin = at_;
    ++at_;
    if (text_.substr(at_, 1) == "?" && !take("?:")) {
      fail("'(?' is only known as (?: ) and, at the beginning, as (?i), (?m) and (?s)");
      return node({});
    }
    if (depth == k_deepest) {
      fail("the groups are nested too deep");
      return node({});
    }
    std::uint32_t inner = alternatives(depth + 1);
    if (!error_ && !take(")")) {
      at_ = begin;
      fail("the '(' is not closed");
    }
    return inner;
  }

  // The class that a letter stands for, or nullopt.
  static std::optional<Set> letter_class(char c) {
    switch (c) {
      case 'd': return Set{{{'0', '9'}}, false};
      case 'D': return Set{{{'0', '9'}}, true};
      case 'w': return Set{{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, false};
      case 'W': return Set{{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, true};
      case 's': return Set{{{'\t', '\r'}, {' ', ' '}}, false};
      case 'S': return Set{{{'\t', '\r'}, {' ', ' '}}, true};
      default: return std::nullopt;
    }
  }

  // Behind a backslash, one character.
  char32_t escaped_character() {
    char c = peek();
    switch (c) {
      case 'n': ++at_; return '\n';
      case 't': ++at_; return '\t';
      case 'r': ++at_; return '\r';
      case 'f': ++at_; return '\f';
      case 'v': ++at_; return '\v';
      case '0': ++at_; return 0;
      case 'x': {
        int high = at_ + 2 < text_.size() ? hex(text_[at_ + 1]) : -1;
        int low = at_ + 2 < text_.size() ? hex(text_[at_ + 2]) : -1;
        if (high < 0 || low < 0) {
          fail("\\x wants two hexadecimal digits");
          return 0;
        }
        at_ += 3;
        return static_cast<char32_t>(high * 16 + low);
      }
      default: break;
    }
    if (is_word(static_cast<unsigned char>(c))) {
      fail(std::string("'\\") + c + "' is not known");
      return 0;
    }
    return next_character();
  }

  std::uint32_t escape() {
    ++at_;
    if (at_ >= text_.size()) {
      fail("there is nothing behind the last backslash");
      return node({});
    }
    char c = peek();
    if (std::optional<Set> letters = letter_class(c)) {
      ++at_;
      return set(std::move(*letters));
    }
    if (c == 'b' || c == 'B') {
      ++at_;
      return node({.kind = Kind::assertion, .op = c == 'b' ? Op::word_edge : Op::no_word_edge});
    }
    return character(escaped_character());
  }

  std::uint32_t bracket() {
    std::size_t begin = at_++;
    Set all;
    all.negated = take("^");
    bool first = true;
    while (true) {
      if (at_ >= text_.size()) {
        at_ = begin;
        fail("the '[' is not closed");
        return node({});
      }
      if (peek() == ']' && !first) break;
      first = false;
      std::optional<char32_t> low = bracket_item(all);
      if (error_) return node({});
      if (!low) continue;
      char32_t high = *low;
      if (text_.substr(at_, 1) == "-" && text_.substr(at_ + 1, 1) != "]" && at_ + 1 < text_.size()) {
        ++at_;
        std::optional<char32_t> end = bracket_item(all);
        if (error_) return node({});
        if (!end || *end < *low) {
          fail("the range in '[ ]' is the wrong way round");
          return node({});
        }
        high = *end;
      }
      all.ranges.emplace_back(*low, high);
    }
    ++at_;
    return set(std::move(all));
  }

  // One character of a bracket, or a class that is added to it.
  std::optional<char32_t> bracket_item(Set& all) {
    if (take("\\")) {
      if (at_ >= text_.size()) {
        fail("there is nothing behind the last backslash");
        return std::nullopt;
      }
      if (peek() == 'b') {
        ++at_;
        return '\b';
      }
      std::optional<Set> letters = letter_class(peek());
      if (!letters) return escaped_character();
      ++at_;
      add_class(all, *letters);
      return std::nullopt;
    }
    constexpr std::pair<std::string_view, char> k_named[] = {
        {"[:digit:]", 'd'}, {"[:space:]", 's'}, {"[:word:]", 'w'}};
    for (auto [name, letter] : k_named)
      if (take(name)) {
        add_class(all, *letter_class(letter));
        return std::nullopt;
      }
    if (take("[:alpha:]"))
      add_class(all, {{{'A', 'Z'}, {'a', 'z'}}, false});
    else if (take("[:alnum:]"))
      add_class(all, {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, false});
    else if (take("[:upper:]"))
      add_class(all, {{{'A', 'Z'}}, false});
    else if (take("[:lower:]"))
      add_class(all, {{{'a', 'z'}}, false});
    else
      return next_character();
    return std::nullopt;
  }

  static void add_class(Set& all, const Set& more) {
    if (!more.negated) {
      all.ranges.insert(all.ranges.end(), more.ranges.begin(), more.ranges.end());
      return;
    }
    char32_t from = 0;
    for (auto [low, high] : more.ranges) {
      if (low > from) all.ranges.emplace_back(from, low - 1);
      from = high + 1;
    }
    all.ranges.emplace_back(from, 0x10ffff);
  }

  // ---- the program

  std::uint32_t add(Op op, std::uint32_t a = 0, std::uint32_t b = 0) {
    pattern_.program_.push_back({op, a, b});
    return static_cast<std::uint32_t>(pattern_.program_.size() - 1);
  }
  std::uint32_t here() const { return static_cast<std::uint32_t>(pattern_.program_.size()); }

  // As deep as the groups are nested, and a few more.
  void emit(std::uint32_t index) {
    if (pattern_.program_.size() > k_longest) return;
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Kind::sequence:
        for (std::uint32_t child : node.children) emit(child);
        break;
      case Kind::set: add(Op::set, node.set); break;
      case Kind::assertion: add(node.op); break;
      case Kind::either: {
        std::vector<std::uint32_t> ends;
        for (std::size_t i = 0; i < node.children.size(); ++i) {
          bool last = i + 1 == node.children.size();
          std::uint32_t split = last ? 0 : add(Op::split);
          if (!last) pattern_.program_[split].a = here();
          emit(node.children[i]);
          if (last) break;
          ends.push_back(add(Op::jump));
          pattern_.program_[split].b = here();
        }
        for (std::uint32_t end : ends) pattern_.program_[end].a = here();
        break;
      }
      case Kind::repeat: {
        for (std::uint32_t i = 0; i < node.least && here() <= k_longest; ++i) emit(node.children.front());
        if (node.most == k_no_limit) {
          std::uint32_t split = add(Op::split);
          pattern_.program_[split].a = here();
          emit(node.children.front());
          add(Op::jump, split);
          pattern_.program_[split].b = here();
          break;
        }
        std::vector<std::uint32_t> splits;
        for (std::uint32_t i = node.least; i < node.most && here() <= k_longest; ++i) {
          splits.push_back(add(Op::split));
          pattern_.program_[splits.back()].a = here();
          emit(node.children.front());
        }
        for (std::uint32_t split : splits) pattern_.program_[split].b = here();
        break;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool lines_ = false;
  bool dot_is_all_ = false;
  std::vector<Node> nodes_;
  Pattern pattern_;
  std::optional<PatternError> error_;
};

Result<Pattern, PatternError> Pattern::compile(std::string_view text) {
  return PatternCompiler(text).compile();
}

bool Pattern::in_set(std::uint32_t index, char32_t c) const {
  const Set& set = sets_[index];
  auto holds = [&](char32_t wanted) {
    return std::any_of(set.ranges.begin(), set.ranges.end(),
                       [&](const auto& range) { return wanted >= range.first && wanted <= range.second; });
  };
  return (holds(c) || (any_case_ && holds(other_case(c)))) != set.negated;
}

bool Pattern::found_in(std::string_view text) const {
  std::vector<std::uint32_t> now;
  std::vector<std::uint32_t> next;
  std::vector<std::uint32_t> open;
  std::vector<std::size_t> seen(program_.size(), 0);  // the turn in which a place was entered
  std::size_t turn = 0;
  bool matched = false;

  char32_t before = 0;
  bool at_begin = true;
  // Enters a place and all that can be reached from it without a character.
  auto enter = [&](std::uint32_t place, std::size_t at, std::vector<std::uint32_t>& into) {
    open.push_back(place);
    char32_t after = at < text.size() ? character_at(text, at).code : 0;
    bool at_end = at >= text.size();
    bool edge = (!at_begin && is_word(before)) != (!at_end && is_word(after));
    while (!open.empty()) {
      std::uint32_t i = open.back();
      open.pop_back();
      if (seen[i] == turn) continue;
      seen[i] = turn;
      const Instruction& instruction = program_[i];
      auto pass_if = [&](bool holds) {
        if (holds) open.push_back(i + 1);
      };
      switch (instruction.op) {
        case Op::set: into.push_back(i); break;
        case Op::match: matched = true; break;
        case Op::jump: open.push_back(instruction.a); break;
        case Op::split:
          open.push_back(instruction.b);
          open.push_back(instruction.a);
          break;
        case Op::text_begin: pass_if(at_begin); break;
        // The last newline of a text is no line of its own.
        case Op::text_end: pass_if(at_end || text.substr(at) == "\n"); break;
        case Op::line_begin: pass_if(at_begin || before == '\n'); break;
        case Op::line_end: pass_if(at_end || after == '\n'); break;
        case Op::word_edge: pass_if(edge); break;
        case Op::no_word_edge: pass_if(!edge); break;
      }
    }
  };

  ++turn;
  for (std::size_t at = 0;;) {
    // A match may begin at every character.
    enter(0, at, now);
    if (matched) return true;
    if (at >= text.size()) return false;
    Character c = character_at(text, at);
    at += c.bytes;
    before = c.code;
    at_begin = false;
    ++turn;
    next.clear();
    for (std::uint32_t i : now)
      if (in_set(program_[i].a, c.code)) enter(i + 1, at, next);
    if (matched) return true;
    std::swap(now, next);
  }
}

}  // namespace rustchain

// Reading regular expressions: pattern to program.
#include "util/regex.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <optional>

namespace rustchain {
namespace {

constexpr std::size_t k_most_instructions = 20'000;
constexpr int k_deepest = 100;  // of groups in groups
constexpr std::uint32_t k_no_limit = 0xffffffff;

using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

void add_rest(Ranges& ranges, const Ranges& but) {
  std::uint32_t from = 0;
  for (auto [first, last] : but) {  // in order
    if (first > from) ranges.emplace_back(from, first - 1);
    from = last + 1;
  }
  ranges.emplace_back(from, 0x1100ff);
}

// \d \w \s and their opposites.
bool add_shorthand(char letter, Ranges& ranges) {
  Ranges members;
  switch (letter) {
    case 'd':
    case 'D': members = {{'0', '9'}}; break;
    case 'w':
    case 'W': members = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}; break;
    case 's':
    case 'S': members = {{'\t', '\r'}, {' ', ' '}}; break;
    default: return false;
  }
  if (letter >= 'a')
    ranges.insert(ranges.end(), members.begin(), members.end());
  else
    add_rest(ranges, members);
  return true;
}

struct NamedClass {
  std::string_view name;
  Ranges ranges;
};
const std::vector<NamedClass>& named_classes() {
  static const std::vector<NamedClass> classes = {
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"digit", {{'0', '9'}}},
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"upper", {{'A', 'Z'}}},
      {"lower", {{'a', 'z'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
      {"cntrl", {{0, 31}, {127, 127}}},
      {"print", {{' ', '~'}}},
      {"graph", {{'!', '~'}}},
  };
  return classes;
}

}  // namespace

// Writes the program while it reads. A part that is repeated is written once, then copied.
class RegexCompiler {
 public:
  explicit RegexCompiler(std::string_view pattern) : pattern_(pattern) {}

  Result<Regex> run() {
    emit({.op = Op::save, .value = 0});
    alternatives(0);
    if (error_.empty() && at_ < pattern_.size()) fail("there is a ')' without its '('");
    emit({.op = Op::save, .value = 1});
    emit({.op = Op::match});
    if (!error_.empty())
      return Error{
          "the regular expression '" + std::string(utf8_prefix(pattern_, 100)) + "' can't be read: " + error_,
          help_};
    find_first();
    return std::move(regex_);
  }

 private:
  using Instruction = Regex::Instruction;
  using Op = Instruction::Op;

  void fail(std::string message, std::string help = {}) {
    if (!error_.empty()) return;
    error_ = std::move(message);
    help_ = std::move(help);
  }
  bool ended() const { return !error_.empty() || at_ >= pattern_.size(); }
  bool next_is(char c) const { return at_ < pattern_.size() && pattern_[at_] == c; }
  bool skip(std::string_view text) {
    if (pattern_.substr(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }

  std::vector<Instruction>& program() { return regex_.program_; }
  std::uint32_t here() { return static_cast<std::uint32_t>(program().size()); }
  void emit(Instruction instruction) {
    if (program().size() >= k_most_instructions) {
      fail("it is too long", "use smaller repeat counts");
      return;
    }
    program().push_back(instruction);
  }
  // Makes room for `count` instructions at `at`; jumps into what moves go along.
  void insert(std::uint32_t at, std::initializer_list<Instruction> added) {
    std::uint32_t count = static_cast<std::uint32_t>(added.size());
    for (std::uint32_t i = at; i < here(); ++i) shift(program()[i], at, count);
    program().insert(program().begin() + at, added);
    if (program().size() > k_most_instructions) fail("it is too long", "use smaller repeat counts");
  }
  static void shift(Instruction& instruction, std::uint32_t from, std::uint32_t by) {
    if (instruction.op != Op::jump && instruction.op != Op::split) return;
    if (instruction.value >= from) instruction.value += by;
    if (instruction.op == Op::split && instruction.other >= from) instruction.other += by;
  }

  void alternatives(int depth) {
    if (depth > k_deepest) return fail("its groups are nested too deeply");
    const bool fold = fold_, dot_all = dot_all_;
    std::vector<std::uint32_t> jumps;
    for (std::uint32_t begin = here();; begin = here()) {
      sequence(depth);
      if (!error_.empty() || !next_is('|')) break;
      ++at_;
      insert(begin, {{.op = Op::split, .value = begin + 1}});
      jumps.push_back(here());
      emit({.op = Op::jump});
      if (error_.empty()) program()[begin].other = here();
    }
    if (error_.empty())
      for (std::uint32_t jump : jumps) program()[jump].value = here();
    fold_ = fold;
    dot_all_ = dot_all;
  }

  void sequence(int depth) {
    while (!ended() && !next_is('|') && !next_is(')')) {
      std::uint32_t begin = here();
      bool repeatable = piece(depth);
      if (error_.empty()) repeats(begin, repeatable);
    }
  }

  // One piece; whether it may be repeated.
  bool piece(int depth) {
    std::size_t length = std::max<std::size_t>(utf8_length(pattern_, at_), 1);
    char c = pattern_[at_];
    switch (c) {
      case '(': return group(depth);
      case '[': bracket(); return true;
      case '.':
        ++at_;
        emit({.op = dot_all_ ? Op::any_at_all : Op::any});
        return true;
      case '^':
        ++at_;
        emit({.op = Op::line_begin});
        return false;
      case '$':
        ++at_;
        emit({.op = Op::line_end});
        return false;
      case '*':
      case '+':
      case '?':
        fail(std::string("'") + c + "' has nothing before it to repeat",
             "write \\" + std::string(1, c) + " for the character itself");
        return false;
      case '\\': return escape();
      default: break;
    }
    emit_character(code_of(pattern_.substr(at_, length)));
    at_ += length;
    return true;
  }

  static std::uint32_t code_of(std::string_view bytes) {
    auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
    switch (utf8_length(bytes, 0)) {
      case 1: return byte(0);
      case 2: return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
      case 3: return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
      case 4:
        return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
      default: return 0x110000 + byte(0);
    }
  }
  void emit_character(std::uint32_t code) { emit({.op = Op::character, .value = code, .fold = fold_}); }
  void emit_set(Regex::Set set) {
    regex_.sets_.push_back(std::move(set));
    emit({.op = Op::one_of, .value = static_cast<std::uint32_t>(regex_.sets_.size() - 1), .fold = fold_});
  }

  bool group(int depth) {
    ++at_;
    std::optional<std::uint32_t> number;
    const bool fold = fold_, dot_all = dot_all_;
    if (skip("?")) {
      if (next_is('=') || next_is('!') || pattern_.substr(at_, 2) == "<=" ||
          pattern_.substr(at_, 2) == "<!") {
        fail("looking ahead or behind is not supported", "match more, and put it back with a group: $1");
        return false;
      }
      if (skip("P<") || skip("<")) {
        std::size_t end = pattern_.find('>', at_);
        if (end == std::string_view::npos) {
          fail("a group's name has no '>'");
          return false;
        }
        at_ = end + 1;
        number = static_cast<std::uint32_t>(++regex_.groups_);
      } else {
        bool on = true;
        while (!ended() && !next_is(':') && !next_is(')')) {
          char flag = pattern_[at_++];
          if (flag == '-')
            on = false;
          else if (flag == 'i')
            fold_ = on;
          else if (flag == 's')
            dot_all_ = on;
          else if (flag != 'm' || !on)
            fail(std::string("'(?") + flag + "' is not supported");
        }
        // "(?i)" holds for what follows in the group around it.
        if (skip(")")) return false;
        if (!skip(":")) fail("there is a '(' without its ')'");
      }
    } else {
      number = static_cast<std::uint32_t>(++regex_.groups_);
    }
    if (number) emit({.op = Op::save, .value = 2 * *number});
    alternatives(depth + 1);
    fold_ = fold;
    dot_all_ = dot_all;
    if (error_.empty() && !skip(")"))
      fail("there is a '(' without its ')'", "write \\( for the character itself");
    if (number) emit({.op = Op::save, .value = 2 * *number + 1});
    return true;
  }

  // The character that an escape stands for, after its backslash; nullopt: it is none.
  std::optional<std::uint32_t> escaped_character() {
    char c = pattern_[at_];
    switch (c) {
      case 'n': ++at_; return '\n';
      case 't': ++at_; return '\t';
      case 'r': ++at_; return '\r';
      case 'f': ++at_; return '\f';
      case 'v': ++at_; return '\v';
      case 'x':
      case 'u': {
        ++at_;
        std::size_t digits = c == 'x' ? 2 : 4;
        bool braces = skip("{");
        if (braces) digits = std::min<std::size_t>(pattern_.substr(at_).find('}'), 8);
        std::string_view number = pattern_.substr(at_, digits);
        if (number.empty() || number.size() != digits ||
            number.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
          return std::nullopt;
        at_ += digits + (braces ? 1 : 0);
        return static_cast<std::uint32_t>(std::stoul(std::string(number), nullptr, 16));
      }
      default: break;
    }
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) return std::nullopt;
    std::size_t length = std::max<std::size_t>(utf8_length(pattern_, at_), 1);
    at_ += length;
    return code_of(pattern_.substr(at_ - length, length));
  }

  bool escape() {
    ++at_;
    if (at_ >= pattern_.size()) {
      fail("it ends with a backslash");
      return false;
    }
    char c = pattern_[at_];
    Regex::Set set;
    if (add_shorthand(c, set.ranges)) {
      ++at_;
      emit_set(std::move(set));
      return true;
    }
    constexpr std::pair<char, Op> places[] = {{'b', Op::word_edge},
                                              {'B', Op::no_word_edge},
                                              {'A', Op::text_begin},
                                              {'z', Op::text_end},
                                              {'Z', Op::text_end}};
    for (auto [letter, op] : places)
      if (letter == c) {
        ++at_;
        emit({.op = op});
        return false;
      }
    if (c >= '1' && c <= '9') {
      fail(std::string("the back reference \\") + c + " is not supported",
           "write what shall be matched twice");
      return false;
    }
    std::optional<std::uint32_t> code = escaped_character();
    if (!code)
      fail(std::string("\\") + c + " means nothing here", "write \\\\ for a backslash");
    else
      emit_character(*code);
    return true;
  }

  void bracket() {
    ++at_;
    Regex::Set set;
    set.negated = skip("^");
    for (bool first = true;; first = false) {
      if (ended()) return fail("there is a '[' without its ']'", "write \\[ for the character itself");
      if (!first && skip("]")) break;
      if (skip("[:")) {
        std::size_t end = pattern_.find(":]", at_);
        std::string_view name = pattern_.substr(at_, end - at_);
        auto found = std::find_if(named_classes().begin(), named_classes().end(),
                                  [&](const NamedClass& named) { return named.name == name; });
        if (end == std::string_view::npos || found == named_classes().end())
          return fail("there is no class '[:" + std::string(name.substr(0, 20)) + ":]'");
        set.ranges.insert(set.ranges.end(), found->ranges.begin(), found->ranges.end());
        at_ = end + 2;
        continue;
      }
      if (next_is('\\') && at_ + 1 < pattern_.size() && add_shorthand(pattern_[at_ + 1], set.ranges)) {
        at_ += 2;
        continue;
      }
      std::uint32_t from = bracket_character(), to = from;
      if (next_is('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        ++at_;
        to = bracket_character();
      }
      if (to < from) return fail("a range in '[...]' goes backwards");
      set.ranges.emplace_back(from, to);
    }
    emit_set(std::move(set));
  }

  std::uint32_t bracket_character() {
    if (skip("\\")) {
      if (at_ >= pattern_.size()) {
        fail("it ends with a backslash");
        return 0;
      }
      if (next_is('b')) {
        ++at_;
        return '\b';
      }
      std::optional<std::uint32_t> code = escaped_character();
      if (!code)
        fail(std::string("\\") + pattern_[std::min(at_, pattern_.size() - 1)] + " means nothing in '[...]'");
      return code.value_or(0);
    }
    std::size_t length = std::max<std::size_t>(utf8_length(pattern_, at_), 1);
    at_ += length;
    return code_of(pattern_.substr(at_ - length, length));
  }

  std::optional<std::uint32_t> number() {
    std::size_t end = at_;
    while (end < pattern_.size() && end < at_ + 5 && pattern_[end] >= '0' && pattern_[end] <= '9') ++end;
    if (end == at_) return std::nullopt;
    std::uint32_t value =
        static_cast<std::uint32_t>(std::stoul(std::string(pattern_.substr(at_, end - at_))));
    at_ = end;
    return value;
  }

  // "{2}", "{2,}", "{2,5}"; anything else in braces stands for itself.
  bool counts(std::uint32_t& least, std::uint32_t& most) {
    std::size_t begin = at_++;
    std::optional<std::uint32_t> first = number();
    least = most = first.value_or(0);
    if (first && skip(",")) most = number().value_or(k_no_limit);
    if (first && skip("}")) return true;
    at_ = begin;
    return false;
  }

  void repeats(std::uint32_t begin, bool repeatable) {
    std::uint32_t least = 0, most = 0;
    if (skip("*"))
      most = k_no_limit;
    else if (skip("+"))
      least = 1, most = k_no_limit;
    else if (skip("?"))
      most = 1;
    else if (!next_is('{') || !counts(least, most))
      return;
    if (!repeatable) return fail("there is nothing to repeat before '*', '+', '?' or '{'");
    if (most < least) return fail("a repeat count goes backwards");
    const bool lazy = skip("?");
    if (next_is('*') || next_is('+') || next_is('?'))
      return fail("it repeats a repetition", "put the inner one in (?:...)");

    const std::vector<Instruction> body(program().begin() + begin, program().end());
    program().resize(begin);
    auto copy = [&] {
      std::uint32_t moved = here() - begin;
      for (Instruction instruction : body) {
        shift(instruction, 0, moved);
        emit(instruction);
        if (!error_.empty()) return;
      }
    };
    auto split = [&](std::uint32_t into, std::uint32_t past) {
      return lazy ? Instruction{.op = Op::split, .value = past, .other = into}
                  : Instruction{.op = Op::split, .value = into, .other = past};
    };
    for (std::uint32_t i = 0; i < least && error_.empty(); ++i) copy();
    if (most == k_no_limit) {
      std::uint32_t loop = here();
      emit({});
      copy();
      emit({.op = Op::jump, .value = loop});
      if (error_.empty()) program()[loop] = split(loop + 1, here());
      return;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = least; i < most && error_.empty(); ++i) {
      splits.push_back(here());
      emit({});
      copy();
    }
    if (error_.empty())
      for (std::uint32_t at : splits) program()[at] = split(at + 1, here());
  }

  // The bytes that a match may begin with, so that a search can pass over all others.
  void find_first() {
    std::vector<std::uint32_t> todo = {0};
    std::vector<bool> seen(program().size());
    regex_.skips_ = true;
    while (!todo.empty()) {
      std::uint32_t place = todo.back();
      todo.pop_back();
      if (seen[place]) continue;
      seen[place] = true;
      const Instruction& instruction = program()[place];
      switch (instruction.op) {
        case Op::match: regex_.skips_ = false; return;
        case Op::jump: todo.push_back(instruction.value); break;
        case Op::split:
          todo.push_back(instruction.value);
          todo.push_back(instruction.other);
          break;
        case Op::character:
        case Op::any:
        case Op::any_at_all:
        case Op::one_of:
          for (std::uint32_t c = 0; c < 0x80; ++c)
            if (regex_.takes(instruction, c)) regex_.first_.set(c);
          // Beyond ASCII any byte may begin it: telling them apart isn't worth the code.
          if (instruction.op != Op::character || instruction.value >= 0x80)
            for (std::size_t c = 0x80; c < 0x100; ++c) regex_.first_.set(c);
          break;
        default: todo.push_back(place + 1);
      }
    }
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool fold_ = false;
  bool dot_all_ = false;
  Regex regex_;
  std::string error_;
  std::string help_;
};

Result<Regex> Regex::make(std::string_view pattern) {
  return RegexCompiler(pattern).run();
}

}  // namespace rustchain

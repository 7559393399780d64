// Matching: all ways through the program are followed at once, the more wanted ones first (Pike's machine).
#include "util/regex.hpp"

#include "util/utf8.hpp"

#include <algorithm>

namespace rustchain {

namespace {

struct CodePoint {
  std::uint32_t code = 0;
  std::size_t length = 1;
};

// A byte that is no part of a character counts as one of its own, past all others.
CodePoint code_point_at(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[at + i])}; };
  switch (utf8_length(text, at)) {
    case 1: return {byte(0), 1};
    case 2: return {(byte(0) & 0x1f) << 6 | (byte(1) & 0x3f), 2};
    case 3: return {(byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
    case 4:
      return {(byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
    default: return {0x110000 + byte(0), 1};
  }
}

std::uint32_t other_case(std::uint32_t c) {
  if (c >= 'a' && c <= 'z') return c - 'a' + 'A';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
  return c;
}

bool is_word_byte(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  char c = text[at];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool Regex::takes(const Instruction& instruction, std::uint32_t c) const {
  using Op = Instruction::Op;
  switch (instruction.op) {
    case Op::character:
      return instruction.value == c || (instruction.fold && instruction.value == other_case(c));
    case Op::any: return c != '\n' && c != '\r';
    case Op::any_at_all: return true;
    case Op::one_of: {
      const Set& set = sets_[instruction.value];
      auto holds = [&](std::uint32_t code) {
        return std::any_of(set.ranges.begin(), set.ranges.end(),
                           [code](const auto& range) { return code >= range.first && code <= range.second; });
      };
      return (holds(c) || (instruction.fold && holds(other_case(c)))) != set.negated;
    }
    default: return false;
  }
}

// One search. Threads are places in the program, each with the slots that it has filled on its way.
class RegexMatcher {
 public:
  RegexMatcher(const Regex& regex, std::string_view text)
      : regex_(regex), text_(text), slots_(2 * (regex.groups_ + 1)), way_(slots_, Regex::Match::k_none) {
    for (Threads* threads : {&now_, &next_}) {
      threads->seen.resize(regex.program_.size());
      threads->slots.resize(regex.program_.size() * slots_);
    }
  }

  bool run(std::size_t from, Regex::Match& match) {
    bool found = false;
    for (std::size_t at = from;;) {
      if (now_.list.empty()) {
        if (found) return true;
        if (regex_.skips_)
          while (at < text_.size() && !regex_.first_[static_cast<unsigned char>(text_[at])]) ++at;
      }
      if (!found) {
        std::fill(way_.begin(), way_.end(), Regex::Match::k_none);
        add(now_, 0, at);
      }
      CodePoint c = at < text_.size() ? code_point_at(text_, at) : CodePoint{};
      for (std::uint32_t place : now_.list) {
        const Instruction& instruction = regex_.program_[place];
        auto begin = now_.slots.begin() + static_cast<std::ptrdiff_t>(place * slots_);
        if (instruction.op == Op::match) {
          match.slots.assign(begin, begin + static_cast<std::ptrdiff_t>(slots_));
          found = true;
          break;  // the threads after this one are less wanted
        }
        if (at < text_.size() && regex_.takes(instruction, c.code)) {
          std::copy_n(begin, slots_, way_.begin());
          add(next_, place + 1, at + c.length);
        }
      }
      std::swap(now_, next_);
      clear(next_);
      if (at >= text_.size()) return found;
      at += c.length;
    }
  }

 private:
  using Instruction = Regex::Instruction;
  using Op = Instruction::Op;

  struct Threads {
    std::vector<std::uint32_t> list;  // in the order of how much they are wanted
    std::vector<bool> seen;
    std::vector<std::uint32_t> marked;  // what is set in `seen`
    std::vector<std::size_t> slots;     // of the thread at each place
  };
  // To go on at a place, or to give a slot its value back.
  struct Todo {
    std::uint32_t place;
    std::size_t slot;
    std::size_t value;
    bool restores;
  };

  static void clear(Threads& threads) {
    for (std::uint32_t place : threads.marked) threads.seen[place] = false;
    threads.marked.clear();
    threads.list.clear();
  }

  bool holds(Op op, std::size_t at) const {
    switch (op) {
      case Op::line_begin: return at == 0 || text_[at - 1] == '\n';
      case Op::line_end: return at == text_.size() || text_[at] == '\n' || text_.substr(at, 2) == "\r\n";
      case Op::text_begin: return at == 0;
      case Op::text_end: return at == text_.size();
      default: break;
    }
    bool edge = (at > 0 && is_word_byte(text_, at - 1)) != is_word_byte(text_, at);
    return edge == (op == Op::word_edge);
  }

  // Adds the thread at `place` with the slots of way_, and all that it can become without a character.
  void add(Threads& threads, std::uint32_t start, std::size_t at) {
    todo_.push_back({start, 0, 0, false});
    while (!todo_.empty()) {
      Todo todo = todo_.back();
      todo_.pop_back();
      if (todo.restores) {
        way_[todo.slot] = todo.value;
        continue;
      }
      std::uint32_t place = todo.place;
      if (threads.seen[place]) continue;
      threads.seen[place] = true;
      threads.marked.push_back(place);
      const Instruction& instruction = regex_.program_[place];
      switch (instruction.op) {
        case Op::jump: todo_.push_back({instruction.value, 0, 0, false}); break;
        case Op::split:
          todo_.push_back({instruction.other, 0, 0, false});
          todo_.push_back({instruction.value, 0, 0, false});
          break;
        case Op::save:
          todo_.push_back({0, instruction.value, way_[instruction.value], true});
          way_[instruction.value] = at;
          todo_.push_back({place + 1, 0, 0, false});
          break;
        case Op::line_begin:
        case Op::line_end:
        case Op::text_begin:
        case Op::text_end:
        case Op::word_edge:
        case Op::no_word_edge:
          if (holds(instruction.op, at)) todo_.push_back({place + 1, 0, 0, false});
          break;
        default:
          threads.list.push_back(place);
          std::copy_n(way_.begin(), slots_,
                      threads.slots.begin() + static_cast<std::ptrdiff_t>(place * slots_));
      }
    }
  }

  const Regex& regex_;
  std::string_view text_;
  std::size_t slots_;
  Threads now_, next_;
  std::vector<std::size_t> way_;
  std::vector<Todo> todo_;
};

bool Regex::find(std::string_view text, std::size_t from, Match& match) const {
  return from <= text.size() && RegexMatcher(*this, text).run(from, match);
}

std::string_view Regex::Match::group(std::size_t i, std::string_view text) const {
  if (2 * i + 1 >= slots.size() || slots[2 * i] == k_none || slots[2 * i + 1] == k_none) return {};
  return text.substr(slots[2 * i], slots[2 * i + 1] - slots[2 * i]);
}

std::string expand_replacement(std::string_view replacement, std::string_view text,
                               const Regex::Match& match) {
  std::string expanded;
  auto is_digit = [&](std::size_t i) {
    return i < replacement.size() && replacement[i] >= '0' && replacement[i] <= '9';
  };
  // The number at `i`, at most two digits; moves `i` past it.
  auto group_at = [&](std::size_t& i) {
    std::size_t number = static_cast<std::size_t>(replacement[i++] - '0');
    if (is_digit(i)) number = number * 10 + static_cast<std::size_t>(replacement[i++] - '0');
    expanded += match.group(number, text);
  };
  for (std::size_t i = 0; i < replacement.size();) {
    char c = replacement[i];
    if (c == '$' && is_digit(i + 1)) {
      group_at(++i);
    } else if (c == '$' && i + 1 < replacement.size() &&
               (replacement[i + 1] == '&' || replacement[i + 1] == '$')) {
      expanded += replacement[i + 1] == '$' ? std::string_view("$") : match.group(0, text);
      i += 2;
    } else if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] == '{' && is_digit(i + 2)) {
      std::size_t end = i + 2;
      while (is_digit(end) && end < i + 4) ++end;
      if (end < replacement.size() && replacement[end] == '}') {
        group_at(i += 2);
        ++i;
      } else {
        expanded += replacement[i++];
      }
    } else if (c == '\\' && i + 1 < replacement.size()) {
      char next = replacement[i + 1];
      if (is_digit(i + 1)) {
        group_at(++i);
        continue;
      }
      expanded += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      i += 2;
    } else {
      expanded += replacement[i++];
    }
  }
  return expanded;
}

}  // namespace rustchain

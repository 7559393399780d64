// Splits a command line into words, and tells whether it takes a shell to run it.
#include "mission/references.hpp"
#include "mission/resolve.hpp"
#include "util/text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

// Words that are no programs: only a shell knows them.
constexpr std::string_view k_shell_only =
    ". : [[ ! { } ( alias bg case cd declare do done elif else esac eval exec exit export fg fi for function "
    "if jobs let local popd pushd read readonly return select set shift source then trap typeset ulimit "
    "umask unalias unset until wait while";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// ${HOME}: what a person who writes it in a command line means is the shell's variable.
bool is_shell_variable(const Mark& mark) {
  if (mark.kind != Mark::Kind::reference || mark.reference.form != Reference::Form::dollar) return false;
  if (!mark.reference.path.empty()) return false;
  bool letter = false;
  for (char c : mark.reference.head) {
    if (c >= 'a' && c <= 'z') return false;
    if (c == '-' || (c & 0x80) != 0) return false;
    letter = letter || is_letter(c);
  }
  return letter;
}

// NAME=... as the first word.
bool is_assignment(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && (is_letter(word[at]) || (at > 0 && is_digit(word[at])))) ++at;
  return at > 0 && at < word.size() && word[at] == '=';
}

// What was found in a line, character by character.
struct Reading {
  std::vector<std::string> words;
  bool syntax = false;
};

Reading read_line(std::string_view line) {
  line = trim(line);
  Reading reading;
  std::string word;
  bool in_word = false;
  bool quoted_word = false;  // a quoted keyword is none
  char quote = 0;
  const std::size_t last_bracket = line.rfind(']');
  auto end_word = [&] {
    if (!in_word) return;
    if (reading.words.empty() && !quoted_word && (has_word(k_shell_only, word) || is_assignment(word)))
      reading.syntax = true;
    reading.words.push_back(std::move(word));
    word.clear();
    in_word = quoted_word = false;
  };

  for (std::size_t at = 0; at < line.size();) {
    char c = line[at];
    if (c == '{' || c == '$') {
      if (std::optional<Mark> mark = mark_at(line, at)) {
        word += line.substr(at, mark->reference.end - at);
        in_word = true;
        at = mark->reference.end;
        if (quote != '\'' && (is_shell_variable(*mark) || mark->kind == Mark::Kind::foreign))
          reading.syntax = true;
        continue;
      }
    }
    char next = at + 1 < line.size() ? line[at + 1] : '\0';
    if (quote == '\'') {
      if (c == '\'')
        quote = 0;
      else
        word += c;
      ++at;
      continue;
    }
    if (c == '$' &&
        (is_letter(next) || is_digit(next) ||
         std::string_view("{([@*#?$!-'\"").find(next) != std::string_view::npos) &&
        next != '\0') {
      // Within double quotes "$'" and "$"" are plain dollars.
      if (quote == 0 || (next != '\'' && next != '"')) reading.syntax = true;
    }
    if (c == '`') reading.syntax = true;
    if (c == '\\') {
      bool special = quote == 0 || std::string_view("$`\"\\\n").find(next) != std::string_view::npos;
      if (at + 1 == line.size() || !special) {
        word += c;
        in_word = true;
        ++at;
        continue;
      }
      if (next != '\n') {
        word += next;
        in_word = quoted_word = true;
      }
      at += 2;
      continue;
    }
    if (quote == '"') {
      if (c == '"')
        quote = 0;
      else
        word += c;
      ++at;
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      in_word = quoted_word = true;
      ++at;
      continue;
    }
    if (is_blank(c)) {
      if (c == '\n') reading.syntax = true;
      end_word();
      ++at;
      continue;
    }
    if (std::string_view("|&;<>()*?").find(c) != std::string_view::npos) reading.syntax = true;
    if (c == '[' && last_bracket != std::string_view::npos && last_bracket > at && (in_word || !is_blank(next)) &&
        next != '[')
      reading.syntax = true;
    if ((c == '~' || c == '#') && !in_word) reading.syntax = true;
    word += c;
    in_word = true;
    ++at;
  }
  end_word();
  return reading;
}

}  // namespace

std::vector<std::string> split_words(std::string_view line) {
  return read_line(line).words;
}

bool shell_syntax(std::string_view line) {
  return read_line(line).syntax;
}

}  // namespace rustchain

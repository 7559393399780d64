// The tables of what programs do. The judge looks programs up by name; tests go through the rows, and hold
// each to an example that is judged otherwise without it.
#pragma once

#include "safety/verb_patterns.hpp"
#include "safety/walk.hpp"
#include "safety/word_index.hpp"

#include <span>
#include <string_view>

namespace rustchain {

// A program with a function of its own (safety/programs.cpp). `programs` of all rows: names, blanks between.
struct ProgramRow {
  ProgramFunction function;
  std::string_view programs;
};
std::span<const ProgramRow> program_rows();
const ProgramRow* find_program(std::string_view program);  // nullptr: it has none

// A program that starts another one (safety/wrappers.cpp).
struct WrapperRow {
  std::string_view programs;
  OptionTable options;
  std::string_view script = {};  // option whose value is a shell text
  std::string_view sub = {};     // the command follows this sub-command ("poetry run")
  std::string_view pairs = {};   // long options that take two values
  int operands = 0;              // of its own, before the command
  bool privilege = false;
};
std::span<const WrapperRow> wrapper_rows();

// An interpreter of another language than the shell's (safety/interpreters.cpp).
struct InterpreterRow {
  std::string_view programs;
  std::string_view language;
  std::string_view values;  // short options with a value
  std::string_view code;    // letters whose value is code
  std::string_view long_code;
  std::string_view long_values;
  std::string_view module = {};  // letters that name a module to run: no code follows
};
std::span<const InterpreterRow> interpreter_rows();

// Sub-commands and options that mean something to a rule (safety/verb_rows.cpp).
struct VerbRow {
  std::string_view programs;
  // Alternatives separated by '|', words by blanks; `*` at the beginning or the end of a word; `...` any
  // words; empty: always.
  std::string_view verbs;
  std::string_view options;  // one of these has to be there; "!x" one that may not; empty: none
  std::string_view rule;     // empty: only looks, whatever the rows after it say
};
std::span<const VerbRow> verb_rows();
std::span<const PatternWord> pattern_of(const VerbRow& row);          // of its verbs
std::span<const IndexedWord> verb_rows_of(std::string_view program);  // those that name it, in order

}  // namespace rustchain

// A program's arguments told apart: options, their values, operands. By a table for each program, since only
// it says which options take a value.
#pragma once

#include "safety/shell.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// A word as a program gets it. Marks as in safety/marks.hpp.
struct Argument {
  std::string text;
  ShellSpan at;
};
using Arguments = std::vector<Argument>;

struct OptionTable {
  std::string_view values;       // letters of options that take a value: "C" for -C DIR and -CDIR
  std::string_view long_values;  // words of long options that take a value as the next argument
  bool single_dash = false;      // long options begin with one dash (find, terraform, java)
  bool operand_ends = false;     // options end at the first operand (wrappers, ssh, git)
};

struct GivenOption {
  std::string name;  // "r" or "recursive"
  std::optional<std::string> value;
  ShellSpan at;
};

struct Parsed {
  std::vector<GivenOption> options;
  Arguments operands;
  std::size_t first_operand = 0;  // its place among the arguments; their number if there is none

  // By letter or word, either may be empty. A long option may be cut short, as git and GNU take it.
  const GivenOption* find(std::string_view letters, std::string_view words = {}) const;
  bool has(std::string_view letters, std::string_view words = {}) const {
    return find(letters, words) != nullptr;
  }
  std::string value(std::string_view letters, std::string_view words = {}) const;
};

// `arguments[from]` is the first one after the program's name.
Parsed parse_arguments(const Arguments& arguments, std::size_t from, const OptionTable& table);

// The texts of arguments with blanks between, as programs put them together that hand them to a shell.
std::string joined(std::span<const Argument> arguments);

// The command line that begins at a place of another.
Arguments from(const Arguments& arguments, std::size_t at);

}  // namespace rustchain

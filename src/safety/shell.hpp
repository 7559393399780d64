// Reads shell texts (POSIX with what bash adds) into a tree that keeps what each word is made of. Reads only:
// what the words become is told by src/safety/expand, what the commands do by src/safety/walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

inline constexpr std::size_t k_shell_bytes = 128 * 1024;  // longer texts aren't read
inline constexpr int k_shell_nesting = 64;

// Bytes of the text that was read; of what stands in backquotes: the whole of the backquotes.
struct ShellSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct ShellItem;

// One part of a word.
struct ShellPiece {
  enum class Kind : std::uint8_t {
    text,        // `text`, quotes taken away
    variable,    // $text, ${text}, ${text<operation><operand>}
    command,     // $( ) or backquotes: `script`
    process,     // <( ) or >( ): `script`
    arithmetic,  // $(( )): `operand` holds what is expanded in it
  };
  Kind kind = Kind::text;
  bool quoted = false;    // neither split into words nor taken as a pattern
  bool indirect = false;  // ${!name}
  std::string text;
  std::string operation;  // of a variable: ":-", "=", "%%", "/", "#" (length) ...
  std::vector<ShellPiece> operand;
  std::vector<ShellItem> script;
};

struct ShellWord {
  std::vector<ShellPiece> pieces;
  std::vector<ShellWord> elements;  // NAME=( ... )
  ShellSpan span;

  // The text of a word that has nothing but text; empty otherwise.
  std::string plain() const;
  bool is_quoted() const;  // any part of it
};

struct ShellRedirect {
  std::string operation;  // "<", ">", ">>", ">|", "<>", "<&", ">&", "&>", "&>>", "<<", "<<-", "<<<"
  int descriptor = -1;    // -1: the operation's own
  ShellWord target;
  std::shared_ptr<ShellWord> body = {};  // of a here-document
};

// A command, or a group of commands.
struct ShellItem {
  enum class Kind : std::uint8_t {
    simple,    // words, assignments first
    pipeline,  // of `children`
    subshell,  // ( )
    group,     // { }, and the parts of if, while and until: run in order
    choice,    // if, case: `children` are parts of which some run
    loop,      // for NAME in words; while and until: no name
    function,  // name() children
  };
  Kind kind = Kind::simple;
  bool conditional = false;  // stands after && or ||
  bool background = false;   // ends with &
  std::string name = {};
  std::vector<ShellWord> words = {};
  std::vector<ShellRedirect> redirects = {};
  std::vector<ShellItem> children = {};
  ShellSpan span = {};
};

struct ShellScript {
  std::vector<ShellItem> items;
  bool too_long = false;    // nothing was read
  bool too_deep = false;    // what is nested deeper than the bound was passed over
  bool incomplete = false;  // a quote, a bracket or a keyword lacks its other half
};

// Never fails: what is no valid shell is read as far as it can be. Linear time. With `all_at` every span is
// that one: the text is itself a part of another.
ShellScript read_shell(std::string_view text, const ShellSpan* all_at = nullptr, int depth = 0);

}  // namespace rustchain

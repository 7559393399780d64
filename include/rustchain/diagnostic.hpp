// What is wrong with a mission, where, and how to mend it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// A place in one of the sources of a mission. Line and column count from 1; the column counts bytes of the
// line (people are shown characters). Line 0: the file as a whole.
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t file = 0;  // index into Sources

  friend bool operator==(const Location&, const Location&) = default;
};

// A text that diagnostics point into. `name` is what people are shown: the path as they typed it, or
// "<stdin>".
struct Source {
  std::string name;
  std::string text;
};
using Sources = std::vector<Source>;

enum class Severity : std::uint8_t { note, warning, error };

struct Diagnostic {
  struct Note {
    Location at;
    std::string text;
  };

  std::string_view code;  // "RC0104": a row of diagnostic_codes(); never changes its meaning
  Severity severity = Severity::error;
  std::string message;  // what is wrong: one sentence, lower case, no full stop
  Location at;
  std::uint32_t length = 1;  // bytes to underline, from `at`
  std::string help = {};     // how to mend it; may be empty
  std::vector<Note> notes = {};
};

// The problems of a mission in the order found. Stops keeping them at k_most (a file that is not a mission at
// all would bury the reader) but goes on counting. Texts of more than 1,000 bytes lose their middle.
class Diagnostics {
 public:
  static constexpr std::size_t k_most = 1000;

  void add(Diagnostic diagnostic);
  // Turns every warning into an error, those to come too (--strict).
  void be_strict();

  const std::vector<Diagnostic>& all() const { return list_; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  bool has_errors() const { return errors_ > 0; }
  // Passes every text of every problem through `change`.
  void rewrite(const std::function<std::string(const std::string&)>& change);
  // By file, line and column; those of one place stay in the order found.
  void sort();

 private:
  std::vector<Diagnostic> list_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  bool strict_ = false;
};

// What `rustchain explain CODE` tells.
struct DiagnosticCode {
  std::string_view code;
  std::string_view title;    // what
  std::string_view why;      // why it matters
  std::string_view example;  // YAML that has the problem; may be empty
  std::string_view cure;     // what to do; may contain YAML
};
std::span<const DiagnosticCode> diagnostic_codes();

}  // namespace rustchain

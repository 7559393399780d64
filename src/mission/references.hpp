// References in texts ({id.field}, {{ ... }}, ${ ... }): how they are found, and what they mean. Pure.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace rustchain {

// ref = head (.field | [index])*
struct Reference {
  enum class Form : std::uint8_t { brace, double_brace, dollar };
  using Field = std::variant<std::string, std::size_t>;  // .name or [index]

  Form form = Form::brace;
  std::size_t begin = 0;  // in the text, with the marks
  std::size_t end = 0;
  std::string head;
  std::vector<Field> path;
};

// A text as literal pieces and references, in order. `$${x}` has become the literal `${x}`. What only looks
// like a reference ({}, { "json": 1 }, ${x:-y}) is literal. Linear time.
struct TextPart {
  std::string literal;
  std::optional<Reference> reference;  // if there is one, `literal` is the reference as it was written
};
std::vector<TextPart> split_references(std::string_view text);

// One place of a text that has the shape of a reference.
struct Mark {
  enum class Kind : std::uint8_t {
    reference,
    escaped,  // $${x}: the literal ${x}
    foreign,  // ${{ x }}: the text of another language; stays as it is
  };
  Kind kind = Kind::reference;
  Reference reference;  // begin and end are those of the whole mark
};
// The mark that begins at `at` (a '{' or a '$'), or nullopt.
std::optional<Mark> mark_at(std::string_view text, std::size_t at);
// The first mark at or after `from`. Going on from its end, a text is read in linear time.
std::optional<Mark> next_mark(std::string_view text, std::size_t from);

// What the head of a reference is.
struct Meaning {
  enum class Kind : std::uint8_t {
    unknown,
    step,      // `step`: index in file order, those of `finally` after all others
    variable,  // `name`
    environment,
    item,
    index,
    mission,  // `name`: name, version, file, dir
    run,      // `name`: id, dir, attempt
    timestamp,
    date,
    uuid,
    previous_result,
    platform,
  };
  Kind kind = Kind::unknown;
  StepIndex step = k_no_step;
  std::string name;      // of a step: its id
  std::size_t rest = 0;  // the first element of the path that walks into the value
};

// The names that texts of a mission can refer to. What is nearest wins: item and index in a foreach, then
// `steps.`, `vars.` and `env.` with a name behind, then steps, variables, the older spellings id_result and
// id_response, and last the built-in names.
class Names {
 public:
  explicit Names(const Mission& mission);

  // `in_foreach`: the text belongs to a step that is run for each item.
  Meaning meaning(const Reference& reference, bool in_foreach = false) const;
  // The known name that an unknown head was probably meant to be (one edit from 4 letters on, two from 8 on).
  // Looks at every name: ask once for each head.
  std::optional<std::string> near_miss(const Reference& reference) const;
  std::optional<StepIndex> step(std::string_view id) const;
  // How many names there are.
  std::size_t size() const { return known_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class Value>
  using Table = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;
  struct Known {
    std::string name;
    std::uint64_t letters = 0;  // which ones it has
    bool step = false;
  };

  void add(const std::string& name, bool step);
  std::optional<std::string> nearest_known(std::string_view word, bool steps, bool variables) const;

  Table<StepIndex> steps_;
  Table<std::size_t> variables_;
  std::vector<Known> known_;  // in file order
};

}  // namespace rustchain

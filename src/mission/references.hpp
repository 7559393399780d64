// References in texts ({id.field}, {{ ... }}, ${ ... }): how they are found, and what they mean. Pure.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/plan.hpp"

#include <cstddef>
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
  std::string name;
  std::size_t rest = 0;  // the first element of the path that walks into the value
};

// The names that texts of a mission can refer to.
class Names {
 public:
  explicit Names(const Mission& mission);

  // `in_foreach`: the text belongs to a step that is run for each item.
  Meaning meaning(const Reference& reference, bool in_foreach = false) const;
  // The known name that an unknown head was probably meant to be (one edit from 4 letters on, two from 8 on).
  std::optional<std::string> near_miss(const Reference& reference) const;
  std::optional<StepIndex> step(std::string_view id) const;

 private:
  std::unordered_map<std::string, StepIndex> steps_;
  std::unordered_map<std::string, std::size_t> variables_;
};

}  // namespace rustchain

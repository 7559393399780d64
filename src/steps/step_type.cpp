// Finding a step type by any of its names.
#include "rustchain/step_type.hpp"

#include "util/text.hpp"

namespace rustchain {

const StepType* StepTypes::find(std::string_view name) const {
  for (const StepType* type : types_)
    if (type->name == name || has_word(type->aliases, name) || has_word(type->old_names, name)) return type;
  return nullptr;
}

}  // namespace rustchain

// The table of step types, in the order in which people are shown them.
#include "steps/registry.hpp"

#include <array>

namespace rustchain {

const StepTypes& step_types() {
  static constexpr auto k_types = std::to_array<const StepType*>({
      &k_command_step,
      &k_create_file_step,
      &k_edit_file_step,
      &k_read_file_step,
      &k_copy_file_step,
      &k_move_file_step,
      &k_delete_file_step,
      &k_http_step,
      &k_llm_step,
      &k_mission_step,
      &k_noop_step,
  });
  static const StepTypes types(k_types);
  return types;
}

}  // namespace rustchain

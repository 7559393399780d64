// The table of step types: one row each. To add one, write its file, declare it here, add it to the list.
#pragma once

#include "rustchain/step_type.hpp"

namespace rustchain {

extern const StepType k_command_step;
extern const StepType k_create_file_step;
extern const StepType k_edit_file_step;
extern const StepType k_read_file_step;
extern const StepType k_copy_file_step;
extern const StepType k_move_file_step;
extern const StepType k_delete_file_step;
extern const StepType k_http_step;
extern const StepType k_llm_step;
extern const StepType k_mission_step;
extern const StepType k_noop_step;

const StepTypes& step_types();

}  // namespace rustchain

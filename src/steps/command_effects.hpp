// What a command step would do, as far as its words tell. Pure.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/step_type.hpp"

namespace rustchain {

Effects command_effects(const Step& step, const Json& parameters);

}  // namespace rustchain

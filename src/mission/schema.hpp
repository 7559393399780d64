// The format as a JSON Schema (2020-12), from the tables that missions are checked with. Pure.
#pragma once

#include "rustchain/json_fwd.hpp"
#include "rustchain/step_type.hpp"

namespace rustchain {

// What the schema takes, `validate` finds in shape, and the other way round;
// tests/unit/mission/schema_test.cpp lists what a schema can't say. `strict` is what --strict is to
// `validate`: no key that nobody knows, and no older form.
nlohmann::ordered_json mission_schema(const StepTypes& types, bool strict);

}  // namespace rustchain

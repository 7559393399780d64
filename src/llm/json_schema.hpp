// Holds a value against a JSON schema, as far as answers of models need it. Pure.
#pragma once

#include "rustchain/json_fwd.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// The first thing that doesn't fit, as one sentence with its place ("at items[0].id: is a string, not an
// integer"); nullopt: all fits. Knows type, enum, const, required, properties, additionalProperties, items,
// minItems, maxItems, minLength, maxLength, minimum, maximum, and lets others pass. No recursion.
std::optional<std::string> schema_mismatch(const Json& schema, const Json& value);

// The keywords in it that would be let pass though they ask for something.
std::vector<std::string> unchecked_keywords(const Json& schema);

}  // namespace rustchain

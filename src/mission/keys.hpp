// The tables of keys within keys, for those who read or describe the format.
#pragma once

#include "rustchain/keys.hpp"

#include <array>
#include <span>
#include <string_view>

namespace rustchain {

// Here because two other tables hold it.
inline constexpr auto k_retry_keys = std::to_array<KeySpec>({
    {.name = "max_attempts",
     .types = k_integer,
     .default_value = "1",
     .doc = "How often the step is tried at most, the first time counted.",
     .example = "3",
     .old_names = "attempts",
     .minimum = 1},
    {.name = "delay_seconds",
     .types = k_number,
     .default_value = "1",
     .doc = "The pause before the second attempt.",
     .example = "2",
     .old_names = "delay"},
    {.name = "backoff",
     .default_value = "fixed",
     .doc = "Whether later pauses stay the same or double each time.",
     .example = "exponential",
     .words = "fixed exponential"},
    {.name = "max_delay_seconds",
     .types = k_number,
     .default_value = "60",
     .doc = "No pause is longer than this.",
     .example = "30"},
    {.name = "jitter",
     .types = k_boolean,
     .default_value = "false",
     .doc = "Vary each pause by chance, so that many runs don't retry at the same moment.",
     .example = "true"},
    {.name = "retry_on",
     .types = k_list,
     .element = k_string,
     .default_value = "[any]",
     .doc = "The failures that are worth another attempt: failure kinds, exit_code:N, http_status:N or any.",
     .example = "[timeout, network, http_status:503]"},
});

std::span<const KeySpec> retry_keys();
std::span<const KeySpec> dependency_keys();
std::span<const KeySpec> on_failure_keys();  // of on_failure where it is a map
std::span<const KeySpec> resource_limit_keys();
std::span<const KeySpec> input_keys();

// Whether a key of a step, by the name of the table, may stand in its parameters too.
bool may_stand_in_parameters(std::string_view key);

// Every table of the format's own keys, with what a person calls the place.
struct KeyPlace {
  std::string_view name;  // "in config", "at the top level"
  std::span<const KeySpec> (*keys)();
};
std::span<const KeyPlace> key_places();

}  // namespace rustchain

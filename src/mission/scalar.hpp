// What the text of a scalar can be read as, beyond what YAML itself says. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rustchain {

// Bytes: "1024", "10MB", "1.5 GiB". kB, MB, GB, TB count by 1000; KiB, MiB, GiB, TiB by 1024; case doesn't
// matter. nullopt: not a size, or more than 2^63.
std::optional<std::uint64_t> parse_size(std::string_view text);

// Seconds of a duration as people write it: "30s", "5m", "1h30m", "500ms". A bare number is none.
std::optional<double> parse_duration(std::string_view text);

// yes, no, on, off, y, n, t, f in any case: booleans to YAML 1.1 and to many people; true and false in any
// case too.
std::optional<bool> loose_boolean(std::string_view text);

// Whether the text holds something that may be a reference ({x}), or is one and nothing else.
bool may_hold_reference(std::string_view text);
bool may_be_reference(std::string_view text);

}  // namespace rustchain

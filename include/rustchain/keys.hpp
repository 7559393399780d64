// The tables of keys that the mission format is made of: the source of checking, suggestions, defaults, the
// reference pages, the JSON Schema and shell completion.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rustchain {

// What a value may be; a set of bits.
enum Types : std::uint16_t {
  k_string = 1,   // any scalar: its text
  k_number = 2,   // a number, 0 or more unless `minimum` says otherwise
  k_integer = 4,  // a whole number
  k_boolean = 8,  // true, false
  k_list = 16,    // a list (of strings where `element` says so)
  k_map = 32,     // a map
  k_size = 64,    // bytes: a number, or "10MB", "1.5GiB"
  k_any = 128,    // whatever YAML can say
};

struct KeySpec {
  std::string_view name;
  std::uint16_t types = k_string;
  std::uint16_t element = k_any;  // what the elements of a list or the values of a map may be
  bool required = false;
  std::string_view default_value = {};  // as it would be written in YAML; empty: none
  std::string_view doc = {};            // one sentence
  std::string_view example = {};        // as it would be written in YAML
  std::string_view aliases = {};        // accepted as they are, separated by blanks
  std::string_view old_names = {};      // accepted with a warning that says `name`, separated by blanks
  std::string_view words = {};          // if it is a string, one of these, separated by blanks
  std::span<const KeySpec> keys = {};   // of a map: its keys; empty: any key
  double minimum = 0;                   // of a number
  std::string_view later = {};  // not empty: known to the format, not to this version; what to do instead
};

}  // namespace rustchain

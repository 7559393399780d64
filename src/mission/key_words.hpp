// The words of diagnostics about keys and values. Pure.
#pragma once

#include "rustchain/keys.hpp"
#include "rustchain/node.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

std::string in_quotes(std::string_view text);  // 'text'
std::string number_text(double number);        // without needless zeros

// "a number or auto"
std::string wanted(std::uint16_t types, std::string_view words_of_row);
// "for example `retry: {max_attempts: 3}`"; empty if the table has none.
std::string example_of(const KeySpec& row);

// Our name of a key that other tools call `key`, if one of the tables has it; else empty.
std::string_view foreign_name(std::string_view key, std::span<const KeySpec> keys,
                              std::span<const KeySpec> more);
// What does here what other tools have the key `key` for, in one clause; empty: nothing is known of it.
std::string_view other_way(std::string_view key);
// The keys of other tools that one of the table's stands for.
std::vector<std::string_view> foreign_names(std::span<const KeySpec> keys);
// The place of the format, another than `place`, that has the key ("in config"); empty: none.
std::string_view home_of(std::string_view key, std::string_view place);

// What underlines a node: the bytes of a scalar as far as they are known.
std::uint32_t shown_length(const Node& node);
// A value in a sentence: its text in quotes, shortened; "a list", "a map".
std::string shown(const Node& node);

}  // namespace rustchain

// JSON values as the tables of keys want them: read from texts, held against types, put into words. Pure.
#pragma once

#include "rustchain/json.hpp"
#include "rustchain/keys.hpp"
#include "rustchain/node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// What a text says, if it says that and nothing else. A structure is a list or a map written as JSON; bytes
// are what parse_size takes.
std::optional<Json> parse_structure(std::string_view text);
std::optional<Json> parse_number(std::string_view text);
std::optional<Json> parse_boolean(std::string_view text);
std::optional<Json> parse_bytes(std::string_view text);

// Whether the value is already what a table with these types wants.
bool fits_types(const Json& value, std::uint16_t types);
// A scalar without references, as the table wants it; its text where it is nothing of that.
Json literal(const Node& node, std::uint16_t types);
// A value that came from elsewhere, with no place in a file.
Node to_node(const Json& value);
// As dump_json(to_json(value)), without the steps between.
void append_json(std::string& to, const Node& value);
// The row's default value, which is there.
Json parse_default(const KeySpec& spec);

// "a text or a number"
std::string words_for(std::uint16_t types);
// A value in the middle of a text: strings as they are, null as nothing, others as JSON.
std::string value_text(Json value);
// The value in quotes, shortened, for a message.
std::string shown_value(const Json& value);

}  // namespace rustchain

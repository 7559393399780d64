// Texts within a step's output that are too large for a line of the journal, or no UTF-8: they lie beside it.
#pragma once

#include "rustchain/json.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

inline constexpr std::size_t k_largest_inline = 16 << 10;

// Keeps the bytes and gives the name of their file; nullopt: that can't be done.
using KeepValue = std::function<std::optional<std::string>(std::string_view bytes)>;
// The bytes of the file of that name; nullopt: there is none.
using ReadValue = std::function<std::optional<std::string>(const std::string& name)>;

bool has_large_values(const Json& output);
// In the place of each such text: {"$file": NAME, "bytes": N, "sha256": HEX}; NAME is empty where it couldn't
// be kept.
void move_out(Json& output, const KeepValue& keep);
// The name of the first that isn't there any more, or isn't what it was; nullopt: all is back in its place.
std::optional<std::string> bring_back(Json& output, const ReadValue& read);

}  // namespace rustchain

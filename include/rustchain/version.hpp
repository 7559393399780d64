// The version of this program and of the mission format that it reads.
#pragma once

#include <string_view>

namespace rustchain {

std::string_view version();  // "1.0.0"; set once, in CMakeLists.txt
inline constexpr int k_format_major = 1;

}  // namespace rustchain

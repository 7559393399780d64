// Regular expressions for the words of a schema: as they are forgiven, and as they are mistyped. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Any of the words, in any case, its parts joined by _, - or a blank; `joined`: or by nothing (CreateFile).
std::string folded_pattern(const std::vector<std::string_view>& words, bool joined);
// What is one slip away from one of `known` (a letter too many, too few, another, two swapped, or another
// case) and is neither one of them nor one of `spared`.
std::string slip_pattern(const std::vector<std::string_view>& known,
                         const std::vector<std::string_view>& spared);

}  // namespace rustchain

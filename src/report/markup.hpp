// Text within XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace rustchain {

// The text for an element or for an attribute in double quotes: nothing in it is markup, and what XML 1.0
// doesn't allow is U+FFFD.
std::string markup(std::string_view text);

}  // namespace rustchain

// What the program printed, made fit to be compared with what is written down.
#pragma once

#include <string>

namespace rustchain {

// What differs from run to run (times, run ids, process ids, the path of `directory`) by words that don't.
std::string normalise(std::string text, const std::string& directory);

// `diff -u` of the two.
std::string difference(const std::string& expected, const std::string& actual);

}  // namespace rustchain

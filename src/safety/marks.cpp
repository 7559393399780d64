// Texts that are known in part.
#include "safety/marks.hpp"

#include <algorithm>

namespace rustchain {

bool all_marks(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return k_marks.find(c) != std::string_view::npos ||
           std::string_view(" \n\t'\"").find(c) != std::string_view::npos;
  });
}

std::string without_marks(std::string_view text) {
  std::string all;
  for (char c : text) {
    if (c == k_many)
      all += '*';
    else if (c == k_one)
      all += '?';
    else if (k_marks.find(c) != std::string_view::npos)
      all += "...";
    else
      all += c;
  }
  return all;
}

std::string without_controls(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') c = '\x7f';
  return text;
}

}  // namespace rustchain

// Small operations on texts that the standard library lacks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

std::string_view trim(std::string_view text);  // blanks, tabs and line ends at both ends
// "a,b,,c" by ',' gives 4 pieces; "" gives none.
std::vector<std::string_view> split(std::string_view text, char by);
// The words of a table's list: "a b c".
std::vector<std::string_view> words(std::string_view text);
bool has_word(std::string_view list, std::string_view word);
std::string join(const std::vector<std::string>& pieces, std::string_view between);
std::string to_lower(std::string_view text);  // ASCII
std::string replace_all(std::string_view text, std::string_view what, std::string_view by);

// One word for a POSIX shell: as it is where that is safe, else in single quotes.
std::string shell_quote(std::string_view word);
// A command line that a person could type to start `argv`.
std::string shell_join(const std::vector<std::string>& argv);

}  // namespace rustchain

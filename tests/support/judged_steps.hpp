// Steps as the judge gets them.
#pragma once

#include "safety/marks.hpp"
#include "safety/mission_judge.hpp"

#include <string>
#include <vector>

namespace rustchain::testing {

inline const std::string k_answer(1, k_tainted);  // a value from http or an llm

JudgedStep command(std::string id, std::vector<std::string> argv);
JudgedStep script(std::string id, const std::string& text);
JudgedStep writes(std::string id, const std::string& path, const std::string& content);
// A request of an http step. `file`: where the answer goes; empty: nowhere.
JudgedStep asks(std::string id, const std::string& url, const std::string& file = {});

}  // namespace rustchain::testing

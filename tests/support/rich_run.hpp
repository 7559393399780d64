// A run that has everything a report can show, told by hand.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/report.hpp"

#include <string>
#include <vector>

namespace rustchain::testing {

std::vector<Event> rich_run();
RunReport report_of(const std::vector<Event>& events);

// A text that would be markup, an escape or a command in one format or the other.
inline const std::string k_hostile =
    "</script><img onerror=alert(1) src=x>]]> & \"'`| ::error::%0A \x1b[31mred\x1b[0m \x01 \xff \xe2\x80\xae";

// tests/unit/report/golden/NAME as it is; with RUSTCHAIN_ACCEPT=1 it becomes `actual`.
std::string golden(const std::string& name, const std::string& actual);

}  // namespace rustchain::testing

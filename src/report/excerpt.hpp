// What a step gave as text, cut to what a report has room for.
#pragma once

#include "rustchain/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct Excerpt {
  std::string_view label;  // the field of the output: "stdout"
  std::string head;        // safe to show, whole lines where they fit
  std::string left_out;    // "1,234 lines (56.7 kB) left out"; empty: nothing was
  std::string tail;

  // As one text.
  std::string joined() const;
};

// At most `room` bytes of each text.
std::vector<Excerpt> excerpts(const StepReport& step, std::size_t room);
// The room for each text of a step so that a report of the whole run stays small.
std::size_t excerpt_room(const RunReport& report);

}  // namespace rustchain

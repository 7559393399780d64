// The table of reporters.
#include "report/report.hpp"

#include <array>

namespace rustchain {

std::span<const Reporter> reporters() {
  static constexpr std::array k_reporters = {
      Reporter{"text", "what `run` prints at its end", &render_summary},
      Reporter{"json", "one JSON document with every step, format_version 1", &render_json},
  };
  return k_reporters;
}

}  // namespace rustchain

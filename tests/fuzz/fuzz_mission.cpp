// Whatever the bytes: a mission opens or tells why not, and the small languages within it hold their ground.
#include "mission/condition.hpp"
#include "mission/mission_file.hpp"
#include "mission/references.hpp"
#include "mission/render.hpp"
#include "mission/resolve.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace rustchain;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);

  for (const TextPart& part : split_references(text))
    if (part.reference && part.reference->end > size) std::abort();
  (void)check_condition(text);
  (void)split_words(text);
  (void)shell_syntax(text);

  const StepTypes no_types({});
  MissionFile file = open_mission("fuzz.yaml", text, no_types);
  (void)render_diagnostics(file.problems, file.sources, true);
  return 0;
}

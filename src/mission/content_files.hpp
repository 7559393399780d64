// Texts that a step has in a file of their own: `from` of create_file, whose references are filled in like
// those of `content`.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include "mission/compose.hpp"
#include "mission/known_values.hpp"
#include "mission/references.hpp"

#include <cstdint>
#include <string_view>

namespace rustchain {

constexpr std::uint64_t k_most_content_bytes = 64u << 20;  // of such a file

// The parameters: types that have both take the text of the one's file as the other.
constexpr std::string_view k_content_file = "from";
constexpr std::string_view k_content = "content";
bool takes_content_file(const StepType& type);

// Gives each step the text of its file as `content`, with places in that file, which is added to `sources`:
// so references in it are checked and bring dependencies as if they stood in the mission. Left out is what
// only the run will tell: files that a step of the mission writes, and paths that hold its values. Problems:
// files that can't be read.
void read_content_files(Mission& mission, Sources& sources, const StepTypes& types, const Names& names,
                        const Directories& directories, const ReadFile& read_file, Diagnostics& problems);

}  // namespace rustchain

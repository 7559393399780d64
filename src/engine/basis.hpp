// What a step's work rests on, taken down for later runs to compare.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/event.hpp"
#include "rustchain/step_type.hpp"

#include "util/sha256.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Adds it so that no other parts, one after the other, give the same text.
void append_part(std::string& text, std::string_view part);

// StepBasis::definition. `path` is that of the mission's file, absolute.
std::string definition_of(const KeyedHash& hash, const std::string& path, const Step& step);

// The mission's file, absolute; empty: standard input.
std::string mission_path(const RunSetup& setup);

// Whether its work is a process that outlives it (`background: true`).
bool is_service(const Step& step);

// The file as it is now, in a run that is recorded. A directory is there or not, and that is all.
FileMark mark_file(const RunSetup& setup, const std::string& path);
std::vector<FileMark> mark_files(const RunSetup& setup, const std::vector<std::string>& paths);

// When the step has ended: the files that it is known to have written, and those it might have read that have
// changed meanwhile.
std::vector<FileMark> written_files(const RunSetup& setup, const StepBasis& basis);

// What the step is known to read, and what it is known to write or delete; `directory` is where it looks
// from.
struct KnownFiles {
  std::vector<std::string> reads;
  std::vector<std::string> changes;
};
KnownFiles known_files(const Effects& effects, const std::string& directory);

}  // namespace rustchain

// A command step in chunks of files: finds the files, runs the chunks, judges their exit codes together.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/step_type.hpp"

#include "steps/command_chunks.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rustchain {

struct ChunkedRun {
  ProcessEnd end;
  std::size_t chunks = 0;
  std::vector<std::string> warnings;
};

// `request`: all of it but the argv. Blocks as Processes::run does.
Result<ChunkedRun, Failure> run_in_chunks(const StepContext& context, const CommandLine& line,
                                          const ChunkKeys& keys, const ProcessRequest& request);

// How a command that took too long would be split, as a sentence; empty: it can't be, or was already.
std::string chunk_hint(const CommandLine& line, const ChunkKeys& keys, const ProcessRequest& request,
                       unsigned cores);

}  // namespace rustchain

// --record and --replay: what stands between the steps of a run and the servers.
#pragma once

#include "rustchain/services.hpp"

#include "cli/commands.hpp"
#include "journal/tape.hpp"
#include "util/mask.hpp"

#include <memory>

namespace rustchain {

// Reads the tape that is to be replayed, if one is. False: that can't be done, and standard error has been
// told.
bool load_tape(App& app, const RunOptions& options, Tape& tape);

// What stands between the steps of one mission and `http`; nullptr: nothing, there is no tape.
std::unique_ptr<HttpClient> taped_client(Files& files, HttpClient& http, const RunOptions& options,
                                         Tape& tape, const Mask& mask);

// Writes what was recorded, whole or not at all, and tells of it; of a replayed tape tells what was left.
// False: the tape can't be written.
bool close_tape(App& app, const RunOptions& options, const Tape& tape);

}  // namespace rustchain

// Where a run keeps its journal and what its steps print.
#pragma once

#include "rustchain/services.hpp"

#include <string>

namespace rustchain {

struct RunFolder {
  std::string id;        // "20261120T060409123Z-9f2c1a": sorts by time
  std::string path;      // absolute, made, empty; no path: outputs are kept nowhere
  bool recorded = true;  // it is where runs are looked for
  std::string warning;   // why it isn't where it should be; empty: it is
};

// STATE/runs/ID, STATE being RUSTCHAIN_STATE_DIR or `.rustchain` in `directory`, which ignores itself for
// git. The id comes after those that are there, also when the clock was set back. Where that can't be
// written: a folder in `temporary`.
RunFolder make_run_folder(Services& services, const std::string& directory, const std::string& temporary);

}  // namespace rustchain

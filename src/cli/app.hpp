// The command line as a whole: from the arguments to the exit code.
#pragma once

namespace rustchain {

// Catches everything; gives the exit code of the process.
int cli_main(int argc, char** argv);

}  // namespace rustchain

// Where the process begins and ends.
#include "cli/app.hpp"

int main(int argc, char** argv) {
  return rustchain::cli_main(argc, argv);
}

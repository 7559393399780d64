// macOS: the system library is always the system's.
#include "platform/name_services.hpp"

namespace rustchain {

void choose_name_services() {}

bool only_files_and_dns() {
  return false;
}

}  // namespace rustchain

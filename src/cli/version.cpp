// The version, handed in by CMakeLists.txt.
#include "rustchain/version.hpp"

namespace rustchain {

std::string_view version() {
  return RUSTCHAIN_VERSION;
}

}  // namespace rustchain

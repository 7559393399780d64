// Linux: the GNU C library reads /etc/nsswitch.conf and loads what stands there, unless it is told otherwise.
#include "platform/name_services.hpp"

#if defined(RUSTCHAIN_STATIC_LIBC)
#include <mutex>

#include <nss.h>
#endif

namespace rustchain {

#if defined(RUSTCHAIN_STATIC_LIBC)

void choose_name_services() {
  static std::once_flag once;
  std::call_once(once, [] {
    __nss_configure_lookup("hosts", "files dns");
    __nss_configure_lookup("passwd", "files");
  });
}

bool only_files_and_dns() {
  return true;
}

#else

void choose_name_services() {}

bool only_files_and_dns() {
  return false;
}

#endif

}  // namespace rustchain

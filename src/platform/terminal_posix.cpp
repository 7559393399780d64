// Whether people look at what is printed, and how much fits.
#include "platform/platform.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace rustchain {

Terminal terminal(int descriptor) {
  Terminal result;
  result.is_terminal = isatty(descriptor) == 1;
  winsize size{};
  if (!result.is_terminal || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return result;
  if (size.ws_col > 0) result.columns = size.ws_col;
  if (size.ws_row > 0) result.rows = size.ws_row;
  return result;
}

}  // namespace rustchain

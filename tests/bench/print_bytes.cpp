// print_bytes N: prints N megabytes of lines, as fast as the reader takes them.
#include <cstdlib>
#include <string>

#include <unistd.h>

int main(int argc, char** argv) {
  std::string block;
  while (block.size() < 65536) block += "a line of output, as a command would print it, 64 bytes in all.\n";
  long long left = (argc > 1 ? std::atoll(argv[1]) : 0) * 1'000'000;
  while (left > 0) {
    std::size_t piece =
        left < static_cast<long long>(block.size()) ? static_cast<std::size_t>(left) : block.size();
    ssize_t written = write(STDOUT_FILENO, block.data(), piece);
    if (written < 0) return 1;
    left -= written;
  }
  return 0;
}

// Small facts that only the system knows: time, environment, directories, chance.
#include "platform/name_services.hpp"
#include "platform/platform.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char** environ;

namespace rustchain {
namespace {

class SystemClock final : public Clock {
 public:
  WallTime wall() const override { return std::chrono::system_clock::now(); }
  SteadyTime steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

std::unique_ptr<Clock> make_clock() {
  return std::make_unique<SystemClock>();
}

Environment read_environment() {
  Environment variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    char* equals = std::strchr(*entry, '=');
    if (!equals || equals == *entry) continue;
    variables.add(std::string_view(*entry, static_cast<std::size_t>(equals - *entry)), equals + 1);
  }
  return variables;
}

std::string current_directory() {
  std::string path(256, '\0');
  while (!getcwd(path.data(), path.size())) {
    if (errno != ERANGE) return {};
    path.resize(path.size() * 2);
  }
  path.resize(std::strlen(path.c_str()));
  return path;
}

std::optional<DirectoryIdentity> directory_identity(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return DirectoryIdentity{status.st_dev, status.st_ino};
}

std::string home_directory() {
  if (const char* home = std::getenv("HOME"); home && *home) return home;
  std::string buffer(16384, '\0');
  passwd entry{};
  passwd* found = nullptr;
  choose_name_services();
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return {};
  return found->pw_dir ? found->pw_dir : "";
}

std::string temporary_directory() {
  const char* directory = std::getenv("TMPDIR");
  return directory && *directory == '/' ? directory : "/tmp";
}

std::string_view platform_name() {
  utsname name{};
  return uname(&name) == 0 && std::string_view(name.sysname) == "Darwin" ? "macos" : "linux";
}

std::string default_shell() {
  return "/bin/sh";
}

unsigned processor_count() {
  return std::max(1U, std::thread::hardware_concurrency());
}

void open_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest free number is this one: those below it are open by now.
    if (open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  if (getentropy(&bits, sizeof bits) == 0) return bits;
  std::random_device device;
  return (std::uint64_t(device()) << 32) ^ device();
}

}  // namespace rustchain

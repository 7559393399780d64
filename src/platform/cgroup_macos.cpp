// macOS has no cgroups: limits are measured.
#include "platform/cgroup.hpp"

namespace rustchain {

std::optional<std::string> find_limiting_cgroup(const CgroupFiles&, const ProcessLimits&) {
  return std::nullopt;
}
std::optional<std::string> make_cgroup(const std::string&, const std::string&, const ProcessLimits&) {
  return std::nullopt;
}
bool enter_cgroup(const char*) {
  return false;
}
bool has_processes(const std::string&) {
  return false;
}
bool was_out_of_memory(const std::string&) {
  return false;
}
bool remove_cgroup(const std::string&) {
  return true;
}

}  // namespace rustchain

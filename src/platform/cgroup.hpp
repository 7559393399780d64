// A cgroup (v2) for one step: how Linux itself holds a process tree to its limits. The runner makes it, the
// step's first process enters it, the guardian removes it.
#pragma once

#include "rustchain/services.hpp"

#include "platform/platform.hpp"

#include <optional>
#include <string>

namespace rustchain {

// The directory below which cgroups with these limits can be made without changing those that there are: our
// own cgroup, or the one above it as long as we don't get out of limits of our own that way. nullopt: none.
std::optional<std::string> find_limiting_cgroup(const CgroupFiles& files, const ProcessLimits& limits);

// Makes a cgroup with these limits; `name` is new below `parent`. nullopt: the system refuses.
std::optional<std::string> make_cgroup(const std::string& parent, const std::string& name,
                                       const ProcessLimits& limits);

// Puts the calling process into it. May be called between vfork and exec.
bool enter_cgroup(const char* directory);

bool has_processes(const std::string& directory);

// Whether the kernel ended processes there for want of memory.
bool was_out_of_memory(const std::string& directory);

// Once its processes have ended. False: it is still there.
bool remove_cgroup(const std::string& directory);

}  // namespace rustchain

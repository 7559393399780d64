// Why a process could not be started, in words for people.
#include "platform/process_failure.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_program(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

bool exists(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), F_OK, 0) == 0;
}

// Until `visit` says true; an empty element is the working directory.
template <class Visit>
void each_candidate(const std::string& name, std::string_view path, const std::string& directory,
                    Visit visit) {
  for (std::size_t begin = 0;;) {
    std::size_t end = path.find(':', begin);
    std::string_view element = path.substr(begin, end - begin);
    std::string folder = element.empty() ? directory : resolve_path(directory, element);
    if (visit(folder + "/" + name) || end == std::string_view::npos) return;
    begin = end + 1;
  }
}

// From "#!/usr/bin/env python"; empty: the file has no such line.
std::string interpreter_of(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  std::string line(256, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  if (!line.starts_with("#!")) return {};
  std::string_view rest = trim(std::string_view(line).substr(2, line.find('\n') - 2));
  return std::string(rest.substr(0, rest.find_first_of(" \t\r")));
}

}  // namespace

std::optional<Failure> bad_request(const ProcessRequest& request) {
  if (request.argv.empty() || request.argv.front().empty())
    return Failure{FailureKind::invalid, "there is no command to run", "give a command"};
  auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (std::ranges::any_of(request.argv, has_nul))
    return Failure{FailureKind::invalid,
                   "an argument of '" + request.argv.front().substr(0, request.argv.front().find('\0')) +
                       "' holds a NUL byte, which no program can be given",
                   "give the value through stdin or a file"};
  if (const std::string& bad = request.environment.unusable(); !bad.empty())
    return Failure{FailureKind::invalid,
                   "the environment variable '" + bad + "' holds a NUL byte, which no program can be given",
                   "give the value through stdin or a file"};
  if (has_nul(request.working_directory))
    return Failure{FailureKind::invalid, "the name of the working directory holds a NUL byte",
                   "correct working_dir"};
  return std::nullopt;
}

std::optional<std::string> find_program_in(const std::string& name, const std::string& path,
                                           const std::string& directory) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) {
    std::string file = resolve_path(directory, name);
    if (is_program(file)) return file;
    return std::nullopt;
  }
  std::optional<std::string> found;
  each_candidate(name, path, directory, [&](const std::string& file) {
    if (is_program(file)) found = file;
    return found.has_value();
  });
  return found;
}

Failure no_such_program(const ProcessRequest& request, const std::string& path) {
  const std::string& name = request.argv.front();
  if (!is_directory(request.working_directory))
    return not_started(request, name,
                       {StartPhase::directory, exists(request.working_directory) ? ENOTDIR : ENOENT});
  std::string refused;
  each_candidate(name, path, request.working_directory, [&](const std::string& file) {
    if (exists(file) && !is_directory(file)) refused = file;
    return !refused.empty();
  });
  if (!refused.empty()) return not_started(request, refused, {StartPhase::program, EACCES});
  return {FailureKind::command_not_found, "there is no program '" + name + "' in PATH", {}};
}

Failure no_stdin_file(const std::string& file, int error) {
  return {FailureKind::file_error, "can't read stdin_file '" + file + "': " + reason(error),
          "correct the path, or let an earlier step make the file"};
}

Failure no_more_processes(int error) {
  return {FailureKind::resource_limit, "the system starts no more processes for us: " + reason(error),
          "end what isn't needed, raise the limit (ulimit -u, ulimit -n), or lower max_parallel_steps"};
}

Failure not_started(const ProcessRequest& request, const std::string& program, const NotStarted& why) {
  if (why.phase == StartPhase::process) return no_more_processes(why.error);
  if (why.phase == StartPhase::directory) {
    return {FailureKind::file_error,
            "can't work in directory '" + request.working_directory + "': " + reason(why.error),
            "correct working_dir, or let an earlier step make the directory"};
  }
  std::string file = resolve_path(request.working_directory, program);
  switch (why.error) {
    case ENOENT:
    case ENOTDIR: {
      if (!exists(file)) return {FailureKind::command_not_found, "there is no program '" + program + "'", {}};
      std::string interpreter = interpreter_of(file);
      if (interpreter.empty()) {
        return {FailureKind::command_not_found,
                "'" + program + "' can't be started: the loader that it needs isn't on this machine",
                "install a build of it for this system"};
      }
      return {
          FailureKind::command_not_found,
          "'" + program + "' can't be started: its first line names '" + interpreter + "', which isn't there",
          "install that, or correct the first line"};
    }
    case EACCES:
    case EPERM:
      if (is_directory(file))
        return {FailureKind::permission_denied, "'" + program + "' is a directory, not a program",
                "name a program"};
      if (!is_program(file)) {
        return {FailureKind::permission_denied, "'" + program + "' is not executable for us",
                "chmod +x " + shell_quote(program)};
      }
      return {FailureKind::permission_denied,
              "the system refuses to start '" + program + "': " + reason(why.error),
              "look at the owner and the mode of it, of its interpreter, and of its file system"};
    case E2BIG: {
      std::size_t size = request.environment.block().size();
      for (const std::string& text : request.argv) size += text.size() + 1;
      return {FailureKind::invalid,
              "the arguments and the environment of '" + program + "' are too large for the system (" +
                  std::to_string(size) + " bytes)",
              "give large values through stdin or a file"};
    }
    case EAGAIN:
    case ENOMEM: return no_more_processes(why.error);
    default:
      return {FailureKind::file_error, "'" + program + "' can't be started: " + reason(why.error),
              "look at what kind of file it is"};
  }
}

}  // namespace rustchain

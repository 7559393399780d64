// Fakes of the seams in rustchain/services.hpp: a clock that moves only when told, files in memory, processes
// and HTTP with a script of answers and a record of what was asked. Each may be used from several threads.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include "util/glob.hpp"
#include "util/path.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {

class FakeClock : public Clock {
 public:
  WallTime wall() const override { return WallTime(std::chrono::milliseconds(1'000'000'000'000 + now_)); }
  SteadyTime steady() const override { return SteadyTime(std::chrono::milliseconds(now_)); }
  void advance(Seconds by) { now_ += static_cast<std::int64_t>(by.count() * 1000 + 0.5); }

 private:
  std::atomic<std::int64_t> now_ = 0;  // milliseconds
};

// Paths are taken as they are. There are no symlinks. A directory is there when it was made, or when
// something lies in it.
class FakeFiles : public Files {
 public:
  // Not locked: for tests to set up and look at while nothing runs.
  std::map<std::string, std::string> files;            // path -> bytes
  std::map<std::string, unsigned> modes;               // of files that were given one
  std::set<std::string> directories = {"/", "/here"};  // made ones
  std::map<std::string, Failure> failures;  // what reading, writing and removing of these paths gives

  std::optional<FileStatus> status(const std::string& path) override {
    std::lock_guard lock(mutex_);
    return status_of(path);
  }

  Result<std::string, Failure> read(const std::string& path, std::uint64_t most) override {
    std::lock_guard lock(mutex_);
    if (auto failure = failures.find(path); failure != failures.end()) return failure->second;
    auto file = files.find(path);
    if (file == files.end()) return missing(path);
    return file->second.substr(0, most);
  }

  Result<Written, Failure> write(const WriteRequest& request) override {
    std::lock_guard lock(mutex_);
    if (auto failure = failures.find(request.path); failure != failures.end()) return failure->second;
    bool created = files.count(request.path) == 0;
    if (!created && !request.overwrite && !request.append)
      return Failure{FailureKind::file_error, "'" + request.path + "' is already there", {}};
    std::string& bytes = files[request.path];
    if (!request.append) bytes.clear();
    bytes += request.bytes;
    if (request.mode) modes[request.path] = *request.mode;
    return Written{bytes.size(), created};
  }

  Result<std::uint64_t, Failure> copy(const std::string& from, const std::string& to,
                                      bool overwrite) override {
    std::lock_guard lock(mutex_);
    return copy_file(from, to, overwrite);
  }

  Result<std::uint64_t, Failure> move(const std::string& from, const std::string& to,
                                      bool overwrite) override {
    std::lock_guard lock(mutex_);
    Result<std::uint64_t, Failure> size = copy_file(from, to, overwrite);
    if (size) files.erase(from);
    return size;
  }

  Result<bool, Failure> remove(const std::string& path, bool recursive) override {
    std::lock_guard lock(mutex_);
    if (auto failure = failures.find(path); failure != failures.end()) return failure->second;
    std::optional<FileStatus> there = status_of(path);
    if (!there) return false;
    if (there->kind == FileStatus::Kind::directory && !recursive)
      return Failure{FailureKind::file_error, "'" + path + "' is a directory", {}};
    files.erase(path);
    directories.erase(path);
    std::erase_if(files, [&](const auto& file) { return lies_in(file.first, path); });
    std::erase_if(directories, [&](const std::string& directory) { return lies_in(directory, path); });
    return true;
  }

  Result<Done, Failure> make_directories(const std::string& path) override {
    std::lock_guard lock(mutex_);
    if (auto failure = failures.find(path); failure != failures.end()) return failure->second;
    directories.insert(path);
    return Done{};
  }

  Result<std::uint64_t, Failure> append_file(const std::string& from, const std::string& to) override {
    Result<std::string, Failure> bytes = read(from, static_cast<std::uint64_t>(-1));
    if (!bytes) return bytes.error();
    Result<Written, Failure> written = write({.path = to, .bytes = *bytes, .append = true});
    if (!written) return written.error();
    return bytes->size();
  }

  Result<std::vector<DirectoryItem>, Failure> list(const std::string& directory) override {
    std::lock_guard lock(mutex_);
    std::optional<FileStatus> there = status_of(directory);
    if (!there || there->kind != FileStatus::Kind::directory) return missing(directory);
    std::map<std::string, DirectoryItem::Kind> found;
    auto add = [&](const std::string& path, DirectoryItem::Kind kind) {
      if (!lies_in(path, directory)) return;
      std::string rest = path.substr(directory == "/" ? 1 : directory.size() + 1);
      std::size_t slash = rest.find('/');
      if (!rest.empty())
        found[rest.substr(0, slash)] = slash == std::string::npos ? kind : DirectoryItem::Kind::directory;
    };
    for (const auto& [path, bytes] : files) add(path, DirectoryItem::Kind::file);
    for (const std::string& path : directories) add(path, DirectoryItem::Kind::directory);
    std::vector<DirectoryItem> items;
    for (const auto& [name, kind] : found) items.push_back({name, kind});
    return items;
  }

  Result<std::vector<std::string>, Failure> glob(const std::string& pattern,
                                                 const std::string& directory) override {
    std::lock_guard lock(mutex_);
    Glob compiled(pattern);
    std::vector<std::string> found;
    for (const auto& [path, bytes] : files) {
      std::string seen = path;
      if (pattern.empty() || pattern.front() != '/') {
        if (!lies_in(path, directory)) continue;
        seen = path.substr(directory == "/" ? 1 : directory.size() + 1);
      }
      if (compiled.matches(seen)) found.push_back(seen);
    }
    return found;
  }

  TreeSize tree_size(const std::string& path, const std::function<bool(const TreeSize&)>& enough) override {
    std::lock_guard lock(mutex_);
    TreeSize size;
    for (const auto& [name, bytes] : files) {
      if (name != path && !lies_in(name, path)) continue;
      ++size.files;
      size.bytes += bytes.size();
      if (enough && enough(size)) return size;
    }
    size.complete = true;
    return size;
  }

 private:
  static bool lies_in(const std::string& path, const std::string& directory) {
    return directory == "/" ||
           (path.size() > directory.size() && path.compare(0, directory.size(), directory) == 0 &&
            path[directory.size()] == '/');
  }
  static Failure missing(const std::string& path) {
    return {FailureKind::file_error, "there is no file '" + path + "'", {}};
  }

  std::optional<FileStatus> status_of(const std::string& path) const {
    if (auto file = files.find(path); file != files.end()) {
      auto mode = modes.find(path);
      return FileStatus{FileStatus::Kind::file, file->second.size(),
                        mode == modes.end() ? 0644 : mode->second};
    }
    bool found = directories.count(path) > 0;
    for (const auto& [name, bytes] : files) found = found || lies_in(name, path);
    for (const std::string& name : directories) found = found || lies_in(name, path);
    if (found) return FileStatus{FileStatus::Kind::directory, 0, 0755};
    return std::nullopt;
  }

  Result<std::uint64_t, Failure> copy_file(const std::string& from, const std::string& to, bool overwrite) {
    for (const std::string& path : {from, to})
      if (auto failure = failures.find(path); failure != failures.end()) return failure->second;
    auto file = files.find(from);
    if (file == files.end()) return missing(from);
    if (!overwrite && files.count(to) > 0)
      return Failure{FailureKind::file_error, "'" + to + "' is already there", {}};
    std::string bytes = file->second;
    files[to] = bytes;
    return bytes.size();
  }

  std::mutex mutex_;
};

// A process that ended by itself, having printed these.
inline ProcessEnd process_end(int exit_code, std::string out = {}, std::string err = {}) {
  auto captured = [](std::string text) {
    Captured stream;
    stream.bytes = text.size();
    for (char c : text) stream.lines += c == '\n' ? 1 : 0;
    if (!text.empty() && text.back() != '\n') ++stream.lines;
    stream.head = std::move(text);
    return stream;
  };
  ProcessEnd end;
  end.exit_code = exit_code;
  end.out = captured(std::move(out));
  end.err = captured(std::move(err));
  return end;
}

class FakeProcesses : public Processes {
 public:
  using Answer = Result<ProcessEnd, Failure>;

  // Not locked: set before anything runs, look at when nothing runs any more.
  std::deque<Answer> answers;  // given one after another
  // Answers when the script is empty, outside the lock: may block until the stop is requested. Without it a
  // request too many fails the test.
  std::function<Answer(const ProcessRequest&, const Stop&)> otherwise;
  std::vector<ProcessRequest> requests;
  std::map<std::string, std::string> programs;  // name -> path, for find_program
  std::map<int, TreeUsage> usages;              // by handle

  Result<ProcessEnd, Failure> run(const ProcessRequest& request, const Stop& stop) override {
    int handle = 0;
    std::optional<Answer> answer;
    {
      std::lock_guard lock(mutex_);
      requests.push_back(request);
      handle = static_cast<int>(requests.size());
      if (!answers.empty()) {
        answer = std::move(answers.front());
        answers.pop_front();
      }
    }
    if (request.on_started) request.on_started(handle);
    if (request.on_running && (!answer || answer->ok())) request.on_running();
    if (answer) return std::move(*answer);
    if (otherwise) return otherwise(request, stop);
    ADD_FAILURE() << "the script has no answer for a process: "
                  << (request.argv.empty() ? "(no program)" : request.argv.front());
    return Failure{FailureKind::invalid, "no answer in the script", {}};
  }

  std::optional<TreeUsage> usage(int process) override {
    std::lock_guard lock(mutex_);
    auto usage = usages.find(process);
    if (usage == usages.end()) return std::nullopt;
    return usage->second;
  }

  std::optional<std::string> find_program(const std::string& name, const std::string& /*path*/,
                                          const std::string& /*directory*/) override {
    std::lock_guard lock(mutex_);
    auto program = programs.find(name);
    if (program == programs.end()) return std::nullopt;
    return program->second;
  }

 private:
  std::mutex mutex_;
};

class FakeHttp : public HttpClient {
 public:
  using Answer = Result<HttpResponse, HttpError>;

  std::deque<Answer> answers;  // as for FakeProcesses
  std::function<Answer(const HttpRequest&, const Stop&)> otherwise;
  std::vector<HttpRequest> requests;
  std::function<bool(std::uint16_t)> listening;  // without it: nothing listens at any port

  // The body of a 2xx answer is given to on_body in pieces of this size.
  std::size_t piece_bytes = 16;

  bool listens(std::uint16_t port, const Stop&) override { return listening && listening(port); }

  Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) override {
    std::optional<Answer> answer;
    {
      std::lock_guard lock(mutex_);
      requests.push_back(request);
      if (!answers.empty()) {
        answer = std::move(answers.front());
        answers.pop_front();
      }
    }
    if (!answer && otherwise) answer = otherwise(request, stop);
    if (!answer) {
      ADD_FAILURE() << "the script has no answer for " << request.method << " " << request.url;
      return HttpError{HttpError::Kind::connect, "no answer in the script"};
    }
    if (*answer && request.on_body && (*answer)->status / 100 == 2) {
      std::string_view body = (*answer)->body;
      for (; !body.empty(); body.remove_prefix(std::min(piece_bytes, body.size())))
        if (!request.on_body(body.substr(0, piece_bytes)))
          return HttpError{HttpError::Kind::ended, "the receiver ended the exchange"};
    }
    return std::move(*answer);
  }

 private:
  std::mutex mutex_;
};

// All the fakes, and the Services made of them. `random` counts up from 1.
struct FakeWorld {
  FakeClock clock;
  FakeFiles files;
  FakeProcesses processes;
  FakeHttp http;
  std::atomic<std::uint64_t> randoms = 0;
  Services services{
      clock, files, processes, http, {{"PATH", "/usr/bin:/bin"}, {"HOME", "/home/someone"}}, [this] {
        return ++randoms;
      }};
};

// The default of a key as a value: JSON where it is that, else a text; "10MB" of a size becomes its bytes.
Json default_value(const KeySpec& key);

// One step of a type with these parameters (by the names of its table; defaults are put in), and the context
// to run it in. Change `context` and `stop` before run() as the test needs.
class StepFixture {
 public:
  StepFixture(const StepType& type, Json parameters, Services& services,
              std::string working_directory = "/here");

  StepResult run() { return type_.run(context); }
  Effects effects() const { return type_.effects(step, parameters); }

 private:
  const StepType& type_;

 public:
  Step step;
  Json parameters;
  Stop stop;
  std::vector<std::unique_ptr<BackgroundProcess>> kept;
  StepContext context;
};

}  // namespace rustchain

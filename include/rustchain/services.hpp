// The world as step types and the engine see it: seams with one real implementation each in src/platform and
// one fake each in tests/support. Every call may be made from several threads at once.
#pragma once

#include "rustchain/environment.hpp"
#include "rustchain/result.hpp"
#include "rustchain/status.hpp"
#include "rustchain/stop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

using WallTime = std::chrono::system_clock::time_point;    // to show
using SteadyTime = std::chrono::steady_clock::time_point;  // to measure
using Seconds = std::chrono::duration<double>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;
  virtual SteadyTime steady() const = 0;
};

// An expected failure of the world in the vocabulary of step results.
struct Failure {
  FailureKind kind = FailureKind::none;
  std::string message;
  std::string help = {};
};

// The secret values of a mission and what stands in their place (util/mask.hpp).
class Mask;

// ---- processes

// What a running step has given so far, for people; never the record.
struct Progress {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::string last_line;  // the last one that isn't empty, at most 200 bytes
};
// Called at most ten times a second, from the thread that runs the step.
using OnProgress = std::function<void(const Progress&)>;

// What a process tree may take. Where the system can (cgroup v2), it holds the tree to it; elsewhere nothing
// does, and whoever asked looks at usage().
struct ProcessLimits {
  std::uint64_t memory_bytes = 0;  // 0: no limit
  double cpu_percent = 0;          // of one core; 0: no limit

  bool any() const { return memory_bytes > 0 || cpu_percent > 0; }
};

struct ProcessRequest {
  std::vector<std::string> argv;  // argv[0]: a path with a slash, or a name to be looked up in PATH
  Environment environment;        // the whole of it; its PATH is the one looked up
  std::string working_directory;  // absolute
  std::string stdin_text;         // given to the process; neither text nor file: /dev/null
  std::string stdin_file;         // absolute; wins over the text
  std::string stdout_file;        // where all output is kept; made with its first byte; empty: nowhere
  std::string stderr_file;
  std::string stdout_plain_file;     // as stdout_file, but never masked: what the user asked to be written
  const Mask* mask = nullptr;        // of what is kept in files and of progress; nullptr: nothing is secret
  bool capture_stderr = true;        // false: the process's stderr goes to /dev/null
  bool with_left_over = false;       // what the main process leaves behind belongs to it: wait for it too
  std::size_t keep_bytes = 1 << 20;  // of each stream, in memory: its beginning and its end
  Seconds grace = Seconds(5);        // between SIGTERM and SIGKILL
  ProcessLimits limits = {};
  OnProgress on_progress = {};
  // As soon as the start was asked for, with the handle for Processes::usage().
  std::function<void(int process)> on_started = {};
  // Of one with_left_over: its program runs.
  std::function<void()> on_running = {};
  // Each piece of output as it comes (1: stdout, 2: stderr), from the thread that runs the process.
  std::function<void(int stream, std::string_view bytes)> on_output = {};
};

// What a process and all its descendants have taken so far. Of the bytes, those of descendants that had ended
// before the first look may be missing.
struct TreeUsage {
  Seconds cpu{};                   // user and system
  std::uint64_t memory_bytes = 0;  // resident now
  std::uint64_t read_bytes = 0;    // by read calls and the like, cached or not
  std::uint64_t written_bytes = 0;
  std::uint64_t disk_bytes = 0;  // that really went to or came from a disk
  unsigned processes = 0;
  bool limits_enforced = false;  // the system sees to the limits of the request
};

// One stream of a process that has ended.
struct Captured {
  std::string head;         // all of it, if it isn't truncated
  std::string tail;         // of a truncated one: its end
  std::uint64_t bytes = 0;  // that the process printed
  std::uint64_t lines = 0;  // newlines, plus one for a last line without
  std::string file;         // where all of it is kept; empty: nothing was printed, or nowhere to keep it
  std::string plain_file;   // the same without a mask
  std::string store_error;  // why a file isn't whole (disk full, ...); empty: it is

  bool truncated() const { return bytes > head.size() + tail.size(); }
  // Head and tail with a line between them that says how much was cut.
  std::string text() const {
    if (!truncated()) return head + tail;
    return head + "\n[... " + std::to_string(bytes - head.size() - tail.size()) + " bytes cut ...]\n" + tail;
  }
};

// A process that had to be told to end.
struct EndedProcess {
  int pid = 0;
  std::string command;  // its name as the kernel has it
  int signal = 0;       // the one that ended it: SIGTERM or SIGKILL; 0: it could not be ended
};

struct ProcessEnd {
  int exit_code = 0;  // when signal is 0
  int signal = 0;     // that ended the main process
  Captured out;
  Captured err;
  StopReason stopped_by = StopReason::none;
  std::vector<EndedProcess> ended;      // because of a stop request
  std::vector<EndedProcess> left_over;  // still there after the main process had ended by itself; ended too
  Seconds cpu_time{};                   // of the whole tree, as far as it was waited for
  std::uint64_t peak_memory_bytes = 0;  // of the largest process
  bool limits_enforced = false;         // the system saw to the limits of the request
  bool out_of_memory = false;           // it ended the tree for its memory limit
};

class Processes {
 public:
  virtual ~Processes() = default;

  // Starts the process and waits for its end; blocks. Nothing that it started is alive when this returns, and
  // pipes held open by others are not waited for. A stop request sends SIGTERM to the whole tree, and SIGKILL
  // after the grace (at once when the stop says so). Fails with command_not_found, permission_denied,
  // file_error (working directory, stdin file) or invalid (NUL bytes, too many arguments).
  virtual Result<ProcessEnd, Failure> run(const ProcessRequest& request, const Stop& stop) = 0;

  // Of a process that is running, or about to; nullopt: it has ended. From any thread.
  virtual std::optional<TreeUsage> usage(int process) = 0;

  // The file that `name` would start: itself if it has a slash (relative to `directory`), else the first
  // executable of that name in `path` (as in PATH). nullopt: there is none.
  virtual std::optional<std::string> find_program(const std::string& name, const std::string& path,
                                                  const std::string& directory) = 0;
};

// ---- files; every path is absolute

struct FileStatus {
  enum class Kind : std::uint8_t { file, directory, other };
  Kind kind = Kind::file;
  std::uint64_t size = 0;
  unsigned mode = 0;          // permission bits
  std::int64_t modified = 0;  // nanoseconds since 1970
};

// One name in a directory; a symlink is a link, wherever it leads.
struct DirectoryItem {
  enum class Kind : std::uint8_t { file, directory, link, other };
  std::string name;
  Kind kind = Kind::file;
};

// What was found below a directory. Symlinks are not followed.
struct TreeSize {
  std::uint64_t files = 0;
  std::uint64_t directories = 0;
  std::uint64_t bytes = 0;
  bool complete = false;  // false: the caller had seen enough
};

struct WriteRequest {
  std::string path;
  std::string_view bytes;
  // What the file has afterwards. Not given: an existing file keeps its own, a new one has 0644 less the
  // umask.
  std::optional<unsigned> mode = {};
  bool overwrite = true;  // false: an existing file is a failure
  bool append = false;
  bool durable = true;  // false, of one that is appended: nobody waits until the disk has it
};
struct Written {
  std::uint64_t size = 0;  // of the whole file now
  bool created = false;
};

// Failures have kind file_error, or permission_denied where the system says so, and name the path.
class Files {
 public:
  virtual ~Files() = default;
  virtual std::optional<FileStatus> status(const std::string& path) = 0;  // follows symlinks
  // The first `most` bytes; whether there is more tells status().
  virtual Result<std::string, Failure> read(const std::string& path, std::uint64_t most) = 0;
  // Whole or not at all: a temporary file beside it, fsync, rename; missing directories are made; a symlink
  // is written through. Appending writes to the file itself.
  virtual Result<Written, Failure> write(const WriteRequest& request) = 0;
  // The bytes and the mode, whole or not at all; directories with all that is in them. Gives the size.
  virtual Result<std::uint64_t, Failure> copy(const std::string& from, const std::string& to,
                                              bool overwrite) = 0;
  virtual Result<std::uint64_t, Failure> move(const std::string& from, const std::string& to,
                                              bool overwrite) = 0;  // across file systems too
  // False: there was nothing. A directory only when `recursive`; symlinks are removed, not followed.
  virtual Result<bool, Failure> remove(const std::string& path, bool recursive) = 0;
  virtual Result<Done, Failure> make_directories(const std::string& path) = 0;
  // Adds the bytes of one file to the end of another, which is made if it isn't there. Gives how many.
  virtual Result<std::uint64_t, Failure> append_file(const std::string& from, const std::string& to) = 0;
  // What a directory holds, in byte order of the names.
  virtual Result<std::vector<DirectoryItem>, Failure> list(const std::string& directory) = 0;
  // Files that match, in byte order of their paths: `*`, `?`, `[...]` within a name, `**` for any
  // directories,
  // `{a,b}`. Relative patterns are seen from `directory` and give relative paths.
  virtual Result<std::vector<std::string>, Failure> glob(const std::string& pattern,
                                                         const std::string& directory) = 0;
  // Walks until all is seen or `enough` says so; it is asked about once in a thousand entries.
  virtual TreeSize tree_size(const std::string& path, const std::function<bool(const TreeSize&)>& enough) = 0;
};

// ---- network

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool follow_redirects = true;  // at most 10; credentials are dropped when the host changes
  bool verify_tls = true;
  std::string ca_file;  // PEM; empty: the system's
  Seconds connect_timeout{10};
  std::optional<Seconds> total_timeout;       // from the call to the last byte
  std::optional<Seconds> first_byte_timeout;  // from the sent request to the first byte of the answer's body
  std::optional<Seconds> idle_timeout;        // between two pieces of the answer
  std::uint64_t max_response_bytes = 64ull << 20;
  std::string
      output_file;  // not empty: the body of a 2xx answer goes there, whole or not at all, not to memory
  // Not empty: is given each piece of the body of a 2xx answer as it comes; false ends the exchange.
  std::function<bool(std::string_view)> on_body = {};
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in the order sent
  std::string body;                                          // decompressed; also what on_body was given
  std::string url;                                           // of the answer: the last one of the redirects
  int redirects = 0;
  std::uint64_t bytes = 0;  // of the body
};

struct HttpError {
  enum class Kind : std::uint8_t {
    bad_url,
    resolve,  // no address for the host
    refused,
    connect,  // unreachable, reset while connecting ...
    connect_timeout,
    tls,
    send,
    first_byte_timeout,
    idle_timeout,
    total_timeout,
    cut,        // the connection ended within the answer
    too_large,  // more than max_response_bytes
    redirects,  // too many, or one that can't be followed
    file,       // output_file or ca_file
    stopped,    // the Stop was requested
    ended,      // on_body said so
    not_taped,  // a replayed tape has no such exchange
  };
  Kind kind = Kind::connect;
  std::string message;  // names host and port
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Blocks. Any status is a response; an HttpError means that there is none, or not the whole of it.
  virtual Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) = 0;
  // Whether something on this machine takes connections at this TCP port. Blocks for a second at most.
  virtual bool listens(std::uint16_t port, const Stop& stop) = 0;
};

// ---- all of it

struct Services {
  Clock& clock;
  Files& files;
  Processes& processes;
  HttpClient& http;
  Environment environment;                // the runner's own
  std::function<std::uint64_t()> random;  // 64 random bits
  std::string platform = "linux";         // linux, macos, windows
  const Mask* mask = nullptr;             // of the mission that runs; nullptr: it has no secrets

  // The value of an environment variable of the runner.
  std::optional<std::string> variable(std::string_view name) const { return environment.find(name); }
};

}  // namespace rustchain

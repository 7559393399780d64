// Runs processes through guardians: one for each that runs at the same time, kept for the next.
#include "platform/cgroup.hpp"
#include "platform/guardian_link.hpp"
#include "platform/platform.hpp"
#include "platform/process_exchange.hpp"
#include "platform/process_failure.hpp"
#include "platform/process_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace rustchain {
namespace {

constexpr std::size_t k_buffer_size = 128 * 1024;
constexpr std::string_view k_path_without_path = "/bin:/usr/bin";  // as execvp has it

struct Slot {
  std::unique_ptr<GuardianLink> guardian;
  std::chrono::microseconds cpu{};  // of all that it has run
  std::vector<char> buffer = std::vector<char>(k_buffer_size);
};

// A process that runs, and what its guardian had used for others before.
struct Running {
  int guardian = 0;
  std::chrono::microseconds cpu_before{};
  std::optional<ProcessIo> io_before = {};  // at the first look: one before each start would cost too much
  std::string cgroup = {};                  // with the limits of the request; empty: none
};

class PosixProcesses final : public Processes {
 public:
  explicit PosixProcesses(CgroupFiles cgroups);
  ~PosixProcesses() override;
  Result<ProcessEnd, Failure> run(const ProcessRequest& request, const Stop& stop) override;
  std::optional<TreeUsage> usage(int process) override;
  std::optional<std::string> find_program(const std::string& name, const std::string& path,
                                          const std::string& directory) override {
    return find_program_in(name, path, directory);
  }

 private:
  class Registration;

  std::unique_ptr<Slot> take_slot();
  void give_back(std::unique_ptr<Slot> slot);
  void drop(std::unique_ptr<Slot> slot);
  void clean_up_after(GuardianLink& guardian);
  ProcessIo io_before(int process, const ProcessIo& now);
  std::string make_cgroup_for(const ProcessLimits& limits);

  const CgroupFiles cgroup_files_;
  OwnedFd nothing_;  // /dev/null
  std::mutex mutex_;
  std::vector<std::unique_ptr<Slot>> idle_;
  std::set<int> guardians_;
  std::vector<int> let_go_;         // guardians that stay with what can't be ended
  std::map<int, Running> running_;  // by handle
  int last_handle_ = 0;
  std::uint64_t cgroups_ = 0;
};

// A running process's place in the table that usage() looks at.
class PosixProcesses::Registration {
 public:
  Registration(PosixProcesses& owner, const Slot& slot, const std::string& cgroup) : owner_(owner) {
    std::lock_guard lock(owner_.mutex_);
    handle_ = ++owner_.last_handle_;
    owner_.running_[handle_] = {slot.guardian->pid(), slot.cpu, {}, cgroup};
  }
  ~Registration() {
    std::lock_guard lock(owner_.mutex_);
    owner_.running_.erase(handle_);
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  int handle() const { return handle_; }

 private:
  PosixProcesses& owner_;
  int handle_ = 0;
};

PosixProcesses::PosixProcesses(CgroupFiles cgroups)
    : cgroup_files_(std::move(cgroups)), nothing_(open("/dev/null", O_RDWR | O_CLOEXEC)) {
  signal(SIGPIPE, SIG_IGN);  // a process that closes its stdin is no reason to die
  signal(SIGXFSZ, SIG_IGN);  // nor is a file that may not grow: the write fails, and that is told
  adopt_orphans();           // of guardians that are killed
}

PosixProcesses::~PosixProcesses() {
  for (int guardian : let_go_) waitpid(guardian, nullptr, WNOHANG);
}

std::unique_ptr<Slot> PosixProcesses::take_slot() {
  std::lock_guard lock(mutex_);
  std::erase_if(let_go_, [](int guardian) { return waitpid(guardian, nullptr, WNOHANG) != 0; });
  if (!idle_.empty()) {
    std::unique_ptr<Slot> slot = std::move(idle_.back());
    idle_.pop_back();
    return slot;
  }
  auto slot = std::make_unique<Slot>();
  slot->guardian = GuardianLink::make();
  if (!slot->guardian) return nullptr;
  guardians_.insert(slot->guardian->pid());
  return slot;
}

void PosixProcesses::give_back(std::unique_ptr<Slot> slot) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(slot));
}

void PosixProcesses::drop(std::unique_ptr<Slot> slot) {
  int pid = slot->guardian->pid();
  slot.reset();  // waits for it, so that its number stays its own until it is struck out
  std::lock_guard lock(mutex_);
  guardians_.erase(pid);
}

// Somebody has killed a guardian. What it had adopted is ours now.
void PosixProcesses::clean_up_after(GuardianLink& guardian) {
  guardian.kill_guardian();
  siginfo_t seen{};  // its socket closes before its children are given to us
  while (waitid(P_PID, static_cast<id_t>(guardian.pid()), &seen, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  std::optional<ProcessInfo> info = process_info(guardian.pid());  // a zombie still has its entry
  std::uint64_t since = info ? info->started : std::numeric_limits<std::uint64_t>::max();
  end_abandoned(guardian.pid(), since, [this](int pid) {
    std::lock_guard lock(mutex_);
    return guardians_.contains(pid);
  });
}

// Empty: there is nothing to limit, or no way to.
std::string PosixProcesses::make_cgroup_for(const ProcessLimits& limits) {
  if (!limits.any()) return {};
  std::optional<std::string> parent = find_limiting_cgroup(cgroup_files_, limits);
  if (!parent) return {};
  std::uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    number = ++cgroups_;
  }
  std::string name = "rustchain-" + std::to_string(getpid()) + "-" + std::to_string(number);
  return make_cgroup(*parent, name, limits).value_or("");
}

// A fifo without a writer must not hold up the run, so it is opened as if it had one.
Result<OwnedFd, Failure> open_stdin_file(const std::string& file) {
  OwnedFd opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!opened) return no_stdin_file(file, errno);
  struct stat status {};
  if (fstat(opened.get(), &status) == 0 && S_ISDIR(status.st_mode)) return no_stdin_file(file, EISDIR);
  fcntl(opened.get(), F_SETFL, fcntl(opened.get(), F_GETFL) & ~O_NONBLOCK);
  return opened;
}

std::vector<EndedProcess> to_ended(const std::vector<ToldRow>& rows) {
  std::vector<EndedProcess> ended;
  ended.reserve(rows.size());
  for (const ToldRow& row : rows) ended.push_back({row.pid, row.name, row.signal});
  return ended;
}

void fill(ProcessEnd& end, const GuardianMessage& message, const Stop& stop) {
  if (WIFSIGNALED(message.ended.status)) end.signal = WTERMSIG(message.ended.status);
  if (WIFEXITED(message.ended.status)) end.exit_code = WEXITSTATUS(message.ended.status);
  if (message.ended.was_stopped) end.stopped_by = stop.reason();
  (message.ended.was_stopped ? end.ended : end.left_over) = to_ended(message.told);
  end.cpu_time = std::chrono::microseconds(message.ended.cpu_us);
  end.peak_memory_bytes = message.ended.peak_memory_bytes;
  end.limits_enforced = message.ended.in_cgroup;
  end.out_of_memory = message.ended.out_of_memory;
}

Result<ProcessEnd, Failure> PosixProcesses::run(const ProcessRequest& request, const Stop& stop) {
  if (std::optional<Failure> failure = bad_request(request)) return std::move(*failure);
  std::string program = request.argv.front();
  if (program.find('/') == std::string::npos) {
    std::string path = request.environment.find("PATH").value_or(std::string(k_path_without_path));
    std::optional<std::string> found = find_program_in(program, path, request.working_directory);
    if (!found) return no_such_program(request, path);
    program = std::move(*found);
  }
  ProcessEnd end;
  if (stop.requested()) {  // as if it had been stopped before it could do anything
    end.stopped_by = stop.reason();
    end.signal = SIGTERM;
    return end;
  }

  StepPipes ours;
  StepPipes theirs;
  bool feeds = request.stdin_file.empty() && !request.stdin_text.empty();
  if (!request.stdin_file.empty()) {
    Result<OwnedFd, Failure> opened = open_stdin_file(request.stdin_file);
    if (!opened) return opened.error();
    theirs.in = std::move(*opened);
  }
  if (!open_pipe(ours.out, theirs.out) || (request.capture_stderr && !open_pipe(ours.err, theirs.err)) ||
      (feeds && !open_pipe(theirs.in, ours.in)))
    return no_more_processes(errno);
  if (feeds) fcntl(ours.in.get(), F_SETFL, O_NONBLOCK);

  auto grace = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::clamp(request.grace, Seconds(0), Seconds(1e9)));
  std::string cgroup = make_cgroup_for(request.limits);
  StepToStart step{
      request.working_directory, program, cgroup, request.argv, request.environment, grace.count(),
      request.with_left_over,    {}};
  step.descriptors = {theirs.in ? theirs.in.get() : nothing_.get(), theirs.out.get(),
                      theirs.err ? theirs.err.get() : nothing_.get()};
  std::unique_ptr<Slot> slot;
  for (;;) {
    slot = take_slot();
    if (!slot) {
      int error = errno;
      if (!cgroup.empty()) remove_cgroup(cgroup);
      return no_more_processes(error);
    }
    if (slot->guardian->start(step)) break;
    slot->guardian->kill_guardian();  // it was killed while it had nothing to do
    drop(std::move(slot));
  }
  theirs = {};

  GuardianLink& guardian = *slot->guardian;
  Registration registration(*this, *slot, cgroup);
  if (request.on_started) request.on_started(registration.handle());
  ProcessExchange exchange(request, stop, guardian, std::move(ours), slot->buffer);
  std::optional<GuardianMessage> message = exchange.run();
  if (!message) {
    clean_up_after(guardian);
    if (!cgroup.empty()) remove_cgroup(cgroup);
    drop(std::move(slot));
    return Failure{
        FailureKind::signal,
        "the process that guards '" + request.argv.front() + "' was killed, and the command with it",
        "SIGKILL from outside is often the system short of memory; run it again"};
  }
  if (message->word == Word::not_started) {
    give_back(std::move(slot));
    return not_started(request, program, message->not_started);
  }
  fill(end, *message, stop);
  slot->cpu += std::chrono::microseconds(message->ended.cpu_us);
  end.out = exchange.out();
  end.err = exchange.err();
  if (message->ended.abandoned) {
    std::lock_guard lock(mutex_);
    let_go_.push_back(guardian.let_go());
  } else {
    give_back(std::move(slot));
  }
  return end;
}

// What the guardian had used before the first look at this process, which is now if there was none.
ProcessIo PosixProcesses::io_before(int process, const ProcessIo& now) {
  std::lock_guard lock(mutex_);
  auto entry = running_.find(process);
  if (entry == running_.end()) return now;
  if (!entry->second.io_before) entry->second.io_before = now;
  return *entry->second.io_before;
}

std::optional<TreeUsage> PosixProcesses::usage(int process) {
  auto look_up = [&]() -> std::optional<Running> {
    std::lock_guard lock(mutex_);
    auto entry = running_.find(process);
    if (entry == running_.end()) return std::nullopt;
    return entry->second;
  };
  std::optional<Running> running = look_up();
  if (!running) return std::nullopt;

  TreeUsage usage;
  std::chrono::microseconds cpu{};
  auto add_io = [&](const ProcessIo& io) {
    usage.read_bytes += io.read_bytes;
    usage.written_bytes += io.written_bytes;
    usage.disk_bytes += io.disk_bytes;
  };
  auto rest = [](std::uint64_t now, std::uint64_t before) { return now > before ? now - before : 0; };
  // What has ended, and was adopted, counts with the guardian.
  if (std::optional<ProcessInfo> info = process_info(running->guardian)) {
    ProcessIo now = process_io(running->guardian);
    const ProcessIo before = io_before(process, now);
    add_io({rest(now.read_bytes, before.read_bytes), rest(now.written_bytes, before.written_bytes),
            rest(now.disk_bytes, before.disk_bytes)});
    cpu += std::max(info->children_cpu - running->cpu_before, std::chrono::microseconds(0));
  }
  const std::vector<ProcessInfo> all = descendants(running->guardian);
  for (const ProcessInfo& info : all) {
    cpu += info.cpu + info.children_cpu;
    // What a process shares with those that it forked would count for each.
    std::optional<std::uint64_t> share = all.size() > 1 ? memory_share(info.pid) : std::nullopt;
    usage.memory_bytes += share.value_or(info.memory_bytes);
    add_io(process_io(info.pid));
    ++usage.processes;
  }
  usage.cpu = cpu;
  usage.limits_enforced = !running->cgroup.empty() && has_processes(running->cgroup);
  if (!look_up()) return std::nullopt;  // it is another's by now
  return usage;
}

}  // namespace

std::unique_ptr<Processes> make_processes(CgroupFiles cgroups) {
  return std::make_unique<PosixProcesses>(std::move(cgroups));
}

int run_as_helper(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], k_guardian_argument) == 0) return run_guardian();
  return -1;
}

}  // namespace rustchain

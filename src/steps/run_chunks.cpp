// A command step in chunks of files.
#include "steps/run_chunks.hpp"

#include "steps/chunk_runner.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/glob.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace rustchain {
namespace {

// All arguments and the environment together; the systems take 1 MiB (macOS), 2 MiB (Linux with the usual
// stack) and 32 KiB (Windows).
constexpr std::size_t k_argument_bytes = 900u << 10;
constexpr std::size_t k_argument_bytes_windows = 30u << 10;
constexpr std::size_t k_least_argument_bytes = 16u << 10;
// Of the names of all the files that `find` may print.
constexpr std::size_t k_list_bytes = 1u << 30;

// Is given each file; false: no more are wanted.
using TakeFile = std::function<bool(std::string)>;

std::size_t room_for_files(const ChunkPlan& plan, const ProcessRequest& request, std::string_view platform) {
  const std::size_t all = platform == "windows" ? k_argument_bytes_windows : k_argument_bytes;
  std::size_t used = request.environment.block().size() + request.environment.size() * sizeof(char*);
  for (const std::string& text : plan.words) used += text.size() + 1 + sizeof(char*);
  return all > used + k_least_argument_bytes ? all - used : k_least_argument_bytes;
}

// ---- from `files`

struct Listed {
  std::vector<std::string> files;
  std::vector<std::string> unmatched;  // patterns
};

Result<Listed, Failure> listed_files(const StepContext& context, const std::string& directory) {
  Files& files = context.services.files;
  const Json* given = &context.parameters["files"];
  Listed listed;
  std::vector<std::string> entries;
  if (given->is_object()) {
    auto pattern = given->find("glob");
    if (pattern == given->end() || given->size() != 1)
      return Failure{FailureKind::invalid, "`files` has no glob", "write {glob: \"src/**/*.c\"}, or a list"};
    entries = list_of(*given, "glob");
  } else if (given->is_string() && given->get<std::string>().find('\n') != std::string::npos) {
    // What another command printed: names as they are.
    for (std::string_view line : split(given->get_ref<const std::string&>(), '\n'))
      if (!line.empty())
        listed.files.emplace_back(line.back() == '\r' ? line.substr(0, line.size() - 1) : line);
    return listed;
  } else {
    entries = list_of(context.parameters, "files");
  }
  for (const std::string& entry : entries) {
    if (entry.empty()) continue;
    if (!is_glob(entry) || files.status(resolve_path(directory, entry))) {
      listed.files.push_back(entry);
      continue;
    }
    Result<std::vector<std::string>, Failure> found = files.glob(entry, directory);
    if (!found) return found.error();
    if (found->empty()) listed.unmatched.push_back(entry);
    listed.files.insert(listed.files.end(), found->begin(), found->end());
  }
  return listed;
}

// ---- from a tree, as `grep -r` walks it

std::string below(const std::string& directory, const std::string& name) {
  if (directory.empty() || directory.back() == '/') return directory + name;
  return directory + "/" + name;
}

// What can't be read or isn't there is handed on too: the command says so in its own words.
std::optional<Failure> walk_tree(const StepContext& context, const std::string& working_directory,
                                 const TreeWalk& walk, const TakeFile& take) {
  using Kind = DirectoryItem::Kind;
  Files& files = context.services.files;
  const std::string own = context.output_base.empty() ? std::string() : context.output_base + ".";
  std::vector<std::string> places;
  for (auto root = walk.roots.rbegin(); root != walk.roots.rend(); ++root) places.push_back(*root);
  std::size_t roots = places.size();
  if (places.empty()) places.emplace_back();
  while (!places.empty() && !context.stop.requested()) {
    const bool is_root = places.size() <= roots;
    if (is_root) roots = places.size() - 1;
    std::string place = std::move(places.back());
    places.pop_back();
    const std::string absolute = place.empty() ? working_directory : resolve_path(working_directory, place);
    if (is_root) {
      std::optional<FileStatus> status = files.status(absolute);
      if (!status || status->kind != FileStatus::Kind::directory) {
        if (walk.takes_file(place, true) && !take(place)) return std::nullopt;
        continue;
      }
      if (!walk.takes_directory(place, true)) continue;
    }
    Result<std::vector<DirectoryItem>, Failure> items = files.list(absolute);
    if (!items) {
      if (!take(place.empty() ? "." : place)) return std::nullopt;
      continue;
    }
    std::vector<std::string> directories;
    for (DirectoryItem& item : *items) {
      Kind kind = item.kind;
      if (kind == Kind::other || (kind == Kind::link && !walk.follow)) continue;
      if (kind == Kind::directory ? !walk.takes_directory(item.name, false)
                                  : kind == Kind::file && !walk.takes_file(item.name, false))
        continue;
      std::string path = below(place, item.name);
      if (kind == Kind::link) {
        std::optional<FileStatus> status = files.status(resolve_path(working_directory, path));
        if (status && status->kind == FileStatus::Kind::directory)
          return Failure{FailureKind::invalid,
                         "grep -R can't be run in chunks here: '" + shown(path) +
                             "' is a link to a directory, which may lead in a circle",
                         "use -r, or take chunk_size, chunk_processing and parallel away"};
        if ((status && status->kind == FileStatus::Kind::other) || !walk.takes_file(item.name, false))
          continue;
        kind = Kind::file;
      }
      if (kind == Kind::directory) {
        directories.push_back(std::move(path));
        continue;
      }
      if (!own.empty() && resolve_path(working_directory, path).starts_with(own)) continue;
      if (!take(std::move(path))) return std::nullopt;
    }
    std::move(directories.rbegin(), directories.rend(), std::back_inserter(places));
  }
  return std::nullopt;
}

// ---- from a program

Result<ProcessEnd, Failure> run_lister(const StepContext& context, const ChunkPlan& plan,
                                       ProcessRequest request) {
  request.argv = plan.lister;
  request.stdout_file.clear();
  request.stderr_file.clear();
  request.stdout_plain_file.clear();
  request.keep_bytes = 2 * k_list_bytes;
  request.on_progress = {};
  Result<ProcessEnd, Failure> end = context.services.processes.run(request, context.stop);
  if (end && end->out.truncated())
    return Failure{FailureKind::invalid, "`find` prints too many names to split them into chunks",
                   "let several steps search a part each"};
  return end;
}

// grep names the files when it is given more than one, and `grep -r` when it was given a directory.
bool must_name_files(const StepContext& context, const ChunkPlan& plan, const std::string& working_directory,
                     std::size_t files) {
  if (!plan.name_files) return false;
  if (!plan.walk) return files > 1;
  if (plan.walk->roots.size() != 1) return true;
  std::optional<FileStatus> root =
      context.services.files.status(resolve_path(working_directory, plan.walk->roots.front()));
  return root && root->kind == FileStatus::Kind::directory;
}

void add_code_warning(const ChunkPlan& plan, const std::vector<int>& codes, int merged, ChunkedRun& run) {
  const int worst = codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end());
  if (plan.merge != ExitMerge::grep || merged != 0 || worst < 2) return;
  const auto bad =
      static_cast<std::size_t>(std::count_if(codes.begin(), codes.end(), [](int code) { return code > 1; }));
  std::vector<std::string> last = last_lines(run.end.err.text(), 1);
  run.warnings.push_back(format_count(bad, "chunk") + " of " + format_count(codes.size()) +
                         " ended with exit code " + std::to_string(worst) +
                         (last.empty() ? std::string() : ": " + last.front()));
}

}  // namespace

Result<ChunkedRun, Failure> run_in_chunks(const StepContext& context, const CommandLine& line,
                                          const ChunkKeys& keys, const ProcessRequest& request) {
  if (!request.stdin_text.empty() || !request.stdin_file.empty())
    return Failure{FailureKind::invalid, "standard input can't be given to several chunks",
                   "take `stdin` or `stdin_file` away, or run the command without chunks"};
  Result<ChunkPlan, Failure> planned = plan_chunks(line, keys);
  if (!planned) return planned.error();
  ChunkPlan plan = std::move(*planned);
  const std::string& directory = request.working_directory;

  ChunkedRun run;
  std::vector<std::string> files;
  std::string listed_errors;
  int lister = 0;
  if (keys.files) {
    Result<Listed, Failure> listed = listed_files(context, directory);
    if (!listed) return listed.error();
    files = std::move(listed->files);
    for (const std::string& pattern : listed->unmatched)
      run.warnings.push_back("no file matches '" + shown(pattern) + "'");
    if (files.empty()) run.warnings.emplace_back("there are no files, so the command was not run");
  } else if (!plan.walk) {
    Result<ProcessEnd, Failure> end = run_lister(context, plan, request);
    if (!end) return end.error();
    lister = end->exit_code;
    listed_errors = end->err.text();
    if (end->stopped_by != StopReason::none || end->signal != 0) {
      run.end = std::move(*end);
      run.end.out = {};
      return run;
    }
    for (std::string_view name : split(end->out.head, '\0'))
      if (!name.empty()) files.emplace_back(name);
  }
  if (must_name_files(context, plan, directory, files.size())) {
    plan.words.insert(plan.words.begin() + 1, "-H");
    ++plan.at;
  }

  Chunker chunker(plan.size, room_for_files(plan, request, context.services.platform));
  ChunkRunner runner(context.services, context.stop, {request, keys.parallel, plan.separator});
  auto give = [&] { return runner.add(chunk_arguments(plan, chunker.take())); };
  bool goes_on = true;
  auto take = [&](std::string file) {
    if (chunker.is_full_for(file)) {
      if (std::string_view why = needs_all_files(plan); !why.empty()) return false;
      if (!give()) return goes_on = false;
    }
    chunker.add(std::move(file));
    return true;
  };
  std::optional<Failure> failure;
  if (plan.walk) {
    failure = walk_tree(context, directory, *plan.walk, take);
  } else {
    for (std::string& file : files) {
      if (take(std::move(file))) continue;
      if (goes_on)
        failure = Failure{FailureKind::invalid,
                          "`" + file_name(plan.words.front()) +
                              "` can't be run in chunks: " + std::string(needs_all_files(plan)),
                          "take chunk_size, chunk_processing and parallel away to run the command as it is"};
      break;
    }
  }
  if (goes_on && !failure && !chunker.empty()) (void)give();
  Result<ChunksEnd, Failure> end = runner.finish();
  if (failure) return *failure;
  if (!end) return end.error();

  run.chunks = end->codes.size();
  run.end = std::move(end->end);
  run.end.exit_code = merge_exit_codes(plan.merge, end->codes, lister);
  if (!listed_errors.empty()) {
    run.end.err.head = listed_errors + run.end.err.head;
    run.end.err.bytes += listed_errors.size();
  }
  add_code_warning(plan, end->codes, run.end.exit_code, run);
  return run;
}

std::string chunk_hint(const CommandLine& line, const ChunkKeys& keys, const ProcessRequest& request,
                       unsigned cores) {
  if (keys.asked || cores < 2 || !request.stdin_text.empty() || !request.stdin_file.empty()) return {};
  ChunkKeys wanted = keys;
  wanted.asked = true;
  wanted.parallel = cores;
  Result<ChunkPlan, Failure> plan = plan_chunks(line, wanted);
  // Of a command that takes all its files together, and of links that may lead in a circle, no chunks can be
  // made once they are there.
  if (!plan || !needs_all_files(*plan).empty() || (plan->walk && plan->walk->follow)) return {};
  return "parallel: true splits the work into chunks of " + format_count(wanted.size) +
         " files, one for each core at a time";
}

}  // namespace rustchain

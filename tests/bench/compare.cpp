// compare ROUNDS TITLE COMMAND... -- COMMAND...
// Runs two commands alternately, so that both meet the same weather, and prints one row of a table: medians
// of the wall time, their ratio, and the peak memory of the first. Without a second command the ratio is left
// out. Standard output of the commands goes to /dev/null.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char** environ;

namespace {

struct Series {
  std::vector<double> seconds;
  long peak_kb = 0;
  int failed = 0;  // exit code, or 128 + signal, of a run that failed

  double median() {
    std::sort(seconds.begin(), seconds.end());
    return seconds.empty() ? 0 : seconds[seconds.size() / 2];
  }
};

void run(char** argv, Series& series) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  auto begin = std::chrono::steady_clock::now();
  pid_t child = 0;
  int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    std::fprintf(stderr, "compare: can't start %s: %s\n", argv[0], std::strerror(error));
    series.failed = 127;
    return;
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  series.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  series.peak_kb = std::max(series.peak_kb, usage.ru_maxrss);
  if (WIFSIGNALED(status)) series.failed = 128 + WTERMSIG(status);
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) series.failed = WEXITSTATUS(status);
}

std::string time_text(Series& series) {
  char text[32];
  double median = series.median();
  if (median < 1) {
    std::snprintf(text, sizeof text, "%.2f ms", median * 1000);
  } else {
    std::snprintf(text, sizeof text, "%.2f s", median);
  }
  std::string result = text;
  if (series.failed != 0) result += " (exit " + std::to_string(series.failed) + ")";
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
  if (argc < 4 || rounds < 1) {
    std::fprintf(stderr, "usage: compare ROUNDS TITLE COMMAND... [-- COMMAND...]\n");
    return 2;
  }
  char** first = argv + 3;
  char** second = nullptr;
  for (char** word = first; *word != nullptr; ++word) {
    if (std::strcmp(*word, "--") != 0) continue;
    *word = nullptr;
    second = word + 1;
    break;
  }
  if (second != nullptr && *second == nullptr) second = nullptr;

  Series ours;
  Series theirs;
  for (int i = 0; i < rounds; ++i) {
    run(first, ours);
    if (second != nullptr) run(second, theirs);
  }
  std::string other = second != nullptr ? time_text(theirs) : "-";
  char ratio[32] = "-";
  if (second != nullptr && theirs.median() > 0)
    std::snprintf(ratio, sizeof ratio, "%.2f", ours.median() / theirs.median());
  std::printf("%-58s %14s %14s %7s %8.1f MB\n", argv[2], time_text(ours).c_str(), other.c_str(), ratio,
              static_cast<double>(ours.peak_kb) / 1024);
  return 0;
}

// A process that behaves as its arguments say, one after another; what tests start instead of real commands.
//   text:T, stderr:T, bytes:N, lines:N, nul         print
//   echo                                            print stdin
//   args, environment, directory, descriptors, signals   print what this process was given
//   exit:N, raise:N, pause                          end, or don't
//   tell:FIFO                                       write a byte to it
//   ignore-term, exit-on-term:N, stop-self, setsid, close-output, slow-death
//   write-forever                                   print until it can't
//   eat:MB, burn                                    take memory and keep it; take all of a core
//   background ... end                              a child does these, the parent goes on behind
//   comet                                           be somebody else, in another session, all the time
//   bomb:N                                          N generations of two children each, in sessions of their
//   own
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace {

int g_exit_on_term = 0;

void put(int to, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = write(to, text.data(), text.size());
    if (written <= 0) _exit(99);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void put_many(std::string_view piece, long long times) {
  std::string block;
  while (block.size() < 65536 && times > 0) {
    block += piece;
    --times;
  }
  long long in_block = static_cast<long long>(block.size() / piece.size());
  put(1, block);
  for (; times >= in_block; times -= in_block) put(1, block);
  for (; times > 0; --times) put(1, piece);
}

void echo() {
  char piece[65536];
  for (ssize_t got; (got = read(0, piece, sizeof piece)) > 0;) put(1, std::string_view(piece, got));
}

void print_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  std::string open;
  while (dirent* entry = readdir(directory)) {
    std::string name = entry->d_name;
    if (name[0] != '.' && std::atoi(name.c_str()) != dirfd(directory)) open += name + "\n";
  }
  closedir(directory);
  put(1, open);
}

void print_signals() {
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_DFL)
      put(1, "not default: " + std::to_string(number) + "\n");
    if (sigismember(&blocked, number) == 1) put(1, "blocked: " + std::to_string(number) + "\n");
  }
}

void bomb(int generations) {
  for (int generation = 0; generation < generations; ++generation)
    for (int child = 0; child < 2; ++child)
      if (fork() == 0) setsid();
  for (;;) pause();
}

void act(int argc, char** argv, int at) {
  for (; at < argc; ++at) {
    std::string_view whole = argv[at];
    std::string_view verb = whole.substr(0, whole.find(':'));
    std::string value(verb.size() < whole.size() ? whole.substr(verb.size() + 1) : "");
    if (verb == "text") put(1, value);
    if (verb == "stderr") put(2, value);
    if (verb == "bytes") put_many("x", std::atoll(value.c_str()));
    if (verb == "lines") put_many("a line of output\n", std::atoll(value.c_str()));
    if (verb == "nul") put(1, std::string_view("a\0b\xff\xfe", 5));
    if (verb == "echo") echo();
    if (verb == "args")
      for (int i = 0; i < argc; ++i) put(1, std::string(argv[i]) + "\n");
    if (verb == "environment")
      for (char** variable = environ; *variable; ++variable) put(1, std::string(*variable) + "\n");
    if (verb == "directory") {
      char path[4096];
      put(1, getcwd(path, sizeof path) ? path : "?");
    }
    if (verb == "descriptors") print_descriptors();
    if (verb == "signals") print_signals();
    if (verb == "exit") _exit(std::atoi(value.c_str()));
    if (verb == "raise") raise(std::atoi(value.c_str()));
    if (verb == "pause")
      for (;;) pause();
    if (verb == "tell") {
      int fifo = open(value.c_str(), O_WRONLY);
      put(fifo, "x");
      close(fifo);
    }
    if (verb == "ignore-term") signal(SIGTERM, SIG_IGN);
    if (verb == "exit-on-term") {
      g_exit_on_term = std::atoi(value.c_str());
      signal(SIGTERM, [](int) { _exit(g_exit_on_term); });
    }
    if (verb == "stop-self") raise(SIGSTOP);
    if (verb == "setsid") setsid();
    if (verb == "close-output") close(1), close(2);
    if (verb == "eat") {
      std::size_t size = static_cast<std::size_t>(std::atoll(value.c_str())) * 1'000'000;
      std::memset(std::malloc(size), 1, size);
    }
    if (verb == "burn")
      for (volatile unsigned turns = 0;;) turns = turns + 1;
    if (verb == "write-forever")
      for (;;) put(1, "again and again\n");
    if (verb == "comet") {
      for (;;) {
        if (fork() != 0) _exit(0);
        setsid();
      }
    }
    if (verb == "bomb") bomb(std::atoi(value.c_str()));
    if (verb == "background") {
      if (fork() == 0) continue;
      for (int open = 1; open > 0 && ++at < argc;) {
        if (argv[at] == std::string_view("background")) ++open;
        if (argv[at] == std::string_view("end")) --open;
      }
    }
    if (verb == "end") _exit(0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  act(argc, argv, 1);
  return 0;
}

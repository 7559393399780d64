// What an ended or unstarted command means to a person, and what to do about it: tables.
#include "steps/command_hints.hpp"

#include "steps/shell_scan.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

struct ExitRow {
  std::string_view programs;  // separated by blanks
  int code;
  std::string_view meaning;
  std::string_view help = {};
};

constexpr std::string_view k_expect_one = "if that is fine: expect_exit_codes: [0, 1]";
constexpr std::string_view k_expect_two = "if that is fine: expect_exit_codes: [0, 2]";

constexpr std::string_view k_check_paths =
    "check the paths: they are seen from the step's working directory (working_dir)";

constexpr auto k_exits = std::to_array<ExitRow>({
    {"grep egrep fgrep zgrep rg ag ack", 1, "it found nothing", k_expect_one},
    {"grep egrep fgrep zgrep rg ag ack", 2, "a bad pattern, or a file that can't be read", k_check_paths},
    {"diff cmp", 1, "the files differ", k_expect_one},
    {"diff cmp", 2, "a file can't be read, or the options are wrong"},
    {"curl", 3, "the URL is malformed"},
    {"curl", 5, "the proxy's name could not be resolved"},
    {"curl", 6, "the host's name could not be resolved", "check the URL's host, and the network"},
    {"curl", 7, "the connection was refused",
     "nothing listens there: start the server, or correct host and port of the URL"},
    {"curl", 22, "the server answered with an HTTP error", "look at the URL, or at the server's log"},
    {"curl", 23, "the answer could not be written", "check the path after -o, and the free space"},
    {"curl", 26, "a file to send could not be read"},
    {"curl", 28, "the time limit of curl was reached", "raise --max-time or --connect-timeout"},
    {"curl", 35, "the TLS handshake failed"},
    {"curl", 47, "too many redirects"},
    {"curl", 52, "the server answered nothing"},
    {"curl", 56, "the connection broke while data came in"},
    {"curl", 60, "the server's certificate can't be trusted", "give its authority with --cacert"},
    {"wget", 3, "a file could not be written"},
    {"wget", 4, "the network failed", "check the URL's host, and the network"},
    {"wget", 5, "the server's certificate can't be trusted"},
    {"wget", 6, "user name or password is wrong"},
    {"wget", 8, "the server answered with an error", "look at the URL"},
    {"pytest py.test", 1, "tests failed"},
    {"pytest py.test", 2, "the tests were interrupted, or could not be loaded"},
    {"pytest py.test", 3, "pytest itself failed"},
    {"pytest py.test", 4, "pytest was used wrongly", "check its options and the paths"},
    {"pytest py.test", 5, "no tests were found",
     "check the path; if that is fine: expect_exit_codes: [0, 5]"},
    {"go", 1, "the build or a test failed"},
    {"go", 2, "the build failed, or the options are wrong"},
    {"cargo", 101, "the build or a test failed"},
    {"make gmake", 2, "a recipe failed", "the lines above the last one say which"},
    {"ninja", 1, "a build step failed"},
    {"tar", 1, "some files changed while they were read", k_expect_one},
    {"tar", 2, "a file can't be read or written, or the archive is damaged"},
    {"rsync", 12, "the connection broke"},
    {"rsync", 23, "some files could not be transferred"},
    {"rsync", 24, "some files vanished during the transfer", "if that is fine: expect_exit_codes: [0, 24]"},
    {"ssh scp sftp", 255, "the connection failed", "check host, user and key"},
    {"git", 128, "git can't do that here", "its own message says why"},
    {"git", 129, "git was used wrongly"},
    {"find", 1, "some places could not be searched, or its arguments are wrong", k_expect_one},
    {"ls dir", 1, "something in a directory can't be looked at"},
    {"ls dir", 2, "a path that it was given can't be looked at", k_check_paths},
    {"test [", 1, "the condition is false"},
    {"which type", 1, "the program was not found"},
    {"timeout", 124, "its time limit was reached"},
    {"timeout", 125, "timeout itself failed"},
    {"docker podman", 125, "the container could not be started"},
    {"docker podman", 126, "the command in the container can't be executed"},
    {"docker podman", 127, "the command was not found in the container"},
    {"apt apt-get", 100, "the package manager failed", "run apt-get update first, and as root"},
    {"systemctl service", 3, "the service is not running"},
    {"systemctl service", 4, "there is no such service"},
    {"pgrep pkill pidof killall", 1, "no process matched", k_expect_one},
    {"jq", 1, "the result is null or false"},
    {"jq", 2, "the options or the input file are wrong"},
    {"jq", 3, "the filter can't be read", "check the filter's quotes and brackets"},
    {"jq", 5, "the input does not fit the filter"},
    {"python python3", 1, "the program ended with an error"},
    {"python python3", 2, "the script can't be opened, or the options are wrong"},
    {"mypy ruff flake8 pylint eslint shellcheck yamllint hadolint", 1, "it found problems", k_expect_one},
    {"terraform", 2, "there are changes to apply", k_expect_two},
    {"psql", 2, "the connection to the database failed"},
    {"psql", 3, "a statement of the script failed"},
    {"ping", 1, "there was no answer"},
    {"ping", 2, "the host is unknown or can't be reached"},
    {"unzip", 9, "the file is no archive"},
    {"xargs", 123, "one of the commands that it ran failed"},
});

struct SignalRow {
  int number;
  std::string_view name;
  std::string_view meaning;
  std::string_view help = {};
};
// Those whose numbers are the same on Linux and macOS, and SIGBUS as Linux has it.
constexpr auto k_signals = std::to_array<SignalRow>({
    {1, "SIGHUP", "its terminal went away"},
    {2, "SIGINT", "interrupted"},
    {3, "SIGQUIT", "told to quit"},
    {4, "SIGILL", "an instruction that this processor doesn't know",
     "the program may be built for another processor"},
    {5, "SIGTRAP", "a trap"},
    {6, "SIGABRT", "it gave up by itself", "the end of its output may say why"},
    {7, "SIGBUS", "it used memory or a file that isn't there"},
    {8, "SIGFPE", "a division by zero or the like"},
    {9, "SIGKILL", "killed", "often because memory ran out: look at `dmesg`, or set resource_limits"},
    {11, "SIGSEGV", "it used memory that isn't its own", "that is a bug in the program"},
    {13, "SIGPIPE", "nobody read what it wrote"},
    {14, "SIGALRM", "its alarm went off"},
    {15, "SIGTERM", "told to end", "something outside of this run ended it"},
    {24, "SIGXCPU", "its limit of CPU time was reached", "look at `ulimit -t`"},
    {25, "SIGXFSZ", "its limit of file size was reached", "look at `ulimit -f`"},
    {31, "SIGSYS", "a system call that is not allowed"},
});

const SignalRow* find_signal(int signal) {
  auto row = std::find_if(k_signals.begin(), k_signals.end(),
                          [signal](const SignalRow& one) { return one.number == signal; });
  return row == k_signals.end() ? nullptr : &*row;
}

struct PackageRow {
  std::string_view program;
  std::string_view package;  // of Debian and Ubuntu
};
constexpr auto k_packages = std::to_array<PackageRow>({
    {"ag", "silversearcher-ag"},
    {"aws", "awscli"},
    {"bat", "bat"},
    {"bc", "bc"},
    {"cargo", "cargo"},
    {"clang", "clang"},
    {"clang++", "clang"},
    {"clang-format", "clang-format"},
    {"clang-tidy", "clang-tidy"},
    {"cmake", "cmake"},
    {"convert", "imagemagick"},
    {"cppcheck", "cppcheck"},
    {"curl", "curl"},
    {"dig", "dnsutils"},
    {"docker", "docker.io"},
    {"docker-compose", "docker-compose"},
    {"dot", "graphviz"},
    {"fd", "fd-find"},
    {"ffmpeg", "ffmpeg"},
    {"flake8", "flake8"},
    {"g++", "g++"},
    {"gcc", "gcc"},
    {"gdb", "gdb"},
    {"gh", "gh"},
    {"git", "git"},
    {"go", "golang-go"},
    {"gpg", "gnupg"},
    {"htop", "htop"},
    {"ip", "iproute2"},
    {"java", "default-jre"},
    {"javac", "default-jdk"},
    {"jq", "jq"},
    {"lsof", "lsof"},
    {"make", "make"},
    {"mvn", "maven"},
    {"mypy", "mypy"},
    {"mysql", "default-mysql-client"},
    {"nc", "netcat-openbsd"},
    {"netstat", "net-tools"},
    {"nginx", "nginx"},
    {"ninja", "ninja-build"},
    {"nmap", "nmap"},
    {"node", "nodejs"},
    {"nodejs", "nodejs"},
    {"npm", "npm"},
    {"npx", "npm"},
    {"openssl", "openssl"},
    {"pandoc", "pandoc"},
    {"parallel", "parallel"},
    {"php", "php-cli"},
    {"pip", "python3-pip"},
    {"pip3", "python3-pip"},
    {"ping", "iputils-ping"},
    {"podman", "podman"},
    {"ps", "procps"},
    {"psql", "postgresql-client"},
    {"pylint", "pylint"},
    {"pytest", "python3-pytest"},
    {"python", "python-is-python3"},
    {"python3", "python3"},
    {"redis-cli", "redis-tools"},
    {"rg", "ripgrep"},
    {"rsync", "rsync"},
    {"ruby", "ruby"},
    {"rustc", "rustc"},
    {"screen", "screen"},
    {"shellcheck", "shellcheck"},
    {"sqlite3", "sqlite3"},
    {"ss", "iproute2"},
    {"ssh", "openssh-client"},
    {"strace", "strace"},
    {"sudo", "sudo"},
    {"tmux", "tmux"},
    {"tree", "tree"},
    {"unzip", "unzip"},
    {"valgrind", "valgrind"},
    {"wget", "wget"},
    {"xmllint", "libxml2-utils"},
    {"xz", "xz-utils"},
    {"yamllint", "yamllint"},
    {"zip", "zip"},
    {"zsh", "zsh"},
});

constexpr std::string_view k_shell_words =
    ". alias bg cd declare eval exec exit export fg for if local popd pushd readonly return set shift source "
    "trap ulimit umask unalias unset until wait while";
constexpr std::string_view k_operators = "| || & && > >> < << <<< ; 2> 2>> 2>&1 &> |&";
// These take operators as their own words.
constexpr std::string_view k_takes_operators = "expr test [";

}  // namespace

ExitMeaning exit_meaning(std::string_view program, int code) {
  const std::string name = file_name(program);
  for (const ExitRow& row : k_exits)
    if (row.code == code && has_word(row.programs, name))
      return {std::string(row.meaning), std::string(row.help)};
  if (code == 126) return {"a program was found but can't be executed", "make it executable: chmod +x FILE"};
  if (code == 127)
    return {"a program in it was not found", "check the spelling, install it, or set PATH in `env`"};
  if (const SignalRow* row = find_signal(code - 128))
    return {"a program in it was ended by " + signal_told(row->number), std::string(row->help)};
  return {};
}

std::string signal_told(int signal) {
  const SignalRow* row = find_signal(signal);
  if (row == nullptr) return "signal " + std::to_string(signal);
  return std::string(row->name) + " (" + std::string(row->meaning) + ")";
}

std::string signal_help(int signal) {
  const SignalRow* row = find_signal(signal);
  return row == nullptr ? std::string() : std::string(row->help);
}

std::string missing_program_help(const std::vector<std::string>& argv, const std::string& near) {
  const std::string& program = argv.front();
  if (program.find_first_of(" \t\n") != std::string::npos && argv.size() > 1)
    return "write the program alone in `command`, and each of its words in `args`";
  if (has_word(k_shell_words, program))
    return "`" + program + "` is a word of the shell: add shell: true" +
           (program == "cd" ? ", or use working_dir" : "");
  if (program.find('/') != std::string::npos)
    return "check the path: it is seen from the step's working directory";
  // A name with a package is spelled right; what may be there is a version of it.
  const bool is_version = !near.empty() && near.back() >= '0' && near.back() <= '9';
  for (const PackageRow& row : k_packages)
    if (row.program == program)
      return (is_version ? "did you mean `" + near + "`? Otherwise, on" : std::string("on")) +
             " Debian or Ubuntu: apt-get install " + std::string(row.package);
  if (!near.empty()) return "did you mean `" + near + "`?";
  return "check the spelling, install it, or set PATH in `env`";
}

std::string quoting_mistake(const std::vector<std::string>& argv) {
  const std::string program = file_name(argv.front());
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (program == "find" && word == "\\;")
      return "without a shell `find` is given the backslash too: write \";\" alone";
    bool own = has_word(k_takes_operators, program) || (program == "find" && word == ";");
    if (has_word(k_operators, word) && !own)
      return "`" + program + "` was given `" + word +
             "` as an argument: write the whole line as `command`, without `args`, for a shell to read it";
    if (word.size() > 2 && (word.front() == '\'' || word.front() == '"') && word.back() == word.front())
      return "without a shell the quotes in `" + shown(word, 40) +
             "` are part of the argument: take them away";
    if (word.starts_with("~/"))
      return "without a shell `" + shown(word, 40) + "` is not the home directory: write {env.HOME}/...";
  }
  return {};
}

std::string script_mistake(std::string_view script) {
  for (const ShellCommand& command : scan_shell(script)) {
    const std::vector<std::string>& words = command.words;
    if (words.empty() || file_name(words.front()) != "find") continue;
    auto exec = std::find_if(words.begin(), words.end(), [](const std::string& word) {
      return has_word("-exec -execdir -ok -okdir", word);
    });
    const bool ends =
        std::any_of(exec, words.end(), [](const std::string& word) { return word == ";" || word == "+"; });
    if (exec != words.end() && !ends)
      return "the shell takes a bare `;` for itself, so " + *exec + " has no end: write `\\;` there";
  }
  return {};
}

}  // namespace rustchain

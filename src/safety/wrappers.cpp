// Programs that start another one: what they take for themselves, and where the other's command line begins.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "safety/tables.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

constexpr WrapperRow k_rows[] = {
    {.programs = "sudo doas sudoedit pkexec gosu su-exec please run0 calife",
     .options = {"ugpCchrtTRDU",
                 "user group prompt chdir close-from host role type command-timeout chroot other-user", false,
                 true},
     .privilege = true},
    {.programs = "nice", .options = {"n", "adjustment", false, true}},
    {.programs = "ionice", .options = {"cnp", "class classdata pid", false, true}},
    {.programs =
         "nohup setsid builtin catchsegv fakeroot torify torsocks proxychains proxychains4 noglob nocorrect "
         "unbuffer rlwrap ccache distcc chronic ifne caffeinate dbus-run-session dbus-launch winpty wine "
         "linux32 linux64 setarch eatmydata cgexec pv-run",
     .options = {"", "", false, true}},
    {.programs = "xvfb-run", .options = {"efnpsw", "error-file server-num server-args wait", false, true}},
    {.programs = "timeout gtimeout", .options = {"ks", "kill-after signal", false, true}, .operands = 1},
    {.programs = "faketime", .options = {"fp", "date-prog exclude-monotonic", false, true}, .operands = 1},
    {.programs = "time gtime", .options = {"fo", "format output", false, true}},
    {.programs = "stdbuf", .options = {"ioe", "input output error", false, true}},
    {.programs = "exec", .options = {"a", "", false, true}},
    {.programs = "chroot", .options = {"", "groups userspec", false, true}, .operands = 1},
    {.programs = "taskset", .options = {"", "", false, true}, .operands = 1},
    {.programs = "chrt", .options = {"TPD", "", false, true}, .operands = 1},
    {.programs = "numactl",
     .options = {"CNmpi", "cpunodebind membind physcpubind interleave preferred", false, true}},
    {.programs = "strace ltrace", .options = {"eoOpsPuEabSI", "output trace", false, true}},
    {.programs = "valgrind perf-record", .options = {"", "", false, true}},
    {.programs = "unshare", .options = {"SGwR", "setuid setgid wd root", false, true}},
    {.programs = "nsenter",
     .options = {"tSGwR", "target setuid setgid wd root", false, true},
     .privilege = true},
    {.programs = "firejail", .options = {"", "", false, true}},
    {.programs = "bwrap",
     .options = {"", "proc dev tmpfs chdir uid gid unsetenv hostname lock-file remount-ro mqueue dir", false,
                 true},
     .pairs = "bind ro-bind dev-bind bind-try ro-bind-try dev-bind-try setenv symlink file bind-data"},
    {.programs = "systemd-run",
     .options = {"puMHt",
                 "unit property uid gid slice setenv working-directory description on-calendar on-active",
                 false, true}},
    {.programs = "watch", .options = {"n", "interval", false, true}},
    {.programs = "flock",
     .options = {"wEc", "timeout wait conflict-exit-code command", false, true},
     .script = "c",
     .operands = 1},
    {.programs = "script", .options = {"cIOBTmo", "command", false, false}, .script = "c"},
    {.programs = "su runuser",
     .options = {"cgGswT", "command group supp-group shell whitelist-environment session-command", false,
                 false},
     .script = "c",
     .privilege = true},
    {.programs = "screen", .options = {"STtchpers", "", false, true}},
    {.programs = "wsl", .options = {"due", "distribution user cd shell-type", false, true}},
    {.programs = "entr", .options = {"", "", false, true}},
    {.programs = "hyperfine", .options = {"", "", false, false}, .script = "operand"},
    {.programs = "npx bunx pnpx uvx pipx",
     .options = {"pc", "package call from with python", false, true},
     .script = "c"},
    {.programs = "poetry pipenv uv pdm hatch rye pixi",
     .options = {"C", "directory project", false, true},
     .sub = "run"},
    {.programs = "bundle pnpm yarn npm mise asdf rbenv direnv opam dune",
     .options = {"C", "prefix cwd dir filter workspace", false, true},
     .sub = "exec dlx x"},
    {.programs = "conda mamba micromamba", .options = {"np", "name prefix", false, true}, .sub = "run"},
    {.programs = "doppler op dotenvx infisical chamber aws-vault teller",
     .options = {"pc", "project config env-file env", false, true},
     .sub = "run exec"},
    {.programs = "dotenv env-cmd cross-env", .options = {"fe", "file environments", false, true}},
};

bool is_assignment(std::string_view word) {
  std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == equals;
}

const WrapperRow* find_wrapper(std::string_view program) {
  auto found = find_in<k_rows>(program);
  return found.empty() ? nullptr : &k_rows[found[0].row];
}

// NAME=value words before the command, as sudo and env take them.
std::size_t skip_assignments(Walk& walk, const Arguments& argv, std::size_t at) {
  for (; at < argv.size() && is_assignment(argv[at].text); ++at) {
    std::size_t equals = argv[at].text.find('=');
    walk.environment(argv[at].text.substr(0, equals), argv[at].text.substr(equals + 1), argv[at].at);
    walk.set(argv[at].text.substr(0, equals), {argv[at].text.substr(equals + 1)});
  }
  return at;
}

}  // namespace

Stream run_wrapper(Walk& walk, const Arguments& given, const Stream& input) {
  const std::string name = program_name(given[0].text);
  const WrapperRow& wrapper = *find_wrapper(name);
  if (walk.is_off(&wrapper)) return {std::string(1, k_unknown)};
  Arguments argv = given;
  for (std::size_t i = 1; !wrapper.pairs.empty() && i + 2 < argv.size() && argv[i].text.starts_with("--");
       ++i)
    if (has_word(wrapper.pairs, std::string_view(argv[i].text).substr(2)))
      argv.erase(argv.begin() + static_cast<std::ptrdiff_t>(i),
                 argv.begin() + static_cast<std::ptrdiff_t>(i) + 3),
          --i;
  std::size_t begin = 1;
  if (!wrapper.sub.empty()) {
    Parsed before = parse_arguments(argv, 1, wrapper.options);
    if (before.operands.empty()) return {std::string(1, k_unknown)};
    const std::string& word = before.operands[0].text;
    // yarn cdk deploy: a program of the project by its name.
    const bool program = has_word("yarn pnpm", name) && !verb_rows_of(word).empty();
    if (!program && !has_word(wrapper.sub, word)) return {std::string(1, k_unknown)};
    begin = before.first_operand + (program ? 0 : 1);
    if (name == "direnv" || (name == "aws-vault" && begin < argv.size())) ++begin;
  }
  Parsed own = parse_arguments(argv, begin, wrapper.options);
  // sudo -n true: only asks whether it could.
  const bool asks = own.operands.size() == 1 && own.operands[0].text == "true";
  if (wrapper.privilege && !asks && !(own.options.empty() && own.operands.empty()))
    if (!own.has("lvVK", "list validate version help remove-timestamp reset-timestamp"))
      walk.find("privilege.escalate", argv[0].at, name);
  if (const GivenOption* directory = own.find("D", "chdir");
      directory != nullptr && name == "sudo" && directory->value)
    walk.change_directory(*directory->value);
  if (!wrapper.script.empty()) {
    if (wrapper.script == "operand") {
      for (const Argument& operand : own.operands) (void)walk.run_text(operand.text, operand.at, {});
      return {};
    }
    if (const GivenOption* script = own.find("c", "command call session-command");
        script != nullptr && script->value)
      return walk.run_text(*script->value, script->at, input);
    if (name == "su" || name == "runuser" || name == "script") return {};
  }
  std::size_t at = own.first_operand + static_cast<std::size_t>(wrapper.operands);
  at = skip_assignments(walk, argv, at);
  while (at < argv.size() && (argv[at].text == "--" || argv[at].text == "!")) ++at;
  if (at >= argv.size()) return {};
  if (name == "systemd-run" &&
      own.find("", "on-calendar on-active on-boot on-startup on-unit-active") != nullptr)
    walk.find("host.schedule", argv[0].at, name);
  // npx https://...: the package is fetched and run.
  if (has_word("npx bunx pnpx uvx pipx", name) && argv[at].text.find("://") != std::string::npos)
    walk.find("net.pipe_to_shell", argv[at].at, argv[at].text);
  if (name == "flock" && argv[at].text == "-c" && at + 1 < argv.size())
    return walk.run_text(argv[at + 1].text, argv[at + 1].at, input);
  if (name == "watch" && at + 1 == argv.size()) return walk.run_text(argv[at].text, argv[at].at, {});
  return walk.run(from(argv, at), input);
}

// tmux new-session TEXT, tmux send-keys TEXT: what is typed into a shell.
Stream run_tmux(Walk& walk, const Arguments& argv, const Stream&) {
  Parsed own = parse_arguments(argv, 1, {"LSfctsnxyFel", "", false, false});
  if (own.operands.empty()) return {std::string(1, k_unknown)};
  const std::string& verb = own.operands[0].text;
  const bool starts = verb.starts_with("new") || verb.starts_with("split") || verb.starts_with("respawn") ||
                      verb.starts_with("send") || verb.starts_with("run");
  for (std::size_t i = 1; starts && i < own.operands.size(); ++i)
    (void)walk.run_text(own.operands[i].text, own.operands[i].at, {"", true, false});
  return {std::string(1, k_unknown)};
}

Stream run_env(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"uCSPa", "unset chdir split-string argv0", false, true});
  if (const GivenOption* directory = own.find("C", "chdir"); directory != nullptr && directory->value)
    walk.change_directory(*directory->value);
  if (program_name(argv[0].text) == "printenv") {
    bool secret = own.operands.empty();
    for (const Argument& operand : own.operands)
      for (std::string_view part : {"SECRET", "TOKEN", "PASSW", "API_KEY", "PRIVATE", "CREDENTIAL"})
        secret = secret || operand.text.find(part) != std::string::npos;
    return {std::string(1, k_unknown), false, secret};
  }
  Arguments rest;
  if (const GivenOption* text = own.find("S", "split-string"); text != nullptr && text->value)
    for (const std::string& word : split_shell_words(*text->value)) rest.push_back({word, text->at});
  Arguments tail = from(argv, own.first_operand);
  if (!tail.empty() && tail[0].text == "-") tail.erase(tail.begin());
  rest.insert(rest.end(), tail.begin(), tail.end());
  std::size_t at = skip_assignments(walk, rest, 0);
  // Alone it prints the whole environment, tokens and all.
  if (at >= rest.size()) return {std::string(1, k_unknown), false, true};
  return walk.run(from(rest, at), input);
}

Stream run_command_word(Walk& walk, const Arguments& argv, const Stream& input) {
  std::size_t at = 1;
  while (at < argv.size() && argv[at].text.size() > 1 && argv[at].text[0] == '-') {
    const std::string& option = argv[at].text;
    if (option == "--") {
      ++at;
      break;
    }
    if (option == "-v" || option == "-V")
      return {"/usr/bin/" + (at + 1 < argv.size() ? argv[at + 1].text : "") + "\n"};
    ++at;
  }
  return at < argv.size() ? walk.run(from(argv, at), input) : Stream{};
}

Stream run_busybox(Walk& walk, const Arguments& argv, const Stream& input) {
  return argv.size() > 1 ? walk.run(from(argv, 1), input) : Stream{};
}

bool is_wrapper(std::string_view program) {
  return find_wrapper(program) != nullptr;
}

std::span<const WrapperRow> wrapper_rows() {
  return k_rows;
}

}  // namespace rustchain

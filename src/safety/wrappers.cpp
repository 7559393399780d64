// Programs that start another one: what they take for themselves, and where the other's command line begins.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

struct Wrapper {
  std::string_view programs;
  OptionTable options;
  int operands = 0;              // of its own, before the command
  std::string_view script = {};  // option whose value is a shell text
  std::string_view sub = {};     // the command follows this sub-command ("poetry run")
  bool privilege = false;
};

constexpr Wrapper k_wrappers[] = {
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
    {.programs = "unshare nsenter", .options = {"tSGwR", "target setuid setgid wd root", false, true}},
    {.programs = "firejail bwrap",
     .options = {"", "bind ro-bind dev-bind proc dev tmpfs chdir setenv uid gid", false, true}},
    {.programs = "systemd-run",
     .options = {"puMHt",
                 "unit property uid gid slice setenv working-directory description on-calendar on-active",
                 false, true}},
    {.programs = "watch", .options = {"n", "interval", false, true}},
    {.programs = "flock",
     .options = {"wEc", "timeout wait conflict-exit-code command", false, true},
     .operands = 1,
     .script = "c"},
    {.programs = "script", .options = {"cIOBTmo", "command", false, false}, .script = "c"},
    {.programs = "su runuser",
     .options = {"cgGswT", "command group supp-group shell whitelist-environment session-command", false,
                 false},
     .script = "c",
     .privilege = true},
    {.programs = "entr", .options = {"", "", false, true}},
    {.programs = "hyperfine", .options = {"", "", false, false}, .script = "operand"},
    {.programs = "npx bunx pnpx uvx pipx",
     .options = {"pc", "package call from with python", false, true},
     .script = "c"},
    {.programs = "poetry pipenv uv pdm hatch rye pixi",
     .options = {"C", "directory project", false, true},
     .sub = "run"},
    {.programs = "bundle pnpm yarn npm mise asdf rbenv direnv opam dune",
     .options = {"C", "prefix cwd dir", false, true},
     .sub = "exec"},
    {.programs = "conda mamba micromamba", .options = {"np", "name prefix", false, true}, .sub = "run"},
    {.programs = "doppler op dotenvx infisical chamber aws-vault teller",
     .options = {"pc", "project config env-file env", false, true},
     .sub = "run exec"},
    {.programs = "dotenv env-cmd cross-env", .options = {"fe", "file environments", false, true}},
};

Arguments from(const Arguments& argv, std::size_t at) {
  return {argv.begin() + static_cast<std::ptrdiff_t>(std::min(at, argv.size())), argv.end()};
}

bool is_assignment(std::string_view word) {
  std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == equals;
}

const Wrapper* find_wrapper(std::string_view program) {
  for (const Wrapper& wrapper : k_wrappers)
    if (has_word(wrapper.programs, program)) return &wrapper;
  return nullptr;
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

// ---- xargs and parallel: commands put together from standard input or a list

std::vector<std::string> fed_items(const Stream& input, bool lines) {
  if (!input.attached || has_mark(input.text)) return {std::string(1, k_fed)};
  std::vector<std::string> items;
  std::string item;
  for (char c : input.text + "\n") {
    if (c == '\n' || (!lines && (c == ' ' || c == '\t'))) {
      if (!item.empty() && items.size() < 100) items.push_back(item);
      item.clear();
    } else if (c == '\0' || (!lines && (c == '\'' || c == '"'))) {
      continue;
    } else {
      item += c;
    }
  }
  return items;
}

// bash -c, and nothing behind it.
bool takes_script_next(const Arguments& command) {
  return command.size() >= 2 && find_program_function(program_name(command[0].text)) == run_shell &&
         command.back().text.size() > 1 && command.back().text[0] == '-' && command.back().text[1] != '-' &&
         command.back().text.find('c') != std::string::npos;
}

Arguments with_items(const Arguments& command, const std::string& hole, const std::vector<std::string>& items,
                     ShellSpan at) {
  Arguments made;
  bool filled = false;
  for (const Argument& word : command) {
    if (!hole.empty() && word.text.find(hole) != std::string::npos) {
      filled = true;
      if (word.text == hole) {
        for (const std::string& item : items) made.push_back({item, word.at});
      } else {
        made.push_back({replace_all(word.text, hole, items.empty() ? "" : items[0]), word.at});
      }
    } else {
      made.push_back(word);
    }
  }
  if (hole.empty() || (!filled && hole == "{}*"))
    for (const std::string& item : items) made.push_back({item, at});
  return made;
}

}  // namespace

Stream run_wrapper(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  const Wrapper& wrapper = *find_wrapper(name);
  std::size_t begin = 1;
  if (!wrapper.sub.empty()) {
    Parsed before = parse_arguments(argv, 1, wrapper.options);
    if (before.operands.empty() || !has_word(wrapper.sub, before.operands[0].text))
      return {std::string(1, k_unknown)};
    begin = before.first_operand + 1;
    if (name == "direnv" || (name == "aws-vault" && begin < argv.size())) ++begin;
  }
  Parsed own = parse_arguments(argv, begin, wrapper.options);
  if (wrapper.privilege && !(own.options.empty() && own.operands.empty()))
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
  if (name == "flock" && argv[at].text == "-c" && at + 1 < argv.size())
    return walk.run_text(argv[at + 1].text, argv[at + 1].at, input);
  if (name == "watch" && at + 1 == argv.size()) return walk.run_text(argv[at].text, argv[at].at, {});
  return walk.run(from(argv, at), input);
}

Stream run_env(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"uCSPa", "unset chdir split-string argv0", false, true});
  if (const GivenOption* directory = own.find("C", "chdir"); directory != nullptr && directory->value)
    walk.change_directory(*directory->value);
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

// ansible, salt, pssh: a shell text for other machines.
Stream run_fleet(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(
      argv, 1, {"miaufkteMwhHl", "module-name inventory args user forks hosts", false, false});
  if (const GivenOption* text = own.find("a", "args"); name == "ansible" && text != nullptr && text->value) {
    const std::string module = own.value("m", "module-name");
    if (module.empty() ||
        has_word("shell command raw script ansible.builtin.shell ansible.builtin.command", module))
      (void)walk.run_remote(*text->value, text->at);
  } else if (name != "ansible" && !own.operands.empty()) {
    (void)walk.run_remote(own.operands.back().text, own.operands.back().at);
  }
  return {std::string(1, k_unknown)};
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

Stream run_xargs(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(
      argv, 1,
      {"IJLnPsdaERSD", "max-args max-procs max-chars delimiter arg-file max-lines-by process-slot-var", false,
       true});
  Arguments command = from(argv, own.first_operand);
  if (command.empty()) return {std::string(1, k_unknown)};
  std::string hole;
  if (const GivenOption* replace = own.find("IJ", "replace"); replace != nullptr)
    hole = replace->value.value_or("");
  for (const GivenOption& option : own.options) {
    if (option.name == "i" || option.name == "replace") {
      hole = option.value.value_or("{}");
      // -i{} : what follows the letter came as letters of its own.
      for (std::size_t i = 1; i < own.first_operand && i < argv.size(); ++i)
        if (argv[i].text.starts_with("-i") && argv[i].text.size() > 2) hole = argv[i].text.substr(2);
    }
    if ((option.name == "replace" || option.name == "I") && hole.empty()) hole = "{}";
  }
  Stream fed = input;
  if (own.has("a", "arg-file")) fed = {};
  std::vector<std::string> items = fed_items(fed, !hole.empty() || own.has("0dL", "null delimiter"));
  const ShellSpan at = argv[0].at;
  Stream nothing{"", true, false};
  if (!hole.empty()) {
    const bool used = std::any_of(command.begin(), command.end(), [&](const Argument& word) {
      return word.text.find(hole) != std::string::npos;
    });
    Stream last;
    for (const std::string& item : items)
      last = walk.run(with_items(command, used ? hole : "", {item}, at), nothing);
    return last;
  }
  if (items.empty()) return walk.run(command, nothing);
  // The first item is the script: the data itself is code.
  if (takes_script_next(command)) walk.find("code.dynamic", at, "xargs " + command[0].text + " -c");
  Stream output = walk.run(with_items(command, "", items, at), nothing);
  // With another delimiter, or a quoted list, the lines are what is handed over.
  std::vector<std::string> lines = fed_items(fed, true);
  if (lines != items) (void)walk.run(with_items(command, "", lines, at), nothing);
  return output;
}

Stream run_parallel(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(
      argv, 1,
      {"jSaICdnNLPsE",
       "jobs sshlogin arg-file colsep delimiter max-args max-replace-args joblog results "
       "tmpdir timeout retries delay load workdir basefile env tagstring halt progress-file nice memfree",
       false, true});
  if (own.has("", "dry-run dryrun version citation") || own.has("h", "help")) return {};
  std::size_t at = own.first_operand;
  Arguments command;
  while (at < argv.size() && !argv[at].text.starts_with(":::")) command.push_back(argv[at++]);
  std::vector<std::string> items;
  const bool listed = at < argv.size();
  bool from_file = false;
  for (; at < argv.size(); ++at) {
    if (argv[at].text.starts_with(":::")) {
      from_file = argv[at].text.starts_with("::::");
      continue;
    }
    items.push_back(from_file ? std::string(1, k_fed) : argv[at].text);
  }
  if (!listed) items = fed_items(own.has("a", "arg-file") ? Stream{} : input, true);
  const ShellSpan span = argv[0].at;
  Stream nothing{"", true, false};
  // Its words are put together to a text, which a shell runs; with -q they stay words.
  bool holes = false;
  for (const Argument& word : command)
    if (std::size_t open = word.text.find('{');
        open != std::string::npos && word.text.find('}', open) != std::string::npos)
      holes = true;
  if (items.size() > 100) items.resize(100);
  for (const std::string& item : items) {
    if (command.empty()) {
      (void)walk.run_text(item, span, nothing);
      continue;
    }
    Arguments made;
    for (const Argument& word : command) {
      std::string text = word.text;
      for (std::string_view hole : {"{}", "{.}", "{/}", "{//}", "{/.}", "{1}", "{2}", "{3}"})
        text = replace_all(text, hole, item);
      made.push_back({std::move(text), word.at});
    }
    if (!holes) made.push_back({item, span});
    const std::string first = program_name(made[0].text);
    if (made.size() == 1 || (made[0].text.find(' ') != std::string::npos)) {
      std::string text;
      for (const Argument& word : made) text.append(text.empty() ? "" : " ").append(word.text);
      (void)walk.run_text(text, span, nothing);
    } else {
      (void)walk.run(made, nothing);
    }
  }
  return {std::string(1, k_unknown)};
}

// ---- find

Stream run_find(Walk& walk, const Arguments& argv, const Stream&) {
  std::size_t at = 1;
  Arguments roots;
  for (; at < argv.size(); ++at) {
    const std::string& word = argv[at].text;
    if (word == "-f" && at + 1 < argv.size()) {
      roots.push_back(argv[++at]);
    } else if (word == "-H" || word == "-L" || word == "-P" || word == "--" || word.starts_with("-O")) {
      continue;
    } else if (word == "-D") {
      ++at;
    } else if ((!word.empty() && word[0] == '-') || word == "(" || word == "!" || word == ")") {
      break;
    } else {
      roots.push_back(argv[at]);
    }
  }
  if (roots.empty()) roots.push_back({".", argv[0].at});
  // What -exec is given: a path below a root. Where a name asks for a secret, that name.
  std::string name;
  for (std::size_t i = at; i + 1 < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word == "-name" || word == "-iname" || word == "-path" || word == "-wholename")
      name = argv[i + 1].text;
  }
  std::string found = std::string(1, k_fed);
  if (!name.empty()) found = roots[0].text + "/" + name;
  if (is_secret(walk.place(roots[0].text)) && name.empty()) found = roots[0].text;
  for (std::size_t i = at; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (has_word("-name -iname -path -ipath -wholename -regex -iregex -newer -type -size -mtime -mmin -atime "
                 "-ctime -user "
                 "-group -perm -maxdepth -mindepth -printf -fstype -inum -links -samefile -lname -newermt "
                 "-amin -cmin "
                 "-context -used -uid -gid",
                 word)) {
      ++i;
      continue;
    }
    if (word == "-fprintf" && i + 2 < argv.size()) {
      walk.write(argv[i + 1]);
      i += 2;
    } else if ((word == "-fprint" || word == "-fprint0" || word == "-fls") && i + 1 < argv.size()) {
      walk.write(argv[++i]);
    } else if (word == "-delete") {
      for (const Argument& root : roots) {
        Place place = walk.place(root.text);
        const bool own = place.kind == PlaceKind::inside || place.kind == PlaceKind::cwd ||
                         place.kind == PlaceKind::temporary;
        const bool elsewhere = place.kind == PlaceKind::outside || place.kind == PlaceKind::unknown;
        if (own && is_git_metadata(place)) walk.remove(root, true);
        if (!own && !elsewhere && name.empty())
          walk.remove({root.text + "/" + k_many, argv[i].at}, true);
        else
          walk.find("fs.delete.find", argv[i].at, root.text);
      }
    } else if (word == "-exec" || word == "-execdir" || word == "-ok" || word == "-okdir") {
      Arguments command;
      for (++i; i < argv.size() && argv[i].text != ";" &&
                !(argv[i].text == "+" && i > 0 && argv[i - 1].text == "{}");
           ++i)
        command.push_back({replace_all(argv[i].text, "{}", found), argv[i].at});
      if (!command.empty() && command.back().text == "+") command.pop_back();
      if (!command.empty() && command.back().text == "\\") command.pop_back();
      // Which of the roots' files are meant doesn't show in the names.
      if (name.empty() && !command.empty())
        for (const Argument& root : roots) {
          PlaceKind kind = walk.place(root.text).kind;
          if (has_word("rm unlink rmdir", program_name(command[0].text)) &&
              (kind == PlaceKind::root || kind == PlaceKind::home || kind == PlaceKind::system))
            walk.remove({root.text + "/" + k_many, root.at}, true);
        }
      if (!command.empty() && has_word("rm unlink rmdir shred", program_name(command[0].text)))
        walk.find("fs.delete.find", command[0].at, "find -exec rm");
      Arguments run = command;
      for (Argument& one : run)
        if (!name.empty() && !is_secret(walk.place(found)) && one.text == found)
          one.text = std::string(1, k_fed);
      (void)walk.run(run, {"", true, false});
    }
  }
  Stream output{std::string(1, k_fed)};
  // xargs is fed what was found here.
  if (!name.empty() && is_secret(walk.place(found)))
    output.text = found + "\n";
  else if (is_secret(walk.place(roots[0].text)) && name.empty())
    output.text = roots[0].text + "/x\n";
  return output;
}

// ---- other machines

Stream run_ssh(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"bcDEeFIiJLlmOopQRSWw", "", false, true});
  for (const GivenOption& option : own.options)
    if (option.name == "o" && option.value)
      for (std::string_view key : {"proxycommand=", "localcommand=", "knownhostscommand="})
        if (std::string lower = to_lower(*option.value); lower.starts_with(key))
          (void)walk.run_text(std::string_view(*option.value).substr(key.size()), option.at, {});
  if (own.has("R")) walk.find("net.tunnel", argv[0].at, "ssh -R");
  std::string text;
  // What follows the host goes to the other machine's shell as one text.
  for (std::size_t i = own.first_operand + 1; i < argv.size(); ++i)
    text.append(text.empty() ? "" : " ").append(argv[i].text);
  if (text.empty()) {
    if (input.attached && !input.text.empty() && !has_mark(input.text))
      return walk.run_remote(input.text, argv[0].at);
    return {std::string(1, k_unknown)};
  }
  (void)walk.run_remote(text, own.operands.empty() ? argv[0].at : argv[own.first_operand].at);
  return {std::string(1, k_unknown)};
}

// docker exec, docker run, kubectl exec: the other command's files aren't ours.
Stream run_container(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Parsed global = parse_arguments(
      argv, 1,
      {"cHln", "context host log-level config namespace kubeconfig cluster user connection", false, true});
  std::size_t at = global.first_operand;
  if (at >= argv.size()) return {std::string(1, k_unknown)};
  if (argv[at].text == "container" || argv[at].text == "compose") {
    Parsed more = parse_arguments(
        argv, at + 1, {"fp", "file project-name profile env-file project-directory", false, true});
    at = more.first_operand;
    if (at >= argv.size()) return {std::string(1, k_unknown)};
  }
  const std::string& verb = argv[at].text;
  Stream unknown{std::string(1, k_unknown)};
  if (verb == "run" || verb == "create" || (verb == "exec" && !name.starts_with("k"))) {
    Parsed own = parse_arguments(
        argv, at + 1,
        {"abcehlmpuvw",
         "attach name env env-file hostname label memory publish user volume workdir network net mount "
         "entrypoint cpus ipc pid cap-add cap-drop device add-host dns expose gpus health-cmd ip link "
         "log-driver log-opt memory-swap platform pull restart runtime security-opt shm-size stop-signal "
         "sysctl tmpfs ulimit userns uts volumes-from cidfile cpu-shares cpuset-cpus detach-keys group-add "
         "index",
         false, true});
    if (!(name.starts_with("k"))) judge_container_options(walk, own, argv[at].at);
    if (own.first_operand + 1 < argv.size() && verb != "create") {
      Arguments command = from(argv, own.first_operand + 1);
      if (!command.empty() && command[0].text[0] != '-') (void)walk.run_elsewhere(std::move(command), input);
    }
    return unknown;
  }
  if (verb == "exec" || verb == "debug" || verb == "run") {
    for (std::size_t i = at + 1; i + 1 < argv.size(); ++i)
      if (argv[i].text == "--") {
        (void)walk.run_elsewhere(from(argv, i + 1), input);
        break;
      }
  }
  return unknown;
}

void judge_container_options(Walk& walk, const Parsed& own, ShellSpan at) {
  for (const GivenOption& option : own.options) {
    const std::string value = option.value.value_or("");
    bool escape =
        (option.name == "privileged" && value != "false") ||
        (option.name == "cap-add" && has_word("ALL SYS_ADMIN SYS_PTRACE SYS_MODULE CAP_SYS_ADMIN", value)) ||
        (has_word("pid ipc userns uts", option.name) && value == "host") ||
        (option.name == "security-opt" && value.find("unconfined") != std::string::npos) ||
        (option.name == "device" && value.starts_with("/dev/"));
    if (has_word("v volume mount", option.name)) {
      std::string source = value.substr(0, value.find(':'));
      if (option.name == "mount") {
        std::size_t begin = value.find("source=");
        std::size_t skip = 7;
        if (begin == std::string::npos) begin = value.find("src="), skip = 4;
        source = begin == std::string::npos
                     ? ""
                     : value.substr(begin + skip, value.find(',', begin) - begin - skip);
      }
      if (!source.empty() && (source[0] == '/' || source[0] == '~')) {
        Place place = walk.place(source);
        escape = escape || place.kind == PlaceKind::root || place.kind == PlaceKind::home ||
                 source.find("docker.sock") != std::string::npos ||
                 source.find("containerd.sock") != std::string::npos ||
                 (place.kind == PlaceKind::system &&
                  (source.starts_with("/etc") || source.starts_with("/proc") || source.starts_with("/sys") ||
                   source.starts_with("/root") || source.starts_with("/boot") || source.starts_with("/usr")));
      }
    }
    if (escape)
      walk.find("container.escape", option.at, "--" + option.name + (value.empty() ? "" : " " + value));
  }
  (void)at;
}

bool is_wrapper(std::string_view program) {
  return find_wrapper(program) != nullptr;
}

}  // namespace rustchain

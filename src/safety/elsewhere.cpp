// Commands for other machines and for containers.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rustchain {

// ansible, salt, pssh: a shell text for other machines.
Stream run_fleet(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(
      argv, 1, {"miaufkteMwhHl", "module-name inventory args user forks hosts", false, false});
  if (name == "ansible") {
    std::string module = own.value("m", "module-name");
    module = module.substr(module.rfind('.') + 1);
    const GivenOption* text = own.find("a", "args");
    const bool shell = module.empty() || has_word("shell command raw script", module);
    if (shell && text != nullptr && text->value)
      (void)walk.run_remote(*text->value, text->at);
    else if (!shell && !own.has("C", "check list-hosts syntax-check") &&
             !has_word("ping win_ping setup gather_facts stat find getent slurp fetch debug assert", module))
      walk.find("infra.apply", argv[0].at, "ansible -m " + module);
  } else if (name == "fab") {
    // Its tasks are the project's own; what follows -- is a command.
    const auto end =
        std::find_if(argv.begin(), argv.end(), [](const Argument& one) { return one.text == "--"; });
    if (end != argv.end()) (void)walk.run_remote(joined({end + 1, argv.end()}), argv[0].at);
  } else if (name != "ansible" && !own.operands.empty()) {
    (void)walk.run_remote(own.operands.back().text, own.operands.back().at);
  }
  return {std::string(1, k_unknown)};
}

Stream run_ssh(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"bcDEeFIiJLlmOopQRSWw", "", false, true});
  for (const GivenOption& option : own.options)
    if (option.name == "o" && option.value)
      for (std::string_view key : {"proxycommand=", "localcommand=", "knownhostscommand="})
        if (std::string lower = to_lower(*option.value); lower.starts_with(key))
          (void)walk.run_text(std::string_view(*option.value).substr(key.size()), option.at, {});
  if (own.has("R")) walk.find("net.tunnel", argv[0].at, "ssh -R");
  // What follows the host goes to the other machine's shell as one text.
  std::size_t begin = std::min(own.first_operand + 1, argv.size());
  if (begin < argv.size() && argv[begin].text == "--") ++begin;
  const std::string text = joined(std::span(argv).subspan(begin));
  if (text.empty()) {
    if (input.attached && !input.text.empty() && !has_mark(input.text))
      return walk.run_remote(input.text, argv[0].at);
    return {std::string(1, k_unknown)};
  }
  (void)walk.run_remote(text, own.operands.empty() ? argv[0].at : argv[own.first_operand].at,
                        {input.text, true, input.secret});
  return {std::string(1, k_unknown)};
}

namespace {

struct Mount {
  std::string source, target;
};

// -v SOURCE:TARGET, --mount source=SOURCE,target=TARGET; empty: the option is another one.
Mount mount_of(const GivenOption& option) {
  const std::string value = option.value.value_or("");
  Mount mount;
  if (option.name == "v" || option.name == "volume") {
    const std::size_t colon = value.find(':');
    mount.source = value.substr(0, colon);
    if (colon != std::string::npos)
      mount.target = value.substr(colon + 1, value.find(':', colon + 1) - colon - 1);
  }
  if (option.name == "mount")
    for (std::string_view part : split(value, ',')) {
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view key = part.substr(0, equals);
      if (has_word("source src", key)) mount.source = part.substr(equals + 1);
      if (has_word("target dst destination", key)) mount.target = part.substr(equals + 1);
    }
  return mount;
}

bool is_path(std::string_view source) {
  return !source.empty() && (source[0] == '/' || source[0] == '~' || source[0] == '.');
}

std::vector<std::pair<std::string, std::string>> mounts_of(Walk& walk, const Parsed& own) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const GivenOption& option : own.options) {
    Mount mount = mount_of(option);
    if (!mount.target.starts_with('/')) continue;
    while (mount.target.ends_with('/')) mount.target.pop_back();
    all.emplace_back(mount.target, is_path(mount.source) || has_mark(mount.source)
                                       ? walk.place(mount.source).path
                                       : std::string());
  }
  return all;
}

void judge_container_options(Walk& walk, const Parsed& own) {
  for (const GivenOption& option : own.options) {
    const std::string value = option.value.value_or("");
    bool escape =
        (option.name == "privileged" && value != "false") ||
        (option.name == "cap-add" && has_word("ALL SYS_ADMIN SYS_PTRACE SYS_MODULE CAP_SYS_ADMIN", value)) ||
        (has_word("pid ipc userns uts", option.name) && value == "host") ||
        (option.name == "security-opt" && value.find("unconfined") != std::string::npos) ||
        (option.name == "device" && value.starts_with("/dev/"));
    if (const std::string source = mount_of(option).source; is_path(source) && source[0] != '.') {
      Place place = walk.place(source);
      escape = escape || place.kind == PlaceKind::root || place.kind == PlaceKind::home ||
               source.find("docker.sock") != std::string::npos ||
               source.find("containerd.sock") != std::string::npos ||
               (place.kind == PlaceKind::system &&
                (source.starts_with("/etc") || source.starts_with("/proc") || source.starts_with("/sys") ||
                 source.starts_with("/root") || source.starts_with("/boot") || source.starts_with("/usr")));
    }
    if (escape)
      walk.find("container.escape", option.at, "--" + option.name + (value.empty() ? "" : " " + value));
  }
}

}  // namespace

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
  if (has_word("kill stop restart rm", verb) && argv.back().text.find(k_fed) != std::string::npos)
    walk.find("container.prune", argv[at].at, name + " " + verb);
  Stream unknown{std::string(1, k_unknown)};
  if (verb == "cp")
    for (std::size_t i = at + 1; i < argv.size(); ++i) {
      const std::string& word = argv[i].text;
      if (word.find(':') != std::string::npos || word.empty() || word[0] == '-') continue;
      if (i + 1 < argv.size())
        walk.read(argv[i]);
      else
        walk.write({word.ends_with('/') ? word + "x" : word, argv[i].at});
    }
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
    Elsewhere container{verb == "run", own.value("w", "workdir")};
    if (!(name.starts_with("k"))) {
      judge_container_options(walk, own);
      container.mounts = mounts_of(walk, own);
    }
    if (own.first_operand + 1 < argv.size() && verb != "create") {
      Arguments command = from(argv, own.first_operand + 1);
      // With another entry point the image's name is followed by that program's arguments.
      if (const std::string entry = own.value("", "entrypoint"); !entry.empty())
        command.insert(command.begin(), {entry, argv[at].at});
      if (!command[0].text.empty() && command[0].text[0] != '-')
        (void)walk.run_elsewhere(std::move(command), input, container);
    }
    return unknown;
  }
  if (verb == "exec" || verb == "debug" || verb == "run") {
    for (std::size_t i = at + 1; i + 1 < argv.size(); ++i)
      if (argv[i].text == "--") {
        (void)walk.run_elsewhere(from(argv, i + 1), input, {});
        break;
      }
  }
  return unknown;
}

}  // namespace rustchain

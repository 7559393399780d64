// What git is asked to do: what it throws away, what it forces on others, what it is told to run.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

// Settings whose value git runs.
bool runs_programs(std::string_view key_text) {
  const std::string key = to_lower(key_text);
  if (has_word(
          "core.sshcommand core.hookspath core.fsmonitor core.editor core.pager core.askpass core.gitproxy "
          "sequence.editor diff.external credential.helper gpg.program protocol.ext.allow "
          "uploadpack.packobjectshook "
          "interactive.difffilter core.alternaterefscommand",
          key))
    return true;
  if (key.starts_with("pager.")) return true;
  for (std::string_view end : {".textconv", ".clean", ".smudge", ".process", ".command", ".helper", ".driver",
                               ".cmd", ".vcs", ".receivepack", ".uploadpack"})
    if (key.ends_with(end) &&
        (key.starts_with("diff.") || key.starts_with("filter.") || key.starts_with("credential.") ||
         key.starts_with("merge") || key.starts_with("difftool.") || key.starts_with("mergetool.") ||
         key.starts_with("remote.")))
      return true;
  return false;
}

struct Git {
  Walk& walk;
  const Arguments& argv;
  const Stream& input;
  std::string alias_of;  // the sub-command that an alias of this command line stands for
  ShellSpan at;
  bool unforced = false;  // clean.requireForce=false

  void find(std::string_view rule, std::string_view subject) { walk.find(rule, at, subject); }

  Parsed parse(std::size_t from, std::string_view values, std::string_view long_values) const {
    return parse_arguments(argv, from, {values, long_values, false, false});
  }

  // An option set to "false" is none.
  static bool on(const GivenOption* option) {
    return option != nullptr && option->value.value_or("true") != "false";
  }

  void reset(std::size_t from) {
    Parsed own = parse(from, "U", "pathspec-from-file unified");
    if (own.has("", "hard merge")) return find("git.discard", "git reset --hard");
    bool ended = false;
    for (std::size_t i = from; i < argv.size(); ++i) {
      ended = ended || argv[i].text == "--";
      if (!ended && argv[i].text[0] == k_fed) find("code.dynamic", "git reset");
    }
  }

  void checkout(std::size_t from) {
    Parsed own = parse(from, "bBU", "conflict orphan unified inter-hunk-context pathspec-from-file");
    if (on(own.find("f", "force"))) return find("git.discard", "git checkout --force");
    if (own.has("", "pathspec-from-file")) return find("git.discard", "git checkout");
    if (own.has("", "ours theirs") && !own.operands.empty())
      return find("git.discard", "git checkout " + own.operands.back().text);
    bool ended = false;
    for (std::size_t i = from; i < argv.size(); ++i) {
      if (ended) return find("git.discard", "git checkout -- " + argv[i].text);
      ended = argv[i].text == "--";
    }
    if (own.has("bB", "orphan detach")) return;
    // A tree and then paths. What may be an option's own word doesn't count.
    std::size_t operands = 0;
    for (std::size_t i = from; i < argv.size(); ++i) {
      const std::string& word = argv[i].text;
      if (word.size() > 1 && word[0] == '-') continue;
      const std::string& before = argv[i - 1].text;
      if ((before == "--recurse-submodules" && has_word("checkout on-demand yes no", word)) ||
          (before == "--track" && has_word("direct inherit", word)))
        continue;
      ++operands;
    }
    if (own.operands.size() < operands) operands = own.operands.size();
    if (own.has("t", "track") && operands < 2) return;
    if (operands >= 2) return find("git.discard", "git checkout " + own.operands.back().text);
    if (operands == 1) {
      const std::string& only = own.operands.back().text;
      if (only == "." || only.starts_with("./") || only.starts_with("../") || only.starts_with(":/") ||
          has_mark(only, "\x02\x03"))
        find("git.discard", "git checkout " + only);
    }
  }

  void restore(std::size_t from) {
    for (std::size_t i = from; i < argv.size() && argv[i].text != "--"; ++i) {
      if (argv[i].text == "--source" || argv[i].text == "-s") {
        ++i;
        continue;
      }
      if (has_word("-h --help --version", argv[i].text)) return;
    }
    Parsed own = parse(from, "sU", "source unified conflict inter-hunk-context pathspec-from-file");
    const bool staged = on(own.find("S", "staged"));
    const bool tree = on(own.find("W", "worktree"));
    if ((!own.operands.empty() || own.has("", "pathspec-from-file")) && (tree || !staged))
      find("git.discard", "git restore");
  }

  void push(std::size_t from) {
    Parsed own = parse(from, "o", "repo push-option receive-pack exec");
    if (own.has("n", "dry-run")) return;
    for (const GivenOption& option : own.options)
      if ((option.name == "receive-pack" || option.name == "exec") && option.value)
        find("git.execute", *option.value);
    for (const GivenOption& option : own.options) {
      if (option.name.starts_with("force-")) continue;  // --force-with-lease, --force-if-includes
      if (option.name == "f" ||
          (option.name.size() > 3 && std::string_view("force").starts_with(option.name)) ||
          option.name == "mirror")
        find("git.force_push", "git push --" + option.name);
      if (option.name == "d" || std::string_view("delete").starts_with(option.name) || option.name == "prune")
        find("git.delete_ref", "git push --delete");
    }
    const std::size_t first = own.has("", "repo") ? 0 : 1;
    for (std::size_t i = first; i < own.operands.size(); ++i) {
      const std::string& ref = own.operands[i].text;
      if (ref.starts_with('+') || ref.find(":+") != std::string::npos) find("git.force_push", ref);
      if (ref.starts_with(':') && ref.size() > 1) find("git.delete_ref", ref);
    }
  }

  void config(std::size_t from) {
    Parsed own = parse(from, "f", "file blob type default");
    if (own.has("l", "list get get-all get-regexp unset unset-all remove-section get-urlmatch edit")) return;
    Arguments operands = own.operands;
    if (!operands.empty() && has_word("set get list unset", operands[0].text)) {
      if (operands[0].text != "set") return;
      operands.erase(operands.begin());
    }
    if (operands.size() < 2) return;
    setting(operands[0].text, operands[1].text, true);
  }

  void setting(std::string_view key, const std::string& value, bool kept) {
    if (to_lower(key).starts_with("alias.")) {
      if (value.starts_with('!')) {
        find("git.execute", std::string(key) + "=" + value);
        (void)walk.run_text(std::string_view(value).substr(1), at, {"", true, false});
      }
      return;
    }
    if (!runs_programs(key)) return;
    if (to_lower(key).ends_with("helper") &&
        (has_word("store cache osxkeychain manager manager-core wincred libsecret", value) ||
         value.starts_with("cache") || value.empty()))
      return;
    // What people have there by choice: only what it does counts.
    const bool pager = to_lower(key).starts_with("pager.");
    if (pager && has_word("true false", value)) return;
    if ((pager || has_word("core.editor core.pager sequence.editor", to_lower(key))) &&
        (kept || has_word("cat less more true : vim vi nano delta bat", value))) {
      (void)walk.run_text(std::string_view(value).substr(value.starts_with('!') ? 1 : 0), at, {});
      return;
    }
    if (to_lower(key) == "core.hookspath" && kept &&
        (value == ".husky" || value == ".githooks" || value == "/dev/null"))
      return;
    if (to_lower(key) == "core.fsmonitor" && (value == "true" || value == "false")) return;
    find("git.execute", std::string(key) + "=" + value);
  }

  // HEAD:.env
  void show(const Argument& object) {
    const std::size_t colon = object.text.find(':');
    if (colon != std::string::npos) walk.read({object.text.substr(colon + 1), object.at});
  }

  // Commands that print, and where they write it.
  void print(std::string_view verb, std::size_t from) {
    Parsed own =
        parse(from, verb == "archive" || verb == "format-patch" ? "o" : "", "output output-directory");
    if (const GivenOption* file = own.find("o", "output output-directory"); file != nullptr && file->value)
      walk.write({*file->value, file->at});
    if (verb == "show")
      for (const Argument& operand : own.operands) show(operand);
    if (verb == "diff" && own.has("", "no-index"))
      for (const Argument& operand : own.operands) walk.read(operand);
  }

  void patch(std::string_view text) {
    for (std::string_view line : split(text, '\n'))
      if (line.starts_with("+++ ")) {
        line = trim(line.substr(4));
        if (line.starts_with("b/")) line.remove_prefix(2);
        if (line != "/dev/null") walk.write({std::string(line), at});
      }
  }

  void run(std::size_t verb_at) {
    std::string verb = argv[verb_at].text;
    const std::size_t from = verb_at + 1;
    at = argv[verb_at].at;
    if (verb[0] == k_fed) return find("code.dynamic", "git");
    if (!alias_of.empty()) verb = alias_of;
    if (verb != "restore" && verb != "clean")
      for (std::size_t i = from; i < argv.size() && argv[i].text != "--"; ++i)
        if (argv[i].text == "--help" || (argv[i].text == "-h" && i == from)) return;
    auto second = [&]() -> std::string { return from < argv.size() ? argv[from].text : ""; };
    auto any = [&](std::string_view letters, std::string_view words) {
      return parse(from, "", "").has(letters, words);
    };

    if (verb == "reset") return reset(from);
    if (verb == "checkout") return checkout(from);
    if (verb == "restore") return restore(from);
    if (verb == "push") return push(from);
    if (verb == "config") return config(from);
    if (verb == "clean") {
      Parsed own = parse(from, "e", "exclude");
      if ((unforced || on(own.find("f", "force"))) && !own.has("n", "dry-run") && !own.has("h", "help"))
        find("git.discard", "git clean");
    } else if (verb == "switch") {
      if (on(parse(from, "cCU", "create force-create orphan conflict").find("f", "force discard-changes")))
        find("git.discard", "git switch --discard-changes");
    } else if (verb == "stash") {
      if (second() == "drop" || second() == "clear") find("git.discard", "git stash " + second());
    } else if (verb == "branch") {
      Parsed own = parse(from, "u", "set-upstream-to");
      if (own.has("D") || (own.has("d", "delete") && own.has("f", "force")))
        find("git.delete_ref", "git branch -D");
      else if (own.has("f", "force") && own.operands.size() > 1)
        find("git.discard", "git branch --force");
    } else if (verb == "tag") {
      Parsed own = parse(from, "mFu", "message file local-user");
      if (own.has("d", "delete")) find("git.delete_ref", "git tag --delete");
    } else if (verb == "reflog") {
      if (second() == "delete" || second() == "expire") find("git.rewrite", "git reflog " + second());
    } else if (verb == "gc") {
      Parsed own = parse(from, "", "");
      if (own.has("", "aggressive") && own.has("", "prune")) find("git.rewrite", "git gc --prune");
      if (const GivenOption* prune = own.find("", "prune");
          prune != nullptr && has_word("now all", prune->value.value_or("")))
        find("git.rewrite", "git gc --prune=now");
    } else if (verb == "worktree") {
      if (second() == "remove" && any("f", "force")) find("git.discard", "git worktree remove --force");
    } else if (verb == "filter-branch" || verb == "filter-repo" || verb == "replace") {
      find("git.rewrite", "git " + verb);
    } else if (verb == "prune") {
      if (!any("n", "dry-run")) find("git.rewrite", "git prune");
    } else if (verb == "symbolic-ref") {
      if (any("d", "delete")) find("git.delete_ref", "git symbolic-ref --delete");
    } else if (verb == "rm") {
      // Without -f git refuses to remove what isn't committed.
      Parsed own = parse(from, "", "pathspec-from-file");
      if (on(own.find("f", "force")) && !own.has("n", "dry-run cached"))
        find("git.discard", "git rm --force");
    } else if (verb == "read-tree") {
      if (any("u", "reset") && !any("n", "dry-run")) find("git.discard", "git read-tree");
    } else if (verb == "checkout-index") {
      if (any("f", "force")) find("git.discard", "git checkout-index --force");
    } else if (verb == "difftool" || verb == "mergetool") {
      Parsed own = parse(from, "xt", "extcmd tool");
      if (const GivenOption* program = own.find("x", "extcmd"); program != nullptr && program->value)
        (void)walk.run_text(*program->value, program->at, {"", true, false});
    } else if (has_word("log diff show format-patch diff-tree diff-index archive bundle", verb)) {
      print(verb, from);
    } else if (verb == "commit" || verb == "notes") {
      for (const GivenOption& option : parse(from, "mFCctu", "message file template reuse-message").options)
        if ((option.name == "F" || option.name == "file" || option.name == "t" ||
             option.name == "template") &&
            option.value)
          walk.read({*option.value, option.at});
    } else if (verb == "grep") {
      Parsed own = parse(from, "ABCmefO", "");
      if (const GivenOption* pager = own.find("O", "open-files-in-pager"); pager != nullptr && pager->value)
        (void)walk.run_text(*pager->value, pager->at, {"", true, false});
    } else if (verb == "cat-file") {
      for (std::size_t i = from; i < argv.size(); ++i) show(argv[i]);
    } else if (verb == "update-ref") {
      if (any("d", "stdin")) find("git.rewrite", "git update-ref -d");
    } else if (verb == "submodule") {
      if (second() == "deinit" && any("f", "force")) find("git.discard", "git submodule deinit --force");
      if (second() == "foreach") {
        std::string text;
        for (std::size_t i = from + 1; i < argv.size(); ++i)
          if (argv[i].text != "--recursive" && argv[i].text != "--quiet")
            text.append(text.empty() ? "" : " ").append(argv[i].text);
        (void)walk.run_text(text, at, {"", true, false});
      }
    } else if (verb == "rebase") {
      Parsed own = parse(from, "xsX", "exec strategy onto");
      if (const GivenOption* exec = own.find("x", "exec"); exec != nullptr && exec->value)
        (void)walk.run_text(*exec->value, exec->at, {"", true, false});
    } else if (verb == "bisect") {
      if (second() == "run" && from + 1 < argv.size())
        (void)walk.run({argv.begin() + static_cast<std::ptrdiff_t>(from) + 1, argv.end()}, {"", true, false});
    } else if (verb == "apply" || verb == "am") {
      if (any("", "unsafe-paths")) find("fs.write.outside", "git apply --unsafe-paths");
      if (input.attached) patch(input.text);
    } else if (verb == "clone" || verb == "fetch" || verb == "pull" || verb == "ls-remote" ||
               verb == "archive" || verb == "remote") {
      for (std::size_t i = from; i < argv.size(); ++i) {
        const std::string& word = argv[i].text;
        if (word.starts_with("--upload-pack") || word.starts_with("--exec=") || word.starts_with("ext::"))
          find("git.execute", word);
        if (verb == "clone" && (word == "-c" || word == "--config") && i + 1 < argv.size()) {
          std::size_t equals = argv[i + 1].text.find('=');
          if (equals != std::string::npos)
            setting(argv[i + 1].text.substr(0, equals), argv[i + 1].text.substr(equals + 1), false);
        }
      }
    } else if (verb == "credential" || verb == "credential-store") {
      if (second() == "fill" || second() == "get") find("secret.read", "git credential fill");
    }
  }
};

}  // namespace

Stream run_git(Walk& walk, const Arguments& argv, const Stream& input) {
  Stream unknown{std::string(1, k_unknown)};
  Parsed global = parse_arguments(
      argv, 1, {"Cc", "git-dir work-tree namespace super-prefix config-env attr-source", false, true});
  Git git{walk, argv, input, {}, argv[0].at, false};
  std::vector<std::pair<std::string, std::string>> settings;
  for (const GivenOption& option : global.options) {
    if (option.name == "h" || option.name == "help" || option.name == "version" || option.name == "v")
      return unknown;
    if (option.name != "c" || !option.value) {
      if (option.name == "config-env" && option.value &&
          runs_programs(option.value->substr(0, option.value->find('='))))
        git.find("git.execute", *option.value);
      continue;
    }
    std::size_t equals = option.value->find('=');
    settings.emplace_back(option.value->substr(0, equals),
                          equals == std::string::npos ? "" : option.value->substr(equals + 1));
  }
  // Settings from the environment of this command.
  for (int i = 0; i < 16; ++i) {
    auto key = walk.variable("GIT_CONFIG_KEY_" + std::to_string(i));
    auto value = walk.variable("GIT_CONFIG_VALUE_" + std::to_string(i));
    if (!key) break;
    settings.emplace_back(*key, value.value_or(""));
  }
  if (auto all = walk.variable("GIT_CONFIG_PARAMETERS"))
    for (const std::string& one : split_shell_words(*all)) {
      std::size_t equals = one.find('=');
      if (equals != std::string::npos) settings.emplace_back(one.substr(0, equals), one.substr(equals + 1));
    }
  const std::size_t at = global.first_operand;
  for (const auto& [key, value] : settings) {
    git.setting(key, value, false);
    git.unforced = git.unforced || (to_lower(key) == "clean.requireforce" && value == "false");
    if (at < argv.size() && to_lower(key) == "alias." + to_lower(argv[at].text) && !value.starts_with('!'))
      git.alias_of = value.substr(0, value.find(' '));
    else
      continue;
    if (value.find(' ') == std::string::npos) continue;
    Arguments meant = {argv[0]};
    for (const std::string& word : split_shell_words(value)) meant.push_back({word, argv[at].at});
    meant.insert(meant.end(), argv.begin() + static_cast<std::ptrdiff_t>(at) + 1, argv.end());
    return walk.run(std::move(meant), input);
  }
  if (at < argv.size() && !argv[at].text.empty()) git.run(at);
  return {std::string(1, input.attached && has_mark(input.text, k_downloaded) ? k_downloaded : k_unknown)};
}

}  // namespace rustchain

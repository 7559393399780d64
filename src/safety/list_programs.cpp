// xargs, parallel and find: commands put together from a list that something else gives.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "safety/word_index.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// What isn't known of a list is one item, whatever stands beside it.
std::vector<std::string> fed_items(const Stream& input, bool lines) {
  const std::string fed(1, k_fed);
  if (!input.attached) return {fed};
  std::vector<std::string> items;
  bool unknown = false;
  std::string item;
  for (char c : input.text + "\n") {
    if (c == '\n' || c == '\0' || (!lines && (c == ' ' || c == '\t'))) {
      unknown = unknown || has_mark(item);
      if (!item.empty() && !has_mark(item) && items.size() < 100) items.push_back(item);
      item.clear();
    } else if (!lines && (c == '\'' || c == '"')) {
      continue;
    } else {
      item += c;
    }
  }
  if (unknown) items.insert(items.begin(), fed);
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

// Tests of find that take a value, and -printf.
constexpr std::string_view k_find_tests[] = {
    "-name -iname -path -ipath -wholename -regex -iregex -newer -type -size -mtime -mmin -atime "
    "-ctime -user "
    "-group -perm -maxdepth -mindepth -printf -fstype -inum -links -samefile -lname -newermt "
    "-amin -cmin "
    "-context -used -uid -gid"};

}  // namespace

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
      (void)walk.run_text(joined(made), span, nothing);
    } else {
      (void)walk.run(made, nothing);
    }
  }
  return {std::string(1, k_unknown)};
}

// fd PATTERN PATHS -x COMMAND, -X COMMAND.
Stream run_fd(Walk& walk, const Arguments& argv, const Stream&) {
  Arguments command;
  for (std::size_t i = 1; i < argv.size() && command.empty(); ++i)
    if (has_word("-x -X --exec --exec-batch", argv[i].text)) command = from(argv, i + 1);
  bool placed = false;
  for (Argument& word : command)
    for (std::string_view hole : {"{}", "{/}", "{//}", "{.}", "{/.}"})
      if (word.text.find(hole) != std::string::npos) {
        word.text = replace_all(word.text, hole, std::string(1, k_fed));
        placed = true;
      }
  if (!command.empty()) {
    if (!placed) command.push_back({std::string(1, k_fed), command[0].at});
    (void)walk.run(command, {"", true, false});
  }
  return {std::string(1, k_fed)};
}

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
  // *.env is .env, too.
  if (name.starts_with('*') && is_secret_name(std::string_view(name).substr(1))) name.erase(0, 1);
  std::string found = std::string(1, k_fed);
  const Place first = walk.place(roots[0].text);
  const bool system = first.kind == PlaceKind::system;
  const bool secret_root = is_secret(first);
  // Which of the files of a machine or of a person are meant doesn't show in their names: it may be all.
  auto whole = roots.end();
  if (name.empty())
    whole = std::find_if(roots.begin(), roots.end(), [&](const Argument& root) {
      const PlaceKind kind = walk.place(root.text).kind;
      return kind == PlaceKind::root || kind == PlaceKind::home || kind == PlaceKind::system;
    });
  if (whole != roots.end()) found = whole->text + "/" + k_many;
  if (!name.empty()) found = roots[0].text + "/" + name;
  if (secret_root && name.empty()) found = roots[0].text;
  const bool secret_found = !name.empty() && is_secret(walk.place(found));
  for (std::size_t i = at; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (is_in<k_find_tests>(word)) {
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
      if (!command.empty() && has_word("rm unlink rmdir shred", program_name(command[0].text)))
        walk.find("fs.delete.find", command[0].at, "find -exec rm");
      Arguments run = command;
      for (Argument& one : run)
        if (!name.empty() && !system && !secret_found && one.text == found) one.text = std::string(1, k_fed);
      (void)walk.run(run, {"", true, false});
    }
  }
  Stream output{std::string(1, k_fed)};
  // xargs is fed what was found here: a secret, beside whatever else there is.
  if (whole != roots.end())
    output.text = found + "\n";
  else if (secret_found || (secret_root && name.empty()))
    output.text += "\n" + (secret_found ? found : roots[0].text + "/x") + "\n";
  return output;
}

}  // namespace rustchain

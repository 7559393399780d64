// Programs that delete, write, move and read files.
#include "safety/hosts.hpp"
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>

namespace rustchain {

namespace {

OptionTable table_of(std::string_view name) {
  if (name == "install") return {"mogtS", "mode owner group target-directory suffix", false, false};
  if (name == "shred") return {"ns", "iterations size random-source", false, false};
  if (name == "truncate") return {"sr", "size reference", false, false};
  if (name == "cp" || name == "mv" || name == "ln" || name == "gcp" || name == "gmv")
    return {"tS", "target-directory suffix", false, false};
  if (name == "touch") return {"dtr", "date reference time", false, false};
  if (name == "mkdir") return {"mZ", "mode", false, false};
  return {};
}

// Into a person's own directories much is unpacked that is theirs.
void unpack(Walk& walk, const std::string& to, ShellSpan at) {
  if (to.empty()) return;
  const PlaceKind kind = walk.place(to).kind;
  if (kind == PlaceKind::root || kind == PlaceKind::system) walk.write({to + "/x", at});
}

}  // namespace

Stream run_remover(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, table_of(name));
  if (own.has("", "help version")) return {};
  const bool windows = name == "del" || name == "erase" || name == "rd" || name == "remove-item" ||
                       name == "ri" || name == "clear-content";
  bool recursive = own.has("rR", "recursive") || name == "rimraf" || name == "trash" || name == "srm";
  if (windows)
    for (const GivenOption& option : own.options)
      recursive =
          recursive || to_lower(option.name).starts_with("rec") || option.name == "r" || option.name == "R";
  // What a pipe of PowerShell hands over.
  if (windows && own.operands.empty() && input.attached) walk.find("fs.delete.fed", argv[0].at, name);
  for (const Argument& operand : own.operands) {
    const std::string lower = to_lower(operand.text);
    if (windows && (lower == "/s" || lower == "/q" || lower == "/f" || lower == "/a")) {
      recursive = recursive || lower == "/s";
    }
  }
  for (const Argument& operand : own.operands) {
    if (windows && operand.text.size() == 2 && operand.text[0] == '/') continue;
    if (windows && has_word("c true false silentlycontinue", to_lower(operand.text))) continue;
    const std::string hive = to_lower(std::string_view(operand.text).substr(0, 10));
    if (windows && (hive.starts_with("hklm:") || hive.starts_with("hkcr:") || hive.starts_with("hkcu:") ||
                    hive.starts_with("registry::")))
      walk.find("host.kernel", operand.at, operand.text);
    if (name == "shred" || name == "wipe" || name == "srm") {
      if (walk.place(operand.text).kind == PlaceKind::device)
        walk.find("disk.device", operand.at, operand.text);
      else
        walk.find("fs.delete.shred", operand.at, operand.text);
    }
    if (name == "rmdir" && !recursive) {
      // Only empty directories go: what matters is whose they are.
      Place place = walk.place(operand.text);
      if (place.kind == PlaceKind::inside && !is_git_metadata(place)) continue;
      if (place.kind == PlaceKind::unknown) continue;
    }
    walk.remove(operand, recursive);
  }
  return {};
}

// cp, mv, ln, install, scp within this machine.
Stream run_copier(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, table_of(name));
  if (own.has("", "help version")) return {};
  Arguments sources = own.operands;
  if (const GivenOption* target = own.find("t", "target-directory"); target != nullptr && target->value) {
    walk.write({*target->value + "/x", target->at});
  } else if (sources.size() > 1) {
    Argument last = sources.back();
    sources.pop_back();
    std::string inner = last.text;
    // Into a directory: what is written is below it.
    Place place = walk.place(last.text);
    if (last.text.ends_with('/') || place.kind == PlaceKind::home || place.path == "/tmp" ||
        place.path == "/var/tmp")
      inner += (inner.ends_with('/') ? "" : "/") +
               std::string(sources[0].text.substr(sources[0].text.rfind('/') + 1));
    // An example that becomes the file: nothing secret is in it yet.
    const std::string base = inner.substr(inner.rfind('/') + 1);
    if (sources.empty() || !program_name(sources[0].text).starts_with(to_lower(base) + "."))
      walk.write({inner, last.at});
    if (name == "ln") walk.link(sources[0].text, inner);
  } else if (name == "ln" && sources.size() == 1) {
    return {};
  }
  const bool lost = name == "mv" && own.operands.size() > 1 && own.operands.back().text == "/dev/null";
  if (lost) walk.find("fs.delete.shred", own.operands.back().at, "mv ... /dev/null");
  for (const Argument& source : sources) {
    if (name == "ln") continue;
    if (lost) walk.remove(source, true);
    walk.read(source);
    if (name == "mv" || name == "move-item") {
      PlaceKind kind = walk.place(source.text).kind;
      if (kind != PlaceKind::inside && kind != PlaceKind::temporary && kind != PlaceKind::unknown)
        walk.remove(source, true);
      const Place place = walk.place(source.text);
      if (is_git_metadata(place) || restrains_an_agent(place)) walk.remove(source, true);
    }
  }
  return {};
}

Stream run_dd(Walk& walk, const Arguments& argv, const Stream& input) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word.starts_with("if=")) {
      Argument path{word.substr(3), argv[i].at};
      if (walk.place(path.text).kind != PlaceKind::device) walk.read(path);
    }
    if (word.starts_with("of=")) walk.write({word.substr(3), argv[i].at});
  }
  return {std::string(1, k_unknown), false, input.secret};
}

// touch, mkdir, truncate, fallocate: programs that make what they name.
Stream run_maker(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, table_of(name));
  if (own.has("", "help version")) return {};
  for (const Argument& operand : own.operands) {
    Place place = walk.place(operand.text);
    if (name == "mkdir" && (place.kind == PlaceKind::outside || place.kind == PlaceKind::home)) continue;
    if (name == "touch" && is_secret(place)) continue;
    walk.write(operand);
    if (name == "truncate" && place.kind == PlaceKind::inside && own.has("s", "size") &&
        own.value("s", "size") == "0")
      walk.remove(operand, false);
  }
  return {};
}

// chmod, chown, chgrp, setfacl, chattr.
Stream run_mode(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, {name == "setfacl" ? "mxMX" : "", "reference from", false, false});
  if (own.has("", "help version")) return {};
  const bool recursive = own.has("R", "recursive");
  Arguments operands = own.operands;
  std::string mode;
  // chmod -x file: the mode looks like an option.
  for (const GivenOption& option : own.options)
    if (option.name.size() == 1 && std::string_view(name == "chmod"    ? "xwst"
                                                    : name == "chattr" ? "ia"
                                                                       : "")
                                           .find(option.name[0]) != std::string_view::npos)
      mode = "-" + option.name;
  const bool named = name == "setfacl" || own.has("", "reference");
  if (mode.empty() && !operands.empty() && !named) {
    mode = operands[0].text;
    operands.erase(operands.begin());
  }
  auto octal = [&](char bit) {
    return !mode.empty() && mode.find_first_not_of("01234567") == std::string::npos &&
           ((mode.back() - '0') & bit) != 0;
  };
  const std::string entries = "," + own.value("m", "modify");
  const std::size_t others = std::min(entries.find(",o::"), entries.find(",other::"));
  const bool world =
      (name == "setfacl" &&
       entries.substr(std::min(others, entries.size())).find('w') != std::string::npos) ||
      (name == "chmod" &&
       (octal(2) || mode.find("o+w") != std::string::npos || mode.find("a+w") != std::string::npos ||
        mode.find("o+rw") != std::string::npos || mode.find("a+rw") != std::string::npos ||
        mode.find("o=rw") != std::string::npos || mode.find("a=rw") != std::string::npos ||
        mode.find("ugo+w") != std::string::npos || mode.find("ugo+rw") != std::string::npos));
  const bool special =
      name == "chmod" &&
      (mode.find("+s") != std::string::npos || mode.find("u+s") != std::string::npos ||
       mode.find("g+s") != std::string::npos || mode.find("=s") != std::string::npos ||
       mode.find("xs") != std::string::npos ||
       (mode.size() == 4 && mode.find_first_not_of("01234567") == std::string::npos && (mode[0] - '0') >= 2));
  if (name == "chattr" && mode.find('i') != std::string::npos && !operands.empty())
    walk.find("perm.system", operands[0].at, argv[0].text);
  for (const Argument& operand : operands) {
    Place place = walk.place(operand.text);
    if (special && mode[0] != '1') walk.find("perm.setuid", operand.at, mode + " " + operand.text);
    if (world && place.kind != PlaceKind::temporary)
      walk.find("perm.world_writable", operand.at, mode + " " + operand.text);
    if (place.kind == PlaceKind::system || place.kind == PlaceKind::root || place.kind == PlaceKind::home ||
        (place.kind == PlaceKind::outside && recursive))
      if (!walk.remote() || place.kind == PlaceKind::root) walk.find("perm.system", operand.at, operand.text);
    if (restrains_an_agent(place)) walk.find("fs.write.persistence", operand.at, operand.text);
    if (name != "chmod" && is_secret(place) && place.kind == PlaceKind::system)
      walk.find("perm.system", operand.at, operand.text);
  }
  return {};
}

// mkfs, wipefs, fdisk ...: harmless to an image file, the end of a disk.
Stream run_disk_tool(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, {"tLUbNmTCFicE", "label type", false, false});
  if (own.has("l", "list help version no-act") || own.has("n") || own.has("h")) return {};
  if (name == "format" && !own.operands.empty() && own.operands[0].text.size() == 2 &&
      own.operands[0].text[1] == ':')
    walk.find("disk.device", own.operands[0].at, own.operands[0].text);
  if (name == "diskutil" && !own.operands.empty()) {
    std::string verb = to_lower(own.operands[0].text);
    if (has_word("apfs appleraid cs", verb) && own.operands.size() > 1) verb = to_lower(own.operands[1].text);
    if (verb.starts_with("erase") || verb.starts_with("delete") || verb.starts_with("partition") ||
        verb == "secureerase" || verb == "zerodisk" || verb == "randomdisk")
      walk.find("disk.device", argv[0].at, verb);
    return {};
  }
  if (name == "cryptsetup" && !own.operands.empty() &&
      !has_word("luksFormat erase luksErase luksRemoveKey reencrypt luksKillSlot", own.operands[0].text))
    return {};
  if ((name == "parted" || name == "mdadm" || name == "zpool" || name == "zfs" || name == "hdparm") &&
      !own.operands.empty()) {
    bool writes = false;
    for (std::size_t i = 1; i < argv.size(); ++i)
      writes = writes || has_word(
                             "mklabel mkpart rm resizepart mktable --zero-superblock --create destroy "
                             "labelclear --security-erase --trim-sector-ranges",
                             argv[i].text);
    if (!writes) return {};
    if (name == "zpool" || name == "zfs") walk.find("disk.device", argv[0].at, name);
  }
  for (std::size_t i = 1; i < argv.size(); ++i)
    if (walk.place(argv[i].text).kind == PlaceKind::device)
      walk.find("disk.device", argv[i].at, argv[i].text);
  if (has_word("lvremove vgremove pvremove diskpart", name) && (argv.size() > 1 || name == "diskpart"))
    walk.find("disk.device", argv[0].at, name);
  return {};
}

Stream run_archiver(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Stream output{std::string(1, k_unknown), false, input.secret};
  if (name == "tar" || name == "gtar" || name == "bsdtar") {
    Arguments words = argv;
    if (words.size() > 1 && !words[1].text.empty() && words[1].text[0] != '-') words[1].text.insert(0, "-");
    Parsed own = parse_arguments(
        words, 1,
        {"fCTXbgIKVF",
         "file directory files-from exclude exclude-from use-compress-program checkpoint-action to-command "
         "transform owner group mode strip-components checkpoint info-script new-volume-script rsh-command",
         false, false});
    for (const GivenOption& option : own.options) {
      if (!option.value) continue;
      if (option.name == "to-command" || option.name == "use-compress-program" || option.name == "I" ||
          option.name == "info-script" || option.name == "F" || option.name == "rsh-command")
        (void)walk.run_text(*option.value, option.at, {"", true, false});
      if (option.name.starts_with("checkpoint-a") && option.value->starts_with("exec="))
        (void)walk.run_text(option.value->substr(5), option.at, {"", true, false});
    }
    if (own.has("cru", "create append update")) {
      for (const Argument& operand : own.operands) {
        if (walk.read(operand)) output.secret = true;
      }
      if (own.has("", "remove-files"))
        for (const Argument& operand : own.operands) walk.remove(operand, true);
      if (const GivenOption* file = own.find("f", "file"); file != nullptr && file->value)
        walk.write({*file->value, file->at});
    } else if (own.has("x", "extract get")) {
      unpack(walk, own.value("C", "directory"), argv[0].at);
      if (own.has("P", "absolute-names")) walk.find("fs.write.system", argv[0].at, "tar -P");
    }
    return output;
  }
  if (name == "unzip") {
    unpack(walk, parse_arguments(argv, 1, {"dxP", "", false, false}).value("d"), argv[0].at);
    return output;
  }
  // zip, gzip, 7z, gpg: what they name they read.
  Parsed own = parse_arguments(argv, 1,
                               {name == "gpg"   ? "ro"
                                : name == "zip" ? "xitn"
                                                : "S",
                                "output recipient password", false, false});
  std::size_t first = name == "zip" || name == "7z" || name == "rar" ? (name == "zip" ? 1 : 2) : 0;
  for (std::size_t i = first; i < own.operands.size(); ++i) {
    if (walk.read(own.operands[i])) output.secret = true;
  }
  return output;
}

// rsync, scp, sftp, rcp: what is told apart by the colon is on another machine.
Stream run_transfer(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  auto judge_away = [&](const Argument& file) {
    const Place place = walk.place(file.text);
    if (is_secret(place) || tells_of_the_machine(place) || walk.holds_secret(place.path))
      walk.find("net.exfiltrate", file.at, file.text);
  };
  if (name == "sftp" && input.attached)
    for (std::string_view line : split(input.text, '\n'))
      if (const auto said = words(line); said.size() > 1 && has_word("put mput reput", said[0]))
        judge_away({std::string(said[1]), argv[0].at});
  Parsed own = parse_arguments(argv, 1,
                               {name == "rsync" ? "efTBM" : "FiJloPSc",
                                "rsh filter exclude include exclude-from include-from files-from temp-dir "
                                "compare-dest copy-dest link-dest rsync-path "
                                "backup-dir suffix chmod chown log-file max-size min-size timeout port "
                                "bwlimit out-format password-file info debug",
                                false, false});
  if (own.has("", "help version")) return {};
  if (name == "rsync" && (own.has("n", "dry-run") || own.has("", "list-only"))) return {};
  bool mirrors = false;
  for (const GivenOption& option : own.options) {
    if (name == "rsync" && (option.name == "e" || option.name == "rsh") && option.value) {
      std::string program = program_name(std::string_view(*option.value).substr(0, option.value->find(' ')));
      if (program != "ssh" && program != "rsh")
        (void)walk.run_text(*option.value, option.at, {"", true, false});
    }
    const bool deletes = name == "rsync" && option.name.starts_with("del");
    mirrors = mirrors || deletes;
    if (deletes || (name == "rsync" && option.name == "remove-source-files"))
      walk.find("fs.delete.mirror", option.at, "--" + option.name);
    if (name == "scp" && option.name == "o" && option.value &&
        to_lower(*option.value).starts_with("proxycommand="))
      (void)walk.run_text(option.value->substr(13), option.at, {});
  }
  auto remote = [](std::string_view text) {
    std::size_t colon = text.find(':');
    return colon != std::string_view::npos && colon > 1 &&
           text.substr(0, colon).find('/') == std::string_view::npos;
  };
  for (std::size_t i = 0; i < own.operands.size(); ++i) {
    const Argument& operand = own.operands[i];
    const bool last = i + 1 == own.operands.size() && i > 0;
    if (!remote(operand.text)) {
      if (last && mirrors) walk.remove(operand, true);
      if (last)
        walk.write({operand.text.ends_with('/') ? operand.text + "x" : operand.text, operand.at});
      else
        walk.read(operand);
      continue;
    }
    std::string path = operand.text.substr(operand.text.find(':') + 1);
    if (!last) {
      if (path.starts_with('/') || path.starts_with('~')) walk.read({path, operand.at});
      continue;
    }
    Place place = classify(path.empty() ? "~" : path, walk.places().home, walk.places());
    if (place.kind == PlaceKind::system || place.kind == PlaceKind::root)
      walk.find("net.remote_system", operand.at, operand.text);
    for (std::size_t k = 0; k < i; ++k)
      if (!remote(own.operands[k].text)) judge_away(own.operands[k]);
  }
  return {};
}

// ed, ex, vim -c, gdb -ex: their own commands may start programs.
Stream run_editor(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  const bool debugger = name == "gdb" || name == "lldb";
  Parsed own = debugger ? parse_arguments(argv, 1, {"", "ex eval-command iex x o one-line", true, false})
                        : parse_arguments(argv, 1, {"cSuiTW", "cmd", false, false});
  bool saves = false;
  auto told = [&](std::string_view text, ShellSpan at) {
    text = trim(text);
    while (text.starts_with(':')) text.remove_prefix(1);
    saves = saves || (!debugger && has_word("w wq w! wq! x x! xa wa wqa ZZ", text));
    for (std::string_view start : {"!", "shell ", "platform shell "})
      if (text.starts_with(start)) (void)walk.run_text(text.substr(start.size()), at, {"", true, false});
    for (std::string_view start : {"w ", "w! ", "saveas ", "saveas! "})
      if (!debugger && text.starts_with(start))
        walk.write({std::string(trim(text.substr(start.size()))), at});
  };
  for (const GivenOption& option : own.options)
    if (option.value && has_word("c cmd ex eval-command iex o one-line", option.name))
      told(*option.value, option.at);
  if (input.attached)
    for (std::string_view line : split(input.text, '\n')) told(line, argv[0].at);
  for (const Argument& operand : own.operands) {
    if (operand.text.starts_with('+')) told(std::string_view(operand.text).substr(1), operand.at);
    walk.read(operand);
  }
  for (const Argument& operand : own.operands)
    if (saves && !operand.text.starts_with('+')) walk.write(operand);
  return {std::string(1, k_unknown), false, input.secret};
}

}  // namespace rustchain

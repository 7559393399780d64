// The small parts that text renderers share.
#include "report/lines.hpp"

#include "util/format.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <csignal>

namespace rustchain {
namespace {

std::string coloured(std::string_view code, std::string_view text, bool color) {
  if (!color || text.empty()) return std::string(text);
  std::string whole = "\x1b[";
  whole += code;
  whole += 'm';
  whole += text;
  return whole += "\x1b[0m";
}

// The length of the UTF-8 character at the beginning; 0: it is none.
std::size_t character(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (length > 1 && (first < 0xc2 || first > 0xf4)) return 0;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  // Overlong forms, surrogates, and what lies past the last character.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

// The length of a terminal control sequence (ESC ...) at the beginning.
std::size_t control_sequence(std::string_view text) {
  std::size_t i = 1;
  if (i >= text.size()) return i;
  if (text[i] == '[') {
    for (++i; i < text.size(); ++i)
      if (text[i] >= '@' && text[i] <= '~') return i + 1;
    return i;
  }
  if (text[i] == ']') {
    for (++i; i < text.size(); ++i) {
      if (text[i] == '\a') return i + 1;
      if (text[i] == '\x1b') return i;
    }
    return i;
  }
  return i + 1;
}

}  // namespace

std::string bold(std::string_view text, bool color) {
  return coloured("1", text, color);
}
std::string dim(std::string_view text, bool color) {
  return coloured("2", text, color);
}
std::string red(std::string_view text, bool color) {
  return coloured("31", text, color);
}

std::string clean_line(std::string_view text, std::size_t width) {
  std::string line;
  std::size_t characters = 0;
  std::size_t last = 0;  // where the last character that fits begins
  while (!text.empty()) {
    if (text[0] == '\x1b') {
      text.remove_prefix(std::min(text.size(), control_sequence(text)));
      continue;
    }
    if (characters == width) {
      line.resize(last);
      return visible(line += "…");
    }
    last = line.size();
    std::size_t length = character(text);
    bool c1 = length == 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
    if (length == 0)
      line += "\xef\xbf\xbd";
    else if (c1 || static_cast<unsigned char>(text[0]) < ' ' || text[0] == '\x7f')
      line += ' ';
    else
      line += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
    ++characters;
  }
  return visible(line);
}

std::string clean_text(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::size_t line = 0;  // where the last line begins in `kept`
  while (!text.empty()) {
    if (text[0] == '\x1b') {
      text.remove_prefix(std::min(text.size(), control_sequence(text)));
      continue;
    }
    if (text[0] == '\r') {
      std::size_t after = text.find_first_not_of('\r');
      if (after != std::string_view::npos && text[after] != '\n') kept.resize(line);
    } else {
      kept += text[0];
      if (text[0] == '\n') line = kept.size();
    }
    text.remove_prefix(1);
  }
  return visible_lines(kept);
}

std::size_t width_of(std::string_view text) {
  std::size_t characters = 0;
  for (char c : text) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return characters;
}

std::string short_path(const std::string& path, const RunReport& report) {
  std::size_t home = report.run.directory.rfind("/.rustchain/runs/");
  if (home == std::string::npos || path.compare(0, home + 1, report.run.directory, 0, home + 1) != 0)
    return path;
  return path.substr(home + 1);
}

std::string step_place(const StepReport& step, const RunReport& report, const Sources* sources) {
  const Location& at = step.info.at;
  if (at.line == 0) return {};
  std::string name = report.run.file;
  if (!step.info.file.empty())
    name = step.info.file;
  else if (sources && at.file < sources->size())
    name = (*sources)[at.file].name;
  else if (at.file != 0)
    return {};
  return name + ":" + std::to_string(at.line);
}

std::string killed_words(const StepReport& step, bool all) {
  constexpr std::size_t most = 5;
  std::vector<std::string> groups;
  auto add = [&](std::string_view words, int signal) {
    std::vector<std::string> names;
    std::size_t count = 0;
    for (const ProcessKilled& killed : step.killed) {
      if (killed.process.signal != signal || ++count > most) continue;
      names.push_back(clean_line(killed.process.command, 40) + " (pid " + std::to_string(killed.process.pid) +
                      ")");
    }
    if (count == 0) return;
    groups.push_back(std::string(words) + ": " + join(names, ", ") +
                     (count > most ? " and " + format_count(count - most) + " more" : ""));
  };
  add("could not be ended", 0);
  add("had to be killed", SIGKILL);
  if (all) add("ended on SIGTERM", SIGTERM);
  return join(groups, "; ");
}

std::string failure_clause(const StepReport& step) {
  if (!step.result.error.empty()) return step.result.error;
  return replace_all(to_string(step.result.kind), "_", " ");
}

}  // namespace rustchain

// Diagnostics for people and for programs. Pure.
#include "mission/render.hpp"

#include "rustchain/json.hpp"

#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_widest = 100;  // columns of a source line that are shown
constexpr std::size_t k_before = 40;   // of them before the place, in a line that is cut
constexpr std::size_t k_tab = 4;
constexpr std::string_view k_bom = "\xEF\xBB\xBF";

// The lines of the sources. Each source is searched for line ends once, when it is first needed; what is kept
// is one number for 64 lines. The last line asked for is remembered: all of a file may stand on one.
class Lines {
 public:
  explicit Lines(const Sources& sources) : sources_(sources) {}

  bool has_name(const Location& at) const { return at.file < sources_.size(); }
  const std::string& name(const Location& at) const { return sources_[at.file].name; }
  bool has(const Location& at) { return at.line > 0 && has_name(at) && find(at); }

  // Without its end and without a byte order mark. Only for a place that has() one.
  std::string_view line(const Location& at) {
    find(at);
    return line_;
  }

  // Where in line() the place is; may be past its end.
  std::size_t offset(const Location& at) {
    std::size_t column = at.column == 0 ? 0 : at.column - 1;
    return column - std::min(column, mark_bytes(at));
  }

  // In characters, from 1.
  std::uint32_t column(const Location& at) {
    if (!has(at)) return at.column;
    std::size_t offset = this->offset(at);
    std::size_t inside = std::min(offset, line_.size());
    if (inside < counted_) counted_ = characters_ = 0;
    characters_ += count_characters(line_.substr(counted_, inside - counted_));
    counted_ = inside;
    return static_cast<std::uint32_t>(characters_ + (offset - inside) + 1);
  }

 private:
  static constexpr std::size_t npos = std::string_view::npos;
  static constexpr std::size_t k_every = 64;

  std::size_t mark_bytes(const Location& at) const {
    return at.line == 1 && sources_[at.file].text.starts_with(k_bom) ? k_bom.size() : 0;
  }

  // Makes `line_` the line of the place; false if there is none.
  bool find(const Location& at) {
    if (at.file == file_ && at.line == number_) return true;
    std::string_view text = sources_[at.file].text;
    std::size_t from = begin(text, starts_[at.file], at.line - 1);
    if (from == npos) return false;
    line_ = text.substr(from, text.find('\n', from) - from);
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    line_.remove_prefix(mark_bytes(at));
    file_ = at.file;
    number_ = at.line;
    counted_ = characters_ = 0;
    return true;
  }

  static std::size_t begin(std::string_view text, std::vector<std::size_t>& starts, std::size_t wanted) {
    if (starts.empty()) {
      starts.push_back(0);
      std::size_t line = 0;
      for (std::size_t end = text.find('\n'); end != npos; end = text.find('\n', end + 1))
        if (++line % k_every == 0) starts.push_back(end + 1);
    }
    if (wanted / k_every >= starts.size()) return npos;
    std::size_t from = starts[wanted / k_every];
    for (std::size_t i = wanted % k_every; i > 0; --i) {
      from = text.find('\n', from);
      if (from == npos) return npos;
      ++from;
    }
    return from;
  }

  const Sources& sources_;
  std::map<std::uint32_t, std::vector<std::size_t>> starts_;
  std::string_view line_;
  std::uint32_t file_ = 0;
  std::uint32_t number_ = 0;    // of line_; 0: none yet
  std::size_t counted_ = 0;     // bytes of line_
  std::size_t characters_ = 0;  // in them
};

struct Paint {
  bool color;
  std::string operator()(std::string_view code, std::string_view text) const {
    if (!color) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
};
constexpr std::string_view k_bold = "1";
constexpr std::string_view k_red = "1;31";
constexpr std::string_view k_yellow = "1;33";
constexpr std::string_view k_cyan = "1;36";
constexpr std::string_view k_blue = "1;34";

std::string_view color_of(Severity severity) {
  switch (severity) {
    case Severity::error: return k_red;
    case Severity::warning: return k_yellow;
    case Severity::note: break;
  }
  return k_cyan;
}

std::string_view word_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: break;
  }
  return "note";
}

// A piece of a line as a terminal shows it. Tabs are four columns.
std::string show(std::string_view piece) {
  std::string shown;
  for (std::size_t from = 0; from <= piece.size();) {
    std::size_t tab = std::min(piece.find('\t', from), piece.size());
    shown += visible(piece.substr(from, tab - from));
    if (tab < piece.size()) shown.append(k_tab, ' ');
    from = tab + 1;
  }
  return shown;
}

std::size_t shown_width(Character c) {
  return c.code == '\t' ? k_tab : display_width(c.code);
}

std::size_t shown_width(std::string_view piece) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < piece.size();) {
    Character c = character_at(piece, at);
    width += shown_width(c);
    at += c.bytes;
  }
  return width;
}

// The first byte of the character that `at` is in.
std::size_t character_begin(std::string_view line, std::size_t at) {
  for (int i = 0;
       i < 3 && at > 0 && at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80; ++i)
    --at;
  return at;
}

// The part of a line around the place, and the row of carets under it.
struct Snippet {
  std::string line;
  std::string carets;
};
Snippet snippet(std::string_view line, std::size_t at, std::size_t length) {
  at = character_begin(line, std::min(at, line.size()));
  std::size_t from = 0;
  std::size_t to = line.size();
  // A line may be as long as a file: no more of it is looked at than can be shown.
  if (line.size() > 4 * k_widest || shown_width(line) > k_widest) {
    from = character_begin(line, at - std::min(at, 4 * k_before));
    std::size_t width = shown_width(line.substr(from, at - from));
    while (width > k_before) {
      Character c = character_at(line, from);
      width -= shown_width(c);
      from += c.bytes;
    }
    for (to = at; to < line.size();) {
      Character c = character_at(line, to);
      width += shown_width(c);
      if (width > k_widest) break;
      to += c.bytes;
    }
  }
  std::size_t end = std::clamp(at + std::min(length, line.size()), at, to);
  std::string lead = from > 0 ? "..." : "";
  std::size_t indent = lead.size() + shown_width(line.substr(from, at - from));
  std::size_t carets = std::max<std::size_t>(shown_width(line.substr(at, end - at)), 1);
  return {lead + show(line.substr(from, to - from)) + (to < line.size() ? "..." : ""),
          std::string(indent, ' ') + std::string(carets, '^')};
}

// `name:line:column`, or the name alone for a whole file.
std::string place_text(const Location& at, Lines& lines) {
  std::string place = visible(lines.name(at));
  if (at.line == 0) return place;
  return place + ":" + std::to_string(at.line) + ":" + std::to_string(lines.column(at));
}

// The arrow and the source line; `gutter` is the width of the line numbers.
void render_place(std::string& out, const Location& at, std::size_t length, std::size_t gutter,
                  std::string_view caret_color, Lines& lines, Paint paint) {
  if (!lines.has_name(at)) return;
  const std::string margin(gutter + 1, ' ');
  out += margin + paint(k_blue, "-->") + " " + place_text(at, lines) + "\n";
  if (!lines.has(at)) return;
  std::string number = std::to_string(at.line);
  Snippet shown = snippet(lines.line(at), lines.offset(at), length);
  std::string bar = margin + " " + paint(k_blue, "|");
  out += bar + "\n";
  out += paint(k_blue, std::string(gutter + 1 - number.size(), ' ') + number + " |");
  out += (shown.line.empty() ? "" : " " + shown.line) + "\n";
  out += bar + " " + paint(caret_color, shown.carets) + "\n";
}

std::string with_margin(std::string_view text, std::size_t margin) {
  std::string result;
  for (std::string_view line : split(text, '\n')) {
    if (!result.empty()) result += "\n" + std::string(margin, ' ');
    result += visible(line);
  }
  return result;
}

void render_one(std::string& out, const Diagnostic& diagnostic, Lines& lines, Paint paint) {
  std::size_t gutter = std::to_string(diagnostic.at.line).size();
  for (const Diagnostic::Note& note : diagnostic.notes)
    gutter = std::max(gutter, std::to_string(note.at.line).size());

  std::string head(word_of(diagnostic.severity));
  if (!diagnostic.code.empty()) head += "[" + std::string(diagnostic.code) + "]";
  out +=
      paint(color_of(diagnostic.severity), head) + paint(k_bold, ": " + visible(diagnostic.message)) + "\n";
  render_place(out, diagnostic.at, diagnostic.length, gutter, color_of(diagnostic.severity), lines, paint);
  if (!diagnostic.help.empty()) {
    out += std::string(gutter + 2, ' ') + paint(k_blue, "=") + " " + paint(k_cyan, "help") + ": " +
           with_margin(diagnostic.help, gutter + 10) + "\n";
  }
  for (const Diagnostic::Note& note : diagnostic.notes) {
    out += paint(k_cyan, "note") + ": " + visible(note.text) + "\n";
    if (note.at.line > 0) render_place(out, note.at, 1, gutter, k_cyan, lines, paint);
  }
}

std::string with_commas(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string count_of(std::size_t count, std::string_view word) {
  return with_commas(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string valid_text(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos ? std::string(text) : visible(text);
}

}  // namespace

std::string render_diagnostic(const Diagnostic& diagnostic, const Sources& sources, bool color) {
  Lines lines(sources);
  std::string out;
  render_one(out, diagnostic, lines, Paint{color});
  return out;
}

std::string render_diagnostics(const Diagnostics& diagnostics, const Sources& sources, bool color) {
  Lines lines(sources);
  Paint paint{color};
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (!out.empty()) out += "\n";
    render_one(out, diagnostic, lines, paint);
  }
  std::size_t total = diagnostics.errors() + diagnostics.warnings();
  if (total < 2) return out;
  std::string counts;
  if (diagnostics.errors() > 0) counts = count_of(diagnostics.errors(), "error");
  if (diagnostics.warnings() > 0)
    counts += (counts.empty() ? "" : ", ") + count_of(diagnostics.warnings(), "warning");
  if (total > diagnostics.all().size())
    counts += " (" + with_commas(diagnostics.all().size()) + " of them shown)";
  return out + "\n" + counts + "\n";
}

Json render_diagnostics_json(const Diagnostics& diagnostics, const Sources& sources) {
  Lines lines(sources);
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    Json entry = {{"code", diagnostic.code},
                  {"severity", word_of(diagnostic.severity)},
                  {"message", valid_text(diagnostic.message)},
                  {"line", diagnostic.at.line},
                  {"column", lines.column(diagnostic.at)},
                  {"help", valid_text(diagnostic.help)}};
    if (diagnostic.at.file > 0 && lines.has_name(diagnostic.at))
      entry["file"] = valid_text(lines.name(diagnostic.at));
    list.push_back(std::move(entry));
  }
  return list;
}

std::uint32_t column_in_characters(const Location& at, const Sources& sources) {
  return Lines(sources).column(at);
}

}  // namespace rustchain

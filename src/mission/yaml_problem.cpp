// What a mistake in YAML means to the person who made it.
#include "mission/yaml_problem.hpp"

#include "mission/text_problem.hpp"
#include "mission/yaml_lexer.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace rustchain {
namespace {

using Kind = YamlToken::Kind;

constexpr std::string_view k_left_quote = "\u201C";
constexpr std::string_view k_no_break_space = "\u00A0";

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  std::size_t before = text.rfind('\n', offset - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::string_view line_at(std::string_view text, std::size_t offset) {
  std::size_t begin = line_begin(text, offset);
  std::size_t end = std::min(text.find('\n', begin), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The offset in `line` of the colon of `key:value`, npos if the line isn't written so. A URL is not.
std::size_t colon_without_space(std::string_view line) {
  std::size_t begin = line.find_first_not_of(" -");
  if (begin == std::string_view::npos) return begin;
  std::size_t end = begin;
  while (end < line.size() && is_word(line[end])) ++end;
  if (end == begin || end + 1 >= line.size() || line[end] != ':') return std::string_view::npos;
  if (line[end + 1] == ' ' || line[end + 1] == '\t' || line.substr(end, 3) == "://")
    return std::string_view::npos;
  return end;
}

// A value as it would have to be written.
std::string in_quotes(std::string_view value) {
  if (value.find('\'') == std::string_view::npos) return "'" + std::string(value) + "'";
  std::string escaped = replace_all(replace_all(value, "\\", "\\\\"), "\"", "\\\"");
  return "\"" + escaped + "\"";
}

std::string quote_help(std::string_view value) {
  constexpr std::size_t k_most = 100;
  if (value.empty() || value.size() > k_most) return "put quotes around the whole value";
  return "put quotes around the whole value: " + in_quotes(value);
}

// From `begin` to the end of its line, without a comment.
std::string_view rest_of_line(std::string_view text, std::size_t begin) {
  std::string_view rest = line_at(text, begin);
  rest.remove_prefix(std::min(begin - line_begin(text, begin), rest.size()));
  if (std::size_t comment = rest.find(" #"); comment != std::string_view::npos)
    rest = rest.substr(0, comment);
  return trim(rest);
}

std::string shown(char c) {
  return "'" + visible(std::string_view(&c, 1)) + "'";
}

std::string line_number(std::string_view text, std::size_t offset) {
  return std::to_string(place_of(text, offset, 0).line);
}

// One mistake, looked at from the place where the parser gave up.
class Explainer {
 public:
  Explainer(std::string_view text, const YamlStop& stop, std::uint32_t file)
      : text_(text), offset_(std::min(stop.offset, text.size())), stop_(stop), file_(file) {
    YamlLexer lexer(text);
    for (;;) {
      std::size_t depth = lexer.open().size();
      YamlToken token = lexer.next();
      if (token.kind == Kind::end || token.begin >= offset_) {
        here_ = token;
        if (depth <= lexer.open().size() || here_.kind == Kind::close) open_ = lexer.open();
        break;
      }
      // Only the last few matter, and a file may be large.
      if (before_.size() == k_kept) before_.erase(before_.begin());
      before_.push_back(token);
      open_ = lexer.open();
      if (token.end > offset_) break;
    }
  }

  Diagnostic explain() const;

 private:
  static constexpr std::size_t k_kept = 16;

  Diagnostic at(std::size_t offset, std::string_view code, std::string message, std::string help,
                std::size_t length = 1) const {
    return {.code = code,
            .message = std::move(message),
            .at = place_of(text_, offset, file_),
            .length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1)),
            .help = std::move(help)};
  }
  Diagnostic no_key(std::size_t begin, std::size_t length) const {
    return at(begin, "RC0005", "this line is neither a key nor a list item",
              "write `key: value`; a text of several lines begins with '|' after its key", length);
  }
  bool is(YamlFault fault) const { return stop_.fault == fault; }
  // The i-th token before the place, 0 is the nearest.
  const YamlToken* back(std::size_t i) const {
    return i < before_.size() ? &before_[before_.size() - 1 - i] : nullptr;
  }
  bool same_line(std::size_t a, std::size_t b) const { return line_begin(text_, a) == line_begin(text_, b); }
  char first() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }

  bool fence(Diagnostic& found) const;
  bool blanks(Diagnostic& found) const;
  bool quotes(Diagnostic& found) const;
  bool directive(Diagnostic& found) const;
  bool special_character(Diagnostic& found) const;
  bool escape(Diagnostic& found) const;
  bool missing_key(Diagnostic& found) const;
  bool comment(Diagnostic& found) const;
  bool brackets(Diagnostic& found) const;
  bool after_value(Diagnostic& found) const;
  const YamlToken* text_above() const;
  bool missing_space(Diagnostic& found) const;
  bool colon_in_value(Diagnostic& found) const;
  bool structure(Diagnostic& found) const;

  std::string_view text_;
  std::size_t offset_;
  const YamlStop& stop_;
  std::uint32_t file_;
  std::vector<YamlToken> before_;
  YamlToken here_;
  std::vector<std::size_t> open_;
};

Diagnostic Explainer::explain() const {
  Diagnostic found;
  // The order is from what is certain to what is likely.
  if (fence(found) || blanks(found) || escape(found) || quotes(found) || directive(found) ||
      special_character(found) || comment(found) || after_value(found) || missing_key(found) ||
      brackets(found) || missing_space(found) || colon_in_value(found) || structure(found)) {
    return found;
  }
  return at(offset_, "RC0005", "this can't be read as YAML: " + std::string(stop_.words),
            "look at the indentation, quotes and brackets of this line and the one before");
}

bool Explainer::fence(Diagnostic& found) const {
  std::size_t start = std::min(text_.find_first_not_of(" \t\r\n"), text_.size());
  for (std::size_t place : {offset_, start}) {
    std::string_view line = line_at(text_, place);
    if (!trim(line).starts_with("```")) continue;
    found = at(line_begin(text_, place) + line.find('`'), "RC0021",
               "a Markdown code fence is not part of a mission",
               "keep only what stands between the two ``` lines, and leave out the text around them", 3);
    return true;
  }
  return false;
}

bool Explainer::blanks(Diagnostic& found) const {
  if (!open_.empty()) return false;
  std::string_view line = line_at(text_, offset_);
  // Dashes belong to the indentation of what follows them.
  std::size_t end = std::min(line.find_first_not_of(" \t-"), line.size());
  std::size_t tab = line.substr(0, end).find('\t');
  if (tab != std::string_view::npos) {
    std::size_t run = std::min(line.find_first_not_of('\t', tab), line.size()) - tab;
    found = at(line_begin(text_, offset_) + tab, "RC0006",
               "a tab is used for indentation, and YAML indents with spaces",
               "replace the tab by spaces, as many as the lines around it have", run);
    return true;
  }
  std::size_t blank = line.find_first_not_of(' ');
  if (blank == std::string_view::npos || !line.substr(blank).starts_with(k_no_break_space)) return false;
  found = at(line_begin(text_, offset_) + blank, "RC0006",
             "a no-break space is used for indentation, and YAML indents with plain spaces",
             "replace it by a plain space; it comes from text that was copied from a page",
             k_no_break_space.size());
  return true;
}

bool Explainer::quotes(Diagnostic& found) const {
  auto unclosed = [&](const YamlToken& token, std::string message) {
    char quote = text_[token.begin];
    std::string help = quote == '"' ? "write \" where the text ends; a \" inside it is written \\\""
                                    : "write ' where the text ends; a ' inside it is written ''";
    found = at(token.begin, "RC0008", std::move(message), std::move(help));
    return true;
  };
  const YamlToken* last = back(0);
  if (here_.kind == Kind::quoted && !here_.closed) return unclosed(here_, "this quote is never closed");
  if (here_.kind == Kind::quoted && is(YamlFault::no_colon)) {
    found = at(here_.begin, "RC0005", "no ':' follows this text in quotes, and only a key can stand here",
               "write `\"key\": value`; or a quote stands where it shouldn't", here_.end - here_.begin);
    return true;
  }
  if (last == nullptr || last->kind != Kind::quoted) return false;
  if (!last->closed) return unclosed(*last, "this quote is never closed");
  if (last->end > offset_)  // --- within quotes
    return unclosed(*last, "this quote is still open at line " + line_number(text_, offset_));
  bool more_text = here_.kind == Kind::plain || here_.kind == Kind::quoted || here_.kind == Kind::name;
  if (!same_line(last->end - 1, offset_) || !more_text || !open_.empty()) return false;
  if (!same_line(last->begin, last->end - 1)) {
    return unclosed(*last, "this quote is closed only at line " + line_number(text_, last->end - 1) +
                               ", and more text follows there");
  }
  char quote = text_[last->begin];
  std::string inner =
      quote == '"' ? "a \" inside the text is written \\\"" : "a ' inside the text is written ''";
  found = at(offset_, "RC0010", "the value ends with the quote before this, and more text follows",
             inner + "; or put the whole value in quotes of the other kind", here_.end - here_.begin);
  return true;
}

bool Explainer::escape(Diagnostic& found) const {
  if (!is(YamlFault::escape)) return false;
  std::size_t begin = text_.rfind('\\', offset_);
  if (begin == std::string_view::npos) begin = offset_;
  // \\ is one character: the backslash that is meant is the first of an odd row.
  std::string sequence(text_.substr(begin, 2));
  found = at(begin, "RC0020", "'" + visible(sequence) + "' means nothing between double quotes",
             "write the backslash twice, or use single quotes, where a backslash is just a backslash", 2);
  return true;
}

bool Explainer::directive(Diagnostic& found) const {
  if (!is(YamlFault::directive)) return false;
  const std::string_view line = line_at(text_, offset_);
  found = at(line_begin(text_, offset_), "RC0010",
             "a line that begins with '%' is read as an order to the parser",
             "put quotes around a text that begins with '%'", line.size());
  return true;
}

bool Explainer::special_character(Diagnostic& found) const {
  std::size_t begin = offset_;
  char c = first();
  if (is(YamlFault::unknown_alias)) {
    std::string_view value = rest_of_line(text_, begin);
    std::string_view name = value.substr(1, value.find_first_of(" \t,]}") - 1);
    bool looks_like_name = std::ranges::all_of(name, is_word);
    if (looks_like_name) {
      found = at(begin, "RC0014", "there is no anchor '&" + std::string(name) + "' before this alias",
                 "write &" + std::string(name) +
                     " before the value that is meant; a text that begins with * needs quotes",
                 name.size() + 1);
      return true;
    }
  } else if (is(YamlFault::block_header)) {
    const YamlToken* token = here_.kind == Kind::block || before_.empty() ? &here_ : back(0);
    if (token->kind != Kind::block) return false;
    begin = token->begin;
    found = at(begin, "RC0010",
               "after " + shown(text_[begin]) + " the text begins on the next line, not on this one",
               "move the text to the next line and indent it, or " + quote_help(rest_of_line(text_, begin)));
    return true;
  } else if (!is(YamlFault::first_character) && !is(YamlFault::alias) && !is(YamlFault::anchor) &&
             !is(YamlFault::tag)) {
    return false;
  }
  if (c == '\0' || std::string_view("@`%*&!,|>?").find(c) == std::string_view::npos) return false;
  std::string meaning;
  if (c == '*') meaning = ", which YAML reads as an alias";
  if (c == '&') meaning = ", which YAML reads as an anchor";
  if (c == '!') meaning = ", which YAML reads as a tag";
  std::string_view value = rest_of_line(text_, begin);
  std::string help = open_.empty() ? quote_help(value) : "put quotes around the value";
  found =
      at(begin, "RC0010", "a value can't begin with " + shown(c) + meaning, std::move(help), value.size());
  return true;
}

// `path: {id}/x`: what begins with a bracket ends with it.
bool Explainer::after_value(Diagnostic& found) const {
  const YamlToken* last = back(0);
  if (last == nullptr || last->kind != Kind::close || !same_line(last->begin, offset_)) return false;
  if (here_.kind == Kind::end || here_.kind == Kind::close || here_.kind == Kind::comma) return false;
  // The bracket that this one closed, and with it the value as it was meant.
  std::size_t depth = 0;
  for (std::size_t i = 0; i < before_.size(); ++i) {
    const YamlToken& token = *back(i);
    if (token.kind == Kind::close) ++depth;
    if (token.kind != Kind::open || --depth > 0) continue;
    if (!same_line(token.begin, offset_)) return false;
    std::string_view value = rest_of_line(text_, token.begin);
    found = at(token.begin, "RC0010",
               "a value that begins with " + shown(text_[token.begin]) +
                   " and goes on after the bracket needs quotes",
               open_.empty() ? quote_help(value) : "put quotes around the value", value.size());
    return true;
  }
  return false;
}

bool Explainer::missing_key(Diagnostic& found) const {
  if (first() != ':' || is(YamlFault::value)) return false;
  if (!open_.empty() && !same_line(open_.back(), offset_)) return false;
  if (const YamlToken* last = back(0); last && last->kind == Kind::plain && same_line(last->begin, offset_)) {
    found = at(offset_, "RC0010", "a ':' followed by a space can't stand in a value without quotes",
               "put quotes around the value");
    return true;
  }
  found = at(offset_, "RC0013", "a key is missing before this ':'",
             "write `key: value`, or put quotes around a text that begins with ':'");
  return true;
}

// `// text` in a file that is JSON but for this.
bool Explainer::comment(Diagnostic& found) const {
  if (open_.empty()) return false;
  const std::size_t end = std::min(line_begin(text_, offset_) + line_at(text_, offset_).size(), text_.size());
  for (std::size_t begin = line_begin(text_, open_.front()); begin < end;) {
    std::string_view line = line_at(text_, begin);
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    if (line.substr(indent).starts_with("//") || line.substr(indent).starts_with("/*")) {
      found = at(begin + indent, "RC0005", "this is no comment: neither JSON nor YAML knows it",
                 "begin comments with #", 2);
      return true;
    }
    const std::size_t next = text_.find('\n', begin);
    if (next == std::string_view::npos) return false;
    begin = next + 1;
  }
  return false;
}

bool Explainer::brackets(Diagnostic& found) const {
  if (here_.kind == Kind::close && (is(YamlFault::content) || is(YamlFault::comma) || is(YamlFault::key) ||
                                    is(YamlFault::item) || is(YamlFault::after_end))) {
    if (open_.empty() && (before_.empty() || back(0)->kind != Kind::open)) {
      found = at(offset_, "RC0009", "this " + shown(first()) + " closes nothing",
                 "remove it, or open the list or map before it; a text that begins with it needs quotes");
      return true;
    }
    found = at(offset_, "RC0009", "this " + shown(first()) + " doesn't match the bracket that is open",
               "'[' is closed by ']', and '{' by '}'");
    for (std::size_t i = 0, closed = 0; i < before_.size(); ++i) {
      const YamlToken& token = *back(i);
      if (token.kind == Kind::close) ++closed;
      if (token.kind != Kind::open || closed-- > 0) continue;
      found.notes.push_back({place_of(text_, token.begin, file_), "it is opened here"});
      break;
    }
    return true;
  }
  if (open_.empty()) return false;
  bool at_end = offset_ >= text_.size() || here_.kind == Kind::end;
  if (at_end || !same_line(open_.back(), offset_)) {
    char bracket = text_[open_.back()];
    std::string message = "this " + shown(bracket) + " is not closed";
    if (!at_end) message += " before line " + line_number(text_, offset_);
    std::string help = bracket == '[' ? "write ']' where the list ends" : "write '}' where the map ends";
    if (!at_end) help += ", and a comma between its parts";
    found = at(open_.back(), "RC0009", std::move(message), std::move(help));
    return true;
  }
  if (is(YamlFault::comma)) {
    found = at(offset_, "RC0009", "a comma or a closing bracket is missing before this",
               "write a comma between the parts of a list or map in brackets");
    return true;
  }
  if (is(YamlFault::entry)) {
    found = at(offset_, "RC0005", "a '-' between brackets doesn't begin a list item",
               "between [ and ] the items are separated by commas; a text '-' needs quotes");
    return true;
  }
  return false;
}

// The nearest line above that is a text without a key: the parser stumbles only behind it.
const YamlToken* Explainer::text_above() const {
  for (std::size_t i = 0; i < before_.size(); ++i) {
    const YamlToken& token = *back(i);
    if (same_line(token.begin, offset_) && same_line(token.end - 1, offset_)) continue;
    std::string_view line = line_at(text_, token.begin);
    bool begins_line = line_begin(text_, token.begin) + line.find_first_not_of(" -") == token.begin;
    bool is_key = i > 0 && back(i - 1)->kind == Kind::colon && same_line(back(i - 1)->begin, token.begin);
    return token.kind == Kind::plain && begins_line && !is_key ? &token : nullptr;
  }
  return nullptr;
}

bool Explainer::missing_space(Diagnostic& found) const {
  if (!open_.empty()) return false;
  std::vector<std::size_t> places = {offset_};
  if (const YamlToken* above = text_above()) places.push_back(above->begin);
  if (const YamlToken* last = back(0); last != nullptr) places.push_back(last->begin);
  for (std::size_t place : places) {
    std::string_view line = line_at(text_, place);
    // -id: a
    const std::size_t dash = indentation(line);
    const bool key = line.find(": ", dash) != std::string_view::npos || line.ends_with(':');
    if (key && dash + 1 < line.size() && line[dash] == '-' && is_word(line[dash + 1]) &&
        line[dash + 1] != '-') {
      found = at(line_begin(text_, place) + dash, "RC0022", "a space is missing after this '-'",
                 "write '- " + std::string(line.substr(dash + 1, 40)) + "'");
      return true;
    }
    std::size_t colon = colon_without_space(line);
    if (colon == std::string_view::npos) continue;
    std::size_t begin = line.find_first_not_of(" -");
    found = at(line_begin(text_, place) + colon, "RC0022", "a space is missing after this ':'",
               "write '" + std::string(line.substr(begin, colon + 1 - begin)) + " " +
                   std::string(trim(line.substr(colon + 1, 40))) + "'");
    return true;
  }
  return false;
}

bool Explainer::colon_in_value(Diagnostic& found) const {
  if (!is(YamlFault::value)) return false;
  const YamlToken* last = back(0);
  const YamlToken* before = back(1);
  if (last == nullptr || last->kind != Kind::plain || before == nullptr) return false;
  if (before->kind == Kind::colon && same_line(before->begin, offset_) && same_line(last->begin, offset_)) {
    std::string_view value = rest_of_line(text_, last->begin);
    if (value.starts_with(k_left_quote)) {
      found = at(offset_, "RC0023", "a ': ' can't stand here: typographic quotes don't hold a value together",
                 "write straight quotes (\" or ') around the value");
      return true;
    }
    found = at(offset_, "RC0010", "a ':' followed by a space can't stand in a value without quotes",
               quote_help(value));
    return true;
  }
  if ((before->kind != Kind::colon && before->kind != Kind::dash) || same_line(last->begin, offset_))
    return false;
  found = at(line_begin(text_, offset_) + indentation(line_at(text_, offset_)), "RC0007",
             "this line is indented deeper than the line it belongs to",
             "give it the indentation of the line that it should stand beside; a key that has a value can't "
             "hold other keys");
  found.notes.push_back({place_of(text_, last->begin, file_), "it is read as more of this value"});
  return true;
}

bool Explainer::structure(Diagnostic& found) const {
  std::string_view line = line_at(text_, offset_);
  std::size_t begin = line_begin(text_, offset_);
  std::size_t indent = indentation(line);
  bool starts_line = begin + indent == offset_;
  if (is(YamlFault::entry)) {
    if (starts_line) {
      found = at(offset_, "RC0007", "a list can't begin here: the key above already has a value",
                 "indent it like the other items, or take the value of the key away");
    } else {
      found = at(offset_, "RC0005", "a list can't begin on the line of its key",
                 "begin the list on the next line, or write it as [a, b]; a text that begins with '- ' needs "
                 "quotes");
    }
    return true;
  }
  bool lost = is(YamlFault::value) || is(YamlFault::no_colon) || is(YamlFault::key) || is(YamlFault::item);
  const YamlToken* above = text_above();
  if (lost && above != nullptr && text_[above->begin] != '-' && back(0) != nullptr) {
    std::string_view above_line = line_at(text_, above->begin);
    if (line_begin(text_, above->begin) + indentation(above_line) == above->begin) {
      found = no_key(above->begin, above->end - above->begin);
      return true;
    }
  }
  if (is(YamlFault::value)) {
    found = at(offset_, "RC0005", "a ':' can't stand here",
               "write one `key: value` on a line, and quotes around a text that holds ': '");
    return true;
  }
  if (lost && !starts_line) {
    found = at(offset_, "RC0005", "this doesn't belong to what stands before it, which is already complete",
               "put it on a line of its own, or quotes around the whole value");
    return true;
  }
  if (is(YamlFault::after_end) || (is(YamlFault::item) && indent == 0)) {
    found = at(offset_, "RC0005", "this doesn't belong to what stands before it, which is already complete",
               "a mission is one map: lines with `key: value` that begin in the same column");
    return true;
  }
  if (!lost) return false;
  if (here_.kind == Kind::dash && starts_line) {
    found = at(offset_, "RC0007", "a list item stands where a key is expected",
               "indent it like the other items of its list, or give the list a key of its own");
    return true;
  }
  if (is(YamlFault::item)) {
    found = at(offset_, "RC0007", "a list item is expected here",
               "write '- ' before it, or give it the indentation of the keys of the item above");
    return true;
  }
  bool has_colon = line.find(": ") != std::string_view::npos || trim(line).ends_with(":");
  if (!has_colon) {
    found =
        at(offset_, "RC0005", "this line is neither a key nor a list item",
           "write `key: value`; a text of several lines begins with '|' after its key", trim(line).size());
    return true;
  }
  found = at(offset_, "RC0007",
             "the indentation of this line (" + std::to_string(indent) + ") fits no line above",
             "keys of one map begin in the same column, and so do the items of one list",
             std::min(line.size() - indent, line.find(':') - indent));
  return true;
}

}  // namespace

Diagnostic yaml_problem(std::string_view text, const YamlStop& stop, std::uint32_t file) {
  return Explainer(text, stop, file).explain();
}

}  // namespace rustchain

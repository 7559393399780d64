// What the words of a shell text become: variables, substitutions, tildes, braces, patterns.
#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

using Kind = ShellPiece::Kind;

constexpr std::size_t k_most_values = 32;   // that a variable may have
constexpr std::size_t k_most_fields = 256;  // that one word becomes
constexpr std::size_t k_longest_value = 65536;
// Braces and commas that were not quoted.
constexpr char k_open = '\x0e', k_comma = '\x0f', k_close = '\x10';

// Characters that mean something to the shell where they stand without quotes, as marks.
std::string pattern_marks(std::string_view text) {
  std::string marked;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '*') {
      if (marked.empty() || marked.back() != k_many) marked += k_many;
    } else if (c == '?') {
      marked += k_one;
    } else if (std::size_t end = c == '[' && !text.substr(0, i).ends_with("://")  // no address
                                     ? text.substr(0, i + 40).find(']', i + 2)
                                     : std::string_view::npos;
               end != std::string_view::npos) {
      marked += k_one;
      i = end;
    } else if (c == '{') {
      marked += k_open;
    } else if (c == ',') {
      marked += k_comma;
    } else if (c == '}') {
      marked += k_close;
    } else {
      marked += c;
    }
  }
  return marked;
}

// What stands for itself and nothing else.
bool is_literal(const ShellPiece& piece) {
  if (piece.kind != Kind::text) return false;
  return piece.quoted || (!piece.text.empty() && piece.text.find_first_of("~*?[{,}") == std::string::npos);
}

std::string unbraced(std::string text) {
  for (char& c : text) {
    if (c == k_open) c = '{';
    if (c == k_comma) c = ',';
    if (c == k_close) c = '}';
  }
  return text;
}

// {a,b}x gives ax and bx. Bounded: what comes after the bound stays as it is.
void expand_braces(const std::string& text, std::vector<std::string>& to, int depth = 0) {
  if (to.size() >= k_most_fields) return;
  for (std::size_t open = text.find(k_open); open != std::string::npos; open = text.find(k_open, open + 1)) {
    int level = 0;
    std::vector<std::size_t> commas;
    std::size_t close = std::string::npos;
    for (std::size_t i = open; i < text.size(); ++i) {
      if (text[i] == k_open) ++level;
      if (text[i] == k_comma && level == 1) commas.push_back(i);
      if (text[i] == k_close && --level == 0) {
        close = i;
        break;
      }
    }
    if (close == std::string::npos) break;
    std::string inside = text.substr(open + 1, close - open - 1);
    if (commas.empty()) {
      if (inside.find("..") == std::string::npos || depth > 8) continue;
      expand_braces(text.substr(0, open) + k_one + text.substr(close + 1), to, depth + 1);
      return;
    }
    if (depth > 8) break;
    commas.push_back(close);
    std::size_t from = open + 1;
    for (std::size_t comma : commas) {
      expand_braces(text.substr(0, open) + text.substr(from, comma - from) + text.substr(close + 1), to,
                    depth + 1);
      from = comma + 1;
    }
    return;
  }
  to.push_back(unbraced(text));
}

}  // namespace

Walk::Values Walk::lookup(const std::string& name) const {
  if (auto found = variables_.find(name); found != variables_.end()) return found->second;
  if (name == "HOME") return {places_.home};
  if (name == "PWD") return {directory_.empty() ? std::string(1, k_unknown) : directory_};
  if (name == "TMPDIR" || name == "TMP" || name == "TEMP") return {"/tmp"};
  if (name == "SHELL" || name == "BASH") return {"/bin/sh"};
  if (name == "IFS") return {" "};
  if (name == "USER" || name == "LOGNAME") return {places_.home.substr(places_.home.rfind('/') + 1)};
  if (name == "?" || name == "#" || name == "$" || name == "!" || name == "RANDOM" || name == "UID" ||
      name == "EUID" || name == "LINENO" || name == "SECONDS" || name == "PPID")
    return {"0"};
  if (!name.empty() && name[0] >= '0' && name[0] <= '9' && positional_ != nullptr) {
    std::size_t index = static_cast<std::size_t>(std::min(std::atoi(name.c_str()), 100000));
    return {index < positional_->size() ? (*positional_)[index] : std::string()};
  }
  if ((name == "@" || name == "*") && positional_ != nullptr) {
    std::vector<std::string> given(positional_->begin() + (positional_->empty() ? 0 : 1), positional_->end());
    return {join(given, " ")};
  }
  return {std::string(1, k_unknown)};
}

std::optional<std::string> Walk::variable(const std::string& name) const {
  auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

void Walk::set(const std::string& name, std::vector<std::string> values) {
  for (std::string& value : values)
    if (!spend(value.size()) || value.size() > k_longest_value) value = std::string(1, k_unknown);
  auto found = variables_.find(name);
  undo_.push_back({name, found == variables_.end() ? std::nullopt : std::optional<Values>(found->second)});
  if (conditional_ > 0 && found != variables_.end()) {
    // It may have been set or not.
    Values& all = found->second;
    for (std::string& value : values)
      if (all.size() < k_most_values && std::find(all.begin(), all.end(), value) == all.end())
        all.push_back(std::move(value));
    return;
  }
  if (values.size() > k_most_values) values.resize(k_most_values);
  variables_[name] = std::move(values);
}

std::vector<std::string> Walk::piece_values(const ShellPiece& piece, ShellSpan at) {
  switch (piece.kind) {
    case Kind::text: return {piece.text};
    case Kind::process:
      if (piece.text == ">") {
        (void)subshell(piece.script, {std::string(1, k_unknown), true, false});
        return {"/dev/fd/63"};
      }
      if (std::string path = "/dev/fd/" + std::to_string(63 + written_->size()); true) {
        (*written_)[path] = subshell(piece.script, {}).text;
        return {path};
      }
      return {};
    case Kind::arithmetic:
      for (const ShellPiece& inner : piece.operand) (void)piece_values(inner, at);
      return {"0"};
    case Kind::command: {
      Stream printed = subshell(piece.script, {});
      secret_words_ = secret_words_ || printed.secret;
      std::string text = std::move(printed.text);
      while (!text.empty() && text.back() == '\n') text.pop_back();
      return {std::move(text)};
    }
    case Kind::variable: break;
  }
  Values values = lookup(piece.text);
  if (piece.indirect) {
    Values meant;
    for (const std::string& name : values)
      for (std::string& value : lookup(name)) meant.push_back(std::move(value));
    values = std::move(meant);
  }
  const std::string& operation = piece.operation;
  if (operation.empty()) return values;
  if (operation == "#") return {"0"};
  const char last = operation.back();
  const bool unset =
      variables_.find(piece.text) == variables_.end() && values == Values{std::string(1, k_unknown)};
  if (operation.size() <= 2 && (last == '-' || last == '=' || last == '+' || last == '?')) {
    Values operand = expand_value(piece.operand, at);
    if (last == '?') return values;
    if (last == '+') {
      operand.emplace_back();
      return operand;
    }
    const bool empty = operation.size() == 2 && values == Values{""};
    if (!unset && !empty) return values;
    if (last == '=') set(piece.text, operand);
    return operand;
  }
  (void)expand_value(piece.operand, at);
  // A part of the value, or the value with something else in it.
  for (std::string& value : values) {
    if (has_mark(value)) continue;
    if (operation == ":" || operation == "@") continue;
    if (operation == "^^" || operation == "," || operation == ",," || operation == "^") {
      value = to_lower(value);
      continue;
    }
    value = std::string(1, k_unknown);
  }
  return values;
}

// The value of an assignment or of a quoted word: no splitting, one text for each combination.
std::vector<std::string> Walk::expand_value(const std::vector<ShellPiece>& pieces, ShellSpan at) {
  std::vector<std::string> all = {""};
  bool first = true;
  for (const ShellPiece& piece : pieces) {
    Values values = piece_values(piece, at);
    if (first && piece.kind == Kind::text && !piece.quoted && values[0].starts_with('~')) {
      std::size_t end = std::min(values[0].find('/'), values[0].size());
      if (end == 1) values[0] = places_.home + values[0].substr(1);
    }
    first = false;
    if (values.size() == 1) {
      for (std::string& text : all)
        if (text.size() < k_longest_value) text += values[0];
      continue;
    }
    std::vector<std::string> product;
    for (const std::string& text : all)
      for (const std::string& value : values)
        if (product.size() < k_most_values && text.size() < k_longest_value) product.push_back(text + value);
    all = std::move(product);
  }
  return all;
}

void Walk::expand(const ShellWord& word, bool split, Arguments& to) {
  if (word.pieces.size() == 1 && is_literal(word.pieces[0])) {
    to.push_back({word.pieces[0].text, word.span});
    return;
  }
  std::vector<std::string> open = {""};  // the alternatives of the field that is being put together
  bool any = false;
  bool braces = false;
  const std::size_t begin = to.size();
  const auto given = variables_.find("IFS");
  const std::string separators = given == variables_.end() || given->second.empty() ||
                                         given->second.back() == " " || has_mark(given->second.back())
                                     ? " \t\n"
                                     : given->second.back();
  auto separated = [&](std::string_view text) {
    return text.find_first_of(separators) != std::string_view::npos;
  };
  auto close = [&] {
    for (std::string& text : open) {
      if (to.size() - begin >= k_most_fields) break;
      if (!braces) {
        to.push_back({std::move(text), word.span});
        continue;
      }
      std::vector<std::string> all;
      expand_braces(text, all);
      for (std::string& one : all) to.push_back({std::move(one), word.span});
    }
    open = {""};
    any = false;
  };
  auto append = [&](const Values& values) {
    if (values.size() == 1) {
      for (std::string& text : open)
        if (text.size() < k_longest_value) text += values[0];
      return;
    }
    std::vector<std::string> product;
    for (const std::string& text : open)
      for (const std::string& value : values)
        if (product.size() < k_most_values && text.size() < k_longest_value) product.push_back(text + value);
    open = std::move(product);
  };

  for (std::size_t i = 0; i < word.pieces.size(); ++i) {
    const ShellPiece& piece = word.pieces[i];
    if (piece.kind == Kind::text) {
      std::string text = piece.text;
      if (!piece.quoted) {
        if (i == 0 && text.starts_with('~')) {
          std::size_t end = std::min(text.find('/'), text.size());
          if (end == 1) text = places_.home + text.substr(1);
        }
        text = pattern_marks(text);
        braces = braces || text.find(k_open) != std::string::npos;
      }
      append({std::move(text)});
      any = any || piece.quoted || !piece.text.empty();
      continue;
    }
    const bool list = piece.kind == Kind::variable &&
                      (piece.text == "@" || (piece.text == "*" && !piece.quoted)) &&
                      piece.operation.empty() && positional_ != nullptr;
    Values values = piece_values(piece, word.span);
    if (list && (piece.quoted || separators.empty())) {
      for (std::size_t n = 1; n < positional_->size(); ++n) {
        if (n > 1) close();
        append({(*positional_)[n]});
        any = true;
      }
      continue;
    }
    if (piece.quoted || !split || separators.empty()) {
      append(values);
      any = any || piece.quoted ||
            std::any_of(values.begin(), values.end(), [](const auto& v) { return !v.empty(); });
      continue;
    }
    // Split by blanks. Of several values the last goes on in this word, the others stand for themselves.
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (values.size() > 1 && !separated(values[n])) continue;
      bool started = false;
      std::string part;
      auto end_part = [&] {
        if (part.empty()) return;
        if (started && any) close();
        append({pattern_marks(part)});
        any = started = true;
        part.clear();
      };
      if (separated(values[n].substr(0, 1)) && any) close();
      for (char c : values[n]) {
        if (separators.find(c) != std::string::npos) {
          end_part();
          if (to.size() - begin >= k_most_fields) break;
        } else {
          part += c;
        }
      }
      end_part();
      braces = false;
      if (!values[n].empty() && separated(values[n].substr(values[n].size() - 1)) && any) close();
      if (n + 1 < values.size() && any) close();
    }
    if (values.size() > 1) {
      Values plain;
      for (const std::string& value : values)
        if (!separated(value)) plain.push_back(value);
      if (!plain.empty()) {
        append(plain);
        any = true;
      }
    }
  }
  if (any || (!split && word.elements.empty())) close();
  for (std::size_t i = begin; i < to.size(); ++i) to[i].text = unbraced(std::move(to[i].text));
}

}  // namespace rustchain

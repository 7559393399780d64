// Node trees back to YAML, for people to read.
#include "mission/emit.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_most_in_brackets = 90;  // columns

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether the text, without quotes, is one plain scalar to every reader of YAML, also within brackets.
bool is_safe(std::string_view text) {
  if (text.empty() || text.back() == ' ' || text.back() == ':') return false;
  char first = text.front();
  bool number = first == '-' && text.size() > 1 && is_digit(text[1]);
  if (!is_letter(first) && !is_digit(first) && first != '_' && first != '/' && first != '.' && !number)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_letter(c) || is_digit(c)) continue;
    if (std::string_view(" _-./()+=@%:;!?'*<>").find(c) == std::string_view::npos) return false;
    if (c == ':' && text[i + 1] == ' ') return false;
  }
  return true;
}

// Whether some reader of YAML would take the plain text for something else than a string.
bool is_loaded(std::string_view text) {
  constexpr std::string_view k_words = "true false yes no on off y n null ~ .inf .nan";
  return is_digit(text.front()) || text.front() == '-' || text.front() == '.' ||
         has_word(k_words, to_lower(text));
}

std::string in_double_quotes(std::string_view text) {
  std::string quoted = "\"";
  auto escape = [&quoted](const char* form, unsigned value) {
    std::array<char, 8> buffer;
    std::snprintf(buffer.data(), buffer.size(), form, value);
    quoted += buffer.data();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    std::string_view rest = text.substr(i);
    if (byte == '"' || byte == '\\') {
      (quoted += '\\') += text[i];
    } else if (byte == '\n') {
      quoted += "\\n";
    } else if (byte == '\t') {
      quoted += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      escape("\\x%02x", byte);
    } else if (byte == 0xc2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xa0) {
      escape("\\x%02x", static_cast<unsigned char>(text[++i]));
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      escape("\\u%04x", rest[2] == '\xa8' ? 0x2028u : 0x2029u);
      i += 2;
    } else if (rest.starts_with("\xef\xbb\xbf")) {
      quoted += "\\ufeff";
      i += 2;
    } else {
      quoted += text[i];
    }
  }
  return quoted + '"';
}

// A literal keeps line ends and nothing else that is special.
bool fits_literal(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n') return false;
  if (text.find("\xe2\x80\xa8") != std::string_view::npos ||
      text.find("\xe2\x80\xa9") != std::string_view::npos ||
      text.find("\xef\xbb\xbf") != std::string_view::npos)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return false;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
  }
  return true;
}

class Emitter {
 public:
  void block(const Node& node, std::size_t indent) {
    if (node.is_map() && node.size() > 0) {
      for (std::size_t i = 0; i < node.size(); ++i) {
        out.append(indent, ' ');
        entry(node.key(i), node.value(i), indent);
      }
    } else if (node.is_list() && node.size() > 0) {
      for (const Node& item : node.items) element(item, indent);
    } else {
      out.append(indent, ' ');
      inline_value(node, indent);
    }
  }

  std::string out;

 private:
  void entry(const Node& key, const Node& value, std::size_t indent) {
    out += emit_text(key.text) + ":";
    std::string brackets = in_brackets(value);
    if (!brackets.empty()) {
      out += " " + brackets + "\n";
    } else if (value.size() > 0) {
      out += '\n';
      block(value, indent + 2);
    } else {
      if (!value.is_null() || !value.text.empty()) out += ' ';
      inline_value(value, indent);
    }
  }

  void element(const Node& item, std::size_t indent) {
    out.append(indent, ' ');
    if (item.is_map() && item.size() > 0) {
      out += "- ";
      for (std::size_t i = 0; i < item.size(); ++i) {
        if (i > 0) out.append(indent + 2, ' ');
        entry(item.key(i), item.value(i), indent + 2);
      }
    } else if (item.size() > 0) {
      out += "-\n";
      block(item, indent + 2);
    } else {
      out += "- ";
      inline_value(item, indent);
    }
  }

  // Empty collections and scalars.
  void inline_value(const Node& node, std::size_t indent) {
    if (node.is_list() || node.is_map()) {
      out += node.is_list() ? "[]\n" : "{}\n";
    } else if (node.is_scalar() && fits_literal(node.text)) {
      literal(node.text, indent + 2);
    } else {
      out += emit_scalar(node) + "\n";
    }
  }

  void literal(std::string_view text, std::size_t indent) {
    out += text.back() != '\n' ? "|-\n" : text.ends_with("\n\n") ? "|+\n" : "|\n";
    if (text.back() == '\n') text.remove_suffix(1);
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find('\n', from), text.size());
      if (end > from) out.append(indent, ' ').append(text, from, end - from);
      out += '\n';
      from = end + 1;
    }
  }

  static std::string in_brackets(const Node& node) {
    if (!node.is_list() || node.items.empty()) return {};
    std::string line = "[";
    for (const Node& item : node.items) {
      if (!item.is_scalar() || item.text.find('\n') != std::string::npos) return {};
      line += (line.size() > 1 ? ", " : "") + emit_scalar(item);
      if (line.size() > k_most_in_brackets) return {};
    }
    return line + "]";
  }
};

}  // namespace

std::string emit_text(std::string_view text) {
  return is_safe(text) && !is_loaded(text) ? std::string(text) : in_double_quotes(text);
}

std::string emit_scalar(const Node& node) {
  if (node.is_null()) return node.text;
  if (node.style == Node::Style::plain && is_safe(node.text)) return node.text;
  return emit_text(node.text);
}

std::string emit_yaml(const Node& node, std::size_t indent) {
  Emitter emitter;
  emitter.block(node, indent);
  return std::move(emitter.out);
}

}  // namespace rustchain

// The tables of keys and step types as pages for people.
#include "mission/reference_table.hpp"

#include "mission/keys.hpp"
#include "mission/read.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr auto k_type_words = std::to_array<std::pair<Types, std::string_view>>({
    {k_string, "string"},
    {k_number, "number"},
    {k_integer, "integer"},
    {k_boolean, "boolean"},
    {k_size, "size"},
    {k_list, "list"},
    {k_map, "map"},
});

std::vector<std::string> type_words(std::uint16_t types, bool plural) {
  std::vector<std::string> found;
  for (const auto& [bit, word] : k_type_words)
    if (types & bit) found.push_back(std::string(word) + (plural ? "s" : ""));
  return found;
}

// The pipe would end the cell.
std::string cell(std::string_view text) {
  return replace_all(replace_all(text, "|", "\\|"), "\n", " ");
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : "`" + cell(text) + "`";
}

std::string other_names(const KeySpec& key) {
  std::string text;
  for (std::string_view alias : words(key.aliases)) text += (text.empty() ? "" : ", ") + std::string(alias);
  return text;
}

std::string doc_of(const KeySpec& key) {
  std::string text(key.doc);
  if (!key.words.empty()) {
    std::vector<std::string> listed;
    for (std::string_view word : words(key.words)) listed.emplace_back(word);
    text += " One of: " + join(listed, ", ") + ".";
  }
  if (key.types & k_size) text += " 1MB is 1,000,000 bytes, 1MiB is 1,048,576.";
  if (std::string others = other_names(key); !others.empty()) text += " Also: " + others + ".";
  return text;
}

// `text` in lines of at most `width` bytes, broken between words; all but the first begin with `indent`.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string lines;
  std::size_t column = 0;
  for (std::string_view word : words(text)) {
    if (column > 0 && column + 1 + word.size() > width) {
      lines += '\n';
      lines.append(indent, ' ');
      column = 0;
    } else if (column > 0) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

void add_indented(std::string& page, std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.empty()) page.append("  ").append(line);
    page += '\n';
  }
  if (text.ends_with('\n')) page.pop_back();
}

}  // namespace

std::string type_phrase(const KeySpec& key) {
  if (key.types & k_any) return "any";
  std::vector<std::string> parts = type_words(key.types, false);
  std::vector<std::string> elements =
      key.element & k_any ? std::vector<std::string>() : type_words(key.element, true);
  for (std::string& part : parts)
    if ((part == "list" || (part == "map" && key.keys.empty())) && !elements.empty())
      part += " of " + join(elements, " or ");
  return join(parts, " or ");
}

std::string markdown_table(std::span<const KeySpec> keys) {
  std::string table = "| key | type | default | meaning |\n|---|---|---|---|\n";
  for (const KeySpec& key : keys) {
    if (!key.later.empty()) continue;
    table += "| `" + std::string(key.name) + "` | " + type_phrase(key) + " | " +
             (key.required ? "required" : code(key.default_value)) + " | " + cell(doc_of(key)) + " |\n";
  }
  return table;
}

std::string markdown_keys() {
  struct Section {
    std::string_view heading;
    std::span<const KeySpec> keys;
  };
  std::vector<Section> sections = {{"The mission", mission_keys()},
                                   {"A step", step_keys()},
                                   {"An entry of `depends_on`", dependency_keys()},
                                   {"`on_failure`, where it is a map", on_failure_keys()},
                                   {"`retry`", retry_keys()},
                                   {"`config`", config_keys()}};
  for (std::span<const KeySpec> keys : {mission_keys(), config_keys()})
    for (const KeySpec& key : keys)
      if (!key.keys.empty() && key.name != "config" && key.name != "retry")
        sections.push_back({key.name, key.keys});
  std::string page;
  for (const Section& section : sections) {
    bool name = section.heading.find(' ') == std::string_view::npos && !section.heading.starts_with('`');
    std::string heading = name ? "`" + std::string(section.heading) + "`" : std::string(section.heading);
    page += (page.empty() ? "## " : "\n## ") + heading + "\n\n" + markdown_table(section.keys);
  }
  return page;
}

std::string markdown_step_type(const StepType& type) {
  std::string page = "## `" + std::string(type.name) + "`\n\n" + std::string(type.summary) + "\n";
  if (!type.parameters.empty()) page += "\n" + markdown_table(type.parameters);
  if (!type.output_fields.empty()) {
    std::vector<std::string> fields;
    for (std::string_view field : words(type.output_fields)) fields.push_back(code(field));
    page += "\nOutput: " + join(fields, ", ") + ".";
    if (!type.main_output.empty()) page += " A bare reference gives " + code(type.main_output) + ".";
    page += "\n";
  }
  if (!type.example.empty()) page += "\n```yaml\n" + std::string(trim(type.example)) + "\n```\n";
  return page;
}

std::string describe_step_type(const StepType& type) {
  std::string page = std::string(type.name) + ": " + std::string(type.summary) + "\n";
  if (!type.later.empty()) page += "Not supported by this version yet: " + std::string(type.later) + "\n";

  std::size_t name_width = 0;
  std::size_t type_width = 0;
  for (const KeySpec& key : type.parameters) {
    if (!key.later.empty()) continue;
    name_width = std::max(name_width, key.name.size() + 1);
    type_width = std::max(type_width, std::min<std::size_t>(type_phrase(key).size(), 24));
  }
  bool some_required = false;
  if (name_width > 0) page += "\nParameters:\n";
  for (const KeySpec& key : type.parameters) {
    if (!key.later.empty()) continue;
    some_required |= key.required;
    std::string doc = doc_of(key);
    if (!key.default_value.empty()) doc += " Default: " + std::string(key.default_value) + ".";
    std::size_t indent = 2 + name_width + 2 + type_width + 2;
    std::size_t width = std::max<std::size_t>(30, 100 - std::min<std::size_t>(indent, 70));
    page += "  " + padded(std::string(key.name) + (key.required ? "*" : ""), name_width + 2) +
            padded(type_phrase(key), type_width + 2);
    // A long type pushes its sentence to the next line, to keep the columns.
    if (type_phrase(key).size() > type_width) page += "\n" + std::string(indent, ' ');
    page += wrapped(doc, width, indent) + "\n";
  }
  if (some_required) page += "  (* required)\n";

  if (!type.output_fields.empty()) {
    std::vector<std::string> fields;
    for (std::string_view field : words(type.output_fields)) fields.emplace_back(field);
    page += "\nOutput:\n  " + wrapped(join(fields, ", "), 96, 2) + "\n";
    if (!type.main_output.empty()) page += "  {id} alone gives " + std::string(type.main_output) + ".\n";
  }
  if (!type.example.empty()) {
    page += "\nExample:\n";
    add_indented(page, type.example);
    if (!page.ends_with('\n')) page += '\n';
  }
  return page;
}

}  // namespace rustchain

// What step types share: reading parameters, paths, results.
#include "steps/support.hpp"

#include "util/path.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <cstdlib>

namespace rustchain {
namespace {

std::string to_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

const Json* given(const Json& parameters, std::string_view key) {
  auto found = parameters.find(key);
  return found != parameters.end() && !found->is_null() ? &*found : nullptr;
}

bool is_given(const Json& parameters, std::string_view key) {
  return given(parameters, key) != nullptr;
}

std::string text_of(const Json& parameters, std::string_view key) {
  const Json* value = given(parameters, key);
  return value ? to_text(*value) : std::string();
}

bool flag_of(const Json& parameters, std::string_view key) {
  auto found = parameters.find(key);
  return found != parameters.end() && (found->is_boolean() ? found->get<bool>() : to_text(*found) == "true");
}

std::uint64_t number_of(const Json& parameters, std::string_view key, std::uint64_t otherwise) {
  auto found = parameters.find(key);
  if (found == parameters.end()) return otherwise;
  double number = 0;
  if (found->is_number()) {
    number = found->get<double>();
  } else {
    const std::string text = to_text(*found);
    char* end = nullptr;
    number = std::strtod(text.c_str(), &end);
    if (end == text.c_str()) return otherwise;
    const std::string unit = to_lower(trim(end));
    constexpr std::pair<std::string_view, double> units[] = {{"", 1},
                                                             {"b", 1},
                                                             {"kb", 1e3},
                                                             {"mb", 1e6},
                                                             {"gb", 1e9},
                                                             {"k", 1024},
                                                             {"kib", 1024},
                                                             {"mib", 1024. * 1024},
                                                             {"gib", 1024. * 1024 * 1024}};
    auto row =
        std::find_if(std::begin(units), std::end(units), [&](const auto& u) { return u.first == unit; });
    if (row == std::end(units)) return otherwise;
    number *= row->second;
  }
  if (!(number >= 0) || number > 9e18) return otherwise;
  return static_cast<std::uint64_t>(number);
}

std::vector<std::string> list_of(const Json& parameters, std::string_view key) {
  const Json* value = given(parameters, key);
  return value ? list_of(*value) : std::vector<std::string>();
}

std::vector<std::string> list_of(const Json& value) {
  if (!value.is_array()) return {to_text(value)};
  std::vector<std::string> list;
  list.reserve(value.size());
  for (const Json& element : value) list.push_back(to_text(element));
  return list;
}

Result<std::string, Failure> path_of(const StepContext& context, std::string_view key) {
  std::string path = text_of(context.parameters, key);
  const std::string name(key);
  if (path.empty())
    return Failure{FailureKind::invalid, "'" + name + "' is empty",
                   "look at the references in it: one of them may have given nothing"};
  if (path.find('\0') != std::string::npos)
    return Failure{FailureKind::invalid, "'" + name + "' holds a NUL byte, which no path may",
                   "look at the references in it"};
  return resolve_path(context.working_directory,
                      expand_home(path, context.services.variable("HOME").value_or("")));
}

void add_path(const Json& parameters, std::string_view key, std::vector<std::string>& paths) {
  std::string path = text_of(parameters, key);
  if (!path.empty()) paths.push_back(std::move(path));
}

bool has_reference(std::string_view text) {
  return text.find('{') != std::string_view::npos;
}

StepResult failed(const Failure& failure) {
  return StepResult::failure(failure.kind, failure.message, failure.help);
}

std::vector<std::string> last_lines(std::string_view text, std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < most) {
    std::size_t begin = text.rfind('\n');
    std::string_view line = begin == std::string_view::npos ? text : text.substr(begin + 1);
    text = begin == std::string_view::npos ? std::string_view() : text.substr(0, begin);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    // What a carriage return has overwritten is progress, not news.
    if (std::size_t shown_from = line.rfind('\r'); shown_from != std::string_view::npos)
      line.remove_prefix(shown_from + 1);
    if (!trim(line).empty()) lines.push_back(replace_invalid_utf8(utf8_prefix(line, 400)));
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::string shown(std::string_view text, std::size_t most) {
  std::string line;
  for (char c : replace_invalid_utf8(utf8_prefix(text, most))) {
    if (c == '\n')
      line += "\\n";
    else if (c == '\t')
      line += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      line += "?";
    else
      line += c;
  }
  return text.size() > most ? line + "..." : line;
}

void add_problem(Diagnostics& problems, std::string_view code, Severity severity, const Node& at,
                 std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.at = at.at;
  diagnostic.length = at.is_scalar() && at.style == Node::Style::plain && !at.text.empty()
                          ? static_cast<std::uint32_t>(at.text.size())
                          : 1;
  diagnostic.help = std::move(help);
  problems.add(std::move(diagnostic));
}

const Node* scalar(const Step& step, std::string_view key) {
  const Node* node = step.parameters.find(key);
  return node != nullptr && node->is_scalar() ? node : nullptr;
}

}  // namespace rustchain

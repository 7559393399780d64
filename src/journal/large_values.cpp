// Texts within a step's output that lie beside the journal.
#include "journal/large_values.hpp"

#include "util/sha256.hpp"
#include "util/utf8.hpp"

#include <algorithm>

namespace rustchain {
namespace {

bool is_large(const std::string& text) {
  return text.size() > k_largest_inline || find_invalid_utf8(text) != std::string_view::npos;
}

// What move_out puts there. A name leads nowhere but into the run's folder.
bool is_reference(const Json& value) {
  if (!value.is_object() || value.size() != 3) return false;
  auto name = value.find("$file");
  auto hash = value.find("sha256");
  if (name == value.end() || hash == value.end() || !name->is_string() || !hash->is_string()) return false;
  const std::string& path = name->get_ref<const std::string&>();
  return !path.starts_with('/') && path.find("..") == std::string::npos;
}

}  // namespace

bool has_large_values(const Json& output) {
  if (output.is_string()) return is_large(output.get_ref<const std::string&>());
  return output.is_structured() && std::any_of(output.begin(), output.end(), has_large_values);
}

void move_out(Json& output, const KeepValue& keep) {
  if (output.is_string()) {
    const std::string& text = output.get_ref<const std::string&>();
    if (is_large(text))
      output = {{"$file", keep(text).value_or("")}, {"bytes", text.size()}, {"sha256", sha256(text)}};
  } else if (output.is_structured()) {
    for (Json& inner : output) move_out(inner, keep);
  }
}

std::optional<std::string> bring_back(Json& output, const ReadValue& read) {
  if (is_reference(output)) {
    std::string name = output["$file"];
    std::optional<std::string> bytes = name.empty() ? std::nullopt : read(name);
    if (!bytes || sha256(*bytes) != output["sha256"].get_ref<const std::string&>()) return name;
    output = std::move(*bytes);
    return std::nullopt;
  }
  std::optional<std::string> first;
  if (output.is_structured())
    for (Json& inner : output)
      if (auto lost = bring_back(inner, read); lost && (!first || first->empty())) first = std::move(lost);
  return first;
}

}  // namespace rustchain

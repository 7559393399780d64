#include "support/fakes.hpp"

#include "util/text.hpp"

namespace rustchain {
namespace {

Node node_of(const Json& value) {
  Node node;
  if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, inner] : value.items()) {
      node.items.push_back(node_of(key));
      node.items.push_back(node_of(inner));
    }
  } else if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const Json& inner : value) node.items.push_back(node_of(inner));
  } else if (!value.is_null()) {
    node.kind = Node::Kind::scalar;
    node.style = value.is_string() ? Node::Style::quoted : Node::Style::plain;
    node.text = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return node;
}

}  // namespace

Json default_value(const KeySpec& key) {
  std::string text(key.default_value);
  if ((key.types & k_size) != 0) {
    std::size_t end = 0;
    double number = std::stod(text, &end);
    for (const auto& [unit, factor] : std::initializer_list<std::pair<const char*, double>>{
             {"KiB", 1024}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}})
      if (trim(std::string_view(text).substr(end)) == unit) number *= factor;
    return static_cast<std::uint64_t>(number);
  }
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

StepFixture::StepFixture(const StepType& type, Json given, Services& services, std::string working_directory)
    : type_(type),
      parameters(std::move(given)),
      context{
          .step = step,
          .parameters = parameters,
          .shell_values = {},
          .working_directory = working_directory,
          .mission_directory = working_directory,
          .env = {},
          .shell = "/bin/sh",
          .output_base = {},
          .dependencies = {},
          .stop = stop,
          .on_progress = {},
          .on_process = {},
          .on_text = {},
          .keep = [this](std::unique_ptr<BackgroundProcess> process) { kept.push_back(std::move(process)); },
          .services = services} {
  step.id.value = "step";
  step.name = "step";
  step.type.value = std::string(type.name);
  step.parameters = node_of(parameters);
  for (const KeySpec& key : type.parameters) {
    std::string name(key.name);
    if (!key.default_value.empty() && !parameters.contains(name)) parameters[name] = default_value(key);
  }
}

}  // namespace rustchain

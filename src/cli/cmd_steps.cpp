// rustchain steps: the step types, or everything about one, from the tables that also check missions.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/reference_table.hpp"
#include "mission/suggest.hpp"
#include "steps/registry.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

std::string overview() {
  std::string text;
  for (const StepType* type : step_types().all()) {
    std::string name(type->name);
    name.resize(std::max<std::size_t>(name.size() + 1, 14), ' ');
    text += name + std::string(type->summary) + (type->later.empty() ? "\n" : " (Not in this version.)\n");
  }
  return text + "\n'rustchain steps TYPE' shows its parameters and an example.\n";
}

OrderedJson to_json(const KeySpec& key) {
  OrderedJson json;
  json["name"] = key.name;
  json["required"] = key.required;
  json["default"] = key.default_value;
  json["doc"] = key.doc;
  json["example"] = key.example;
  json["aliases"] = words(key.aliases);
  return json;
}

OrderedJson to_json(const StepType& type) {
  OrderedJson parameters = OrderedJson::array();
  for (const KeySpec& key : type.parameters) parameters.push_back(to_json(key));
  OrderedJson json;
  json["name"] = type.name;
  json["aliases"] = words(type.aliases);
  json["summary"] = type.summary;
  json["in_this_version"] = type.later.empty();
  json["parameters"] = std::move(parameters);
  json["output"] = words(type.output_fields);
  json["main_output"] = type.main_output;
  json["example"] = type.example;
  return json;
}

}  // namespace

ExitCode command(App& app, const StepsOptions& options) {
  const StepType* type = options.type.empty() ? nullptr : step_types().find(options.type);
  if (type == nullptr && !options.type.empty()) {
    std::vector<std::string_view> known;
    for (const StepType* one : step_types().all()) known.push_back(one->name);
    auto near = nearest(options.type, known, 5);
    app.console.err("error: there is no step type '" + options.type + "'\n  help: " +
                    (near ? "did you mean '" + *near + "'?" : "'rustchain steps' lists them") + "\n");
    return ExitCode::usage;
  }
  if (options.output == OutputFormat::json) {
    OrderedJson list = OrderedJson::array();
    for (const StepType* one : step_types().all())
      if (type == nullptr || one == type) list.push_back(to_json(*one));
    app.console.out(dump({{"format_version", 1}, {"step_types", std::move(list)}}));
  } else {
    app.console.out(type == nullptr ? overview() : describe_step_type(*type));
  }
  return ExitCode::success;
}

}  // namespace rustchain

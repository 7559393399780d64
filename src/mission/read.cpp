// Node tree to Mission: the top level and config.
#include "mission/read.hpp"

#include "rustchain/version.hpp"

#include "mission/extract.hpp"
#include "mission/key_reader.hpp"
#include "mission/keys.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read_step.hpp"
#include "mission/scalar.hpp"

#include <charconv>
#include <unordered_map>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_most_steps = 1'000'000;

class MissionReader {
 public:
  MissionReader(const StepTypes& types, Diagnostics& problems)
      : problems_(problems), keys_(problems), steps_(types, keys_, problems) {}

  Mission read(Node document) {
    Place place{.name = "at the top level",
                .keys = mission_keys(),
                .cure = "put it under `metadata:` or take it out"};
    Normalised top = keys_.check(document, place, document.at, "the mission");
    Mission mission;
    mission.name = take_string(document, "name");
    mission.description = take_string(document, "description");
    if (!top.has(mission_keys(), "version"))
      warn_of_no_version(document);
    else
      read_version(document, mission);
    Node vars = take_value(document, "vars");
    for (std::size_t i = 0; i + 1 < vars.items.size(); i += 2)
      mission.vars.emplace_back(std::move(vars.items[i].text), std::move(vars.items[i + 1]));
    Node inputs = take_value(document, "parameters");
    for (Node& input : inputs.items) read_input(input, mission);
    mission.env = take_text_map(document, "env");
    mission.secrets = take_texts(document, "secrets");
    Node config = take_value(document, "config");
    read_config(config, mission.config);
    if (const Node* strategy = document.find("execution_strategy"))
      mission.execution_strategy = {
          .analyze_before_run = flag(*strategy, "analyze_before_run", false),
          .estimate_resource_usage = flag(*strategy, "estimate_resource_usage", false),
          .warn_on_large_operations = flag(*strategy, "warn_on_large_operations", false),
      };
    if (const Node* handling = document.find("error_handling")) read_error_handling(*handling, mission);
    mission.safety = take_value(document, "safety");
    mission.next_missions = take_texts(document, "next_missions");
    mission.steps = read_steps(document, "steps");
    mission.finally = read_steps(document, "finally");
    keys_.finish();
    return mission;
  }

 private:
  void warn_of_no_version(const Node& document) {
    problems_.add({.code = "RC0113",
                   .severity = Severity::warning,
                   .message = "the mission has no 'version'",
                   .at = document.at,
                   .help = "write `version: \"1.0\"`"});
  }

  void read_version(Node& document, Mission& mission) {
    const Node* version = document.find("version");
    if (!version) return;  // mistyped or no text: reported as that
    std::string_view text = version->text;
    if (text.starts_with('v')) text.remove_prefix(1);
    int major = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), major);
    bool number = failed == std::errc() && (end == text.data() + text.size() || *end == '.');
    if (!number) {
      keys_.warning("RC0115", *version, "the version " + shown(*version) + " isn't a version of the format",
                    "it is taken as 1.0; write `version: \"1.0\"`, and your own version under metadata");
      return;
    }
    if (major != k_format_major)
      keys_.error("RC0114", *version,
                  "the mission is written for version " + version->text +
                      " of the format, which this program doesn't know",
                  "write `version: \"1.0\"`, or use a newer rustchain");
    mission.version = version->text;
  }

  void read_error_handling(const Node& node, Mission& mission) {
    if (node.is_list()) {
      keys_.warning("RC0105", node, "'error_handling' has no effect as a list",
                    "write `continue_on_error:` or `retry:` in the steps that it is about");
      return;
    }
    mission.error_handling = {
        .suggest_alternatives = flag(node, "suggest_alternatives", true),
        .provide_command_optimizations = flag(node, "provide_command_optimizations", true),
        .offer_mission_restructuring = flag(node, "offer_mission_restructuring", true),
    };
  }

  void read_input(Node& node, Mission& mission) {
    Input input;
    input.name = take_text(node, "name");
    if (input.name.empty()) return;
    if (auto [first, fresh] = inputs_.try_emplace(input.name.value, input.name.at); !fresh) {
      problems_.add({.code = "RC0111",
                     .message = "two parameters have the name '" + input.name.value + "'",
                     .at = input.name.at,
                     .length = static_cast<std::uint32_t>(input.name.value.size()),
                     .help = "give this one another name, or take it out",
                     .notes = {{first->second, "the first one is here"}}});
      return;
    }
    input.type = take_string(node, "type");
    for (auto [other, name] : {std::pair{"str", "string"},
                               {"int", "integer"},
                               {"float", "number"},
                               {"bool", "boolean"},
                               {"array", "list"},
                               {"object", "map"},
                               {"", "string"}})
      if (input.type == other) input.type = name;
    if (Node* value = find_value(node, "default"); value && !value->is_null())
      input.default_value = std::move(*value);
    input.required = flag(node, "required", false);
    input.description = take_string(node, "description");
    mission.inputs.push_back(std::move(input));
  }

  void read_config(Node& node, Config& config) {
    config.timeout_seconds = number(node, "timeout_seconds");
    if (const Node* limit = node.find("timeout_seconds")) config.timeout_at = limit->at;
    read_limit(node, "step_timeout_seconds", config.step_timeout);
    config.fail_fast = flag(node, "fail_fast", false);
    config.working_directory = take_text(node, "working_directory");
    config.shell = take_text(node, "shell");
    if (Node retry = take_value(node, "retry"); !retry.is_null()) {
      config.retry = take_retry(retry);
      check_retry(*config.retry, keys_);
    }
    const Node none;
    const Node* given = node.find("resource_limits");
    const Node& limits = given ? *given : none;
    auto limit = [&](std::string_view key) {
      std::optional<double> value = number(limits, key);
      return value ? value : number(node, key);
    };
    config.limits.max_memory_mb = limit("max_memory_mb");
    config.limits.max_cpu_percent = limit("max_cpu_percent");
    config.limits.max_disk_io_mb_per_sec = limit("max_disk_io_mb_per_sec");
    std::optional<std::uint32_t> parallel = whole(node, "max_parallel_steps");
    if (!parallel) parallel = whole(limits, "max_parallel_steps");
    config.max_parallel_steps = parallel.value_or(1);
    if (const Node* size = node.find("working_directory_size_limit")) {
      config.working_directory_size_limit = parse_size(size->text);
      config.working_directory_size_limit_at = size->at;
    }
    if (const Node* monitoring = node.find("monitoring")) {
      Monitoring& watch = config.monitoring;
      watch.check_interval_seconds =
          number(*monitoring, "check_interval_seconds").value_or(watch.check_interval_seconds);
      watch.warn_threshold_percent =
          number(*monitoring, "warn_threshold_percent").value_or(watch.warn_threshold_percent);
      watch.kill_on_exceed = flag(*monitoring, "kill_on_exceed", watch.kill_on_exceed);
    }
    config.infer_dependencies = flag(node, "infer_dependencies", true);
  }

  std::vector<Step> read_steps(Node& document, std::string_view key) {
    Node* list = find_value(document, key);
    if (!list) return {};
    if (list->items.size() > k_most_steps) {
      keys_.error("RC0119", *list,
                  "the mission has " + std::to_string(list->items.size()) + " steps, more than 1,000,000",
                  "split it into several missions");
      return {};
    }
    if (list->items.empty() && key == "steps") {
      keys_.error(
          "RC0118", *list, "the mission has no steps",
          "for example `steps: [{id: hello, step_type: command, parameters: {command: \"echo hello\"}}]`");
      return {};
    }
    return steps_.read(std::move(*list));
  }

  Diagnostics& problems_;
  std::unordered_map<std::string, Location> inputs_;  // by name, where each is declared first
  KeyReader keys_;
  StepReader steps_;
};

}  // namespace

Mission read_mission(Node document, const StepTypes& types, Diagnostics& problems) {
  if (refuse_document(document, problems)) return {};
  return MissionReader(types, problems).read(std::move(document));
}

}  // namespace rustchain

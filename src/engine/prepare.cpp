// From a step that may run to everything its work gets.
#include "engine/prepare.hpp"

#include "engine/basis.hpp"
#include "mission/condition.hpp"
#include "mission/content_files.hpp"
#include "mission/sub_missions.hpp"
#include "util/json_text.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <unordered_set>

namespace rustchain {
namespace {

bool satisfied(const Ended* ended) {
  return ended && (ended->result.status == Status::success || ended->result.status == Status::partial);
}

// What the step's dependencies mean for the values that it sees.
StepValues values_of(const RunSetup& setup, const Results& results, const Phase& phase, StepIndex index,
                     std::uint32_t attempt, const Item& item) {
  StepValues values(setup, results, attempt);
  values.set_item(item);
  for (const Edge& edge : phase.graph.needs[index]) {
    StepIndex needed = phase.first + edge.step;
    if (satisfied(results.find(needed))) continue;
    if (edge.on_failure == OnFailure::retry_with_alternative && edge.alternative != k_no_step) {
      StepIndex alternative = phase.first + edge.alternative;
      if (satisfied(results.find(alternative))) values.replace_by(needed, alternative);
    }
    if (edge.on_failure != OnFailure::use_default_value) continue;
    const std::string& id = phase.steps[edge.step].id.value;
    for (const Dependency& dependency : phase.steps[index].depends_on)
      if (dependency.step.value == id) values.replace(needed, to_json(dependency.default_value));
  }
  return values;
}

Result<Done, Failure> add_env(const TextMap& env, bool substitute, bool in_foreach, const Names& names,
                              StepValues& values) {
  for (const auto& [name, text] : env) {
    if (!substitute) {
      values.set_env(name.value, text.value);
      continue;
    }
    auto value = resolve_text(text.value, names, values, in_foreach);
    if (!value) {
      Failure failure = value.error();
      failure.message = "env." + name.value + ": " + failure.message;
      return failure;
    }
    values.set_env(name.value, std::move(*value));
  }
  return Done{};
}

Result<Done, Failure> add_env(const RunSetup& setup, const Step& step, const Names& names,
                              StepValues& values) {
  if (auto done = add_env(setup.mission.env, true, false, names, values); !done) return done;
  return add_env(step.env, step.substitute, step.foreach.has_value(), names, values);
}

// Where the step works: the mission's directory, then its own.
Result<std::string, Failure> directory_of(const RunSetup& setup, const Step& step, const Names& names,
                                          const StepValues& values) {
  std::string directory = setup.working_directory;
  auto enter = [&](const std::string& written, bool substitute, bool in_foreach) -> Result<Done, Failure> {
    if (written.empty()) return Done{};
    Result<std::string, Failure> path = written;
    if (substitute) path = resolve_text(written, names, values, in_foreach);
    if (!path) return path.error();
    directory = normalise_path(resolve_path(directory, *path));
    return Done{};
  };
  if (auto done = enter(setup.mission.config.working_directory.value, true, false); !done)
    return done.error();
  const std::string& own = step.working_directory.value;
  // Files that are the items are looked for where all of them are.
  if (!values.has_item() && step.foreach && refers_to_item(own)) return directory;
  if (auto done = enter(own, step.substitute, step.foreach.has_value()); !done) return done.error();
  return directory;
}

// What a person would call the step's work.
std::string what_it_does(const Effects& effects) {
  // Whoever asks a server and runs something runs it on the answer.
  if (!effects.connects.empty()) return effects.connects.front();
  if (!effects.executes.empty()) {
    const Effects::Execution& first = effects.executes.front();
    return first.script.empty() ? shell_join(first.argv) : first.script;
  }
  if (!effects.missions.empty()) return effects.missions.front();
  for (const auto* paths : {&effects.writes, &effects.deletes, &effects.reads})
    if (!paths->empty()) return paths->front();
  return {};
}

// A step with its references filled in.
struct Filled {
  std::string directory;
  Resolved resolved;
  std::vector<std::pair<std::string, std::string>> env;
};

// Puts the text of the step's file, as it is now, in the place of its content.
Result<Done, Failure> add_content(const RunSetup& setup, const Step& step, const Names& names,
                                  const Values& values, Filled& filled) {
  Json& parameters = filled.resolved.parameters;
  auto from = parameters.find(k_content_file);
  if (from == parameters.end() || !from->is_string()) return Done{};
  const auto& written = from->get_ref<const std::string&>();
  std::string path = expand_home(written, setup.services.variable("HOME").value_or(""));
  auto text = setup.services.files.read(resolve_path(filled.directory, path), k_most_content_bytes + 1);
  if (!text) return text.error();
  if (text->size() > k_most_content_bytes) {
    return Failure{FailureKind::invalid,
                   written + " holds more than 64 MiB, too much for references to be filled in",
                   "copy_file copies files of any size"};
  }
  if (step.substitute) {
    auto content = resolve_text(*text, names, values, step.foreach.has_value());
    if (!content) {
      Failure failure = content.error();
      failure.message = "in " + written + ": " + failure.message;
      return failure;
    }
    text = std::move(content);
  }
  parameters[std::string(k_content)] = std::move(*text);
  filled.resolved.filled = true;
  return Done{};
}

Result<Filled, Failure> fill(const RunSetup& setup, const Step& step, const StepType& type,
                             const Names& names, StepValues& values, DefaultValues& defaults) {
  if (auto done = add_env(setup, step, names, values); !done) return done.error();
  auto directory = directory_of(setup, step, names, values);
  if (!directory) return directory.error();
  auto resolved = resolve_parameters(step, type, names, values, defaults);
  if (!resolved) return resolved.error();
  Filled filled{std::move(*directory), std::move(*resolved), {}};
  if (takes_content_file(type))
    if (auto done = add_content(setup, step, names, values, filled); !done) return done.error();
  filled.env = values.take_env();
  return filled;
}

StepBasis basis_of(const RunSetup& setup, const Results& results, const Phase& phase, StepIndex index,
                   const Filled& filled, const std::string& shell) {
  const Step& step = phase.steps[index];
  const KeyedHash& hash = *setup.hash;
  StepBasis basis;
  basis.definition = definition_of(hash, mission_path(setup), step);
  std::string work;
  if (filled.resolved.filled)
    append_json(work, filled.resolved.parameters);  // as JSON it ends where it ends
  else
    append_part(work, basis.definition);
  for (const auto& [name, value] : filled.resolved.shell_values)
    append_part(work, name), append_part(work, value);
  append_part(work, step.type.value);
  append_part(work, filled.directory);
  append_part(work, shell);
  work += std::to_string(step.repeat_count);
  basis.parameters = hash(work);
  for (const auto& [name, value] : filled.env) basis.env.emplace_back(name, hash(value));
  for (const Edge& edge : phase.graph.needs[index]) {
    const Ended* ended = results.find(phase.first + edge.step);
    if (ended && ended->result.status != Status::success)
      basis.needs.emplace_back(phase.steps[edge.step].id.value, to_string(ended->result.status));
  }
  return basis;
}

// Only types that have a `context` are given what came before: copying every output to every dependent would
// cost more than most steps.
bool takes_context(const StepType& type) {
  return std::any_of(type.parameters.begin(), type.parameters.end(),
                     [](const KeySpec& key) { return key.name == "context"; });
}

}  // namespace

Result<bool, Failure> condition_holds(const RunSetup& setup, const Names& names, const Results& results,
                                      const Phase& phase, StepIndex step, const Item& item) {
  const Step& written = phase.steps[step];
  if (!written.when) return true;
  StepValues values = values_of(setup, results, phase, step, 1, item);
  values.allow_unset(true);
  if (auto done = add_env(setup, written, names, values); !done) return done.error();
  auto holds = evaluate_condition(written.when->value, names, values, item.value != nullptr);
  if (holds) return holds;
  Failure failure = holds.error();
  failure.message = "when: " + failure.message;
  return failure;
}

Result<Prepared, Failure> prepare(const RunSetup& setup, const Names& names, const Results& results,
                                  const Phase& phase, StepIndex index, std::uint32_t attempt,
                                  DefaultValues& defaults, const Item& item) {
  const Step& step = phase.steps[index];
  const StepType* type = setup.types.find(step.type.value);
  if (!type || !type->run) {
    return Failure{
        FailureKind::invalid, "this version of rustchain can't run steps of type '" + step.type.value + "'",
        type ? std::string(type->later) : std::string("`rustchain steps` lists the types that there are")};
  }

  StepValues values = values_of(setup, results, phase, index, attempt, item);
  auto filled = fill(setup, step, *type, names, values, defaults);
  if (!filled) return filled.error();

  Prepared prepared;
  const std::string& shell = setup.mission.config.shell.value;
  prepared.shell = shell.empty() ? setup.shell : shell;
  if (setup.hash) {
    std::optional<Filled> held;
    if (values.asked_passing()) {
      StepValues holding = values_of(setup, results, phase, index, attempt, item);
      holding.hold_passing();
      if (auto again = fill(setup, step, *type, names, holding, defaults)) held = std::move(*again);
    }
    prepared.basis = basis_of(setup, results, phase, index, held ? *held : *filled, prepared.shell);
  }
  prepared.working_directory = std::move(filled->directory);
  prepared.parameters = std::move(filled->resolved.parameters);
  prepared.shell_values = std::move(filled->resolved.shell_values);
  prepared.env = std::move(filled->env);

  Effects effects;
  if (type->effects) effects = type->effects(step, prepared.parameters);
  if (setup.judge) {
    StepFacts facts{prepared.parameters, prepared.shell_values, prepared.env, prepared.working_directory};
    if (std::optional<Failure> refused = setup.judge(step, effects, facts)) return *refused;
  }
  prepared.what = what_it_does(effects);
  if (!effects.executes.empty()) prepared.limits = setup.mission.config.limits;
  std::vector<double> earlier = earlier_seconds(setup.history, prepared.basis.definition);
  prepared.expected = expectation(earlier);
  prepared.limit = choose_timeout(setup.mission, step, {effects, std::nullopt, std::move(earlier)});
  std::string below = prepared.working_directory;
  if (auto own = prepared.parameters.find("working_dir");
      own != prepared.parameters.end() && own->is_string())
    below = resolve_path(below, own->get_ref<const std::string&>());
  for (const std::string& tree : walked_trees(effects))
    prepared.trees.push_back(normalise_path(resolve_path(below, tree)));
  if (setup.hash) {
    KnownFiles known = known_files(effects, below);
    prepared.basis.reads = mark_files(setup, known.reads);
    prepared.basis.changes = std::move(known.changes);
  }

  if (takes_context(*type)) {
    for (const Edge& edge : phase.graph.needs[index]) {
      StepIndex needed = phase.first + edge.step;
      const Ended* ended = results.find(needed);
      if (!ended) continue;
      const Step& dependency = results.step(needed);
      prepared.dependencies.push_back(
          {dependency.id.value, dependency.name, ended->result.status, results.text(needed)});
    }
  }
  return prepared;
}

Result<std::string, Failure> common_directory(const RunSetup& setup, const Names& names,
                                              const Results& results) {
  StepValues values(setup, results, 1);
  if (auto done = add_env(setup.mission.env, true, false, names, values); !done) return done.error();
  const std::string& written = setup.mission.config.working_directory.value;
  if (written.empty()) return setup.working_directory;
  auto directory = resolve_text(written, names, values);
  if (!directory) return directory.error();
  return normalise_path(resolve_path(setup.working_directory, *directory));
}

Result<Items, Failure> items_of(const RunSetup& setup, const Names& names, const Results& results,
                                const Phase& phase, StepIndex index) {
  const Step& step = phase.steps[index];
  StepValues values = values_of(setup, results, phase, index, 1, {});
  if (auto done = add_env(setup.mission.env, true, false, names, values); !done) return done.error();
  FindFiles find_files = [&](const std::string& pattern) -> Result<std::vector<std::string>, Failure> {
    // Missions are found as a step finds the one that it runs.
    if (runs_missions(step, setup.types)) {
      auto found = setup.services.files.glob(pattern, setup.mission_directory);
      if (!found || !found->empty()) return found;
    }
    auto directory = directory_of(setup, step, names, values);
    if (!directory) return directory.error();
    return setup.services.files.glob(pattern, *directory);
  };
  return foreach_items(*step.foreach, names, values, find_files);
}

std::vector<std::string> output_names(const Mission& mission) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  std::vector<std::string> names;
  names.reserve(mission.steps.size() + mission.finally.size());
  // Compared without case: some file systems do.
  std::unordered_set<std::string> taken;
  for (const std::vector<Step>* steps : {&mission.steps, &mission.finally}) {
    for (const Step& step : *steps) {
      std::string name = step.id.value.substr(0, 100);
      for (char& c : name)
        if (safe.find(c) == std::string_view::npos) c = '_';
      std::string unique = name;
      for (std::size_t i = names.size(); !taken.insert(to_lower(unique)).second; ++i)
        unique = name + "~" + std::to_string(i);
      names.push_back(std::move(unique));
    }
  }
  return names;
}

}  // namespace rustchain

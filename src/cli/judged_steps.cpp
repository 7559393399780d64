// From a mission's steps to what the judge is given of them.
#include "cli/judged_steps.hpp"

#include "cli/mission_origins.hpp"
#include "mission/render.hpp"
#include "mission/shell_fill.hpp"
#include "safety/marks.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

Location place_of(const Step& step) {
  for (std::string_view key : {"command", "url", "path", "source", "prompt", "destination"})
    if (const Node* node = step.parameters.find(key); node != nullptr && node->at.line > 0) return node->at;
  return step.id.at;
}

std::vector<std::string_view> texts_of(const Step& step) {
  std::vector<std::string_view> texts;
  collect_texts(step.parameters, texts);
  for (const auto& [name, text] : step.env) texts.emplace_back(text.value);
  return texts;
}

JudgedStep prepare_step(const Step& step, const Origins& origins, const Mission& mission,
                        const std::string& base, const Effects& known) {
  JudgedStep judged{.id = step.id.value, .type = step.type.value, .at = place_of(step), .effects = known};
  own_paths(judged, [&](std::string_view key) {
    const Node* node = step.parameters.find(key);
    return node != nullptr && node->is_scalar() ? node->text : std::string();
  });

  auto fill = [&](std::string& text) { text = origins.filled(std::move(text), step); };
  Effects& effects = judged.effects;
  for (Effects::Execution& execution : effects.executes) {
    if (execution.script.empty()) {
      for (std::string& word : execution.argv) fill(word);
      continue;
    }
    // As the executor does it: each reference becomes a variable that holds the value.
    auto variable = [&](const Reference& reference, std::string_view,
                        ShellPlace) -> std::optional<std::string> {
      if (!step.substitute || !origins.known(reference, step)) return std::nullopt;
      std::string name = "RUSTCHAIN_" + std::to_string(judged.variables.size());
      judged.variables.emplace_back(name, origins.value(reference, step));
      return name;
    };
    execution.script = fill_shell(without_controls(std::move(execution.script)), variable);
  }
  for (std::vector<std::string>* list :
       {&effects.reads, &effects.writes, &effects.deletes, &effects.connects, &judged.reads, &judged.writes})
    for (std::string& text : *list) fill(text);
  for (auto& [path, text] : effects.contents) {
    fill(path);
    fill(text);
  }
  for (const std::string& text : effects.sends)
    judged.secret_sent = judged.secret_sent || origins.names_secret(text, step);
  for (const TextMap* env : {&mission.env, &step.env})
    for (const auto& [name, text] : *env)
      judged.variables.emplace_back(name.value, origins.filled(text.value, step));
  if (const Node* env = step.parameters.find("env"); env != nullptr && env->is_map())
    for (std::size_t i = 0; i < env->size(); ++i)
      if (env->value(i).is_scalar())
        judged.variables.emplace_back(env->key(i).text, origins.filled(env->value(i).text, step));

  judged.directory = base;
  auto enter = [&](const std::string& directory) {
    if (!directory.empty())
      judged.directory = normalise_path(resolve_path(judged.directory, origins.filled(directory, step)));
  };
  enter(mission.config.working_directory.value);
  enter(step.working_directory.value);
  if (const Node* own = step.parameters.find("working_dir"); own != nullptr && own->is_scalar())
    enter(own->text);
  if (has_mark(judged.directory)) judged.directory.clear();

  judged.texts = texts_of(step);
  return judged;
}

}  // namespace

// Which reads and writes a command step does itself.
void own_paths(JudgedStep& judged, const std::function<std::string(std::string_view key)>& parameter) {
  if (judged.effects.executes.empty()) {
    judged.reads = judged.effects.reads;
    judged.writes = judged.effects.writes;
    // A .pem may hold a key; what is named as an authority's certificate is one.
    const std::string authority = parameter("ca_file");
    if (authority.ends_with(".pem")) std::erase(judged.reads, authority);
    return;
  }
  for (auto [key, list] : {std::pair{"stdin_file", &judged.reads}, {"output_file", &judged.writes}})
    if (std::string path = parameter(key); !path.empty()) list->push_back(std::move(path));
}

namespace {

Origins origins_of(const App& app, const MissionFile& file, const SafetyPlaces& places,
                   const NameSet& outside) {
  return {file.mission, places,
          directory_of_mission(app, file.mission.file == "<stdin>" ? "-" : file.mission.file), outside};
}

}  // namespace

void prepare_steps(const App& app, const MissionFile& file, const SafetyPlaces& places,
                   const NameSet& outside, const std::function<void(const JudgedStep&)>& take) {
  Origins origins = origins_of(app, file, places, outside);
  StepIndex index = 0;
  for (const std::vector<Step>* list : {&file.mission.steps, &file.mission.finally})
    for (const Step& step : *list) {
      const bool sends = step.type.value == "http" || step.type.value == "llm";
      const bool sends_secret = sends && origins.flow().takes_secret(index);
      const Effects& known = file.effects[index++];
      std::vector<std::string> items = origins.items_of(step);
      if (items.empty()) items.emplace_back();
      for (std::string& item : items) {
        origins.set_item(std::move(item));
        JudgedStep judged = prepare_step(step, origins, file.mission, places.base, known);
        judged.secret_sent = judged.secret_sent || sends_secret;
        take(judged);
      }
    }
}

NameSet steps_from_outside(const App& app, const MissionFile& file, const SafetyPlaces& places,
                           const NameSet& outside) {
  Origins origins = origins_of(app, file, places, outside);
  NameSet ids;
  for (const std::vector<Step>* list : {&file.mission.steps, &file.mission.finally})
    for (const Step& step : *list) {
      const std::vector<std::string_view> texts = texts_of(step);
      std::vector<std::string> items = origins.items_of(step);
      if (items.empty()) items.emplace_back();
      for (std::string& item : items) {
        origins.set_item(std::move(item));
        if (std::any_of(texts.begin(), texts.end(),
                        [&](std::string_view text) { return origins.is_tainted(text, step); }))
          ids.insert(step.id.value);
      }
    }
  return ids;
}

NameSet handed_on(const App& app, const MissionFile& file, const NameSet& outside) {
  NameSet names = outside;
  if (file.inner.empty()) return names;
  const SafetyPlaces places;
  const Origins origins = origins_of(app, file, places, outside);
  for (const std::vector<Step>* list : {&file.mission.steps, &file.mission.finally})
    for (const Step& step : *list) {
      const Node* vars = step.type.value == "mission" ? step.parameters.find("vars") : nullptr;
      if (vars == nullptr || !vars->is_map()) continue;
      for (std::size_t i = 0; i < vars->size(); ++i) {
        std::vector<std::string_view> texts;
        collect_texts(vars->value(i), texts);
        for (std::string_view text : texts)
          if (origins.is_tainted(text, step)) names.insert(vars->key(i).text);
      }
    }
  for (const MissionFile& inner : file.inner) names.merge(handed_on(app, inner, NameSet(names)));
  return names;
}

}  // namespace rustchain

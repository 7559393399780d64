// The missions that a mission runs: as steps, and after itself.
#include "mission/sub_missions.hpp"

#include "mission/known_values.hpp"
#include "mission/resolve.hpp"
#include "mission/value.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_most_files = 1000;
constexpr std::size_t k_deepest = 20;

struct Place {
  std::string absolute;
  std::string shown;  // as the person who started it would type it
};

class Opener {
 public:
  Opener(const StepTypes& types, const MissionOptions& options) : types_(types), options_(options) {}

  void open(MissionFile& file, const Place& place) {
    way_.push_back(place);
    const Mission& mission = file.mission;
    const Directories directories{options_.directory, parent_directory(place.absolute)};
    std::optional<Names> names;
    std::unordered_set<std::string> seen;
    auto look_at = [&](const std::vector<Step>& steps, const Graph& graph) {
      for (StepIndex i = 0; i < steps.size(); ++i) {
        if (!runs_missions(steps[i], types_)) continue;
        if (!names) names.emplace(mission);
        open_of_step(file, steps[i], graph.needs[i], *names, directories, seen);
      }
    };
    look_at(mission.steps, file.graph);
    look_at(mission.finally, file.finally_graph);
    hide_secrets_of_inner(file);
    for (const Text& next : mission.next_missions) {
      const Place there = {normalise_path(resolve_path(directories.mission, next.value)),
                           normalise_path(resolve_path(parent_directory(place.shown), next.value))};
      if (auto opened = open_one(file, next.value, next.at, {there}, options_, false))
        file.next.push_back(std::move(*opened));
    }
    file.problems.sort();
    way_.pop_back();
  }

 private:
  // What the missions that it runs tell goes out with what it tells.
  static void hide_secrets_of_inner(MissionFile& file) {
    std::vector<std::string> values = file.mask.values();
    const std::size_t own = values.size();
    for (const MissionFile& inner : file.inner)
      values.insert(values.end(), inner.mask.values().begin(), inner.mask.values().end());
    if (values.size() > own) file.mask = Mask(values);
  }

  void open_of_step(MissionFile& file, const Step& step, const std::vector<Edge>& needs, const Names& names,
                    const Directories& directories, std::unordered_set<std::string>& seen) {
    const Mission& mission = file.mission;
    const Node* path = step.parameters.find("mission");
    if (!path || !path->is_scalar()) return;
    std::vector<Json> items = {Json()};
    if (step.foreach) {
      auto known = known_items(mission, step, types_, names, directories, options_.find_files);
      if (!known) return;
      items = std::move(known->list);
    }
    KnownValues values(mission, directories.mission);
    // What an earlier step writes need not be there yet.
    bool made =
        std::any_of(needs.begin(), needs.end(), [](const Edge& edge) { return edge.why == Edge::Why::path; });
    const auto start = known_directory(mission, step, names, directories);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (step.foreach) values.set_item(&items[i], i);
      Result<std::string, Failure> text = path->text;
      if (step.substitute) text = resolve_text(path->text, names, values, step.foreach.has_value());
      if (!text) continue;

      MissionOptions options = options_;
      options.vars = {.values = {}, .later = {}, .by_step = true};
      give_vars(step, names, values, options);
      std::string key = *text;
      for (const auto& [name, value] : options.vars.values) key += '\n' + name + '=' + to_json(value).dump();
      if (!seen.insert(std::move(key)).second) continue;

      std::vector<Place> places = {
          {normalise_path(resolve_path(directories.mission, *text)),
           normalise_path(resolve_path(parent_directory(way_.back().shown), *text))}};
      if (start) {
        std::string absolute = normalise_path(resolve_path(*start, *text));
        places.push_back({absolute, *start == directories.start ? normalise_path(*text) : absolute});
      }
      options.directory = start.value_or("");
      options.more_env = true;
      auto opened = open_one(file, *text, path->at, places, options, made);
      if (!opened) continue;
      if (!opened->mission.next_missions.empty()) {
        file.problems.add(
            {.code = "RC0613",
             .severity = Severity::warning,
             .message = "the next_missions of " + opened->mission.file + " are not run: it is run as a step",
             .at = path->at,
             .length = static_cast<std::uint32_t>(path->text.size()),
             .help = "add a step for each of them that shall run here"});
      }
      file.inner.push_back(std::move(*opened));
    }
  }

  // Values that only the run will tell are named in later_vars.
  void give_vars(const Step& step, const Names& names, const KnownValues& values, MissionOptions& options) {
    const Node* vars = step.parameters.find("vars");
    if (!vars || !vars->is_map()) return;
    for (std::size_t i = 0; i < vars->size(); ++i) {
      const std::string& name = vars->key(i).text;
      auto value = resolve_value(vars->value(i), names, values, step.foreach.has_value());
      if (!step.substitute)
        options.vars.values.emplace_back(name, vars->value(i));
      else if (value)
        options.vars.values.emplace_back(name, to_node(*value));
      else
        options.vars.later.push_back(name);
    }
  }

  // The first of the places that can be read. nullopt: none can, or it would come back to itself.
  std::optional<MissionFile> open_one(MissionFile& file, const std::string& path, Location at,
                                      const std::vector<Place>& places, MissionOptions options,
                                      bool may_be_missing) {
    if (way_.size() > k_deepest || count_ >= k_most_files) return std::nullopt;
    const auto length = static_cast<std::uint32_t>(std::max<std::size_t>(path.size(), 1));
    auto problem = [&](std::string_view code, std::string message, std::string help) {
      file.problems.add(
          {.code = code, .message = std::move(message), .at = at, .length = length, .help = std::move(help)});
    };
    std::string why;
    for (const Place& place : places) {
      auto same = [&](const Place& other) { return other.absolute == place.absolute; };
      if (auto first = std::find_if(way_.begin(), way_.end(), same); first != way_.end()) {
        std::string circle;
        for (; first != way_.end(); ++first) circle += first->shown + " -> ";
        problem("RC0611", "missions run each other in a circle: " + circle + place.shown,
                "take one of these steps, or next_missions, out");
        return std::nullopt;
      }
      Result<std::string> text = options.read_file(place.absolute);
      if (!text) {
        if (why.empty()) why = text.error().message;
        continue;
      }
      ++count_;
      options.mission_directory = parent_directory(place.absolute);
      MissionFile opened = open_mission(place.shown, std::move(*text), types_, options);
      if (opened.valid()) open(opened, place);
      if (!opened.valid()) {
        const std::size_t errors = opened.problems.errors();
        problem("RC0612",
                "the mission " + place.shown + " is invalid: " + std::to_string(errors) +
                    (errors == 1 ? " error" : " errors"),
                "mend what is said of it below");
      }
      return opened;
    }
    if (!may_be_missing) {
      problem("RC0610", "can't use the mission " + path + ": " + why,
              "the path is seen from the directory of " + way_.back().shown +
                  (places.size() > 1 ? ", then from the working directory" : ""));
    }
    return std::nullopt;
  }

  const StepTypes& types_;
  const MissionOptions& options_;
  std::vector<Place> way_;  // from the first mission to the one that is looked at
  std::size_t count_ = 0;
};

}  // namespace

bool runs_missions(const Step& step, const StepTypes& types) {
  const StepType* type = types.find(step.type.value);
  return type && type->runs_missions;
}

void open_sub_missions(MissionFile& file, const StepTypes& types, const MissionOptions& options) {
  if (!file.valid()) return;
  Opener(types, options)
      .open(file, {normalise_path(resolve_path(options.directory, file.mission.file)), file.mission.file});
}

}  // namespace rustchain

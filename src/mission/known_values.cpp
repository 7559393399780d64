// What is known of values before the run.
#include "mission/known_values.hpp"

#include "mission/sub_missions.hpp"
#include "util/path.hpp"

namespace rustchain {

Result<Json, Failure> KnownValues::value(const Meaning& meaning) const {
  switch (meaning.kind) {
    case Meaning::Kind::variable:
      for (const auto& [name, node] : mission_.vars)
        if (name == meaning.name && !node.is_null()) return to_json(node);
      break;
    case Meaning::Kind::mission:
      if (auto value = mission_value(mission_, directory_, meaning.name)) return *value;
      break;
    case Meaning::Kind::item:
      if (item_) return *item_;
      break;
    case Meaning::Kind::index:
      if (item_) return Json(index_);
      break;
    default: break;
  }
  return Failure{FailureKind::invalid, "only the run will tell", {}};
}

std::optional<std::string> known_directory(const Mission& mission, const Step& step, const Names& names,
                                           const Directories& directories) {
  KnownValues values(mission, directories.mission);
  std::string directory = directories.start;
  for (const Text* text : {&mission.config.working_directory, &step.working_directory}) {
    if (text->empty() || (step.foreach && refers_to_item(text->value))) continue;
    auto path = resolve_text(text->value, names, values);
    if (!path) return std::nullopt;
    directory = normalise_path(resolve_path(directory, *path));
  }
  return directory;
}

std::optional<Items> known_items(const Mission& mission, const Step& step, const StepTypes& types,
                                 const Names& names, const Directories& directories,
                                 const FindFilesIn& find_files) {
  KnownValues values(mission, directories.mission);
  auto items = foreach_items(*step.foreach, names, values,
                             [&](const std::string& pattern) -> Result<std::vector<std::string>, Failure> {
                               if (runs_missions(step, types)) {
                                 auto found = find_files(pattern, directories.mission);
                                 if (!found || !found->empty()) return found;
                               }
                               auto directory = known_directory(mission, step, names, directories);
                               if (!directory)
                                 return Failure{FailureKind::invalid, "only the run will tell", {}};
                               return find_files(pattern, *directory);
                             });
  if (!items) return std::nullopt;
  return std::move(*items);
}

}  // namespace rustchain

// From what was typed to a checked mission: the file or standard input, --var and --vars-file.
#pragma once

#include "rustchain/json.hpp"

#include "cli/commands.hpp"
#include "mission/mission_file.hpp"

#include <optional>
#include <string>

namespace rustchain {

using OrderedJson = nlohmann::ordered_json;  // keys stay as they are put in

// nullopt: a variable or its file is wrong, and standard error has been told.
std::optional<MissionOptions> read_inputs(App& app, const InputOptions& input);

// `path` as typed; "-" is standard input. A file that can't be read is a diagnostic like any other.
MissionFile open_mission_at(App& app, const std::string& path, const MissionOptions& options);

// The same, with the missions that it runs (open_sub_missions).
MissionFile open_mission_with_others(App& app, const std::string& path, const MissionOptions& options);

// Absolute: the folder of the mission's file; of standard input the working directory.
std::string directory_of_mission(const App& app, const std::string& path);

// The mission's own file, absolute; empty: standard input.
std::string path_of_mission(const App& app, const std::string& path);

// To standard error, those of the missions that it runs too; warnings and notes not when quiet.
void show_problems(App& app, const MissionFile& file);

// {format_version, file, valid, diagnostics, safety}, and `missions` where it runs others.
OrderedJson validation_json(const MissionFile& file);

// Text with what isn't UTF-8 replaced, two blanks deep, with a newline.
std::string dump(const OrderedJson& json);

}  // namespace rustchain

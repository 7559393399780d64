// The safety judge for missions: what it needs to know of a mission, its verdict as text and JSON, and the
// judge that the engine asks once more before each step.
#pragma once

#include "rustchain/engine.hpp"

#include "cli/judged_steps.hpp"
#include "cli/mission_input.hpp"
#include "safety/mission_judge.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

class JudgedPaths;  // platform/judged_files.hpp

// Where steps run: the home directory and the directory that rustchain was started in.
SafetyPlaces safety_places(const App& app);

// How strictly the mission is judged, and what it asks to have allowed. Problems of its `safety:` key stand
// in `problems`.
SafetyPolicy safety_policy(const MissionFile& file, std::string_view mode, Diagnostics& problems);
std::string today(const App& app);  // 2026-01-31

// The verdict on a valid mission. `accept`: the person said yes to what the mission asks to have allowed; so
// they did with `safety approve`, if the mission hasn't changed since. Problems of its `safety:` key stand in
// `problems`. `outside`: variables that got a value from http or an llm by the step that runs the mission.
MissionVerdict judge(App& app, const MissionFile& file, std::string_view mode, bool accept,
                     Diagnostics& problems, const NameSet& outside = {});

// A mission, or one that it runs, and what was found in it.
struct JudgedMission {
  const MissionFile* file = nullptr;
  MissionVerdict verdict;
};
// The mission itself first, then those that it runs as steps and after itself, as far as they are known.
std::vector<JudgedMission> judge_all(App& app, MissionFile& file, std::string_view mode, bool accept,
                                     const NameSet& outside = {});
Risk risk_of(const MissionVerdict& verdict);
bool any_refused(const std::vector<JudgedMission>& all);

// "✅ Mission passes safety validation (risk 5/100, low)".
std::string verdict_line(const MissionVerdict& verdict);
// Of the first, and of the others that are refused.
std::string verdict_lines(const std::vector<JudgedMission>& all);
// The findings as diagnostics: what blocks are errors, from 25 on warnings. `all`: the others as notes.
Diagnostics to_diagnostics(const MissionVerdict& verdict, bool all = false);
void show_findings(App& app, const MissionFile& file, const Diagnostics& findings);  // on standard error
void show_findings(App& app, const std::vector<JudgedMission>& all);
OrderedJson to_json(const MissionVerdict& verdict, const Sources& sources);
// The verdict on the first, with those on the others under `missions`.
OrderedJson to_json(const std::vector<JudgedMission>& all);
std::string to_sarif(const std::vector<std::pair<const MissionFile*, MissionVerdict>>& verdicts);

// Asked by the engine when a step's references are filled in: the Failure (kind safety) that stops it.
// What it has seen of paths is noted in `seen`.
StepJudge make_step_judge(App& app, const MissionFile& file, std::string_view mode, bool accept,
                          JudgedPaths& seen, const NameSet& outside = {});

}  // namespace rustchain

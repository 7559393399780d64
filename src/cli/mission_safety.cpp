// The verdict of the safety judge on a mission and those that it runs.
#include "cli/mission_safety.hpp"

#include "cli/safety_approvals.hpp"
#include "util/format.hpp"
#include "util/path.hpp"

#include <algorithm>

namespace rustchain {

SafetyPlaces safety_places(const App& app) {
  SafetyPlaces places;
  if (std::string home = app.services.variable("HOME").value_or(""); home.size() > 1 && home[0] == '/')
    places.home = normalise_path(home);
  if (app.directory.size() > 1) places.base = app.directory;
  if (std::string own = app.services.variable("TMPDIR").value_or(""); own.size() > 1 && own[0] == '/')
    places.temporary.push_back(normalise_path(own));
  return places;
}

SafetyPolicy safety_policy(const MissionFile& file, std::string_view mode, Diagnostics& problems) {
  const SafetyMode* known = find_safety_mode(mode);
  return read_policy(file.mission.safety, known != nullptr ? *known : SafetyMode::standard, problems);
}

std::string today(const App& app) {
  return format_time(app.services.clock.wall()).substr(0, 10);
}

MissionVerdict judge(App& app, const MissionFile& file, std::string_view mode, bool accept,
                     Diagnostics& problems, const NameSet& outside) {
  const SafetyPlaces places = safety_places(app);
  SafetyPolicy policy = safety_policy(file, mode, problems);
  MissionJudge judge(policy, places, accept || is_approved(app, file, policy), today(app));
  prepare_steps(app, file, places, outside, [&](const JudgedStep& step) { judge.judge(step); });
  MissionVerdict verdict = std::move(judge).verdict();
  if (!file.mask.empty())
    for (MissionFinding& finding : verdict.findings) finding.subject = file.mask.text(finding.subject);
  return verdict;
}

std::vector<JudgedMission> judge_all(App& app, MissionFile& file, std::string_view mode, bool accept,
                                     const NameSet& outside) {
  std::vector<JudgedMission> all;
  all.push_back({&file, judge(app, file, mode, accept, file.problems, outside)});
  const NameSet handed = handed_on(app, file, outside);
  for (MissionFile& inner : file.inner)
    for (JudgedMission& judged : judge_all(app, inner, mode, accept, handed))
      all.push_back(std::move(judged));
  for (MissionFile& next : file.next)
    for (JudgedMission& judged : judge_all(app, next, mode, accept)) all.push_back(std::move(judged));
  return all;
}

Risk risk_of(const MissionVerdict& verdict) {
  return {verdict.score, verdict.blocked ? "refused" : "passed"};
}

bool any_refused(const std::vector<JudgedMission>& all) {
  return std::any_of(all.begin(), all.end(), [](const JudgedMission& one) { return one.verdict.blocked; });
}

}  // namespace rustchain

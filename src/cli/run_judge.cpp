// The judge that the engine asks once more before each step, with all values filled in.
#include "cli/mission_safety.hpp"
#include "cli/safety_approvals.hpp"
#include "platform/judged_files.hpp"
#include "platform/platform.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <filesystem>
#include <mutex>
#include <optional>

namespace rustchain {
namespace {

// Through all symlinks as far as the path exists; also one in the last place that leads to nothing yet.
std::string real_path(const std::string& path, const std::string& directory) {
  if (path.empty() || path[0] == '~') return path;
  std::string at = resolve_path(directory, path);
  for (int links = 0; links < 40; ++links) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::weakly_canonical(at, error);
    if (error) return path;
    const std::filesystem::path target = std::filesystem::read_symlink(real, error);
    if (error) return real.string();
    at = resolve_path(real.parent_path().string(), target.string());
  }
  return path;
}

class RunJudge {
 public:
  RunJudge(App& app, const MissionFile& file, std::string_view mode, bool accept, JudgedPaths& seen,
           const NameSet& outside)
      : places_(safety_places(app)), today_(today(app)), seen_(seen) {
    Diagnostics ignored;
    policy_ = safety_policy(file, mode, ignored);
    accepted_ = accept || is_approved(app, file, policy_);
    std::error_code error;
    if (auto real = std::filesystem::canonical(places_.base, error); !error) places_.base = real.string();
    outside_ = steps_from_outside(app, file, places_, outside);
  }

  std::optional<Failure> operator()(const Step& step, const Effects& effects, const StepFacts& facts) {
    JudgedStep judged;
    judged.id = step.id.value;
    judged.type = step.type.value;
    judged.effects = effects;
    own_paths(judged, [&](std::string_view key) { return text_of(facts.parameters, key); });
    judged.directory = real_directory(facts.working_directory);
    judged.variables = facts.env;
    judged.variables.insert(judged.variables.end(), facts.shell_values.begin(), facts.shell_values.end());
    for (std::vector<std::string>* list : {&judged.reads, &judged.writes, &judged.effects.deletes}) {
      // What a command line deletes is told by the line.
      if (list == &judged.effects.deletes && !effects.executes.empty()) continue;
      for (std::string& path : *list) {
        const std::string absolute = resolve_path(facts.working_directory, path);
        std::string real = real_path(path, facts.working_directory);
        // A symlink itself is removed, not what it leads to.
        if (list == &judged.effects.deletes) {
          const std::string exact = normalise_path(absolute);
          real =
              exact == "/" ? exact : resolve_path(real_path(parent_directory(exact), "/"), file_name(exact));
          seen_.note(exact, real);
        }
        if (real.starts_with('/')) seen_.note(absolute, real);
        path = std::move(real);
      }
    }
    std::vector<SafetyFinding> findings;
    {
      std::lock_guard lock(mutex_);
      findings = judge_step(judged, places_, written_);
    }
    const SafetyMode mode = outside_.contains(step.id.value) ? stricter(policy_.mode) : policy_.mode;
    for (const SafetyFinding& finding : findings) {
      // What stood in the mission itself was judged and maybe allowed before the run.
      if (!blocks(*finding.rule, mode) || is_allowed(finding, step.id.value)) continue;
      if (mode != policy_.mode && !blocks(*finding.rule, policy_.mode) && finding.rule->category() != "fs" &&
          finding.rule->category() != "code" && finding.rule->category() != "url" &&
          finding.rule->category() != "secret")
        continue;
      std::string what = "refused by safety rule " + std::string(finding.rule->id) + ": the step " +
                         std::string(finding.rule->what);
      if (!finding.subject.empty()) what += ": " + shown(mask_keys(finding.subject), 120);
      std::string help(finding.rule->safer);
      if (mode != policy_.mode)
        help += (help.empty() ? "" : "; ") +
                std::string("a value from http or llm is in it, so it is judged in mode ") +
                std::string(word_of(mode));
      return Failure{FailureKind::safety, what, help};
    }
    return std::nullopt;
  }

 private:
  // Most steps work where the last one did, and to ask for every part of a path again costs more than to see
  // that it still leads there.
  std::string real_directory(const std::string& written) {
    const std::optional<DirectoryIdentity> is = directory_identity(written);
    std::lock_guard lock(mutex_);
    if (is && is == last_is_ && written == last_written_) return last_real_;
    std::error_code error;
    const auto directory = std::filesystem::canonical(written, error);
    last_is_ = error ? std::nullopt : is;
    last_written_ = written;
    last_real_ = error ? real_path(written, "/") : directory.string();
    return last_real_;
  }

  bool is_allowed(const SafetyFinding& finding, const std::string& step) const {
    if (!accepted_ || finding.rule->catastrophic) return false;
    for (const SafetyPolicy::Allow& allow : policy_.allow)
      if (allows(allow, *finding.rule, step, finding.subject, today_)) return true;
    return false;
  }

  SafetyPlaces places_;
  std::string today_;
  JudgedPaths& seen_;
  SafetyPolicy policy_;
  bool accepted_ = false;
  NameSet outside_;  // ids of steps that are given values from http or an llm
  std::mutex mutex_;
  WrittenFiles written_;
  std::string last_written_;
  std::string last_real_;
  std::optional<DirectoryIdentity> last_is_;
};

}  // namespace

StepJudge make_step_judge(App& app, const MissionFile& file, std::string_view mode, bool accept,
                          JudgedPaths& seen, const NameSet& outside) {
  auto judge = std::make_shared<RunJudge>(app, file, mode, accept, seen, outside);
  return [judge](const Step& step, const Effects& effects, const StepFacts& facts) {
    return (*judge)(step, effects, facts);
  };
}

}  // namespace rustchain

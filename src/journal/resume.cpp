// Which results of an earlier run still hold.
#include "journal/resume.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

constexpr const char* k_left_out = "not among the steps of --only";

std::string shown(const std::string& path, const RunReport& report) {
  // As seen from where the mission was run, if it lies there.
  std::string state = report.run.directory.substr(0, report.run.directory.find("/.rustchain/"));
  return !state.empty() && path.starts_with(state + "/") ? path.substr(state.size() + 1) : path;
}

// The first name whose value isn't the same in both; empty: there is none.
std::string changed_name(const std::vector<std::pair<std::string, std::string>>& then,
                         const std::vector<std::pair<std::string, std::string>>& now) {
  auto differs = [](const auto& these, const auto& those) -> std::string {
    for (const auto& entry : these)
      if (std::find(those.begin(), those.end(), entry) == those.end()) return entry.first;
    return {};
  };
  std::string name = differs(now, then);
  return name.empty() ? differs(then, now) : name;
}

const FileMark* find_mark(const std::vector<FileMark>& marks, const std::string& path) {
  auto found =
      std::find_if(marks.begin(), marks.end(), [&](const FileMark& mark) { return mark.path == path; });
  return found == marks.end() ? nullptr : &*found;
}

}  // namespace

EarlierRun::EarlierRun(std::vector<RunReport> runs, ResumeWishes wishes, ReadValueOf read)
    : runs_(std::move(runs)), wishes_(std::move(wishes)), read_(std::move(read)) {
  std::uint64_t order = 0;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    add(*run, order);
    order += std::uint64_t{1} << 32;
  }
}

// What was reused stays what it was, if the run that did it is here.
void EarlierRun::add(const RunReport& run, std::uint64_t first) {
  std::vector<std::string> keys(run.steps.size());
  for (StepIndex i = 0; i < run.steps.size(); ++i) {
    const StepReport& step = run.steps[i];
    keys[i] = step.info.id;
    if (step.parent < i) {
      const std::string& parent = keys[step.parent];
      const std::size_t prefix = std::min(run.steps[step.parent].info.id.size(), step.info.id.size());
      keys[i] = parent + (step.item.empty() ? step.info.id.substr(prefix) : "[" + step.item + "]");
    }
    const EarlierStep now{&run, &step, first + step.began_as};
    auto [known, is_new] = by_key_.try_emplace(keys[i], now);
    const bool reused = !step.reused_from.empty();
    const bool says_more = step.started && !reused;
    if (!is_new && (says_more || (reused && known->second.ran_in() != step.reused_from))) known->second = now;
    if (reused && !is_new) continue;
    auto changes = [&](const std::string& path) {
      std::uint64_t& last = last_change_[path];
      last = std::max(last, now.order);
    };
    for (const std::string& path : step.basis.changes) changes(path);
    for (const FileMark& mark : step.wrote) changes(mark.path);
  }
}

const EarlierStep* EarlierRun::find(const std::string& key) const {
  auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &found->second;
}

std::vector<EarlierStep> EarlierRun::cut_off() const {
  std::vector<EarlierStep> steps;
  for (const auto& entry : by_key_) {
    const EarlierStep& earlier = entry.second;
    if (!earlier.step->started || earlier.step->ended) continue;
    auto inside = [&](const StepReport& other) {
      return other.parent < earlier.run->steps.size() && &earlier.run->steps[other.parent] == earlier.step &&
             other.started && !other.ended;
    };
    if (std::none_of(earlier.run->steps.begin(), earlier.run->steps.end(), inside)) steps.push_back(earlier);
  }
  std::sort(steps.begin(), steps.end(),
            [](const EarlierStep& a, const EarlierStep& b) { return a.order < b.order; });
  return steps;
}

bool nothing_left(const RunReport& run) {
  return run.exit_code == ExitCode::success &&
         std::none_of(run.steps.begin(), run.steps.end(), [](const StepReport& step) {
           return step.status == Status::skipped && step.reason == k_left_out;
         });
}

std::string top_of(const std::string& key) {
  return key.substr(0, key.find_first_of("[/"));
}

std::optional<std::string> EarlierRun::left_out(const std::string& key) const {
  if (wishes_.only.empty() || key.find('/') != std::string::npos || wishes_.only.contains(key) ||
      wishes_.taken.contains(key))
    return std::nullopt;
  return k_left_out;
}

std::string how_it_ended(const StepReport& step) {
  if (!step.ended) return step.started ? "it was running when that run ended" : "it had not started";
  switch (step.status) {
    case Status::success: return "it succeeded";
    case Status::partial: return "it gave only a part";
    case Status::failed:
      return step.result.error.empty() ? "it failed" : "it failed (" + step.result.error + ")";
    case Status::skipped: return "it was skipped";
    case Status::cancelled: break;
  }
  return step.started ? "it was stopped with that run" : "it had not started";
}

bool EarlierRun::changed_later(const EarlierStep& earlier, const std::string& path) const {
  auto last = last_change_.find(path);
  return last != last_change_.end() && last->second > earlier.order;
}

std::string EarlierRun::changed_files(const EarlierStep& earlier, const StepQuestion& question) const {
  const StepReport& step = *earlier.step;
  for (const FileMark& now : question.basis.reads) {
    // What it changed itself, or a step after it did, is no other input.
    if (changed_later(earlier, now.path) || find_mark(step.wrote, now.path)) continue;
    const FileMark* then = find_mark(step.basis.reads, now.path);
    if (!then || !then->same_as(now)) return shown(now.path, report()) + ", which it reads, has changed";
  }
  if (!question.mark) return {};
  for (const FileMark& then : step.wrote) {
    if (changed_later(earlier, then.path)) continue;
    FileMark now = question.mark(then.path);
    if (then.same_as(now)) continue;
    return shown(then.path, report()) +
           (!now.there ? ", which it wrote, is gone" : ", which it wrote, has changed since");
  }
  return {};
}

std::string EarlierRun::against(const EarlierStep& earlier, const StepQuestion& question) const {
  const StepReport& step = *earlier.step;
  const StepBasis& then = step.basis;
  const StepBasis& now = question.basis;
  if (!step.ended || step.status != Status::success) return how_it_ended(step);
  if (step.masked) return "its output holds a secret, which isn't kept";
  if (earlier.ran_in() < question.needed.run)
    return "it needs " + question.needed.step + ", which ran again in " + question.needed.run;
  for (const std::string& key : question.needs)
    if (const EarlierStep* need = find(key); need && need->order > earlier.order)
      return "it needs " + key + ", which ran after it then";
  if (then.parameters != now.parameters) {
    if (then.definition != now.definition) return "it was edited";
    // A file that it read then too may have given it other values.
    for (const FileMark& mark : now.reads)
      if (const FileMark* before = find_mark(then.reads, mark.path); before && !before->same_as(mark))
        return shown(mark.path, report()) + ", which it reads, has changed";
    return "a value that it refers to has changed";
  }
  if (std::string name = changed_name(then.env, now.env); !name.empty())
    return "env " + name + " has changed";
  if (std::string id = changed_name(then.needs, now.needs); !id.empty()) return id + " ended otherwise";
  return changed_files(earlier, question);
}

Decision EarlierRun::decide(const StepQuestion& question) const {
  const std::string top = top_of(question.key);
  const EarlierStep* earlier = find(question.key);
  const bool taken = wishes_.taken.contains(top);

  Decision decision;
  auto run_again = [&](std::string why, bool parts_too) {
    decision.why = std::move(why);
    decision.parts_too = parts_too && question.has_parts;
    const bool began = earlier && (earlier->step->started || !earlier->step->reused_from.empty());
    if (!question.step.idempotent && began && !question.has_parts && !wishes_.accepted.contains(top)) {
      decision.refused = Failure{FailureKind::invalid,
                                 "it says idempotent: false and has run before, in " + earlier->ran_in() +
                                     "; it would run again because " + decision.why,
                                 "if it may run a second time: --accept-repeat " + shell_quote(top)};
    }
    return decision;
  };

  if (wishes_.only.contains(top)) return run_again("--only asks for it", true);
  if (wishes_.from.contains(top)) return run_again("--from asks for it", true);
  if (!taken && !question.why_anew.empty()) return run_again(question.why_anew, true);
  // What has parts is looked at part by part.
  if (question.has_parts) return decision;
  if (!earlier) return run_again("it is new since " + report().run.run_id, false);
  const StepReport& step = *earlier->step;
  if (!taken || !step.ended || step.status != Status::success || step.masked)
    if (std::string reason = against(*earlier, question); !reason.empty()) return run_again(reason, false);

  Reuse reuse{earlier->ran_in(), step.result, step.attempts, step.duration_seconds, step.what, step.wrote};
  auto read = [&](const std::string& name) { return read_(*earlier->run, name); };
  if (auto lost = bring_back(reuse.result.output, read))
    return run_again(lost->empty() ? "what it gave could not be kept"
                                   : "what it gave is no more: " + *lost + " is gone or was changed",
                     false);
  decision.reuse = std::move(reuse);
  return decision;
}

std::string half_done(const StepReport& step) {
  std::string text;
  if (!step.basis.changes.empty()) text = "it may have changed " + join(step.basis.changes, ", ");
  if (step.info.type == "http" && !step.what.empty())
    text += (text.empty() ? "" : "; ") + std::string("its request may have arrived");
  if (text.empty() && step.info.type == "command") text = "what it had done until then is not known";
  return text;
}

}  // namespace rustchain

// The one place where the events of a run lose their secrets.
#include "journal/masked_events.hpp"

#include "util/mask_json.hpp"
#include "util/overloaded.hpp"

#include <string>
#include <variant>
#include <vector>

namespace rustchain {
void MaskedEvents::on(const Event& event) {
  Event masked = event;
  auto hide = [this](std::string& text) { text = mask_.text(text); };
  auto hide_all = [&](std::vector<std::string>& texts) {
    for (std::string& text : texts) hide(text);
  };
  std::visit(Overloaded{
                 [&](RunStarted& what) {
                   hide(what.mission);
                   for (RunStarted::StepInfo& step : what.steps) hide(step.name);
                 },
                 [&](StepAdded& what) { hide(what.info.name); },
                 [&](StepStarted& what) { hide(what.what); },
                 [&](StepProgressed& what) { hide(what.progress.last_line); },
                 [&](StepWrote& what) {
                   std::string text;
                   answers_.try_emplace(what.step, mask_).first->second.add(what.text, text);
                   what.text = std::move(text);
                 },
                 [&](LimitWarning& what) { hide(what.message); },
                 [&](ProcessKilled& what) { hide(what.process.command); },
                 [&](StepRetried& what) {
                   end_answer(what.step, event.at);
                   hide(what.error);
                 },
                 [&](StepFinished& what) {
                   end_answer(what.step, event.at);
                   mask_json(mask_, what.result.output);
                   hide(what.result.error);
                   hide(what.result.help);
                   hide_all(what.result.details);
                   hide_all(what.result.warnings);
                   hide_all(what.result.facts);
                   for (Hint& hint : what.result.hints) hide(hint.text);
                   for (EndedProcess& process : what.result.stopped) hide(process.command);
                   for (EndedProcess& process : what.result.left_over) hide(process.command);
                 },
                 [&](StepNotRun& what) { hide(what.reason); },
                 [&](BackgroundEnded& what) { hide(what.how); },
                 [](RunStopping&) {},
                 [&](RunFinished& what) { hide(what.size_limit); },
             },
             masked.what);
  const StepWrote* wrote = std::get_if<StepWrote>(&masked.what);
  if (wrote == nullptr || !wrote->text.empty()) to_.on(masked);
}

void MaskedEvents::end_answer(StepIndex step, WallTime at) {
  auto answer = answers_.find(step);
  if (answer == answers_.end()) return;
  std::string rest;
  answer->second.end(rest);
  answers_.erase(answer);
  if (!rest.empty()) to_.on({at, StepWrote{step, std::move(rest)}});
}

}  // namespace rustchain

// The one place where the events of a run lose their secrets.
#include "journal/masked_events.hpp"

#include "util/mask_json.hpp"
#include "util/overloaded.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace rustchain {
namespace {

// In a field that doesn't only repeat the step's parameters.
bool differs(const Json& output, const Json& masked) {
  if (!output.is_object() || !masked.is_object() || output.size() != masked.size()) return output != masked;
  return std::any_of(output.items().begin(), output.items().end(), [&](const auto& field) {
    auto found = masked.find(field.key());
    return found == masked.end() || (*found != field.value() && !is_echo(field.key()));
  });
}

}  // namespace

void MaskedEvents::on(const Event& event) {
  Event masked = event;
  auto hide = [this](std::string& text) { text = mask_.text(text); };
  auto hide_all = [&](std::vector<std::string>& texts) {
    for (std::string& text : texts) hide(text);
  };
  auto hide_marks = [&](std::vector<FileMark>& marks) {
    for (FileMark& mark : marks) hide(mark.path);
  };
  auto hide_basis = [&](StepBasis& basis) {
    hide_marks(basis.reads);
    hide_all(basis.changes);
  };
  auto hide_result = [&](StepResult& result) {
    mask_json(mask_, result.output);
    hide(result.error);
    hide(result.help);
    hide_all(result.details);
    hide_all(result.warnings);
    hide_all(result.facts);
    for (Hint& hint : result.hints) hide(hint.text);
    for (EndedProcess& process : result.stopped) hide(process.command);
    for (EndedProcess& process : result.left_over) hide(process.command);
  };
  std::visit(Overloaded{
                 [&](RunStarted& what) {
                   hide(what.mission);
                   hide(what.again);
                   for (RunStarted::StepInfo& step : what.steps) hide(step.name);
                 },
                 [&](StepAdded& what) { hide(what.info.name); },
                 [&](StepStarted& what) {
                   hide(what.what);
                   hide(what.why);
                   hide_basis(what.basis);
                 },
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
                   hide_result(what.result);
                   what.masked =
                       differs(std::get<StepFinished>(event.what).result.output, what.result.output);
                   hide_marks(what.wrote);
                 },
                 [&](StepReused& what) {
                   hide_result(what.result);
                   hide(what.what);
                   hide_basis(what.basis);
                   hide_marks(what.wrote);
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

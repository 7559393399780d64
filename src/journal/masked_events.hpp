// The one place where the events of a run lose their secrets: between the engine, whose steps need the real
// values, and all that is shown, kept or sent.
#pragma once

#include "rustchain/event.hpp"

#include "util/mask.hpp"

#include <unordered_map>

namespace rustchain {

// Tells `to` every event with *** in the place of secret values, also where one is split over several pieces
// of an answer. Identifiers (ids, types, the run's own paths) stay as they are.
class MaskedEvents : public Observer {
 public:
  MaskedEvents(const Mask& mask, Observer& to) : mask_(mask), to_(to) {}
  void on(const Event& event) override;

 private:
  // What is held back of the step's answer, which ends here.
  void end_answer(StepIndex step, WallTime at);

  const Mask& mask_;
  Observer& to_;
  std::unordered_map<StepIndex, MaskStream> answers_;
};

}  // namespace rustchain

// The loop of a run. What changes belongs to the one thread whose turn it is: the run's own, or a worker
// whose job has ended and which sees what that means, and what it may do next, by itself.
#pragma once

#include "rustchain/engine.hpp"

#include "engine/outcome.hpp"
#include "engine/prepare.hpp"
#include "engine/results.hpp"
#include "engine/size_watch.hpp"
#include "engine/watch.hpp"
#include "engine/workers.hpp"
#include "mission/references.hpp"
#include "util/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace rustchain {

// A foreach step whose items are run, each as an Active of its own.
struct Group {
  StepIndex index = 0;  // within the phase
  std::vector<ItemEnd> items;
  std::size_t next = 0;     // the first that has not begun; all before it have
  std::size_t running = 0;  // have begun and not ended
  SteadyTime started{};
  std::vector<std::string> warnings;
  std::unordered_map<std::string, std::size_t> alike;  // how many items had this hash so far
  std::string why_anew;     // none of its items is reused; empty: that is to be seen
  bool ran = false;         // an item was run
  std::string reused_from;  // the run that an item's result came from
};

// A step that the plan has given out, or an item of it, that has not ended: its work runs, or waits to run
// again.
struct Active : Job {
  StepIndex index = 0;     // within the phase
  StepIndex told = 0;      // its number in events
  Group* group = nullptr;  // of an item
  std::size_t item = 0;
  const RetryPolicy* retry = nullptr;
  std::uint32_t attempt = 1;
  std::uint32_t runs = 0;     // of its work so far, in all attempts
  std::vector<Json> outputs;  // of this attempt's repetitions
  bool partly = false;        // one of them was partial
  std::string why;            // as in StepStarted
  std::vector<std::string> warnings;
  // Of a mission that the step runs: the numbers of its steps in events, by those in its own; and its file.
  std::vector<StepIndex> inner;
  std::string inner_file;
  SteadyTime started{};
  SteadyTime due{};  // when it runs again
};

// Of those that wait, the one that is due first; of those, the first in file order.
struct Later {
  bool operator()(const Active* a, const Active* b) const {
    return std::tie(a->due, a->index, a->item) > std::tie(b->due, b->index, b->item);
  }
};

// A process that its step has left running.
struct Background {
  StepIndex step = 0;  // in events
  std::unique_ptr<BackgroundProcess> process;
  bool ended = false;
};

// What a step said while it was running, from a thread that hasn't the turn.
struct Said {
  StepIndex step = 0;
  std::variant<Progress, std::string, LimitWarning, Event> what;
};

class Engine::Loop {
 public:
  Loop(const RunSetup& setup, Observer& observer);

  void run();
  void interrupt(int signal);

 private:
  struct LookAgain {};  // the run's thread: the phase may be over, or something be due
  using Message = std::variant<LookAgain, Background*, Stopping, Said>;

  // Gives it back, for its parts to be moved on.
  template <class What>
  What emit(What what) {
    Event event{setup_.services.clock.wall(), std::move(what)};
    observer_.on(event);
    return std::get<What>(std::move(event.what));
  }
  // engine.cpp: the run, and a step from its beginning to its end
  RunStarted run_started() const;
  std::unique_ptr<SizeWatch> make_size_watch();
  bool starts_too_large();
  std::string size_words() const;
  Active* next_to_run();
  std::unique_ptr<Active> make_active(StepIndex index, StepIndex told);
  Active* begin(StepIndex index);
  bool prepare_run(Active& active);
  void announce(Active& active);
  void work_ended(Active& active);
  void run_again(Active& active, Seconds delay);
  void finish(Active& active, StepResult result);
  void finish_step(StepIndex index, StepResult result, std::uint32_t attempts, SteadyTime started,
                   std::vector<FileMark> wrote = {});
  void skip(StepIndex index, std::string reason);
  void not_run(const std::vector<Unstarted>& unstarted);

  // turn.cpp: who does all this
  void run_phase(const Phase& phase, bool fail_fast, std::unique_lock<std::mutex>& turn);
  Active* start_what_may();
  void give(Active& active);
  void run_here(Active& active);
  void begin_work(Active& active);
  void end_work(Active& active);
  Job* go_on_after(Job& job);
  void wait_for_news(std::unique_lock<std::mutex>& turn);
  void take_news();
  void handle(Message message);
  void say(Said said);
  void tell(Said said);

  // foreach.cpp: steps with items
  void begin_foreach(StepIndex index);
  Active* begin_item();
  void item_ended(Group& group, std::size_t item, Ended how);
  void finish_foreach(Group& group);

  // reuse.cpp: what an earlier run has done already
  std::optional<std::string> left_out(const std::string& key) const;
  LastNeeded last_needed(StepIndex index) const;
  Decision decide(StepIndex index, const std::string& key, const StepBasis& basis, bool has_parts,
                  const std::string& why_anew) const;
  bool may_run(Active& active);
  void reuse(Active& active, Reuse reused);
  void finish_reused(StepIndex index, StepReused event);
  std::string item_hash(Group& group, const Json& item) const;

  // ending.cpp: what is left over, and what stops before its time
  void keep(Active& active);
  void background_ended(Background& background);
  void end_background();
  void end_phase(const Stopping& stopping);
  void cancel_rest(StopReason reason);

  // inner_events.cpp: what a mission that is a step tells
  void say_inner(Active& active, Event event);
  void add_inner(Active& active, StepIndex inner, StepIndex parent, std::uint32_t siblings,
                 RunStarted::StepInfo info, std::string item = {});

  SteadyTime now() const { return setup_.services.clock.steady(); }
  StepIndex in_events(StepIndex index) const { return phase_->first + index; }

  const RunSetup setup_;
  Observer& observer_;
  const Names names_;
  DefaultValues defaults_;
  Results results_;
  const std::vector<std::string> output_names_;  // empty: outputs are kept nowhere
  const std::size_t most_;
  std::thread::id thread_;  // the run's own

  std::mutex turn_;  // for all below up to the mailbox

  const Phase* phase_ = nullptr;
  std::uint32_t phase_number_ = 0;
  Plan* plan_ = nullptr;
  StopReason stopped_ = StopReason::none;  // why this phase was ended
  bool fail_fast_ = false;
  std::unordered_map<StepIndex, std::unique_ptr<Active>> active_;  // by their numbers in events
  std::unordered_map<StepIndex, Group> groups_;
  Group* open_ = nullptr;  // the one that has items which have not begun: there is never another
  StepIndex next_told_;    // the number of the next step that is added
  // The steps, as in events, that really ran, so that what needs them runs too; and whether any step did.
  std::vector<bool> ran_;
  std::vector<std::string> reused_from_;  // as in StepReused, of each step
  bool any_ran_ = false;
  std::priority_queue<Active*, std::vector<Active*>, Later> waiting_;
  std::size_t in_flight_ = 0;

  int signal_ = 0;
  bool time_limit_ = false;
  bool refused_ = false;  // nothing shall run
  bool at_once_ = false;
  std::string size_limit_;                  // how the working directory got too large; empty: it didn't
  std::vector<std::string> for_next_step_;  // warnings

  // Last, so that their threads have ended before anything that they use is gone.
  Mailbox<Message> mailbox_;
  std::list<Background> background_;
  Watch watch_;
  const std::unique_ptr<SizeWatch> size_watch_;  // nullptr: there is no such limit
  Workers workers_;
};

}  // namespace rustchain

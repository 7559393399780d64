#include "rustchain/plan.hpp"

#include "mission/graph.hpp"
#include "mission/resolve.hpp"
#include "support/small_mission.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::small_mission;
using testing::SmallMission;

// A mission whose steps end as the test says, one after another or with several running.
class PlanTest : public ::testing::Test {
 protected:
  void load(const std::string& steps) {
    small_ = small_mission(steps);
    names_.emplace(small_.mission);
    Diagnostics problems;
    const std::vector<Effects> effects = known_effects(small_.mission, testing::small_types());
    graph_ = build_graph(small_.mission, small_.mission.steps, effects, *names_, problems);
    ASSERT_EQ(testing::in_lines(problems), "");
  }

  std::string id(StepIndex step) const {
    return step == k_no_step ? std::string("-") : small_.mission.steps[step].id.value;
  }

  std::string in_words(const std::vector<Unstarted>& unstarted) const {
    std::string all;
    for (const Unstarted& one : unstarted)
      all += " [" + id(one.step) + " " + std::string(to_string(one.status)) + " needs " + id(one.needs) +
             " cause " + id(one.cause) + "]";
    return all;
  }

  // "a=failed [b skipped needs a cause a] c=success": runs one step after another.
  std::string run(std::map<std::string, Status> outcomes, bool fail_fast = false) {
    Plan plan(small_.mission.steps, graph_, fail_fast);
    std::string all;
    while (std::optional<StepIndex> step = plan.start_next()) {
      auto given = outcomes.find(id(*step));
      Status status = given == outcomes.end() ? Status::success : given->second;
      if (!all.empty()) all += " ";
      all += id(*step) + "=" + std::string(to_string(status));
      all += in_words(plan.finished(*step, status));
    }
    EXPECT_TRUE(plan.done());
    EXPECT_EQ(plan.running(), 0u);
    return all;
  }

  SmallMission small_;
  std::optional<Names> names_;
  Graph graph_;
};

TEST_F(PlanTest, RunsInFileOrderAsFarAsTheDependenciesAllow) {
  load("steps: [{id: c, depends_on: [b]}, {id: a}, {id: b}, {id: d}]");
  EXPECT_EQ(run({}), "a=success b=success c=success d=success");
}

TEST_F(PlanTest, GivesOutAllThatMayRunAtOnce) {
  load("steps: [{id: a}, {id: b, depends_on: [a]}, {id: c}]");
  Plan plan(small_.mission.steps, graph_, false);
  EXPECT_EQ(plan.start_next(), 0u);
  EXPECT_EQ(plan.start_next(), 2u);
  EXPECT_EQ(plan.start_next(), std::nullopt);
  EXPECT_EQ(plan.running(), 2u);
  EXPECT_EQ(plan.state(1), StepState::waiting);
  EXPECT_TRUE(plan.finished(0, Status::success).empty());
  EXPECT_EQ(plan.state(1), StepState::ready);
  EXPECT_EQ(plan.start_next(), 1u);
  EXPECT_FALSE(plan.done());
}

TEST_F(PlanTest, SkippingTravelsOnWithItsFirstCause) {
  load("steps: [{id: a}, {id: b, depends_on: [a]}, {id: c, depends_on: [b]}, {id: d, depends_on: [c, a]}]");
  EXPECT_EQ(run({{"a", Status::failed}}),
            "a=failed [b skipped needs a cause a] [c skipped needs b cause a] [d skipped needs c cause a]");
}

TEST_F(PlanTest, AFalseConditionIsTheCauseOfWhatIsSkippedAfterIt) {
  load("steps: [{id: a}, {id: b, depends_on: [a]}, {id: c, depends_on: [b]}]");
  EXPECT_EQ(run({{"a", Status::skipped}}),
            "a=skipped [b skipped needs a cause a] [c skipped needs b cause a]");
}

TEST_F(PlanTest, APartialResultSatisfies) {
  load("steps: [{id: a}, {id: b, depends_on: [a]}]");
  EXPECT_EQ(run({{"a", Status::partial}}), "a=partial b=success");
}

TEST_F(PlanTest, TheCauseDoesNotDependOnWhichEndsFirst) {
  load("steps: [{id: a}, {id: b}, {id: c, depends_on: [a, b]}]");
  Plan plan(small_.mission.steps, graph_, false);
  (void)plan.start_next();
  (void)plan.start_next();
  EXPECT_EQ(in_words(plan.finished(1, Status::failed)), "");
  EXPECT_EQ(in_words(plan.finished(0, Status::failed)), " [c skipped needs a cause a]");
}

TEST_F(PlanTest, FailFastCancelsTheRest) {
  load(
      "steps: [{id: a}, {id: b, depends_on: [a]}, {id: c}, {id: d, depends_on: [a], strategy: best_effort}]");
  EXPECT_EQ(
      run({{"a", Status::failed}}, true),
      "a=failed [b skipped needs a cause a] [c cancelled needs - cause a] [d cancelled needs - cause a]");
  EXPECT_EQ(run({{"c", Status::failed}}, true), "a=success b=success c=failed [d cancelled needs - cause c]");
}

TEST_F(PlanTest, FailFastLetsAllowedFailuresPass) {
  load("steps: [{id: a, continue_on_error: true}, {id: b}]");
  EXPECT_EQ(run({{"a", Status::failed}}, true), "a=failed b=success");
}

TEST_F(PlanTest, CancelEndsAllThatHasNotStarted) {
  load("steps: [{id: a}, {id: b, depends_on: [a]}, {id: c}, {id: d}]");
  Plan plan(small_.mission.steps, graph_, true);
  (void)plan.start_next();
  (void)plan.start_next();
  EXPECT_EQ(in_words(plan.cancel()), " [b cancelled needs - cause -] [d cancelled needs - cause -]");
  EXPECT_EQ(plan.start_next(), std::nullopt);
  EXPECT_EQ(in_words(plan.cancel()), "");
  EXPECT_EQ(in_words(plan.finished(2, Status::failed)), "");
  EXPECT_FALSE(plan.done());
  EXPECT_EQ(in_words(plan.finished(0, Status::cancelled)), "");
  EXPECT_TRUE(plan.done());
}

TEST_F(PlanTest, AnAlternativeRunsWhenItIsAskedFor) {
  load(R"(
steps:
  - {id: fast}
  - {id: slow}
  - {id: use, depends_on: [{step: fast, on_failure: retry_with_alternative, alternative: slow}]}
)");
  EXPECT_EQ(run({}), "fast=success [slow skipped needs - cause -] use=success");
  EXPECT_EQ(run({{"fast", Status::failed}}), "fast=failed slow=success use=success");
  EXPECT_EQ(run({{"fast", Status::failed}, {"slow", Status::failed}}),
            "fast=failed slow=failed [use skipped needs fast cause fast]");
}

TEST_F(PlanTest, AnAlternativeThatNobodyNeedsAnyMoreIsSkipped) {
  load(R"(
steps:
  - {id: a}
  - {id: b}
  - {id: other}
  - {id: last}
  - {id: use, depends_on: [a, {step: b, on_failure: retry_with_alternative, alternative: other}]}
  - {id: after_other, depends_on: [other]}
  - {id: second, depends_on: [{step: other, on_failure: retry_with_alternative, alternative: last}]}
)");
  EXPECT_EQ(
      run({{"a", Status::failed}, {"b", Status::failed}}),
      "a=failed b=failed [use skipped needs a cause a] [other skipped needs - cause -] [after_other skipped "
      "needs other cause other] last=success second=success");
}

TEST_F(PlanTest, AnAlternativeHasItsOwnDependencies) {
  load(R"(
steps:
  - {id: a}
  - {id: tool}
  - {id: other, depends_on: [tool]}
  - {id: use, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: other}]}
)");
  EXPECT_EQ(run({{"a", Status::failed}}), "a=failed tool=success other=success use=success");
  EXPECT_EQ(run({{"a", Status::failed}, {"tool", Status::failed}}),
            "a=failed tool=failed [other skipped needs tool cause tool] [use skipped needs a cause a]");
}

TEST_F(PlanTest, AnAlternativeIsSharedByThoseWhoAskForIt) {
  load(R"(
steps:
  - {id: a}
  - {id: other}
  - {id: one, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: other}]}
  - {id: two, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: other}]}
)");
  EXPECT_EQ(run({{"a", Status::failed}}), "a=failed other=success one=success two=success");
}

TEST_F(PlanTest, AlternativesMayHaveAlternatives) {
  load(R"(
steps:
  - {id: a}
  - {id: b, depends_on: [{step: x, on_failure: retry_with_alternative, alternative: c}]}
  - {id: c}
  - {id: x}
  - {id: use, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: b}]}
)");
  EXPECT_EQ(run({{"a", Status::failed}, {"x", Status::failed}}),
            "a=failed x=failed c=success b=success use=success");
  EXPECT_EQ(run({}),
            "a=success [b skipped needs - cause -] [c skipped needs - cause -] x=success use=success");
}

// One dependency with everything that can be said about it, and a second one that is plain and required.
TEST_F(PlanTest, EveryCombinationOfStrategyOutcomeAndAction) {
  struct Row {
    std::string_view strategy;
    bool required;
    std::string_view on_failure;
    bool carry_on;
    std::string_view runs;  // by outcomes of (a, b, alternative): see below
  };
  // Columns: a and b succeed; a fails; a is skipped; b fails; a and b fail; a fails and the alternative too;
  // a, b and the alternative fail. r: runs, s: skipped because of a, t: because of b.
  constexpr Row k_rows[] = {
      {"all_required", true, "skip", false, "r s s t s s s"},
      {"all_required", true, "log_warning", false, "r r r t t r t"},
      {"all_required", true, "use_default_value", false, "r r r t t r t"},
      {"all_required", true, "retry_with_alternative", false, "r r r t t s t"},
      {"all_required", false, "skip", false, "r s s t s s s"},
      {"all_required", false, "log_warning", false, "r r r t t r t"},
      {"all_required", false, "use_default_value", false, "r r r t t r t"},
      {"all_required", false, "retry_with_alternative", false, "r r r t t r t"},
      {"any_required", true, "skip", false, "r r r r s r s"},
      {"any_required", true, "log_warning", false, "r r r r r r r"},
      {"any_required", true, "use_default_value", false, "r r r r r r r"},
      {"any_required", true, "retry_with_alternative", false, "r r r r r r s"},
      {"any_required", false, "skip", false, "r s s t s s s"},
      {"any_required", false, "log_warning", false, "r r r t t r t"},
      {"any_required", false, "use_default_value", false, "r r r t t r t"},
      {"any_required", false, "retry_with_alternative", false, "r r r t t r t"},
      {"best_effort", true, "skip", false, "r r r r r r r"},
      {"best_effort", true, "log_warning", false, "r r r r r r r"},
      {"best_effort", true, "use_default_value", false, "r r r r r r r"},
      {"best_effort", true, "retry_with_alternative", false, "r r r r r r r"},
      {"best_effort", false, "skip", false, "r r r r r r r"},
      {"best_effort", false, "log_warning", false, "r r r r r r r"},
      {"best_effort", false, "use_default_value", false, "r r r r r r r"},
      {"best_effort", false, "retry_with_alternative", false, "r r r r r r r"},
      {"all_required", true, "skip", true, "r r r r r r r"},
      {"all_required", true, "retry_with_alternative", true, "r r r r r r r"},
      {"any_required", true, "skip", true, "r r r r r r r"},
      {"any_required", false, "skip", true, "r r r r r r r"},
      {"best_effort", true, "skip", true, "r r r r r r r"},
  };
  const std::vector<std::map<std::string, Status>> outcomes = {
      {},
      {{"a", Status::failed}},
      {{"a", Status::skipped}},
      {{"b", Status::failed}},
      {{"a", Status::failed}, {"b", Status::failed}},
      {{"a", Status::failed}, {"other", Status::failed}},
      {{"a", Status::failed}, {"b", Status::failed}, {"other", Status::failed}},
  };
  for (const Row& row : k_rows) {
    std::string use = "{id: use, strategy: " + std::string(row.strategy) +
                      ", continue_on_dependency_failure: " + (row.carry_on ? "true" : "false") +
                      ", depends_on: [{step: a, required: " + (row.required ? "true" : "false") +
                      ", on_failure: " + std::string(row.on_failure);
    if (row.on_failure == "retry_with_alternative") use += ", alternative: other";
    load("steps: [{id: a}, {id: b}, {id: other}, " + use + "}, b]}]");
    std::string found;
    for (const auto& outcome : outcomes) {
      std::string all = run(outcome);
      bool runs = all.ends_with("use=success");
      bool by_a = all.find("[use skipped needs a cause a]") != std::string::npos;
      bool by_b = all.find("[use skipped needs b cause b]") != std::string::npos;
      if (!found.empty()) found += " ";
      found += runs ? "r" : by_a ? "s" : by_b ? "t" : "?";
    }
    EXPECT_EQ(found, row.runs) << row.strategy << " " << row.required << " " << row.on_failure << " "
                               << row.carry_on;
  }
}

// ---- against a model that is slow and plainly right

// Looks at everything again and again until nothing changes.
class Model {
 public:
  Model(const std::vector<Step>& steps, const Graph& graph, const std::vector<Status>& outcomes)
      : steps_(steps), graph_(graph), outcomes_(outcomes), ends_(steps.size()), asked_(steps.size()) {}

  std::vector<std::optional<Status>> run() {
    for (bool changed = true; changed;) {
      changed = false;
      for (StepIndex i = 0; i < steps_.size(); ++i)
        if (!ends_[i] && look_at(i)) changed = true;
    }
    return ends_;
  }

 private:
  bool good(StepIndex i) const { return ends_[i] == Status::success || ends_[i] == Status::partial; }

  // Whether anything is known now that wasn't.
  bool look_at(StepIndex i) {
    if (graph_.alternative[i] && !asked_[i]) {
      if (wanted(i)) return asked_[i] = true;
      if (may_still_be_wanted(i)) return false;
      ends_[i] = Status::skipped;
      return true;
    }
    for (const Edge& edge : graph_.needs[i])
      if (!ends_[edge.step]) return false;
    if (!vetoed(i))
      for (const Edge& edge : graph_.needs[i])
        if (asks(edge) && !ends_[edge.alternative]) return false;
    ends_[i] = runs(i) ? outcomes_[i] : Status::skipped;
    return true;
  }

  static bool asks_for(const Edge& edge, StepIndex alternative) {
    return edge.on_failure == OnFailure::retry_with_alternative && edge.alternative == alternative;
  }
  bool asks(const Edge& edge) const {
    return edge.on_failure == OnFailure::retry_with_alternative && ends_[edge.step] && !good(edge.step);
  }
  bool all_ended(StepIndex i) const {
    return std::all_of(graph_.needs[i].begin(), graph_.needs[i].end(),
                       [&](const Edge& edge) { return ends_[edge.step].has_value(); });
  }
  // Whether a step will ever look at its dependencies: one that ended without, or an alternative that was not
  // asked for yet, won't or may not.
  bool looks(StepIndex i) const { return !graph_.alternative[i] || asked_[i]; }

  bool wanted(StepIndex alternative) const {
    for (StepIndex i = 0; i < steps_.size(); ++i)
      for (const Edge& edge : graph_.needs[i])
        if (asks_for(edge, alternative) && looks(i) && all_ended(i) && !good(edge.step) && !vetoed(i))
          return true;
    return false;
  }
  bool may_still_be_wanted(StepIndex alternative) const {
    for (StepIndex i = 0; i < steps_.size(); ++i)
      for (const Edge& edge : graph_.needs[i]) {
        if (!asks_for(edge, alternative)) continue;
        if (!ends_[i] && !(looks(i) && all_ended(i))) return true;
      }
    return false;
  }

  bool vetoed(StepIndex i) const {
    const Step& step = steps_[i];
    if (step.continue_on_dependency_failure || step.strategy == DependencyStrategy::best_effort) return false;
    for (const Edge& edge : graph_.needs[i]) {
      if (good(edge.step) || edge.on_failure != OnFailure::skip) continue;
      if (step.strategy == DependencyStrategy::all_required || !edge.required) return true;
    }
    return false;
  }

  bool runs(StepIndex i) const {
    const Step& step = steps_[i];
    if (step.continue_on_dependency_failure || step.strategy == DependencyStrategy::best_effort) return true;
    if (vetoed(i)) return false;
    std::size_t required = 0;
    std::size_t held = 0;
    for (const Edge& edge : graph_.needs[i]) {
      if (!edge.required) continue;
      ++required;
      bool holds = good(edge.step) || edge.on_failure == OnFailure::log_warning ||
                   edge.on_failure == OnFailure::use_default_value || (asks(edge) && good(edge.alternative));
      if (holds) ++held;
    }
    return step.strategy == DependencyStrategy::all_required ? held == required : required == 0 || held > 0;
  }

  const std::vector<Step>& steps_;
  const Graph& graph_;
  const std::vector<Status>& outcomes_;
  std::vector<std::optional<Status>> ends_;
  std::vector<bool> asked_;
};

struct RandomMission {
  std::vector<Step> steps;
  Graph graph;
  std::vector<Status> outcomes;
};

RandomMission random_mission(std::mt19937& random) {
  auto below = [&](std::size_t limit) { return static_cast<StepIndex>(random() % limit); };
  RandomMission mission;
  const StepIndex count = 2 + below(14);
  mission.steps.resize(count);
  mission.graph.needs.resize(count);
  mission.graph.alternative.resize(count);
  // The order in which the dependencies let steps run; the file has another.
  std::vector<StepIndex> order(count);
  for (StepIndex i = 0; i < count; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  for (StepIndex place = 0; place < count; ++place) {
    StepIndex i = order[place];
    Step& step = mission.steps[i];
    step.id.value = "s" + std::to_string(i);
    step.strategy = static_cast<DependencyStrategy>(below(3));
    step.continue_on_dependency_failure = below(8) == 0;
    constexpr Status k_outcomes[] = {Status::success, Status::success, Status::partial,
                                     Status::failed,  Status::failed,  Status::skipped};
    mission.outcomes.push_back(k_outcomes[below(6)]);
    std::set<StepIndex> taken;
    for (StepIndex n = below(4); n > 0 && place > 0; --n) {
      Edge edge;
      edge.step = order[below(place)];
      if (!taken.insert(edge.step).second) continue;
      edge.required = below(3) != 0;
      edge.on_failure = static_cast<OnFailure>(below(4));
      if (edge.on_failure == OnFailure::retry_with_alternative) {
        // An alternative of the end of the order needs nothing that waits for it.
        edge.alternative = order[below(place)];
        bool usable = edge.alternative != edge.step && mission.graph.needs[edge.alternative].empty() &&
                      !taken.contains(edge.alternative);
        for (const std::vector<Edge>& needs : mission.graph.needs)
          for (const Edge& other : needs) usable = usable && other.step != edge.alternative;
        if (!usable) {
          edge.alternative = k_no_step;
          edge.on_failure = OnFailure::skip;
        } else {
          taken.insert(edge.alternative);
        }
      }
      mission.graph.needs[i].push_back(edge);
    }
  }
  // Only what nobody needs in another way is an alternative: the graph leaves no other in.
  for (const std::vector<Edge>& needs : mission.graph.needs)
    for (const Edge& edge : needs)
      if (edge.alternative != k_no_step) mission.graph.alternative[edge.alternative] = true;
  for (std::vector<Edge>& needs : mission.graph.needs)
    std::erase_if(needs, [&](const Edge& edge) { return mission.graph.alternative[edge.step]; });
  for (StepIndex i = 0; i < count; ++i) mission.graph.alternative[i] = false;
  for (const std::vector<Edge>& needs : mission.graph.needs)
    for (const Edge& edge : needs)
      if (edge.alternative != k_no_step) mission.graph.alternative[edge.alternative] = true;
  return mission;
}

// Ends steps in a random order with several running; gives the ends, and checks what must hold at any time.
std::vector<std::optional<Status>> run_at_random(const RandomMission& mission, std::mt19937& random,
                                                 std::size_t parallel) {
  Plan plan(mission.steps, mission.graph, false);
  std::vector<std::optional<Status>> ends(mission.steps.size());
  std::vector<StepIndex> running;
  auto note = [&](const std::vector<Unstarted>& unstarted) {
    for (const Unstarted& one : unstarted) {
      EXPECT_FALSE(ends[one.step].has_value());
      if (one.needs != k_no_step) {
        EXPECT_TRUE(ends[one.needs].has_value()) << "reported before its cause";
        EXPECT_TRUE(ends[one.cause].has_value());
      }
      ends[one.step] = one.status;
    }
  };
  while (true) {
    std::optional<StepIndex> last;
    while (running.size() < parallel) {
      std::optional<StepIndex> step = plan.start_next();
      if (!step) break;
      EXPECT_TRUE(!last || *step > *last) << "not in file order";
      last = step;
      for (const Edge& edge : mission.graph.needs[*step])
        EXPECT_TRUE(ends[edge.step].has_value()) << "runs before its dependency ended";
      running.push_back(*step);
    }
    EXPECT_EQ(plan.running(), running.size());
    if (running.empty()) break;
    std::size_t which = random() % running.size();
    StepIndex step = running[which];
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
    ends[step] = mission.outcomes[step];
    note(plan.finished(step, mission.outcomes[step]));
  }
  EXPECT_TRUE(plan.done());
  return ends;
}

TEST(Plan, EndsAsTheModelSaysHoweverTheStepsEnd) {
  std::mt19937 random(20261120);
  std::size_t alternatives = 0;
  for (int round = 0; round < 3000; ++round) {
    RandomMission mission = random_mission(random);
    alternatives += static_cast<std::size_t>(
        std::count(mission.graph.alternative.begin(), mission.graph.alternative.end(), true));
    auto expected = Model(mission.steps, mission.graph, mission.outcomes).run();
    for (std::size_t parallel : {1, 3, 100}) {
      auto ends = run_at_random(mission, random, parallel);
      ASSERT_EQ(ends, expected) << "round " << round << " with " << parallel;
    }
  }
  EXPECT_GT(alternatives, 300u);
}

TEST(Plan, TheSameFileRunsInTheSameOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    RandomMission mission = random_mission(random);
    std::vector<StepIndex> orders[2];
    for (auto& order : orders) {
      Plan plan(mission.steps, mission.graph, false);
      while (std::optional<StepIndex> step = plan.start_next()) {
        order.push_back(*step);
        (void)plan.finished(*step, mission.outcomes[*step]);
      }
    }
    ASSERT_EQ(orders[0], orders[1]);
  }
}

TEST(Plan, LongChainsAndWideFansEnd) {
  constexpr StepIndex k_steps = 100'000;
  std::vector<Step> steps(k_steps);
  Graph chain;
  chain.needs.resize(k_steps);
  chain.alternative.resize(k_steps);
  for (StepIndex i = 1; i < k_steps; ++i) chain.needs[i].push_back({.step = i - 1});
  Plan failing(steps, chain, false);
  std::optional<StepIndex> first = failing.start_next();
  std::vector<Unstarted> unstarted = failing.finished(*first, Status::failed);
  ASSERT_EQ(unstarted.size(), k_steps - 1);
  EXPECT_EQ(unstarted.back().step, k_steps - 1);
  EXPECT_EQ(unstarted.back().needs, k_steps - 2);
  EXPECT_EQ(unstarted.back().cause, 0u);
  EXPECT_TRUE(failing.done());

  Graph fan;
  fan.needs.resize(k_steps);
  fan.alternative.resize(k_steps);
  for (StepIndex i = 1; i + 1 < k_steps; ++i) fan.needs[i].push_back({.step = 0});
  for (StepIndex i = 1; i + 1 < k_steps; ++i) fan.needs[k_steps - 1].push_back({.step = i});
  Plan plan(steps, fan, false);
  StepIndex count = 0;
  while (std::optional<StepIndex> step = plan.start_next()) {
    EXPECT_EQ(*step, count);
    ++count;
    (void)plan.finished(*step, Status::success);
  }
  EXPECT_EQ(count, k_steps);
}

}  // namespace
}  // namespace rustchain

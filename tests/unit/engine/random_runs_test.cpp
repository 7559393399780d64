// What must hold of any run: random missions with items, finally, failures and several workers.
#include "engine_fixture.hpp"

#include <random>
#include <set>

namespace rustchain {
namespace {

class RandomRuns : public EngineTest {
 protected:
  std::mt19937 random{20261120};
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); }

  void add_some(const std::string& prefix, bool at_end) {
    std::vector<std::string> ids;
    const std::uint32_t count = at_end ? below(4) : 1 + below(8);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::vector<std::string> needs;
      for (const std::string& id : ids)
        if (below(3) == 0) needs.push_back(id);
      const std::string id = prefix + std::to_string(i);
      Step& made = at_end ? finally(id, needs) : step(id, needs);
      made.strategy = static_cast<DependencyStrategy>(below(3));
      made.continue_on_error = below(4) == 0;
      if (below(3) == 0) {
        Node list;
        list.kind = Node::Kind::list;
        for (std::uint32_t items = below(4); items > 0; --items) {
          Node item;
          item.kind = Node::Kind::scalar;
          item.text = std::to_string(items);
          list.items.push_back(std::move(item));
        }
        made.foreach = std::move(list);
      }
      if (below(3) == 0) work[id] = [](const StepContext&) { return exit_code(1); };
      ids.push_back(id);
    }
  }

  struct Seen {
    std::set<StepIndex> started;
    std::set<StepIndex> ended;
    std::map<StepIndex, StepIndex> parents;
  };

  // Checks each event as it comes.
  void look_at(const Event& event, Seen& seen) {
    const StepIndex first_of_finally = static_cast<StepIndex>(mission.steps.size());
    auto begin = [&](StepIndex step) {
      EXPECT_TRUE(seen.started.insert(step).second) << "started twice";
      EXPECT_FALSE(seen.ended.contains(step));
      if (auto parent = seen.parents.find(step); parent != seen.parents.end()) {
        EXPECT_TRUE(seen.started.contains(parent->second));
        EXPECT_FALSE(seen.ended.contains(parent->second));
        return;
      }
      const std::vector<Step>& steps = step < first_of_finally ? mission.steps : mission.finally;
      const StepIndex first = step < first_of_finally ? 0 : first_of_finally;
      for (const Dependency& need : steps[step - first].depends_on)
        for (StepIndex i = 0; i < steps.size(); ++i) {
          if (steps[i].id.value != need.step.value) continue;
          EXPECT_TRUE(seen.ended.contains(first + i)) << "started before what it needs had ended";
        }
      for (StepIndex i = 0; i < first; ++i) EXPECT_TRUE(seen.ended.contains(i)) << "finally was too early";
    };
    auto end = [&](StepIndex step) {
      EXPECT_TRUE(seen.ended.insert(step).second) << "ended twice";
      for (const auto& [child, parent] : seen.parents)
        EXPECT_TRUE(parent != step || seen.ended.contains(child)) << "ended before its items";
    };
    if (auto* added = std::get_if<StepAdded>(&event.what))
      EXPECT_TRUE(seen.parents.emplace(added->step, added->parent).second);
    else if (auto* started = std::get_if<StepStarted>(&event.what))
      begin(started->step);
    else if (auto* finished = std::get_if<StepFinished>(&event.what))
      end(finished->step);
    else if (auto* not_run = std::get_if<StepNotRun>(&event.what))
      end(not_run->step);
  }
};

TEST_F(RandomRuns, EverythingEndsOnceAndInItsTurn) {
  for (int round = 0; round < 300; ++round) {
    clear();
    mission.config.fail_fast = below(3) == 0;
    add_some("s", false);
    add_some("f", true);
    Lines one_by_one;
    for (std::uint32_t parallel : {1, 1, 3}) {
      lines.clear();
      max_parallel = parallel;
      Seen seen;
      also = [&](const Event& event) { look_at(event, seen); };
      run();
      ASSERT_EQ(seen.ended.size(), mission.steps.size() + mission.finally.size() + seen.parents.size());
      ASSERT_FALSE(HasFailure()) << "round " << round;
      if (parallel > 1) continue;
      ASSERT_TRUE(one_by_one.empty() || lines == one_by_one) << "another order";
      one_by_one = lines;
    }
  }
}

}  // namespace
}  // namespace rustchain

#include "engine_fixture.hpp"

#include <condition_variable>
#include <stop_token>

namespace rustchain {
namespace {

// Step types are plain functions; this is the test that they belong to.
EngineTest* g_test = nullptr;

StepResult do_work(const StepContext& context) {
  auto found = g_test->work.find(context.step.id.value);
  if (found != g_test->work.end()) return found->second(context);
  return with_output({{"text", context.parameters.value("text", "")}});
}

constexpr KeySpec k_keys[] = {
    {.name = "text", .types = k_string},
    {.name = "context", .types = k_string},
    {.name = "program", .types = k_string},
};
constexpr StepType k_work = {
    .name = "work",
    .summary = "what the test says",
    .parameters = k_keys,
    .main_output = "text",
    .output_fields = "text",
    .effects =
        [](const Step&, const Json& parameters) {
          Effects effects;
          if (parameters.contains("text")) effects.reads.push_back(parameters["text"]);
          if (parameters.contains("program"))
            effects.executes.push_back({{parameters["program"].get<std::string>()}, {}});
          return effects;
        },
    .run = do_work,
};
constexpr StepType k_later = {.name = "later", .summary = "not yet", .later = "use work"};
constexpr const StepType* k_types[] = {&k_work, &k_later};

}  // namespace

EngineTest::EngineTest() {
  g_test = this;
  mission.file = "m.yaml";
  mission.name = "A mission";
  world.services.environment.set("USER", "someone");
}
EngineTest::~EngineTest() {
  g_test = nullptr;
}

Step& EngineTest::add(std::vector<Step>& steps, Graph& graph, std::string id,
                      std::vector<std::string> needs) {
  Step step;
  step.id.value = id;
  step.id.at = {static_cast<std::uint32_t>(10 + steps.size()), 3, 0};
  step.name = id;
  step.type.value = "work";
  step.parameters.kind = Node::Kind::map;
  std::vector<Edge> edges;
  for (std::string& need : needs) {
    for (StepIndex i = 0; i < steps.size(); ++i) {
      if (steps[i].id.value != need) continue;
      Edge edge;
      edge.step = i;
      edges.push_back(std::move(edge));
    }
    Dependency dependency;
    dependency.step.value = std::move(need);
    step.depends_on.push_back(std::move(dependency));
  }
  steps.push_back(std::move(step));
  graph.needs.push_back(std::move(edges));
  graph.alternative.push_back(false);
  return steps.back();
}

Step& EngineTest::step(std::string id, std::vector<std::string> needs) {
  return add(mission.steps, graph_, std::move(id), std::move(needs));
}
Step& EngineTest::finally(std::string id, std::vector<std::string> needs) {
  return add(mission.finally, finally_graph_, std::move(id), std::move(needs));
}
Edge& EngineTest::edge(const std::string& id, std::size_t i) {
  for (std::size_t at = 0; at < mission.steps.size(); ++at)
    if (mission.steps[at].id.value == id) return graph_.needs[at][i];
  ADD_FAILURE() << "no step " << id;
  return graph_.needs.at(0).at(0);
}

void EngineTest::clear() {
  mission.steps.clear();
  mission.finally.clear();
  graph_ = {};
  finally_graph_ = {};
  work.clear();
  lines.clear();
  added_.clear();
}

void EngineTest::run() {
  for (const std::vector<Edge>& edges : graph_.needs)
    for (const Edge& edge : edges)
      if (edge.alternative != k_no_step) graph_.alternative[edge.alternative] = true;
  StepTypes types(k_types);
  Services services{
      running_clock,        world.files, world.processes, world.http, world.services.environment,
      world.services.random};
  RunSetup setup{mission, graph_,        finally_graph_, types,       real_time ? services : world.services,
                 "r1",    run_directory, "/start",       "/missions", "/bin/sh",
                 "linux", max_parallel,  history};
  setup.judge = judge;
  setup.hash = &hash;
  setup.earlier = earlier;
  ReportBuilder builder;
  auto other = std::move(also);
  also = [&](const Event& event) {
    builder.on(event);
    if (other) other(event);
  };
  Engine made(setup, *this);
  engine = &made;
  made.run();
  engine = nullptr;
  also = nullptr;
  report = builder.report();
}

void EngineTest::on(const Event& event) {
  auto id = [&](StepIndex step) {
    if (auto found = added_.find(step); found != added_.end()) return found->second;
    return step < mission.steps.size() ? mission.steps[step].id.value
                                       : mission.finally[step - mission.steps.size()].id.value;
  };
  std::string line;
  if (auto* added = std::get_if<StepAdded>(&event.what)) added_[added->step] = added->info.id;
  if (auto* started = std::get_if<StepStarted>(&event.what)) {
    line = "start " + id(started->step);
    if (started->attempt > 1) line += " again";
    if (!started->why.empty()) line += " because " + started->why;
    if (!started->what.empty()) line += ": " + started->what;
  } else if (auto* progressed = std::get_if<StepProgressed>(&event.what)) {
    line = "progress " + id(progressed->step) + ": " + progressed->progress.last_line;
  } else if (auto* wrote = std::get_if<StepWrote>(&event.what)) {
    line = "wrote " + id(wrote->step) + ": " + wrote->text;
  } else if (auto* retried = std::get_if<StepRetried>(&event.what)) {
    line = "retry " + id(retried->step) + ": " + retried->error;
  } else if (auto* finished = std::get_if<StepFinished>(&event.what)) {
    line = "end " + id(finished->step) + ": " + std::string(to_string(finished->result.status));
    if (finished->result.kind != FailureKind::none)
      line += ", " + std::string(to_string(finished->result.kind)) + ": " + finished->result.error;
    if (finished->allowed) line += " (allowed)";
  } else if (auto* reused = std::get_if<StepReused>(&event.what)) {
    line = "reuse " + id(reused->step) + " of " + reused->run;
  } else if (auto* not_run = std::get_if<StepNotRun>(&event.what)) {
    line = std::string(to_string(not_run->status)) + " " + id(not_run->step) + ": " + not_run->reason;
  } else if (auto* background = std::get_if<BackgroundEnded>(&event.what)) {
    line = "background " + id(background->step) + ": " + background->how;
  } else if (auto* stopping = std::get_if<RunStopping>(&event.what)) {
    line = "stopping: " + std::string(to_string(stopping->reason)) + (stopping->at_once ? ", at once" : "");
  }
  if (auto* warning = std::get_if<LimitWarning>(&event.what))
    line = "warning " + id(warning->step) + ": " + warning->message;
  if (!line.empty()) lines.push_back(line);
  if (also) also(event);
}

StepResult until_stopped(const StepContext& context) {
  std::mutex mutex;
  std::condition_variable changed;
  bool told = false;
  std::stop_callback callback(context.stop.token(), [&] {
    std::lock_guard lock(mutex);
    told = true;
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return told; });
  return StepResult::failure(FailureKind::timeout, "stopped");
}

StepResult with_output(Json output) {
  StepResult result;
  result.output = std::move(output);
  return result;
}

StepResult exit_code(int code) {
  StepResult result = StepResult::failure(FailureKind::exit_code, "exit code " + std::to_string(code));
  result.output = {{"exit_code", code}, {"text", "it said this"}};
  return result;
}

}  // namespace rustchain

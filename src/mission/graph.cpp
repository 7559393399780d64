// Builds the graph: written edges first, then those that follow from references, then those from paths. Each
// kind is only let in as far as it makes no cycle with the ones before.
#include "mission/graph.hpp"

#include "mission/cycles.hpp"
#include "mission/path_edges.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_shown_steps = 8;   // of a cycle, in its message
constexpr std::size_t k_shown_notes = 20;  // of a cycle

// What is there whether or not the step succeeded: such a reference only asks for the order.
constexpr std::string_view k_always_there[] = {"status", "error", "kind", "attempts", "duration_ms"};

class Builder {
 public:
  Builder(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
          const Names& names, Diagnostics& problems)
      : mission_(mission),
        steps_(steps),
        effects_(effects),
        names_(names),
        problems_(problems),
        first_(&steps == &mission.finally ? static_cast<StepIndex>(mission.steps.size()) : 0),
        edge_of_(steps.size(), {k_no_step, 0}),
        alternative_of_(steps.size(), k_no_step) {}

  Graph build() {
    graph_.needs.resize(steps_.size());
    for (StepIndex i = 0; i < steps_.size(); ++i) write(i);
    untie_written();
    note_alternatives();
    for (StepIndex i = 0; i < steps_.size(); ++i) refer(i);
    untie_references();
    if (mission_.config.infer_dependencies) {
      connect_paths();
      untie_paths();
    }
    return std::move(graph_);
  }

 private:
  // Whether a cycle is possible at all: not while every step only needs earlier ones.
  void add_edge(StepIndex step, Edge edge) {
    forward_ = forward_ || edge.step >= step || edge.alternative != k_no_step;
    edge_of_[edge.step] = {step, static_cast<std::uint32_t>(graph_.needs[step].size())};
    graph_.needs[step].push_back(std::move(edge));
  }

  // The edge from `step` to `needed`, if there is one. Only while the edges of `step` are being added.
  Edge* find_edge(StepIndex step, StepIndex needed) {
    auto [owner, place] = edge_of_[needed];
    return owner == step ? &graph_.needs[step][place] : nullptr;
  }

  void remember_edges(StepIndex step) {
    for (std::uint32_t place = 0; place < graph_.needs[step].size(); ++place) {
      const Edge& edge = graph_.needs[step][place];
      edge_of_[edge.step] = {step, place};
      if (edge.alternative != k_no_step) alternative_of_[edge.alternative] = step;
    }
  }

  const std::string& id(StepIndex step) const { return steps_[step].id.value; }

  // ---- written

  void write(StepIndex step) {
    for (const Dependency& dependency : steps_[step].depends_on) {
      std::optional<StepIndex> needed = find_step(step, dependency.step, "needs");
      if (!needed) continue;
      if (*needed == step) {
        problems_.add({.code = "RC0202",
                       .message = "step '" + id(step) + "' needs itself",
                       .at = dependency.step.at,
                       .length = length(dependency.step),
                       .help = "take it out of depends_on"});
        continue;
      }
      if (find_edge(step, *needed) != nullptr) continue;
      Edge edge;
      edge.step = *needed;
      edge.required = dependency.required;
      edge.on_failure = dependency.on_failure;
      edge.at = dependency.step.at;
      if (edge.on_failure == OnFailure::retry_with_alternative && !dependency.alternative.empty())
        edge.alternative = find_alternative(step, *needed, dependency.alternative);
      add_edge(step, std::move(edge));
    }
    check_alternatives(step);
  }

  static std::uint32_t length(const Text& text) {
    return static_cast<std::uint32_t>(std::max<std::size_t>(text.value.size(), 1));
  }

  std::optional<StepIndex> find_step(StepIndex step, const Text& text, std::string_view what) {
    std::optional<StepIndex> found = names_.step(text.value);
    if (found && *found >= first_ && *found - first_ < steps_.size()) return *found - first_;
    Diagnostic problem{.code = "RC0201",
                       .message = "step '" + id(step) + "' " + std::string(what) + " '" + text.value +
                                  "', and there is no such step",
                       .at = text.at,
                       .length = length(text)};
    if (found) {
      problem.code = "RC0204";
      if (first_ == 0) {
        problem.message = "step '" + id(step) + "' " + std::string(what) + " '" + text.value +
                          "', which is a step of 'finally'";
        problem.help = "steps of 'finally' run after all others; move '" + text.value + "' to 'steps'";
      } else {
        problem.message = "step '" + id(step) + "' of 'finally' " + std::string(what) + " '" + text.value +
                          "', which has ended by then in any case";
        problem.help =
            "take it out; to run only after a success, say when: \"{" + text.value + ".status} == success\"";
      }
    } else if (std::optional<std::string> near = near_step(text.value)) {
      problem.help = "did you mean '" + *near + "'?";
    } else {
      problem.help = "correct the id, or take it out of depends_on";
    }
    problems_.add(std::move(problem));
    return std::nullopt;
  }

  // Looking takes time in proportion to the number of steps: each unknown id once, and not forever.
  std::optional<std::string> near_step(const std::string& unknown) {
    if (near_.size() >= Diagnostics::k_most) return std::nullopt;
    auto [found, fresh] = near_.try_emplace(unknown);
    if (fresh) {
      Reference reference;
      reference.head = "steps";
      reference.path.emplace_back(unknown);
      found->second = names_.near_miss(reference);
      if (found->second) found->second->erase(0, std::string_view("steps.").size());
    }
    return found->second;
  }

  StepIndex find_alternative(StepIndex step, StepIndex needed, const Text& text) {
    std::optional<StepIndex> found = find_step(step, text, "names the alternative");
    if (!found) return k_no_step;
    if (*found != step && *found != needed) return *found;
    problems_.add({.code = "RC0205",
                   .message = "step '" + text.value + "' can't run in the place of '" + id(needed) +
                              "' for '" + id(step) + "'",
                   .at = text.at,
                   .length = length(text),
                   .help = "name a step of its own that gives the same in another way"});
    return k_no_step;
  }

  // A step that waits for its own alternative would wait forever.
  void check_alternatives(StepIndex step) {
    for (Edge& edge : graph_.needs[step]) {
      if (edge.alternative == k_no_step) continue;
      Edge* other = find_edge(step, edge.alternative);
      if (other == nullptr) continue;
      problems_.add({.code = "RC0205",
                     .message = "step '" + id(step) + "' needs '" + id(edge.alternative) +
                                "', which only runs when '" + id(edge.step) + "' fails",
                     .at = other->at,
                     .length = static_cast<std::uint32_t>(id(edge.alternative).size()),
                     .help = "take '" + id(edge.alternative) + "' out of depends_on: the alternative is " +
                             "waited for when it runs"});
      edge.alternative = k_no_step;
    }
  }

  // ---- references

  void note_alternatives() {
    graph_.alternative.resize(steps_.size());
    for (const std::vector<Edge>& needs : graph_.needs)
      for (const Edge& edge : needs) {
        if (edge.alternative == k_no_step) continue;
        graph_.alternative[edge.alternative] = true;
        stands_for_[edge.alternative].insert(edge.step);
      }
  }

  void refer(StepIndex index) {
    const Step& step = steps_[index];
    remember_edges(index);
    if (step.substitute) {
      refer(index, step.parameters);
      for (const auto& [name, value] : step.env) refer(index, value.value, value.at, false);
      refer(index, step.working_directory.value, step.working_directory.at, false);
    }
    if (step.foreach) refer(index, *step.foreach);
    if (step.when) refer(index, step.when->value, step.when->at, true);
  }

  // The loader bounds how deep a node may be.
  void refer(StepIndex step, const Node& node) {
    if (node.is_scalar()) refer(step, node.text, node.at, false);
    for (const Node& item : node.items) refer(step, item);
  }

  void refer(StepIndex step, const std::string& text, Location at, bool order_only) {
    if (text.find('{') == std::string::npos) return;
    const bool in_foreach = steps_[step].foreach.has_value();
    std::size_t from = 0;
    while (std::optional<Mark> mark = next_mark(text, from)) {
      const Reference& reference = mark->reference;
      from = reference.end;
      if (mark->kind != Mark::Kind::reference) continue;
      Meaning meaning = names_.meaning(reference, in_foreach);
      if (meaning.kind != Meaning::Kind::step || meaning.step < first_) continue;
      StepIndex needed = meaning.step - first_;
      if (needed >= steps_.size() || needed == step) continue;
      Edge edge;
      edge.step = needed;
      edge.why = Edge::Why::reference;
      edge.at = at;
      edge.detail = text.substr(reference.begin, reference.end - reference.begin);
      add_inferred(step, std::move(edge), order_only || is_always_there(reference, meaning));
    }
  }

  static bool is_always_there(const Reference& reference, const Meaning& meaning) {
    if (meaning.rest >= reference.path.size()) return false;
    const auto* field = std::get_if<std::string>(&reference.path[meaning.rest]);
    return field != nullptr && std::find(std::begin(k_always_there), std::end(k_always_there), *field) !=
                                   std::end(k_always_there);
  }

  void add_inferred(StepIndex step, Edge edge, bool order_only) {
    // What runs in the place of a failed step may well look at that step.
    if (auto stands_for = stands_for_.find(step);
        stands_for != stands_for_.end() && stands_for->second.contains(edge.step))
      order_only = true;
    if (order_only) {
      edge.required = false;
      edge.on_failure = OnFailure::log_warning;
    }
    if (Edge* there = find_edge(step, edge.step)) {
      if (there->why != Edge::Why::written && !there->required && edge.required) *there = std::move(edge);
      return;
    }
    // The alternative is waited for when it is asked for, and not before.
    if (alternative_of_[edge.step] == step) return;
    add_edge(step, std::move(edge));
  }

  // ---- paths

  void connect_paths() {
    PathNeeds found = path_needs(mission_, steps_, effects_, names_);
    for (StepIndex step = 0; step < steps_.size(); ++step) {
      if (found.of[step].empty()) continue;
      remember_edges(step);
      for (PathNeed& need : found.of[step]) {
        if (need.step == step) continue;
        Edge edge;
        edge.step = need.step;
        edge.why = Edge::Why::path;
        edge.at = steps_[step].id.at;
        edge.detail = std::move(need.path);
        add_inferred(step, std::move(edge), !need.required);
      }
    }
    if (found.cut)
      problems_.add({.code = "RC0208",
                     .severity = Severity::note,
                     .message =
                         "more than a million dependencies follow from paths; of the rest, each step only "
                         "follows the last one that writes a path",
                     .at = {},
                     .help = "config: {infer_dependencies: false} leaves the order to depends_on"});
  }

  // ---- cycles

  void untie_written() {
    if (!forward_) return;
    Waits waits(graph_);
    std::unordered_set<StepIndex> tied;
    for (const std::vector<StepIndex>& knot : knots(waits)) {
      report_cycle(cycle_of(waits, knot), "RC0203",
                   "these steps need each other: ", "take one of these out of depends_on");
      std::unordered_set<StepIndex> members(knot.begin(), knot.end());
      for (StepIndex step : knot)
        std::erase_if(graph_.needs[step], [&](const Edge& edge) { return members.contains(edge.step); });
      tied.merge(members);
    }
    // An alternative on a cycle may be named by a step that isn't.
    for (std::vector<Edge>& needs : graph_.needs)
      for (Edge& edge : needs)
        if (edge.alternative != k_no_step && tied.contains(edge.alternative)) edge.alternative = k_no_step;
  }

  void untie_references() {
    if (!forward_) return;
    Waits waits(graph_);
    for (const std::vector<StepIndex>& knot : knots(waits)) {
      report_cycle(cycle_of(waits, knot), "RC0206", "these steps wait for each other's output: ",
                   "take out one of these references, or one of the dependencies");
      drop_edges(knot, Edge::Why::reference, {});
    }
  }

  void untie_paths() {
    if (!forward_) return;
    Waits waits(graph_);
    std::vector<std::vector<StepIndex>> found = knots(waits);
    if (found.empty()) return;
    // Of the edges from paths those stay that agree with the order that the others ask for.
    Graph strong = graph_;
    for (std::vector<Edge>& needs : strong.needs)
      std::erase_if(needs, [](const Edge& edge) { return edge.why == Edge::Why::path; });
    std::vector<StepIndex> order = topological_order(Waits(strong));
    std::vector<StepIndex> place(steps_.size(), 0);
    for (StepIndex i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (const std::vector<StepIndex>& knot : found) drop_edges(knot, Edge::Why::path, place);
  }

  // Takes out the edges of one kind within a knot; with `place`, only those that go against that order.
  void drop_edges(const std::vector<StepIndex>& knot, Edge::Why why, const std::vector<StepIndex>& place) {
    std::unordered_set<StepIndex> members(knot.begin(), knot.end());
    for (StepIndex step : knot)
      std::erase_if(graph_.needs[step], [&](const Edge& edge) {
        if (edge.why != why || !members.contains(edge.step)) return false;
        if (place.empty()) return true;
        if (place[edge.step] < place[step]) return false;
        problems_.add({.code = "RC0207",
                       .severity = Severity::note,
                       .message = "'" + id(step) + "' reads '" + edge.detail + "', which '" + id(edge.step) +
                                  "' writes, but can't wait for it: '" + id(edge.step) + "' runs later",
                       .at = edge.at,
                       .length = static_cast<std::uint32_t>(std::max<std::size_t>(id(step).size(), 1)),
                       .help = "if that is wrong, turn the written dependency round"});
        return true;
      });
  }

  // How one step of a cycle comes to wait for the next.
  std::pair<Location, std::string> link(StepIndex from, StepIndex to) const {
    const std::string& a = id(from);
    const std::string& b = id(to);
    for (const Edge& edge : graph_.needs[from]) {
      if (edge.step == to) {
        if (edge.why == Edge::Why::reference) return {edge.at, "'" + a + "' refers to " + edge.detail};
        return {edge.at, "'" + a + "' needs '" + b + "'"};
      }
      if (edge.alternative == to) return {edge.at, "'" + a + "' has '" + b + "' as an alternative"};
    }
    return {steps_[from].id.at,
            "'" + a + "' is an alternative, and waits until it is known whether it is needed"};
  }

  void report_cycle(const std::vector<StepIndex>& cycle, std::string_view code, std::string_view what,
                    std::string_view help) {
    Diagnostic problem{.code = code, .message = std::string(what), .help = std::string(help)};
    const std::size_t shown = cycle.size() > k_shown_steps + 1 ? k_shown_steps : cycle.size();
    for (std::size_t i = 0; i < shown; ++i) problem.message += id(cycle[i]) + " -> ";
    if (shown < cycle.size())
      problem.message += "... (" + std::to_string(cycle.size() - shown) + " more) -> ";
    problem.message += id(cycle.front());
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      auto [at, text] = link(cycle[i], cycle[(i + 1) % cycle.size()]);
      if (i == 0) problem.at = at;
      if (i < k_shown_notes) problem.notes.push_back({at, std::move(text)});
    }
    problems_.add(std::move(problem));
  }

  const Mission& mission_;
  const std::vector<Step>& steps_;
  const std::span<const Effects> effects_;
  const Names& names_;
  Diagnostics& problems_;
  const StepIndex first_;  // where the list begins among the steps of the whole mission
  Graph graph_;
  std::vector<std::pair<StepIndex, std::uint32_t>> edge_of_;  // by needed step: whose edge it is, and which
  std::vector<StepIndex> alternative_of_;  // by alternative: whose it is, of the step that is looked at
  std::unordered_map<StepIndex, std::unordered_set<StepIndex>> stands_for_;
  std::unordered_map<std::string, std::optional<std::string>> near_;
  bool forward_ = false;
};

}  // namespace

Graph build_graph(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
                  const Names& names, Diagnostics& problems) {
  return Builder(mission, steps, effects, names, problems).build();
}

std::vector<std::uint32_t> levels(const Graph& graph) {
  Waits waits(graph);
  std::vector<std::uint32_t> level(waits.first.size() - 1, 0);
  // Alternatives stand where their own needs put them.
  for (StepIndex step : topological_order(waits))
    for (std::size_t i = waits.first[step]; i < waits.first[step + 1]; ++i)
      if (waits.targets[i] < waits.steps) level[step] = std::max(level[step], level[waits.targets[i]] + 1);
  level.resize(waits.steps);
  return level;
}

}  // namespace rustchain

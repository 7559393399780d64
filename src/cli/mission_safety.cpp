// What the safety judge needs to know of a mission, and what it says of it.
#include "cli/mission_safety.hpp"

#include "rustchain/version.hpp"

#include "mission/render.hpp"
#include "mission/resolve.hpp"
#include "mission/shell_fill.hpp"
#include "safety/marks.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/json_text.hpp"
#include "util/path.hpp"
#include "util/sha256.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {
namespace {

// ---- what references stand for, before anything has run

class Origins {
 public:
  Origins(const MissionFile& file, const SafetyPlaces& places, const std::string& mission_directory)
      : mission_(file.mission), names_(file.mission), places_(places), mission_directory_(mission_directory) {
    for (const auto& [name, value] : mission_.vars)
      if (value.is_scalar()) variables_.emplace(name, value.text);
    for (const Text& secret : mission_.secrets) secrets_.insert(secret.value);
  }

  // The value, or the mark of what isn't known of it.
  std::string value(const Reference& reference, const Step& step) const {
    Meaning meaning = names_.meaning(reference, step.foreach.has_value());
    switch (meaning.kind) {
      case Meaning::Kind::variable: {
        auto found = variables_.find(meaning.name);
        if (found == variables_.end() || reference.path.size() > meaning.rest)
          return std::string(1, k_unknown);
        return without_controls(found->second);
      }
      case Meaning::Kind::environment:
        return meaning.name == "HOME" ? places_.home : std::string(1, k_unknown);
      case Meaning::Kind::step: return of_step(meaning.step, reference, meaning.rest);
      case Meaning::Kind::item:
        return std::string(
            1, step.foreach && step.foreach->is_scalar() && is_tainted(step.foreach->text, step) ? k_tainted
                                                                                                 : k_unknown);
      case Meaning::Kind::mission: return meaning.name == "dir" ? mission_directory_ : std::string("mission");
      case Meaning::Kind::run:
        return meaning.name == "dir" ? places_.base + "/.rustchain/run" : std::string("0");
      case Meaning::Kind::index:
      case Meaning::Kind::timestamp:
      case Meaning::Kind::date:
      case Meaning::Kind::uuid: return "0";
      case Meaning::Kind::platform: return "linux";
      default: return std::string(1, k_unknown);
    }
  }

  bool known(const Reference& reference, const Step& step) const {
    return names_.meaning(reference, step.foreach.has_value()).kind != Meaning::Kind::unknown;
  }

  std::string filled(std::string_view text, const Step& step) const {
    if (text.find('{') == std::string_view::npos) return without_controls(text);
    std::string all;
    for (const TextPart& part : split_references(text)) {
      if (part.reference && known(*part.reference, step))
        all += value(*part.reference, step);
      else
        all += without_controls(part.literal);
    }
    return all;
  }

  bool is_tainted(std::string_view text, const Step& step) const {
    if (text.find('{') == std::string_view::npos) return false;
    for (const TextPart& part : split_references(text))
      if (part.reference && known(*part.reference, step) && has_mark(value(*part.reference, step), "\x04"))
        return true;
    return false;
  }

  bool names_secret(std::string_view text, const Step& step) const {
    if (secrets_.empty() || text.find('{') == std::string_view::npos) return false;
    for (const TextPart& part : split_references(text)) {
      if (!part.reference) continue;
      Meaning meaning = names_.meaning(*part.reference, step.foreach.has_value());
      if ((meaning.kind == Meaning::Kind::environment || meaning.kind == Meaning::Kind::variable) &&
          secrets_.contains(meaning.name))
        return true;
    }
    return false;
  }

 private:
  std::string of_step(StepIndex index, const Reference& reference, std::size_t rest) const {
    const Step& step = index < mission_.steps.size() ? mission_.steps[index]
                                                     : mission_.finally[index - mission_.steps.size()];
    const std::string* field =
        reference.path.size() > rest ? std::get_if<std::string>(&reference.path[rest]) : nullptr;
    if (field != nullptr &&
        has_word("exit_code status status_code duration_ms attempts size replacements existed", *field))
      return "0";
    if (step.type.value == "http" || step.type.value == "llm") return std::string(1, k_tainted);
    // A file step gives the path that it was given.
    const Node* path = step.parameters.find(
        step.type.value == "copy_file" || step.type.value == "move_file" ? "destination" : "path");
    if (has_word("create_file edit_file copy_file move_file", step.type.value) && path != nullptr &&
        path->is_scalar() && (field == nullptr || *field == "path") &&
        path->text.find('{') == std::string::npos)
      return path->text;
    return std::string(1, k_unknown);
  }

  const Mission& mission_;
  const Names names_;
  const SafetyPlaces& places_;
  const std::string mission_directory_;
  std::unordered_map<std::string, std::string> variables_;
  std::unordered_set<std::string> secrets_;
};

void collect_texts(const Node& node, std::vector<std::string>& texts) {
  if (node.is_scalar()) texts.push_back(node.text);
  for (const Node& item : node.items) collect_texts(item, texts);
}

Location place_of(const Step& step) {
  for (std::string_view key : {"command", "url", "path", "source", "prompt", "destination"})
    if (const Node* node = step.parameters.find(key); node != nullptr && node->at.line > 0) return node->at;
  return step.id.at;
}

// Which reads and writes a command step does itself.
void own_paths(JudgedStep& judged, const Json& parameters) {
  if (judged.effects.executes.empty()) {
    judged.reads = judged.effects.reads;
    judged.writes = judged.effects.writes;
    return;
  }
  if (is_given(parameters, "stdin_file")) judged.reads.push_back(text_of(parameters, "stdin_file"));
  if (is_given(parameters, "output_file")) judged.writes.push_back(text_of(parameters, "output_file"));
}

JudgedStep prepare_step(const Step& step, const Origins& origins, const Mission& mission,
                        const std::string& base, DefaultValues& defaults) {
  JudgedStep judged;
  judged.id = step.id.value;
  judged.type = step.type.value;
  judged.at = place_of(step);
  const StepType* type = step_types().find(step.type.value);
  if (type == nullptr) return judged;
  const Json parameters = unresolved_parameters(step, *type, defaults).parameters;
  if (type->effects != nullptr) judged.effects = type->effects(step, parameters);
  own_paths(judged, parameters);

  auto fill = [&](std::string& text) { text = origins.filled(text, step); };
  Effects& effects = judged.effects;
  for (Effects::Execution& execution : effects.executes) {
    if (execution.script.empty()) {
      for (std::string& word : execution.argv) fill(word);
      continue;
    }
    // As the executor does it: each reference becomes a variable that holds the value.
    auto variable = [&](const Reference& reference, std::string_view,
                        ShellPlace) -> std::optional<std::string> {
      if (!step.substitute || !origins.known(reference, step)) return std::nullopt;
      std::string name = "RUSTCHAIN_" + std::to_string(judged.variables.size());
      judged.variables.emplace_back(name, origins.value(reference, step));
      return name;
    };
    execution.script = fill_shell(without_controls(execution.script), variable);
  }
  for (std::vector<std::string>* list :
       {&effects.reads, &effects.writes, &effects.deletes, &effects.connects, &judged.reads, &judged.writes})
    for (std::string& text : *list) fill(text);
  for (auto& [path, text] : effects.contents) {
    fill(path);
    fill(text);
  }
  for (const std::string& text : effects.sends)
    judged.secret_sent = judged.secret_sent || origins.names_secret(text, step);
  for (const TextMap* env : {&mission.env, &step.env})
    for (const auto& [name, text] : *env)
      judged.variables.emplace_back(name.value, origins.filled(text.value, step));
  if (const Node* env = step.parameters.find("env"); env != nullptr && env->is_map())
    for (std::size_t i = 0; i < env->size(); ++i)
      if (env->value(i).is_scalar())
        judged.variables.emplace_back(env->key(i).text, origins.filled(env->value(i).text, step));

  judged.directory = base;
  auto enter = [&](const std::string& directory) {
    if (!directory.empty())
      judged.directory = normalise_path(resolve_path(judged.directory, origins.filled(directory, step)));
  };
  enter(mission.config.working_directory.value);
  enter(step.working_directory.value);
  if (const Node* own = step.parameters.find("working_dir"); own != nullptr && own->is_scalar())
    enter(own->text);
  if (has_mark(judged.directory)) judged.directory.clear();

  collect_texts(step.parameters, judged.texts);
  for (const auto& [name, text] : step.env) judged.texts.push_back(text.value);
  for (const std::string& text : judged.texts)
    judged.from_outside = judged.from_outside || origins.is_tainted(text, step);
  return judged;
}

std::vector<JudgedStep> prepare_steps(const App& app, const MissionFile& file, const SafetyPlaces& places) {
  const Origins origins(file, places,
                        directory_of_mission(app, file.mission.file == "<stdin>" ? "-" : file.mission.file));
  DefaultValues defaults;
  std::vector<JudgedStep> steps;
  steps.reserve(file.mission.steps.size() + file.mission.finally.size());
  for (const std::vector<Step>* list : {&file.mission.steps, &file.mission.finally})
    for (const Step& step : *list)
      steps.push_back(prepare_step(step, origins, file.mission, places.base, defaults));
  return steps;
}

SafetyMode mode_of(std::string_view word) {
  const SafetyMode* mode = find_safety_mode(word);
  return mode != nullptr ? *mode : SafetyMode::standard;
}

std::string today(const App& app) {
  return format_time(app.services.clock.wall()).substr(0, 10);
}

// ---- what was approved

std::string approvals_path(const App& app) {
  std::string config = app.services.variable("XDG_CONFIG_HOME").value_or("");
  if (config.empty()) config = app.services.variable("HOME").value_or("") + "/.config";
  return config + "/rustchain/approved.json";
}

std::string hash_of(const MissionFile& file) {
  Sha256 hash;
  for (const Source& source : file.sources) {
    hash.add(source.text);
    hash.add(std::string_view("\0", 1));
  }
  return hash.finish();
}

Json read_approvals(const App& app) {
  auto text = app.services.files.read(approvals_path(app), 1 << 20);
  if (!text) return Json::object();
  Result<Json> json = parse_json(*text);
  return json && json->is_object() ? *json : Json::object();
}

bool is_approved(const App& app, const MissionFile& file, const SafetyPolicy& policy) {
  if (policy.allow.empty()) return false;
  Json approvals = read_approvals(app);
  auto found = approvals.find(hash_of(file));
  if (found == approvals.end() || !found->is_array()) return false;
  return std::all_of(policy.allow.begin(), policy.allow.end(), [&](const SafetyPolicy::Allow& allow) {
    return std::find(found->begin(), found->end(), Json(allow.rule)) != found->end();
  });
}

std::string sentence(const MissionFinding& finding) {
  std::string text = "step '" + finding.step + "' " + std::string(finding.rule->what);
  if (!finding.subject.empty()) text += ": " + shown(finding.subject, 120);
  return text;
}

}  // namespace

SafetyPlaces safety_places(const App& app) {
  SafetyPlaces places;
  if (std::string home = app.services.variable("HOME").value_or(""); home.size() > 1 && home[0] == '/')
    places.home = normalise_path(home);
  if (app.directory.size() > 1) places.base = app.directory;
  if (std::string own = app.services.variable("TMPDIR").value_or(""); own.size() > 1 && own[0] == '/')
    places.temporary.push_back(normalise_path(own));
  return places;
}

MissionVerdict judge(App& app, const MissionFile& file, std::string_view mode, bool accept,
                     Diagnostics& problems) {
  const SafetyPlaces places = safety_places(app);
  SafetyPolicy policy = read_policy(file.mission.safety, mode_of(mode), problems);
  MissionVerdict verdict = judge_mission(prepare_steps(app, file, places), policy, places,
                                         accept || is_approved(app, file, policy), today(app));
  if (!file.mask.empty())
    for (MissionFinding& finding : verdict.findings) finding.subject = file.mask.text(finding.subject);
  return verdict;
}

std::vector<JudgedMission> judge_all(App& app, MissionFile& file, std::string_view mode, bool accept) {
  std::vector<JudgedMission> all{{&file, judge(app, file, mode, accept, file.problems)}};
  for (std::vector<MissionFile>* others : {&file.inner, &file.next})
    for (MissionFile& other : *others)
      for (JudgedMission& judged : judge_all(app, other, mode, accept)) all.push_back(std::move(judged));
  return all;
}

Risk risk_of(const MissionVerdict& verdict) {
  return {verdict.score, verdict.blocked ? "refused" : "passed"};
}

bool any_refused(const std::vector<JudgedMission>& all) {
  return std::any_of(all.begin(), all.end(), [](const JudgedMission& one) { return one.verdict.blocked; });
}

std::string verdict_line(const MissionVerdict& verdict) {
  std::string risk =
      "risk " + std::to_string(verdict.score) + "/100, " + std::string(risk_level(verdict.score));
  if (!verdict.blocked) return "✅ Mission passes safety validation (" + risk + ")\n";
  std::string text = "❌ Mission is refused by the safety check (" + risk + "; mode " +
                     std::string(word_of(verdict.mode)) + ")\n";
  if (!verdict.arithmetic.empty()) text += "   risk " + verdict.arithmetic + "\n";
  text += "   help: 'rustchain explain RULE' tells why and what is safer";
  if (verdict.requests > 0)
    text += "; the mission asks to have " + std::to_string(verdict.requests) +
            " of this allowed: --accept-allow or 'rustchain safety approve' says yes";
  return text + "\n";
}

std::string verdict_lines(const std::vector<JudgedMission>& all) {
  std::string text;
  for (const JudgedMission& one : all) {
    if (&one != &all.front() && !one.verdict.blocked) continue;
    if (&one != &all.front()) text += one.file->mission.file + ":\n";
    text += verdict_line(one.verdict);
  }
  return text;
}

Diagnostics to_diagnostics(const MissionVerdict& verdict, bool all) {
  Diagnostics problems;
  for (const MissionFinding& finding : verdict.findings) {
    const bool worth = finding.blocks || !finding.allowed.empty() || finding.rule->score >= 25;
    if (!worth && !all) continue;
    Diagnostic one;
    one.code = finding.rule->id;
    one.severity = finding.blocks                     ? Severity::error
                   : worth && finding.allowed.empty() ? Severity::warning
                                                      : Severity::note;
    one.message = sentence(finding);
    if (!finding.allowed.empty()) one.message += " (allowed: " + shown(finding.allowed) + ")";
    one.at = finding.at;
    one.help = finding.rule->safer;
    problems.add(std::move(one));
  }
  return problems;
}

void show_findings(App& app, const MissionFile& file, const Diagnostics& findings) {
  if (findings.all().empty()) return;
  app.console.err(render_diagnostics(findings, file.sources, app.console.err_color()));
}

void show_findings(App& app, const std::vector<JudgedMission>& all) {
  for (const JudgedMission& one : all) show_findings(app, *one.file, to_diagnostics(one.verdict));
}

OrderedJson to_json(const std::vector<JudgedMission>& all) {
  OrderedJson json = to_json(all.front().verdict, all.front().file->sources);
  if (all.size() == 1) return json;
  OrderedJson others = OrderedJson::array();
  for (const JudgedMission& one : all) {
    if (&one == &all.front()) continue;
    OrderedJson other = to_json(one.verdict, one.file->sources);
    other["file"] = one.file->mission.file;
    others.push_back(std::move(other));
  }
  json["missions"] = std::move(others);
  return json;
}

OrderedJson to_json(const MissionVerdict& verdict, const Sources& sources) {
  OrderedJson list = OrderedJson::array();
  for (const MissionFinding& finding : verdict.findings) {
    list.push_back(
        {{"rule", finding.rule->id},
         {"score", finding.rule->score},
         {"step", finding.step},
         {"line", finding.at.line},
         {"column", finding.at.line == 0 ? 0 : column_in_characters(finding.at, sources)},
         {"what", finding.rule->what},
         {"subject", finding.subject},
         {"why", finding.rule->why},
         {"safer", finding.rule->safer},
         {"blocks", finding.blocks},
         {"allowed", finding.allowed.empty() ? OrderedJson(nullptr) : OrderedJson(finding.allowed)}});
  }
  return {{"mode", word_of(verdict.mode)},    {"verdict", risk_of(verdict).verdict},
          {"score", verdict.score},           {"level", risk_level(verdict.score)},
          {"arithmetic", verdict.arithmetic}, {"findings", std::move(list)}};
}

std::string to_sarif(const std::vector<std::pair<const MissionFile*, MissionVerdict>>& verdicts) {
  OrderedJson rules = OrderedJson::array();
  OrderedJson results = OrderedJson::array();
  std::unordered_set<std::string_view> named;
  for (const auto& [file, verdict] : verdicts) {
    for (const MissionFinding& finding : verdict.findings) {
      if (named.insert(finding.rule->id).second) {
        rules.push_back(
            {{"id", finding.rule->id},
             {"shortDescription", {{"text", finding.rule->what}}},
             {"fullDescription", {{"text", finding.rule->why}}},
             {"help", {{"text", finding.rule->safer.empty() ? "nothing to do" : finding.rule->safer}}},
             {"properties",
              {{"security-severity", std::to_string(finding.rule->score / 10) + "." +
                                         std::to_string(finding.rule->score % 10)}}}});
      }
      OrderedJson result = {{"ruleId", finding.rule->id},
                            {"level", finding.blocks              ? "error"
                                      : finding.rule->score >= 25 ? "warning"
                                                                  : "note"},
                            {"message", {{"text", sentence(finding)}}}};
      OrderedJson place = {{"artifactLocation", {{"uri", file->sources[finding.at.file].name}}}};
      if (finding.at.line > 0)
        place["region"] = {{"startLine", finding.at.line},
                           {"startColumn", column_in_characters(finding.at, file->sources)}};
      result["locations"] = OrderedJson::array({OrderedJson{{"physicalLocation", std::move(place)}}});
      if (!finding.allowed.empty())
        result["suppressions"] =
            OrderedJson::array({OrderedJson{{"kind", "inSource"}, {"justification", finding.allowed}}});
      results.push_back(std::move(result));
    }
  }
  OrderedJson driver = {{"name", "rustchain"}, {"version", version()}, {"rules", std::move(rules)}};
  OrderedJson run = {{"tool", {{"driver", std::move(driver)}}},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", std::move(results)}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", OrderedJson::array({std::move(run)})}});
}

// ---- at run time

namespace {

// Through all symlinks as far as the path exists.
std::string real_path(const std::string& path, const std::string& directory) {
  if (path.empty() || path[0] == '~') return path;
  std::error_code error;
  std::filesystem::path real = std::filesystem::weakly_canonical(resolve_path(directory, path), error);
  return error ? path : real.string();
}

class RunJudge {
 public:
  RunJudge(App& app, const MissionFile& file, std::string_view mode, bool accept)
      : places_(safety_places(app)), today_(today(app)) {
    Diagnostics ignored;
    policy_ = read_policy(file.mission.safety, mode_of(mode), ignored);
    accepted_ = accept || is_approved(app, file, policy_);
    std::error_code error;
    if (auto real = std::filesystem::canonical(places_.base, error); !error) places_.base = real.string();
    for (JudgedStep& step : prepare_steps(app, file, places_)) outside_.emplace(step.id, step.from_outside);
  }

  std::optional<Failure> operator()(const Step& step, const Effects& effects, const StepFacts& facts) {
    JudgedStep judged;
    judged.id = step.id.value;
    judged.type = step.type.value;
    judged.effects = effects;
    own_paths(judged, facts.parameters);
    judged.directory = real_path(facts.working_directory, "/");
    judged.variables = facts.env;
    judged.variables.insert(judged.variables.end(), facts.shell_values.begin(), facts.shell_values.end());
    if (effects.executes.empty()) {
      for (std::vector<std::string>* list : {&judged.reads, &judged.writes, &judged.effects.deletes})
        for (std::string& path : *list) {
          std::string real = real_path(path, facts.working_directory);
          // A symlink itself is removed, not what it leads to.
          if (list == &judged.effects.deletes)
            real = real_path(parent_directory(resolve_path(facts.working_directory, path)), "/") + "/" +
                   file_name(path);
          path = std::move(real);
        }
    }
    std::vector<SafetyFinding> findings;
    {
      std::lock_guard lock(mutex_);
      findings = judge_step(judged, places_, written_);
    }
    auto outside = outside_.find(step.id.value);
    const SafetyMode mode =
        outside != outside_.end() && outside->second ? stricter(policy_.mode) : policy_.mode;
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
  bool is_allowed(const SafetyFinding& finding, const std::string& step) const {
    if (!accepted_ || finding.rule->catastrophic) return false;
    for (const SafetyPolicy::Allow& allow : policy_.allow)
      if (allows(allow, *finding.rule, step, finding.subject, today_)) return true;
    return false;
  }

  SafetyPlaces places_;
  std::string today_;
  SafetyPolicy policy_;
  bool accepted_ = false;
  std::unordered_map<std::string, bool> outside_;
  std::mutex mutex_;
  WrittenFiles written_;
};

}  // namespace

StepJudge make_step_judge(App& app, const MissionFile& file, std::string_view mode, bool accept) {
  auto judge = std::make_shared<RunJudge>(app, file, mode, accept);
  return [judge](const Step& step, const Effects& effects, const StepFacts& facts) {
    return (*judge)(step, effects, facts);
  };
}

ExitCode approve(App& app, const MissionFile& file) {
  Diagnostics ignored;
  SafetyPolicy policy = read_policy(file.mission.safety, SafetyMode::standard, ignored);
  if (policy.allow.empty()) {
    app.console.err("error: " + file.sources[0].name +
                    " asks for nothing to be allowed\n  help: list it under safety.allow: - {rule: ..., "
                    "step: ..., reason: ...}\n");
    return ExitCode::usage;
  }
  Json approvals = read_approvals(app);
  Json rules = Json::array();
  std::string text = "Approved for " + file.sources[0].name + " as it is now; any edit voids it:\n";
  for (const SafetyPolicy::Allow& allow : policy.allow) {
    rules.push_back(allow.rule);
    text += "  " + allow.rule + (allow.step.empty() ? "" : " in step " + allow.step) + ": " +
            shown(allow.reason) + "\n";
  }
  approvals[hash_of(file)] = std::move(rules);
  auto written = app.services.files.write(
      {.path = approvals_path(app), .bytes = approvals.dump(2) + "\n", .mode = 0600});
  if (!written) {
    app.console.err("error: can't keep the approval: " + written.error().message + "\n");
    return ExitCode::internal_error;
  }
  app.console.out(text);
  return ExitCode::success;
}

}  // namespace rustchain

// rustchain doctor: what this machine has, and what missions need that it hasn't.
#include "rustchain/version.hpp"

#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/preflight.hpp"
#include "llm/look.hpp"
#include "mission/references.hpp"
#include "platform/platform.hpp"
#include "util/path.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

enum class Health { well, mind, missing };

// One thing that was looked at.
struct Finding {
  Health health = Health::well;
  std::string what;
  std::string cure = {};
};

// A model that steps of a mission ask.
struct ModelNeed {
  const Provider* provider = nullptr;
  std::string base_url;
  std::string model;  // empty: the step names none
  bool known = true;  // false: only the run will tell which model
  std::string step;
};

std::string written(const Step& step, std::string_view key) {
  const Node* value = step.parameters.find(key);
  return value != nullptr && value->is_scalar() ? value->text : std::string();
}

std::optional<std::string> variable(const App& app, const Mission& mission, const Step& step,
                                    std::string_view name) {
  for (const TextMap* map : {&step.env, &mission.env})
    for (const auto& [key, value] : *map)
      if (key.value == name) return value.value;
  return app.services.variable(name);
}

// A text with its variables filled in. nullopt: only the run can tell what it will be.
std::optional<std::string> known_text(const App& app, const Mission& mission, const Names& names,
                                      const std::string& text) {
  std::string known;
  for (const TextPart& part : split_references(text)) {
    if (!part.reference) {
      known += part.literal;
      continue;
    }
    Meaning meaning = names.meaning(*part.reference);
    bool whole = meaning.rest >= part.reference->path.size();
    std::optional<std::string> value;
    if (meaning.kind == Meaning::Kind::environment) value = app.services.variable(meaning.name);
    if (meaning.kind == Meaning::Kind::variable && whole)
      for (const auto& [name, node] : mission.vars)
        if (name == meaning.name && node.is_scalar()) value = node.text;
    if (meaning.kind == Meaning::Kind::unknown) value = part.literal;
    if (!value) return std::nullopt;
    known += *value;
  }
  return known;
}

void add_needs(const App& app, const Mission& mission, const std::vector<Step>& steps,
               std::vector<ModelNeed>& needs) {
  const Names names(mission);
  for (const Step& step : steps) {
    if (step.type.value != "llm") continue;
    std::string name = written(step, "provider");
    const Provider* provider = find_provider(name.empty() ? "ollama" : name);
    std::string url = written(step, "base_url");
    if (provider == nullptr) provider = &k_openai;
    if (url.empty() && !provider->url_variable.empty())
      url = variable(app, mission, step, provider->url_variable).value_or("");
    std::optional<std::string> known_url = known_text(app, mission, names, url);
    if (!known_url) continue;
    std::string model = written(step, "model");
    for (std::string_view from : {"RUSTCHAIN_MODEL", "OLLAMA_MODEL"})
      if (model.empty()) model = variable(app, mission, step, from).value_or("");
    std::optional<std::string> known_model = known_text(app, mission, names, model);
    std::string place = provider->normalise(known_url->empty() ? provider->base_url : *known_url);
    needs.push_back(
        {provider, std::move(place), known_model.value_or(""), known_model.has_value(), step.id.value});
  }
}

Finding describe_server(const Provider& provider, const LlmServer& server, const ServerLook& look,
                        bool needed) {
  if (look.failure)
    return {needed ? Health::missing : Health::mind, look.failure->message, look.failure->help};
  std::string text = std::string(provider.product) + " answers at " + server.base_url;
  if (!look.version.empty()) text += " (version " + look.version + ")";
  if (look.models.empty()) {
    std::string cure = provider.pull_command.empty() ? "" : std::string(provider.pull_command) + " MODEL";
    return {Health::mind, text + "; it has no models", cure};
  }
  return {Health::well, text + "; models: " + join(look.models, ", ")};
}

void look_at_models(App& app, const std::vector<ModelNeed>& needs, std::vector<Finding>& findings) {
  Stop stop;
  std::map<std::string, ServerLook> looks;
  auto server_at = [&](const Provider& provider, const std::string& url, bool needed) -> const ServerLook& {
    auto [at, is_new] = looks.try_emplace(std::string(provider.name) + " " + url);
    if (!is_new) return at->second;
    LlmServer server{url, {}};
    if (!provider.key_variable.empty())
      server.api_key = trim(app.services.variable(provider.key_variable).value_or(""));
    at->second = look_at(provider, server, app.services.http, stop);
    findings.push_back(describe_server(provider, server, at->second, needed));
    return at->second;
  };
  if (needs.empty())
    server_at(k_ollama,
              k_ollama.normalise(
                  app.services.variable(k_ollama.url_variable).value_or(std::string(k_ollama.base_url))),
              false);
  for (const ModelNeed& need : needs) {
    const ServerLook& look = server_at(*need.provider, need.base_url, true);
    if (look.failure || !need.known) continue;
    if (need.model.empty()) {
      LlmFailure none = no_model(*need.provider, look.models);
      findings.push_back({Health::missing, "step " + need.step + ": " + none.message, none.help});
      continue;
    }
    if (has_model(look.models, need.model)) {
      findings.push_back({Health::well, "step " + need.step + " finds its model " + need.model});
      continue;
    }
    std::string pull(need.provider->pull_command);
    findings.push_back({Health::missing,
                        "step " + need.step + " needs the model " + need.model + ", which " +
                            std::string(need.provider->product) + " hasn't",
                        pull.empty() ? "name one that it has" : pull + " " + need.model});
  }
}

// A file that is made and removed again: permission bits alone don't tell of full or read-only disks.
Finding look_at_directory(App& app, const std::string& directory, std::string_view called) {
  std::string probe = resolve_path(directory, ".rustchain-doctor-" + std::to_string(app.services.random()));
  auto made = app.services.files.write({.path = probe, .bytes = "x"});
  if (made) {
    (void)app.services.files.remove(probe, false);
    return {Health::well, std::string(called) + " can be written: " + directory};
  }
  return {Health::mind, std::string(called) + " can't be written: " + made.error().message,
          made.error().help};
}

Finding look_at_shells(App& app) {
  std::vector<std::string> found;
  std::string path = app.services.variable("PATH").value_or("");
  for (const char* shell : {"sh", "bash", "zsh", "fish", "pwsh"})
    if (auto place = app.services.processes.find_program(shell, path, app.directory))
      found.push_back(std::move(*place));
  if (found.empty()) return {Health::mind, "no shell is on PATH", "steps with `shell: true` need one"};
  return {Health::well, "shells: " + join(found, ", ")};
}

OrderedJson to_json(const std::vector<Finding>& findings) {
  OrderedJson list = OrderedJson::array();
  for (const Finding& finding : findings) {
    constexpr std::string_view k_words[] = {"well", "mind", "missing"};
    OrderedJson one;
    one["health"] = k_words[static_cast<std::size_t>(finding.health)];
    one["what"] = finding.what;
    one["cure"] = finding.cure;
    list.push_back(std::move(one));
  }
  return {{"format_version", 1}, {"version", version()}, {"findings", std::move(list)}};
}

std::string to_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    constexpr std::string_view k_marks[] = {"✅ ", "⚠ ", "❌ "};
    text += std::string(k_marks[static_cast<std::size_t>(finding.health)]) + finding.what + "\n";
    if (!finding.cure.empty()) text += "   → " + finding.cure + "\n";
  }
  return text;
}

}  // namespace

ExitCode command(App& app, const DoctorOptions& options) {
  std::vector<Finding> findings;
  findings.push_back({Health::well, "rustchain " + std::string(version()) + " on " +
                                        std::string(platform_name()) + ", " +
                                        std::to_string(processor_count()) + " processors"});
  findings.push_back(look_at_shells(app));
  findings.push_back(look_at_directory(app, app.directory, "this directory"));
  findings.push_back(look_at_directory(app, temporary_directory(), "the temporary directory"));

  std::vector<ModelNeed> needs;
  if (!options.missions.empty()) {
    auto inputs = read_inputs(app, options.input);
    if (!inputs) return ExitCode::usage;
    for (const std::string& path : options.missions) {
      MissionFile file = open_mission_at(app, path, *inputs);
      show_problems(app, file);
      if (!file.valid()) return ExitCode::invalid_mission;
      add_needs(app, file.mission, file.mission.steps, needs);
      add_needs(app, file.mission, file.mission.finally, needs);
      for (const MissingProgram& missing : missing_programs(file, app.services, app.directory))
        findings.push_back({Health::missing,
                            "'" + missing.program + "' isn't here (" + join(missing.steps, ", ") + ")",
                            missing.help});
    }
  }
  if (options.missions.empty() || !needs.empty()) look_at_models(app, needs, findings);

  if (options.output == OutputFormat::json)
    app.console.out(dump(to_json(findings)));
  else
    app.console.out(visible_lines(to_text(findings)));
  for (const Finding& finding : findings)
    if (finding.health == Health::missing) return ExitCode::step_failed;
  return ExitCode::success;
}

}  // namespace rustchain

// What a person has approved: the SHA-256 of a mission with the rules it asks to have allowed.
#include "cli/safety_approvals.hpp"

#include "steps/support.hpp"
#include "util/json_text.hpp"
#include "util/sha256.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

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

}  // namespace

bool is_approved(const App& app, const MissionFile& file, const SafetyPolicy& policy) {
  if (policy.allow.empty()) return false;
  Json approvals = read_approvals(app);
  auto found = approvals.find(hash_of(file));
  if (found == approvals.end() || !found->is_array()) return false;
  return std::all_of(policy.allow.begin(), policy.allow.end(), [&](const SafetyPolicy::Allow& allow) {
    return std::find(found->begin(), found->end(), Json(allow.rule)) != found->end();
  });
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

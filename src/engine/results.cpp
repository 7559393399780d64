// What the steps that have ended gave, and every other value that texts of a mission can refer to.
#include "engine/results.hpp"

#include "util/format.hpp"
#include "util/text.hpp"

#include <array>
#include <cmath>

namespace rustchain {
namespace {

Json milliseconds(double seconds) {
  return static_cast<std::int64_t>(std::llround(seconds * 1000));
}

// A random UUID (RFC 9562, version 4).
std::string uuid(const std::function<std::uint64_t()>& random) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::array<std::uint64_t, 2> bits = {random(), random()};
  bits[0] = (bits[0] & ~0xf000ull) | 0x4000ull;
  bits[1] = (bits[1] & ~(0xc000ull << 48)) | (0x8000ull << 48);
  std::string text;
  for (std::uint64_t half : bits) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
      text += hex[half >> shift & 0xf];
    }
  }
  return text;
}

std::string as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string failure_words(const StepResult& result) {
  auto field = [&](const char* name) -> std::string {
    if (!result.output.is_object()) return {};
    auto found = result.output.find(name);
    return found != result.output.end() && found->is_number_integer() ? " " + found->dump() : std::string();
  };
  // A foreach or a mission: how many of its parts failed.
  if (result.output.is_object() && result.output.contains("counts")) {
    auto failed = result.output["counts"].value("failed", std::uint64_t{0});
    if (failed > 0) return format_count(failed, result.output.contains("outputs") ? "step" : "item");
  }
  switch (result.kind) {
    case FailureKind::exit_code: return "exit code" + field("exit_code");
    case FailureKind::http_status: return "HTTP status" + field("status");
    case FailureKind::timeout: return "timed out";
    default: return replace_all(to_string(result.kind), "_", " ");
  }
}

Json main_output(const StepType* type, const Json& output) {
  if (!type || type->main_output.empty() || !output.is_object()) return "";
  auto main = output.find(type->main_output);
  if (main == output.end()) return "";
  Json value = *main;
  // What a command prints ends with a newline that is no part of the value; `{id.stdout}` has it.
  if (type->main_output == "stdout" && value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
  }
  return value;
}

Results::Results(const RunSetup& setup)
    : mission_(setup.mission),
      types_(setup.types),
      steps_(setup.mission.steps.size() + setup.mission.finally.size()) {}

const Step& Results::step(StepIndex index) const {
  std::size_t first = mission_.steps.size();
  return index < first ? mission_.steps[index] : mission_.finally[index - first];
}

const StepType* Results::type(StepIndex index) const {
  return types_.find(step(index).type.value);
}

void Results::ended(StepIndex step, Ended how) {
  if (how.result.status == Status::success || how.result.status == Status::partial ||
      how.result.status == Status::failed) {
    last_ended_ = step;
  }
  steps_[step] = std::move(how);
}

Json Results::value(StepIndex step) const {
  return this->step(step).foreach ? foreach_value(step) : value_of(type(step), *steps_[step]);
}

// Fields that every value has, of a step and of a foreach.
void add_common_fields(const Ended& ended, Json& value) {
  value["status"] = to_string(ended.result.status);
  value["kind"] = to_string(ended.result.kind);
  value["error"] = ended.result.error.empty() ? ended.reason : ended.result.error;
  value["duration_ms"] = milliseconds(ended.duration_seconds);
  value["attempts"] = ended.attempts;
}

Json Results::foreach_value(StepIndex step) const {
  const Ended& ended = *steps_[step];
  const StepType* type_row = type(step);
  Json value = {{"output", Json::array()}, {"items", Json::array()}};
  Json& items = value["items"];
  auto found = items_.find(step);
  static const std::vector<ItemEnd> k_none;
  const std::vector<ItemEnd>& ends = found == items_.end() ? k_none : found->second;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    Json one = value_of(type_row, ends[i].how);
    one["item"] = ends[i].item;
    one["index"] = i;
    value["output"].push_back(one["output"]);
    items.push_back(std::move(one));
  }
  for (std::string_view field : words(type_row ? type_row->output_fields : "")) {
    const std::string name(field);
    if (value.contains(name)) continue;
    bool stream = name == "stdout" || name == "stderr";
    Json all = stream ? Json("") : Json::array();
    for (const Json& one : items) {
      auto own = one.find(name);
      if (!stream) {
        all.push_back(own == one.end() ? Json() : *own);
      } else if (own != one.end() && own->is_string()) {
        auto& text = all.get_ref<std::string&>();
        if (!text.empty() && text.back() != '\n') text += '\n';
        text += own->get_ref<const std::string&>();
      }
    }
    value[name] = std::move(all);
  }
  const Json& own = ended.result.output;
  value["counts"] = own.is_object() && own.contains("counts") ? own["counts"] : Json::object();
  add_common_fields(ended, value);
  return value;
}

Json Results::value_of(const StepType* type_row, const Ended& ended) const {
  Json value = ended.result.output.is_object() ? ended.result.output : Json::object();
  if (auto own = value.find("status"); own != value.end()) value["status_code"] = *own;
  // Of one that didn't run every field is there, and empty: a report on what is there can still be written.
  if (type_row && ended.attempts == 0)
    for (std::string_view field : words(type_row->output_fields)) value.emplace(field, "");
  Json output = main_output(type_row, value);
  value["output"] = std::move(output);
  add_common_fields(ended, value);
  return value;
}

std::string Results::text(StepIndex step) const {
  if (!this->step(step).foreach) return text_of(type(step), *steps_[step]);
  // Each item of the next step may be given it.
  auto [known, is_new] = texts_of_items_.try_emplace(step);
  if (!is_new) return known->second;
  std::string& all = known->second;
  all = steps_[step]->reason;
  auto found = items_.find(step);
  if (found == items_.end()) return all;
  for (const ItemEnd& end : found->second) {
    std::string text = text_of(type(step), end.how);
    if (text.empty()) continue;
    if (!all.empty() && all.back() != '\n') all += '\n';
    all += text;
  }
  return all;
}

std::string Results::text_of(const StepType* type_row, const Ended& ended) const {
  std::string text;
  auto add = [&](std::string_view field) {
    auto found = ended.result.output.find(field);
    if (found == ended.result.output.end()) return;
    std::string piece = as_text(*found);
    if (piece.empty()) return;
    if (!text.empty()) text += '\n';
    text += piece;
  };
  if (ended.result.status == Status::failed) text = ended.result.error;
  if (!ended.reason.empty()) text = ended.reason;
  if (!ended.result.output.is_object()) return text;
  if (type_row) add(type_row->main_output);
  if (ended.result.status == Status::failed && type_row && type_row->main_output != "stderr") add("stderr");
  return text;
}

StepValues::StepValues(const RunSetup& setup, const Results& results, std::uint32_t attempt)
    : setup_(setup), results_(results), attempt_(attempt) {}

Result<Json, Failure> StepValues::step_value(StepIndex step) const {
  if (auto stand_in = stand_ins_.find(step); stand_in != stand_ins_.end()) step = stand_in->second;
  const std::string& id = results_.step(step).id.value;
  if (!results_.find(step)) {
    return Failure{FailureKind::invalid, "step '" + id + "' has not ended, so it has no output yet",
                   "add depends_on: [" + id + "]"};
  }
  auto given = defaults_.find(step);
  if (given == defaults_.end()) return results_.value(step);
  Json value = results_.value(step);
  if (results_.step(step).foreach) value.erase("items");  // the default stands for all of them
  if (given->second.is_object()) value.update(given->second);
  value["output"] = given->second;
  const StepType* type = results_.type(step);
  if (type && !type->main_output.empty() && !given->second.is_object())
    value[std::string(type->main_output)] = given->second;
  return value;
}

Result<Json, Failure> StepValues::environment(const std::string& name) const {
  for (auto own = env_.rbegin(); own != env_.rend(); ++own)
    if (own->first == name) return Json(own->second);
  if (auto value = setup_.services.variable(name)) return Json(*value);
  if (allow_unset_) return Json("");
  return Failure{FailureKind::invalid, "the environment variable " + name + " is not set",
                 "set it before the run, or in env: of the mission"};
}

Json StepValues::passing(Json value) const {
  asked_passing_ = true;
  return hold_passing_ ? Json() : std::move(value);
}

Result<Json, Failure> StepValues::value(const Meaning& meaning) const {
  const Mission& mission = setup_.mission;
  switch (meaning.kind) {
    case Meaning::Kind::step: return step_value(meaning.step);
    case Meaning::Kind::previous_result:
      if (auto last = results_.last_ended()) return step_value(*last);
      return Failure{FailureKind::invalid,
                     "no step has ended before this one, so there is no previous_result",
                     "refer to a step by its id"};
    case Meaning::Kind::variable:
      for (const auto& [name, node] : mission.vars)
        if (name == meaning.name) return to_json(node);
      return Failure{FailureKind::invalid, "the variable '" + meaning.name + "' has no value",
                     "give it one under vars: or by --var " + meaning.name + "=..."};
    case Meaning::Kind::environment: return environment(meaning.name);
    case Meaning::Kind::mission:
      if (auto value = mission_value(mission, setup_.mission_directory, meaning.name)) return *value;
      break;
    case Meaning::Kind::run:
      if (meaning.name == "id") return Json(setup_.run_id);
      if (meaning.name == "dir") return Json(setup_.run_directory);
      if (meaning.name == "attempt") return passing(attempt_);
      break;
    case Meaning::Kind::timestamp: return passing(format_time(setup_.services.clock.wall()));
    case Meaning::Kind::date: return Json(format_date(setup_.services.clock.wall()));
    case Meaning::Kind::uuid: return passing(uuid(setup_.services.random));
    case Meaning::Kind::platform: return Json(setup_.platform);
    case Meaning::Kind::item:
      if (item_.value) return *item_.value;
      break;
    case Meaning::Kind::index:
      if (item_.value) return Json(item_.index);
      break;
    case Meaning::Kind::unknown: break;
  }
  return Failure{FailureKind::invalid, "there is no value '" + meaning.name + "'", {}};
}

}  // namespace rustchain

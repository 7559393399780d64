// The kinds of options that several commands take.
#include "cli/option_kinds.hpp"

#include "util/text.hpp"

#include <charconv>

namespace rustchain {
namespace {

constexpr std::array k_output_formats = {Choice<OutputFormat>{"text", OutputFormat::text},
                                         Choice<OutputFormat>{"json", OutputFormat::json}};

}  // namespace

CLI::ValidationError wrong_choice(const std::string& names, const std::string& given,
                                  const std::string& words, std::string_view later) {
  std::string flag = names.substr(names.rfind(',') + 1);
  if (has_word(later, given)) return CLI::ValidationError(flag + " " + given + " isn't in this version");
  return CLI::ValidationError(flag + " takes " + replace_all(words, "|", ", ") + "; not '" + given + "'");
}

void add_output(CLI::App& app, OutputFormat& target) {
  add_choice(app, "--output", target, k_output_formats, "", "What standard output gets");
}

// NAME=VALUE, each time the option is given.
void add_pairs(CLI::App& app, const std::string& flag, const std::string& type,
               std::vector<std::pair<std::string, std::string>>& target, const std::string& help) {
  auto add = [&target, refusal = flag + " takes " + type + "; not '"](const std::vector<std::string>& given) {
    for (const std::string& pair : given) {
      std::size_t sign = pair.find('=');
      if (sign == std::string::npos || sign == 0)
        throw CLI::ValidationError(std::string(refusal).append(pair) + "'");
      target.emplace_back(pair.substr(0, sign), pair.substr(sign + 1));
    }
  };
  app.add_option_function<std::vector<std::string>>(flag, add, help)
      ->type_name(type)
      ->allow_extra_args(false);
}

void add_input(CLI::App& app, InputOptions& input) {
  add_pairs(app, "--var", "NAME=VALUE", input.vars, "Set a variable of the mission; may be given again");
  app.add_option("--vars-file", input.vars_files,
                 "Set the variables that stand in this YAML file (--var wins)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_flag("--strict", input.strict, "Turn warnings into errors");
}

void add_safety(CLI::App& app, InputOptions& input) {
  std::string& safety = input.safety;
  static constexpr std::array modes = {
      Choice<std::string_view>{"permissive", "permissive"}, Choice<std::string_view>{"standard", "standard"},
      Choice<std::string_view>{"strict", "strict"}, Choice<std::string_view>{"off", "off"}};
  auto set = [&safety](const std::string& given) {
    for (const auto& mode : modes)
      if (mode.word == given) safety = given;
    if (safety != given)
      throw CLI::ValidationError("--safety takes permissive, standard, strict, off; not '" + given + "'");
  };
  app.add_option_function<std::string>("--safety", set, "How strictly to judge (standard)")
      ->type_name("permissive|standard|strict|off")
      ->take_last();
  app.add_flag_callback(
      "-s,--skip-safety", [&safety] { safety = "off"; }, "The same as --safety off");
  app.add_flag("--accept-allow", input.accept_allow, "Allow what the mission asks for under safety.allow");
}

void add_number(CLI::App& app, const std::string& flag, std::uint32_t least,
                std::optional<std::uint32_t>& target, const std::string& help) {
  auto set = [&target, flag, least](const std::string& given) {
    std::uint32_t number = 0;
    auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number < least)
      throw CLI::ValidationError(flag + " takes a whole number from " + std::to_string(least) + " on; not '" +
                                 given + "'");
    target = number;
  };
  app.add_option_function<std::string>(flag, set, help)->type_name("N")->take_last();
}

void add_max_parallel(CLI::App& app, std::optional<std::uint32_t>& target) {
  add_number(app, "--max-parallel", 1, target,
             "Run at most so many steps at once, whatever the mission says");
}

void add_resume(CLI::App& app, ResumeOptions& earlier) {
  app.add_flag_callback(
      "--resume", [&earlier] { earlier.resume.emplace(); },
      "Continue the mission's last run, or --resume RUN: what succeeded and hasn't changed is reused");
  app.add_option_function<std::string>(
         k_resume_run, [&earlier](const std::string& id) { earlier.resume = id; }, "")
      ->group("");
  auto steps = [&app](const std::string& flag, std::vector<std::string>& target, const std::string& help) {
    app.add_option(flag, target, help)->type_name("STEP...");
  };
  steps("--from", earlier.from, "Run these steps and what needs them anew; reuse the others");
  steps("--only", earlier.only, "Run these steps alone; what they need is taken from the earlier run");
  steps("--accept-repeat", earlier.accept_repeat,
        "These may run a second time, though they say idempotent: false");
}

CLI::Option* add_missions(CLI::App& app, std::vector<std::string>& missions) {
  return app.add_option("MISSION", missions)->required();
}

}  // namespace rustchain

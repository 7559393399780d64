// The kinds of options that several commands take, as CLI11 wants them declared.
#pragma once

#include "cli/options.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace rustchain {

template <class T>
struct Choice {
  std::string_view word;
  T value;
};

// What is said to a word that isn't among `words` ("a|b"). `later`: words that the contract knows and this
// version doesn't.
CLI::ValidationError wrong_choice(const std::string& names, const std::string& given,
                                  const std::string& words, std::string_view later);

// An option that takes one of a few words.
template <class T, std::size_t N>
CLI::Option* add_choice(CLI::App& app, const std::string& names, T& target,
                        const std::array<Choice<T>, N>& choices, std::string_view later,
                        const std::string& help) {
  std::string words;
  for (const Choice<T>& choice : choices) words += (words.empty() ? "" : "|") + std::string(choice.word);
  auto set = [&target, choices, later = std::string(later), words, names](const std::string& given) {
    for (const Choice<T>& choice : choices) {
      if (choice.word == given) {
        target = choice.value;
        return;
      }
    }
    throw wrong_choice(names, given, words, later);
  };
  return app.add_option_function<std::string>(names, set, help)->type_name(words)->take_last();
}

// --output text|json
void add_output(CLI::App& app, OutputFormat& target);
// NAME=VALUE (or what `type` says), each time the option is given.
void add_pairs(CLI::App& app, const std::string& flag, const std::string& type,
               std::vector<std::pair<std::string, std::string>>& target, const std::string& help);
// --var, --vars-file, --strict
void add_input(CLI::App& app, InputOptions& input);
// --safety, --skip-safety, --accept-allow
void add_safety(CLI::App& app, InputOptions& input);
// A whole number from `least` on.
void add_number(CLI::App& app, const std::string& flag, std::uint32_t least,
                std::optional<std::uint32_t>& target, const std::string& help);
// --resume, --from, --only, --accept-repeat
void add_resume(CLI::App& app, ResumeOptions& earlier);
// What `--resume RUN` is called once it is known to have its RUN; nobody is shown it.
inline const std::string k_resume_run = "--resume-run";
void add_max_parallel(CLI::App& app, std::optional<std::uint32_t>& target);
// The operand MISSION...
CLI::Option* add_missions(CLI::App& app, std::vector<std::string>& missions);

}  // namespace rustchain

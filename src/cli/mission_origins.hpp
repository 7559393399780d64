// What the references of a mission stand for before anything has run: values as far as they are known, marks
// (safety/marks.hpp) for the rest.
#pragma once

#include "rustchain/mission.hpp"

#include "mission/resolve.hpp"
#include "safety/places.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {

class Origins {
 public:
  // Keeps references to the mission and the places.
  Origins(const Mission& mission, const SafetyPlaces& places, std::string mission_directory);

  // The value, or the mark of what isn't known of it.
  std::string value(const Reference& reference, const Step& step) const;
  bool known(const Reference& reference, const Step& step) const;
  std::string filled(std::string_view text, const Step& step) const;
  // Whether a value from http or an llm goes into the text.
  bool is_tainted(std::string_view text, const Step& step) const;
  bool names_secret(std::string_view text, const Step& step) const;

 private:
  std::string of_step(StepIndex index, const Reference& reference, std::size_t rest) const;

  const Mission& mission_;
  const Names names_;
  const SafetyPlaces& places_;
  const std::string mission_directory_;
  std::unordered_map<std::string, std::string> variables_;
  std::unordered_set<std::string> secrets_;
};

}  // namespace rustchain

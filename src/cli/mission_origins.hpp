// What the references of a mission stand for before anything has run: values as far as they are known, marks
// (safety/marks.hpp) for the rest.
#pragma once

#include "rustchain/mission.hpp"

#include "cli/mission_flow.hpp"
#include "mission/resolve.hpp"
#include "safety/places.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {

class Origins {
 public:
  // Keeps references to the mission and the places. `outside`: variables whose values came from http or an
  // llm.
  Origins(const Mission& mission, const SafetyPlaces& places, std::string mission_directory,
          const NameSet& outside);

  // The value, or the mark of what isn't known of it.
  std::string value(const Reference& reference, const Step& step) const;
  bool known(const Reference& reference, const Step& step) const;
  std::string filled(std::string text, const Step& step) const;
  // Whether a value from http or an llm goes into the text.
  bool is_tainted(std::string_view text, const Step& step) const;
  bool names_secret(std::string_view text, const Step& step) const;
  const MissionFlow& flow() const { return flow_; }

  // The items of a step's foreach that stand in the mission, or that its pattern stands for; empty: they
  // aren't known.
  std::vector<std::string> items_of(const Step& step) const;
  // What `{item}` stands for from now on; empty: nothing that is known.
  void set_item(std::string item) { item_ = std::move(item); }

 private:
  std::string of_item(const Reference& reference, std::size_t rest, const Step& step) const;
  std::string of_step(StepIndex index, const Reference& reference, std::size_t rest) const;

  const Mission& mission_;
  const Names names_;
  const SafetyPlaces& places_;
  const std::string mission_directory_;
  std::unordered_map<std::string, std::string> variables_;
  const NameSet outside_;
  const NameSet secrets_;
  const MissionFlow flow_;
  std::string item_;
};

}  // namespace rustchain

// Which steps hand on what came from outside (http, llm) or is secret: through references, and through files
// that one step writes and another names. Told from the mission's text alone, and rather too much than too
// little.
#pragma once

#include "rustchain/mission.hpp"

#include "mission/references.hpp"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace rustchain {

using NameSet = std::unordered_set<std::string>;

class MissionFlow {
 public:
  // `outside`: variables whose values came from outside. `secrets`: variables, also of the environment.
  MissionFlow(const Mission& mission, const Names& names, const NameSet& outside, const NameSet& secrets);

  // Whether a step's outputs hold such values.
  bool gives_outside(StepIndex step) const { return step < outside_.size() && outside_[step]; }
  bool gives_secret(StepIndex step) const { return step < secret_.size() && secret_[step]; }
  // Whether a step is given such an output, or names such a file.
  bool takes_secret(StepIndex step) const { return step < takes_secret_.size() && takes_secret_[step]; }

 private:
  std::vector<bool> outside_, secret_, takes_secret_;
};

// Fields that tell how a step went, not what it gave.
bool is_plain_field(std::string_view field);

// All texts within a value.
void collect_texts(const Node& node, std::vector<std::string_view>& texts);

}  // namespace rustchain

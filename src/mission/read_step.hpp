// Reads the lists of steps of a mission.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include "mission/key_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rustchain {

class StepReader {
 public:
  StepReader(const StepTypes& types, KeyReader& keys, Diagnostics& problems);

  // All steps of the list that are maps, those with errors too; ids are unique over all lists that one reader
  // reads.
  std::vector<Step> read(Node list);

 private:
  // What a step type's name in the file stands for.
  struct Known {
    const StepType* type = nullptr;
    std::string place;             // "in the parameters of 'command'"
    std::string cure;              // of an unknown one
    bool has_own_timeout = false;  // timeout_seconds is one of its parameters
  };
  // A step on its way from Node to Step.
  struct Draft {
    Node node;                 // what is left of it: known keys, right values
    Node parameters;           // a map
    std::vector<Node> beside;  // keys that the step's table doesn't know, and their values
    bool has_parameters = false;
    bool has_name = false;     // a name is written, right or wrong
    bool has_timeout = false;  // in the step itself
    std::string what;          // "step 'build'"
    std::optional<std::uint32_t> retry_count;
    Location retry_count_at;
    std::optional<bool> continue_on_error;
  };

  void read_step(Node node, std::size_t position, std::vector<Step>& steps);
  Text read_id(Draft& draft, const Normalised& given, std::size_t position);
  void take_parameters(Draft& draft);

  const Known* read_type(Draft& draft, const Normalised& given, Text& type);
  const Known& find_type(const Node& written);
  void refuse_type(const Node& written);
  const Known* find_tool(Draft& draft);

  void move_beside(Draft& draft, const Known* known);
  void read_parameters(Draft& draft, const Known& known);
  void lift(Draft& draft, const Known& known, std::vector<Node> unknown);
  bool take_older_key(Draft& draft, const Node& key, const Node& value);

  void fill(Draft& draft, Step& step);
  void read_dependencies(Node list, Step& step);
  void read_dependency(Node& node, Dependency& dependency);
  void read_timeout(Draft& draft, Step& step);
  void read_retry(Draft& draft, Step& step);

  const StepTypes& types_;
  KeyReader& keys_;
  Diagnostics& problems_;
  Place place_;
  std::unordered_map<std::string, Location> ids_;
  std::unordered_map<std::string, Known> known_types_;  // by the name as written
};

// Reports the words of retry_on that are no failure kinds.
void check_retry(const RetryPolicy& policy, KeyReader& keys);

}  // namespace rustchain

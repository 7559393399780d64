// What is old in a step, or in another map of keys, changed in the tree and, where that is possible, in its
// place in the text.
#pragma once

#include "rustchain/keys.hpp"
#include "rustchain/node.hpp"
#include "rustchain/step_type.hpp"

#include "mission/older_forms.hpp"
#include "mission/source_lines.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

class StepMigration {
 public:
  StepMigration(const StepTypes& types, const SourceLines& source, MigrationNotes& notes)
      : types_(types), source_(source), notes_(notes) {}

  // Old names of keys, in `map` and in the maps that the table knows below it.
  void rename_old_keys(Node& map, std::span<const KeySpec> keys);
  // True: no change of single places does it, the step must be written anew.
  bool migrate(Node& step);

  // Something outside of the steps was changed that has no place of its own in the text.
  bool has_lost_its_place() const { return lost_; }
  Patches take_patches() { return std::move(patches_); }

 private:
  void note(const Node& at, std::string text);
  void rename(Node& key, std::string_view name);
  void replace(Node& scalar, std::string_view text, bool plain);
  const StepType* find_type(std::string_view written) const;
  const StepType* migrate_type(Node& step, Node& moved);
  const StepType* migrate_tool(Node& step, Node& type, Node& moved);
  void move_beside(Node& step, Node& moved, const StepType& type);
  void migrate_failure(Node& step, Node& moved);
  void migrate_retry(Node& map);
  void add_name(Node& step);

  const StepTypes& types_;
  const SourceLines& source_;
  MigrationNotes& notes_;
  Patches patches_;
  bool lost_ = false;
  bool anew_ = false;
};

}  // namespace rustchain

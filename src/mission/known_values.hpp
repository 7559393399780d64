// What is known of values before the run. Pure: files are handed in.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include "mission/foreach.hpp"
#include "mission/references.hpp"
#include "mission/resolve.hpp"

#include <functional>
#include <optional>
#include <string>

namespace rustchain {

// Variables, the mission's own names, and an item where one is given; of all others a Failure.
class KnownValues : public Values {
 public:
  // `directory`: absolute, that of the mission's file.
  KnownValues(const Mission& mission, std::string directory)
      : mission_(mission), directory_(std::move(directory)) {}
  void set_item(const Json* item, std::size_t index) {
    item_ = item;
    index_ = index;
  }
  Result<Json, Failure> value(const Meaning& meaning) const override;
  std::optional<std::string> written(const Meaning& meaning) const override {
    return written_variable(mission_, meaning.name);
  }

 private:
  const Mission& mission_;
  const std::string directory_;
  const Json* item_ = nullptr;
  std::size_t index_ = 0;
};

// The files that match a pattern seen from a directory, in byte order.
using FindFilesIn =
    std::function<Result<std::vector<std::string>, Failure>(const std::string& pattern, const std::string&)>;

// Where a mission is seen from; both absolute.
struct Directories {
  std::string start;    // where rustchain was started
  std::string mission;  // of the mission's file
};

// Where the step works; nullopt: a reference says so.
std::optional<std::string> known_directory(const Mission& mission, const Step& step, const Names& names,
                                           const Directories& directories);
// The items of a step with a foreach; nullopt: only the run will tell.
std::optional<Items> known_items(const Mission& mission, const Step& step, const StepTypes& types,
                                 const Names& names, const Directories& directories,
                                 const FindFilesIn& find_files);

}  // namespace rustchain

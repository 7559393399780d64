// Problems that a file has many times over.
#include "mission/tally.hpp"

namespace rustchain {

void Tally::report(Diagnostics& problems) {
  for (Row& row : rows_) {
    if (row.count == 2) row.diagnostic.message += " (and in 1 more place)";
    if (row.count > 2)
      row.diagnostic.message += " (and in " + std::to_string(row.count - 1) + " more places)";
    problems.add(std::move(row.diagnostic));
  }
  rows_.clear();
  index_.clear();
}

}  // namespace rustchain

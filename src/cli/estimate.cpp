// A look at the trees that steps will walk, before anything runs.
#include "cli/estimate.hpp"

#include "engine/deadline.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/path.hpp"

#include <utility>

namespace rustchain {
namespace {

constexpr Seconds k_longest{2};

// `path` seen from `directory`; empty: one of them has references that only the run fills in.
std::string known_path(const std::string& directory, const std::string& path) {
  if (directory.empty() || has_reference(path)) return {};
  return path.empty() ? directory : normalise_path(resolve_path(directory, path));
}

}  // namespace

std::string describe(const WalkedTree& tree) {
  const TreeSize& size = tree.size;
  return std::string(size.complete ? "" : "more than ") + format_count(size.files, "file") + " in " +
         (size.directories == 1 ? "1 directory" : format_count(size.directories) + " directories") + ", " +
         format_size(size.bytes) + " below " + tree.path;
}

std::string large_warning(const std::string& step, const WalkedTree& tree) {
  return step + " is a large operation: it walks " + describe(tree) +
         " (warned of past 1 GB or 100,000 files)\n  help: narrow its path, or leave parts out";
}

Estimator::Estimator(Services& services, const std::string& directory, const Mission& mission,
                     std::function<bool(const TreeSize&)> enough)
    : services_(services),
      directory_(known_path(directory, mission.config.working_directory.value)),
      enough_(std::move(enough)),
      begin_(services.clock.steady()) {}

std::vector<WalkedTree> Estimator::walked(const Step& step, const Effects& effects, const Json& parameters) {
  std::vector<WalkedTree> trees;
  std::string directory = known_path(directory_, step.working_directory.value);
  directory = known_path(directory, text_of(parameters, "working_dir"));
  for (const std::string& path : walked_trees(effects)) {
    const std::string absolute = known_path(directory, path);
    std::optional<FileStatus> status;
    if (!absolute.empty()) status = services_.files.status(absolute);
    if (!status || status->kind != FileStatus::Kind::directory) continue;
    auto [at, fresh] = measured_.try_emplace(absolute);
    if (fresh) {
      at->second = services_.files.tree_size(absolute, [&](const TreeSize& so_far) {
        return services_.clock.steady() - begin_ > k_longest || enough_(so_far);
      });
    }
    trees.push_back({path, at->second});
  }
  return trees;
}

}  // namespace rustchain

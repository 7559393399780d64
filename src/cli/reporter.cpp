// The report formats as people name them.
#include "cli/reporter.hpp"

#include "mission/suggest.hpp"

#include <string_view>
#include <vector>

namespace rustchain {

const Reporter* find_reporter(App& app, const std::string& name) {
  std::vector<std::string_view> known;
  std::string list;
  for (const Reporter& reporter : reporters()) {
    if (reporter.name == name) return &reporter;
    known.push_back(reporter.name);
    list += (list.empty() ? "" : ", ") + std::string(reporter.name);
  }
  auto near = nearest(name, known, 5);
  app.console.err("error: there is no report format '" + name +
                  "'\n  help: " + (near ? "did you mean '" + *near + "'?" : "there are " + list) + "\n");
  return nullptr;
}

void tell_unwritten(App& app, const std::string& format, const Failure& failure) {
  app.console.err("error: the " + format + " report was not written: " + failure.message +
                  (failure.help.empty() ? "" : "\n  help: " + failure.help) + "\n");
}

}  // namespace rustchain

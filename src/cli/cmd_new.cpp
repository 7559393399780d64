// rustchain new: a mission to start from.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_templates.hpp"
#include "mission/load.hpp"
#include "mission/suggest.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

std::string description_of(const MissionTemplate& row) {
  Diagnostics problems;
  std::optional<Node> document = load_yaml(std::string(row.text), 0, problems);
  const Node* text = document ? document->find("description") : nullptr;
  return text != nullptr ? text->text : std::string();
}

ExitCode list(App& app, OutputFormat output) {
  OrderedJson rows = OrderedJson::array();
  std::string text;
  for (const MissionTemplate& row : mission_templates()) {
    std::string description = description_of(row);
    std::string name(row.name);
    name.resize(std::max<std::size_t>(name.size() + 1, 10), ' ');
    text += name + description + "\n";
    rows.push_back({{"name", row.name}, {"description", description}});
  }
  if (output == OutputFormat::json)
    app.console.out(dump({{"format_version", 1}, {"templates", std::move(rows)}}));
  else
    app.console.out(text + "\n'rustchain new TEMPLATE FILE' writes one; a FILE '-' shows it.\n");
  return ExitCode::success;
}

const MissionTemplate* find_template(std::string_view name) {
  for (const MissionTemplate& row : mission_templates())
    if (row.name == name) return &row;
  return nullptr;
}

ExitCode unknown(App& app, const std::string& name) {
  std::vector<std::string_view> known;
  for (const MissionTemplate& row : mission_templates()) known.push_back(row.name);
  auto near = nearest(name, known, 5);
  app.console.err("error: there is no template '" + name + "'\n  help: " +
                  (near ? "did you mean '" + *near + "'?" : "'rustchain new' lists them") + "\n");
  return ExitCode::usage;
}

}  // namespace

ExitCode command(App& app, const NewOptions& options) {
  if (options.name.empty()) return list(app, options.output);
  const MissionTemplate* row = find_template(options.name);
  if (row == nullptr) return unknown(app, options.name);
  if (options.file == "-") {
    app.console.out(row->text);
    return ExitCode::success;
  }
  const std::string file = options.file.empty() ? options.name + ".yaml" : options.file;
  auto written = app.services.files.write(
      {.path = resolve_path(app.directory, file), .bytes = row->text, .mode = {}, .overwrite = false});
  if (!written) {
    app.console.err("error: " + written.error().message + "\n  help: name another file: rustchain new " +
                    options.name + " FILE\n");
    return ExitCode::usage;
  }
  if (!app.common.quiet)
    app.console.err("Wrote " + file + "\n  Next: rustchain plan " + shell_quote(file) +
                    ", then rustchain run " + shell_quote(file) + "\n");
  return ExitCode::success;
}

}  // namespace rustchain

// rustchain list: the missions of a directory.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/load.hpp"
#include "util/path.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rustchain {
namespace {

struct Entry {
  std::string file;
  std::string name;
  std::string description;
  std::size_t steps = 0;
  std::string problem;  // why it can't be read; empty: it can
};

std::string text_of(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_scalar() ? value->text : std::string();
}

std::optional<Entry> look_at(App& app, const std::string& file) {
  LoadBounds bounds;
  auto text = app.services.files.read(resolve_path(app.directory, file), bounds.file_bytes + 1);
  Entry entry;
  entry.file = file;
  if (!text) {
    entry.problem = text.error().message;
    return entry;
  }
  if (text->find("steps") == std::string::npos) return std::nullopt;
  Diagnostics problems;
  std::optional<Node> document = load_yaml(*text, 0, problems, bounds);
  if (!document || problems.has_errors()) {
    entry.problem = "not valid YAML; 'rustchain validate' says where";
    return entry;
  }
  const Node* root = &*document;
  if (const Node* inner = root->find("mission"); inner != nullptr && inner->find("steps") != nullptr)
    root = inner;
  const Node* steps = root->find("steps");
  if (steps == nullptr || !steps->is_list()) return std::nullopt;
  entry.name = text_of(*root, "name");
  entry.description = text_of(*root, "description");
  entry.steps = steps->size();
  return entry;
}

std::string describe(const Entry& entry) {
  if (!entry.problem.empty()) return entry.file + "\n  ⚠ " + entry.problem + "\n";
  std::string text = entry.file + "\n  " + (entry.name.empty() ? "(no name)" : entry.name) + ", " +
                     std::to_string(entry.steps) + (entry.steps == 1 ? " step\n" : " steps\n");
  for (std::string_view line : split(trim(entry.description), '\n'))
    text += "  " + std::string(trim(line)) + "\n";
  return text;
}

}  // namespace

ExitCode command(App& app, const ListOptions& options) {
  Files& files = app.services.files;
  std::string path = options.path;
  if (path.empty()) {
    auto status = files.status(resolve_path(app.directory, "missions"));
    path = status && status->kind == FileStatus::Kind::directory ? "missions" : ".";
  }
  auto status = files.status(resolve_path(app.directory, path));
  if (!status) {
    app.console.err("error: there is no directory '" + path +
                    "'\n  help: 'rustchain list DIR' lists the missions in DIR\n");
    return ExitCode::usage;
  }
  std::vector<std::string> found;
  if (status->kind == FileStatus::Kind::directory) {
    auto all = files.glob("**/*.{yaml,yml,json}", resolve_path(app.directory, path));
    if (!all) {
      app.console.err("error: can't list " + path + ": " + all.error().message + "\n");
      return ExitCode::internal_error;
    }
    std::string base = path == "." ? "" : path.ends_with('/') ? path : path + "/";
    for (const std::string& file : *all) found.push_back(base + file);
  } else {
    found.push_back(path);
  }

  OrderedJson list = OrderedJson::array();
  std::string text;
  for (const std::string& file : found) {
    std::optional<Entry> entry = look_at(app, file);
    if (!entry) continue;
    text += (text.empty() ? "" : "\n") + describe(*entry);
    OrderedJson one;
    one["file"] = entry->file;
    one["name"] = entry->name;
    one["description"] = entry->description;
    one["steps"] = entry->steps;
    one["problem"] = entry->problem;
    list.push_back(std::move(one));
  }
  if (options.output == OutputFormat::json) {
    app.console.out(dump({{"format_version", 1}, {"missions", std::move(list)}}));
  } else if (text.empty()) {
    app.console.err("There are no missions in " + path + "\n");
  } else {
    app.console.out(visible_lines(text));
  }
  return ExitCode::success;
}

}  // namespace rustchain

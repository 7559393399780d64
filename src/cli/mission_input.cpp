// From what was typed to a checked mission: the file or standard input, --var and --vars-file.
#include "cli/mission_input.hpp"

#include "mission/load.hpp"
#include "mission/render.hpp"
#include "mission/sub_missions.hpp"
#include "mission/suggest.hpp"
#include "steps/registry.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

// Places in what isn't a source of the mission mean nothing there.
void forget_places(Node& node) {
  std::vector<Node*> todo = {&node};
  while (!todo.empty()) {
    Node* next = todo.back();
    todo.pop_back();
    next->at = {};
    for (Node& item : next->items) todo.push_back(&item);
  }
}

// A value as YAML would take it where a plain or quoted scalar stands. Anything else (lists, maps, comments)
// is the text itself: who wants those takes --vars-file.
Node scalar(const std::string& value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = value;
  bool quoted = value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0];
  if (quoted) {
    Diagnostics ignored;
    auto loaded = load_yaml(value, 0, ignored);
    if (loaded && loaded->is_scalar()) node = std::move(*loaded);
  }
  if (value.empty()) node.style = Node::Style::quoted;
  forget_places(node);
  return node;
}

// Waits for whoever writes, as `cat` would.
std::string read_stream(std::FILE* stream, std::size_t most) {
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() < most) {
    std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stream);
    if (got == 0) break;
    text.append(buffer.data(), got);
  }
  return text;
}

// A pipe or a device, such as the <(...) of a shell.
std::optional<std::string> read_device(const std::string& path, std::size_t most) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (stream == nullptr) return std::nullopt;
  std::string text = read_stream(stream.get(), most);
  if (std::ferror(stream.get()) != 0) return std::nullopt;
  return text;
}

MissionFile unreadable(const std::string& name, const std::string& message, const std::string& help) {
  MissionFile file;
  file.sources.push_back({name, ""});
  file.mission.file = name;
  file.problems.add({.code = "RC0001", .message = message, .at = {}, .help = help});
  return file;
}

// The file beside a missing one that was probably meant.
std::string near_file(const App& app, const std::string& path) {
  std::string directory = parent_directory(resolve_path(app.directory, path));
  auto found = app.services.files.glob("*.{yaml,yml,json}", directory);
  if (!found) return {};
  std::vector<std::string_view> known(found->begin(), found->end());
  auto near = nearest(file_name(path), known);
  if (!near) return {};
  std::string shown = parent_directory(path);
  return shown == "." && !path.starts_with("./") ? *near : shown + "/" + *near;
}

}  // namespace

std::optional<MissionOptions> read_inputs(App& app, const InputOptions& input) {
  MissionOptions options;
  options.strict = input.strict;
  options.variable = [&app](std::string_view name) { return app.services.variable(name); };
  LoadBounds bounds;
  options.read_file = [&app, most = bounds.file_bytes + 1](const std::string& path) -> Result<std::string> {
    auto text = app.services.files.read(resolve_path(app.directory, path), most);
    if (text) return std::move(*text);
    return Error{text.error().message, text.error().help};
  };
  options.find_files = [&app](const std::string& pattern, const std::string& directory) {
    return app.services.files.glob(pattern, directory);
  };
  options.directory = app.directory;
  for (const std::string& path : input.vars_files) {
    auto text = app.services.files.read(resolve_path(app.directory, path), bounds.file_bytes + 1);
    if (!text) {
      app.console.err("error: can't read the variables in " + path + ": " + text.error().message + "\n");
      return std::nullopt;
    }
    Diagnostics problems;
    Sources sources = {{path, std::move(*text)}};
    auto loaded = load_yaml(sources[0].text, 0, problems, bounds);
    if (!loaded || problems.has_errors()) {
      app.console.err(render_diagnostics(problems, sources, app.console.err_color()));
      return std::nullopt;
    }
    if (!loaded->is_map()) {
      app.console.err("error: " + path + " holds no variables\n  help: write one 'name: value' a line\n");
      return std::nullopt;
    }
    forget_places(*loaded);
    for (std::size_t i = 0; i < loaded->size(); ++i)
      options.vars.values.emplace_back(loaded->key(i).text, loaded->value(i));
  }
  for (const auto& [name, value] : input.vars) options.vars.values.emplace_back(name, scalar(value));
  return options;
}

MissionFile open_mission_at(App& app, const std::string& path, const MissionOptions& options) {
  LoadBounds bounds;
  if (path == "-")
    return open_mission("<stdin>", read_stream(stdin, bounds.file_bytes + 1), step_types(), options);
  std::string absolute = resolve_path(app.directory, path);
  auto status = app.services.files.status(absolute);
  if (status && status->kind == FileStatus::Kind::directory) {
    return unreadable(path, "this is a directory, not a mission",
                      "'rustchain list " + shell_quote(path) + "' shows the missions in it");
  }
  if (status && status->kind == FileStatus::Kind::other)
    if (auto text = read_device(absolute, bounds.file_bytes + 1))
      return open_mission(path, std::move(*text), step_types(), options);
  auto text = app.services.files.read(absolute, bounds.file_bytes + 1);
  if (text) return open_mission(path, std::move(*text), step_types(), options);
  if (status) return unreadable(path, text.error().message, text.error().help);
  std::string near = near_file(app, path);
  return unreadable(
      path, "there is no such file",
      near.empty() ? "'rustchain list' shows the missions of a directory" : "did you mean '" + near + "'?");
}

MissionFile open_mission_with_others(App& app, const std::string& path, const MissionOptions& options) {
  MissionFile file = open_mission_at(app, path, options);
  open_sub_missions(file, step_types(), options);
  return file;
}

std::string directory_of_mission(const App& app, const std::string& path) {
  if (path == "-") return app.directory;
  return normalise_path(parent_directory(resolve_path(app.directory, path)));
}

std::string path_of_mission(const App& app, const std::string& path) {
  if (path == "-" || path.starts_with('<')) return {};
  return directory_of_mission(app, path) + "/" + file_name(path);
}

void show_problems(App& app, const MissionFile& file) {
  std::string text;
  std::vector<const MissionFile*> todo = {&file};
  while (!todo.empty()) {
    const MissionFile& next = *todo.back();
    todo.pop_back();
    if (!next.problems.all().empty() && !(app.common.quiet && next.valid())) {
      if (!text.empty()) text += "\n";
      text += render_diagnostics(next.problems, next.sources, app.console.err_color());
    }
    for (const auto* others : {&next.next, &next.inner})
      for (auto other = others->rbegin(); other != others->rend(); ++other) todo.push_back(&*other);
  }
  app.console.err(text);
}

OrderedJson validation_json(const MissionFile& file) {
  OrderedJson list = OrderedJson::array();
  for (const Diagnostic& problem : file.problems.all()) {
    constexpr std::array severities = {"note", "warning", "error"};
    OrderedJson one;
    one["code"] = problem.code;
    one["severity"] = severities[static_cast<std::size_t>(problem.severity)];
    one["message"] = problem.message;
    one["file"] =
        problem.at.file < file.sources.size() ? file.sources[problem.at.file].name : file.mission.file;
    one["line"] = problem.at.line;
    one["column"] = problem.at.line == 0 ? 0 : column_in_characters(problem.at, file.sources);
    one["help"] = problem.help;
    list.push_back(std::move(one));
  }
  OrderedJson json;
  json["format_version"] = 1;
  json["file"] = file.sources.empty() ? file.mission.file : file.sources[0].name;
  json["valid"] = file.valid();
  json["errors"] = file.problems.errors();
  json["warnings"] = file.problems.warnings();
  json["diagnostics"] = std::move(list);
  json["safety"] = nullptr;
  for (const auto* others : {&file.inner, &file.next})
    for (const MissionFile& other : *others) json["missions"].push_back(validation_json(other));
  return json;
}

std::string dump(const OrderedJson& json) {
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace rustchain

// What a step's work rests on, taken down for later runs to compare.
#include "engine/basis.hpp"

#include "mission/content_files.hpp"
#include "mission/value.hpp"
#include "util/glob.hpp"
#include "util/json_text.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <string_view>

namespace rustchain {
namespace {

// Larger files are compared by size and time: reading them would hold up the run.
constexpr std::uint64_t k_most_hashed = 1 << 20;

// What looks like a path among the words of a command: it may be read or written, and which of the two shows
// once the command has ended. The programs of the system are no input.
void add_operands(const Effects::Execution& execution, const std::string& directory,
                  std::vector<std::string>& paths) {
  constexpr std::string_view between = " \t\n;|&<>()\"'`$={},";
  auto add = [&](std::string_view word) {
    if (word.find_first_of("./") == std::string_view::npos || word.front() == '-' || is_glob(word)) return;
    if (word.find_first_not_of("./") == std::string_view::npos || word.find(':') != std::string_view::npos)
      return;
    auto is_system = [](std::string_view path) {
      for (std::string_view system : {"/bin/", "/usr/", "/dev/", "/proc/", "/sys/"})
        if (path.starts_with(system)) return true;
      return false;
    };
    // Most words that begin so are programs, and need no closer look.
    if (is_system(word) && word.find("..") == std::string_view::npos) return;
    std::string path = normalise_path(resolve_path(directory, word));
    if (is_system(path)) return;
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(std::move(path));
  };
  if (execution.script.empty()) {
    for (const std::string& word : execution.argv)
      if (!word.empty() && word.find('\n') == std::string::npos && word.size() < 4096) add(word);
    return;
  }
  std::string_view script = execution.script;
  while (!script.empty()) {
    const std::size_t end = std::min(script.find_first_of(between), script.size());
    if (end > 0) add(script.substr(0, end));
    script.remove_prefix(std::min(end + 1, script.size()));
  }
}

void add_paths(const std::vector<std::string>& written, const std::string& directory,
               std::vector<std::string>& paths) {
  for (const std::string& path : written)
    if (!path.empty() && !is_glob(path)) paths.push_back(normalise_path(resolve_path(directory, path)));
}

}  // namespace

void append_part(std::string& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

std::string definition_of(const KeyedHash& hash, const std::string& path, const Step& step) {
  std::string text;
  text.reserve(512);
  if (step.parameters.find(k_content_file)) {  // the text that stands there is read, not written here
    Json parameters = to_json(step.parameters);
    parameters.erase(std::string(k_content));
    append_json(text, parameters);
  } else {
    append_json(text, step.parameters);
  }
  for (const auto& [name, value] : step.env) append_part(text, name.value), append_part(text, value.value);
  // Not its foreach: an item's work is the same whatever other items there are.
  for (const std::string* part : {&path, &step.id.value, &step.type.value, &step.working_directory.value})
    append_part(text, *part);
  text += std::to_string(step.repeat_count);
  return hash(text);
}

std::string mission_path(const RunSetup& setup) {
  const std::string& file = setup.mission.file;
  return file.starts_with('<') ? "" : setup.mission_directory + "/" + file_name(file);
}

bool is_service(const Step& step) {
  bool background = false;
  if (const Node* written = step.parameters.find("background")) is_boolean(*written, &background);
  return background;
}

FileMark mark_file(const RunSetup& setup, const std::string& path) {
  Files& files = setup.services.files;
  FileMark mark{.path = path};
  std::optional<FileStatus> status = files.status(path);
  if (!status) return mark;
  mark.there = true;
  if (status->kind != FileStatus::Kind::file) return mark;
  mark.size = status->size;
  mark.modified = status->modified;
  if (mark.size > k_most_hashed) return mark;
  if (auto bytes = files.read(path, k_most_hashed)) mark.hash = (*setup.hash)(*bytes);
  return mark;
}

std::vector<FileMark> mark_files(const RunSetup& setup, const std::vector<std::string>& paths) {
  std::vector<FileMark> marks;
  marks.reserve(paths.size());
  for (const std::string& path : paths) marks.push_back(mark_file(setup, path));
  return marks;
}

std::vector<FileMark> written_files(const RunSetup& setup, const StepBasis& basis) {
  std::vector<FileMark> marks = mark_files(setup, basis.changes);
  for (const FileMark& before : basis.reads) {
    std::optional<FileStatus> status = setup.services.files.status(before.path);
    if (status.has_value() == before.there &&
        (!status || status->kind != FileStatus::Kind::file ||
         (status->size == before.size && status->modified == before.modified)))
      continue;
    auto same = [&](const FileMark& mark) { return mark.path == before.path; };
    if (std::none_of(marks.begin(), marks.end(), same)) marks.push_back(mark_file(setup, before.path));
  }
  return marks;
}

KnownFiles known_files(const Effects& effects, const std::string& directory) {
  KnownFiles known;
  for (const Effects::Execution& execution : effects.executes)
    add_operands(execution, directory, known.reads);
  add_paths(effects.reads, directory, known.reads);
  add_paths(effects.writes, directory, known.changes);
  add_paths(effects.deletes, directory, known.changes);
  return known;
}

}  // namespace rustchain

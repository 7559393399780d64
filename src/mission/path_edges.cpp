// Who wrote the paths that a step reads.
#include "mission/path_edges.hpp"

#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_longest_path = 4096;
constexpr std::ptrdiff_t k_deepest_path = 64;
constexpr std::size_t k_script_bytes = 64 * 1024;  // of a shell text that are searched for paths
constexpr std::string_view k_separators = " \t\r\n'\"|&;<>()`=";
constexpr std::string_view k_deleting = "rm rmdir unlink shred";
constexpr std::string_view k_not_reading = "echo printf mkdir touch export cd true false :";

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

bool is_normal(std::string_view path) {
  if (path.empty() || path.starts_with("./") || (path.size() > 1 && path.ends_with('/'))) return false;
  if (path.find("//") != std::string_view::npos || path.find("/.") != std::string_view::npos) return false;
  return !path.starts_with("..");
}

// The directory above a normalised path; empty: there is none that the text tells.
std::string_view above(std::string_view path) {
  if (path.empty() || path == "." || path == "/" || path == ".." || path.ends_with("/..")) return {};
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

std::string_view base_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// What a step does to paths.
struct Touched {
  std::vector<std::string> reads;
  std::vector<std::string> writes;
  std::vector<std::string> deletes;
  std::vector<std::string> mentions;  // by arguments and words: maybe reads
};

class Finder {
 public:
  Finder(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
         const Names& names)
      : mission_(mission), steps_(steps), effects_(effects), names_(names) {
    for (const auto& [name, value] : mission.vars)
      if (value.is_scalar()) variables_.emplace(name, value.text);
  }

  PathNeeds find() {
    std::vector<Touched> touched(steps_.size());
    std::size_t writes = 0;
    for (StepIndex i = 0; i < steps_.size(); ++i) {
      touched[i] = look_at(steps_[i], effects_[i]);
      deleted_.insert(touched[i].deletes.begin(), touched[i].deletes.end());
      writes += touched[i].writes.size();
    }
    needs_.of.resize(steps_.size());
    if (writes == 0 && deleted_.empty()) return std::move(needs_);
    places_.reserve(writes + writes / 8);
    for (StepIndex i = 0; i < steps_.size(); ++i) {
      connect(i, touched[i]);
      enter(i, touched[i]);
    }
    return std::move(needs_);
  }

 private:
  // Steps in file order, each once. Most lists have one: it stands there by itself.
  class StepList {
   public:
    void add(StepIndex step) {
      if (first_ == k_no_step)
        first_ = step;
      else if (last() != step)
        more_.push_back(step);
    }
    std::size_t size() const { return first_ == k_no_step ? 0 : 1 + more_.size(); }
    StepIndex last() const { return more_.empty() ? first_ : more_.back(); }
    StepIndex operator[](std::size_t i) const { return i == 0 ? first_ : more_[i - 1]; }

   private:
    StepIndex first_ = k_no_step;
    std::vector<StepIndex> more_;
  };

  // Who did something at a path, and below it.
  struct Place {
    StepList writers;
    StepList writers_below;
    StepList readers;  // at it and below; only of places that are deleted
  };

  // ---- what a step touches

  Touched look_at(const Step& step, const Effects& effects) {
    Touched touched;
    const std::string& outer = mission_.config.working_directory.value;
    const std::string& inner = step.working_directory.value;
    std::string directory = inner.empty() ? outer : resolve_path(outer, inner);
    if (const Node* own = step.parameters.find("working_dir"); own != nullptr && own->is_scalar())
      directory = resolve_path(directory, own->text);

    auto add = [&](std::vector<std::string>& list, std::string_view path) {
      std::string place = place_of(path, directory, step);
      if (!place.empty()) list.push_back(std::move(place));
    };
    for (const std::string& path : effects.reads) add(touched.reads, path);
    for (const std::string& path : effects.missions) add(touched.reads, path);
    for (const std::string& path : effects.writes) add(touched.writes, path);
    for (const std::string& path : effects.deletes) add(touched.deletes, path);
    for (const Effects::Execution& execution : effects.executes) {
      if (execution.script.empty())
        read_arguments(execution.argv, touched, add);
      else
        read_script(execution.script, touched, add);
    }
    return touched;
  }

  // The normalised path; empty: it can't be told whether it is the same one the next time.
  std::string place_of(std::string_view path, const std::string& directory, const Step& step) {
    if (path.empty() || path.size() > k_longest_path) return {};
    std::string place(path);
    if (!fill(place, step) || place.empty()) return {};
    if (std::count(place.begin(), place.end(), '/') > k_deepest_path) return {};
    if (place.front() != '/' && !directory.empty()) {
      std::string from = directory;
      if (!fill(from, step)) return {};
      place.insert(0, from + '/');
    }
    return is_normal(place) ? place : normalise_path(place);
  }

  // Puts the values of variables in; false: a reference gives another value each time.
  bool fill(std::string& text, const Step& step) {
    if (text.find('{') == std::string::npos) return true;
    std::string filled;
    for (const TextPart& part : split_references(text)) {
      if (!part.reference) {
        filled += part.literal;
        continue;
      }
      Meaning meaning = names_.meaning(*part.reference, step.foreach.has_value());
      switch (meaning.kind) {
        case Meaning::Kind::item:
        case Meaning::Kind::index:
        case Meaning::Kind::uuid:
        case Meaning::Kind::timestamp:
        case Meaning::Kind::previous_result: return false;
        default: break;
      }
      auto found = variables_.end();
      if (meaning.kind == Meaning::Kind::variable && part.reference->path.size() == meaning.rest)
        found = variables_.find(meaning.name);
      filled += found != variables_.end() ? found->second : part.literal;
    }
    text = std::move(filled);
    return true;
  }

  template <class Add>
  static void read_arguments(const std::vector<std::string>& argv, Touched& touched, const Add& add) {
    if (argv.empty()) return;
    if (argv.front().find('/') != std::string::npos) add(touched.mentions, argv.front());
    std::string_view program = base_name(argv.front());
    if (has_word(k_not_reading, program)) return;
    std::vector<std::string>& list = has_word(k_deleting, program) ? touched.deletes : touched.mentions;
    for (std::size_t i = 1; i < argv.size(); ++i) mention(argv[i], list, add);
  }

  template <class Add>
  static void mention(std::string_view word, std::vector<std::string>& list, const Add& add) {
    if (word.starts_with('-')) {
      std::size_t equals = word.find('=');
      if (equals == std::string_view::npos) return;
      word.remove_prefix(equals + 1);
    }
    if (word.starts_with('@')) word.remove_prefix(1);  // curl -d @file
    if (word.find("://") == std::string_view::npos) add(list, word);
  }

  // Words of a shell text; what follows `>` is written, which the step's type says itself.
  template <class Add>
  static void read_script(std::string_view script, Touched& touched, const Add& add) {
    script = script.substr(0, k_script_bytes);
    bool command = true;
    bool output = false;
    std::string_view program;
    for (std::size_t at = 0; at < script.size();) {
      char c = script[at];
      if (k_separators.find(c) != std::string_view::npos) {
        if (std::string_view("\n|&;()`").find(c) != std::string_view::npos) command = true;
        if (c == '>' || c == '<') output = c == '>';
        ++at;
        continue;
      }
      std::size_t end = std::min(script.find_first_of(k_separators, at), script.size());
      std::string_view word = script.substr(at, end - at);
      at = end;
      if (std::exchange(output, false)) continue;
      if (std::exchange(command, false)) {
        program = base_name(word);
        if (word.find('/') != std::string_view::npos) add(touched.mentions, word);
        continue;
      }
      if (has_word(k_not_reading, program)) continue;
      mention(word, has_word(k_deleting, program) ? touched.deletes : touched.mentions, add);
    }
  }

  // ---- who needs whom

  void connect(StepIndex step, const Touched& touched) {
    for (const std::string& path : touched.reads) need_writers(step, path, true, true);
    for (const std::string& path : touched.mentions) need_writers(step, path, true, false);
    for (const std::string& path : touched.deletes) {
      need_writers(step, path, false, false);
      if (auto found = places_.find(path); found != places_.end())
        need(step, found->second.readers, path, false);
    }
  }

  void need_writers(StepIndex step, const std::string& path, bool required, bool required_below) {
    if (auto found = places_.find(path); found != places_.end()) {
      need(step, found->second.writers, path, required);
      need(step, found->second.writers_below, path, required_below);
    }
    for (std::string_view directory = above(path); !directory.empty(); directory = above(directory))
      if (auto found = places_.find(directory); found != places_.end())
        need(step, found->second.writers, path, required);
  }

  void need(StepIndex step, const StepList& others, const std::string& path, bool required) {
    if (others.size() == 0) return;
    std::vector<PathNeed>& needs = needs_.of[step];
    if (count_ + others.size() > k_most_path_needs) {
      needs_.cut = true;
      needs.push_back({others.last(), path, required});
      return;
    }
    count_ += others.size();
    for (std::size_t i = 0; i < others.size(); ++i) needs.push_back({others[i], path, required});
  }

  // Only now can later steps find what this one does.
  void enter(StepIndex step, const Touched& touched) {
    for (const std::string& path : touched.writes) {
      place(path).writers.add(step);
      for (std::string_view directory = above(path); !directory.empty(); directory = above(directory))
        place(directory).writers_below.add(step);
    }
    if (deleted_.empty()) return;
    for (const std::vector<std::string>* paths : {&touched.reads, &touched.mentions})
      for (const std::string& path : *paths)
        for (std::string_view at = path; !at.empty(); at = above(at))
          if (deleted_.contains(at)) place(at).readers.add(step);
  }

  Place& place(std::string_view path) {
    auto found = places_.find(path);
    if (found == places_.end()) found = places_.emplace(std::string(path), Place{}).first;
    return found->second;
  }

  const Mission& mission_;
  const std::vector<Step>& steps_;
  const std::span<const Effects> effects_;
  const Names& names_;
  std::unordered_map<std::string, std::string> variables_;
  std::unordered_map<std::string, Place, Hash, std::equal_to<>> places_;
  std::unordered_set<std::string, Hash, std::equal_to<>> deleted_;
  std::size_t count_ = 0;
  PathNeeds needs_;
};

}  // namespace

PathNeeds path_needs(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
                     const Names& names) {
  return Finder(mission, steps, effects, names).find();
}

}  // namespace rustchain

// Checks the references and conditions of a mission before it runs.
#include "mission/check.hpp"

#include "mission/condition.hpp"
#include "mission/shell_fill.hpp"
#include "mission/suggest.hpp"
#include "mission/tally.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace rustchain {
namespace {

// Of every step, whatever its type; the last ones are what older missions say.
constexpr std::string_view k_common_fields =
    "status output error kind duration_ms attempts status_code repeats result response id step_id";
constexpr std::string_view k_foreach_fields = "items counts";
constexpr std::string_view k_statuses = "success partial failed skipped cancelled";
// Main outputs that are texts from elsewhere, which may be JSON.
constexpr std::string_view k_open_outputs = "stdout content body json outputs text";
// Parameters that hold the text of a file, in whatever language: `${x}` is most likely that language's.
constexpr std::string_view k_file_texts = "content replace find regex";
// Comparisons of names that are made to find what was meant; a mission that needs more is beyond help.
constexpr std::size_t k_most_comparisons = 20'000'000;

enum class Use : std::uint8_t { plain, shell, file_text, condition };

// Where the marks of one text stand in the file. They are asked for in order.
class Places {
 public:
  Places(const Source* source, std::size_t offset, Location at)
      : source_(source),
        from_(offset),
        line_begin_(offset - std::min<std::size_t>(offset, at.column - 1)),
        at_(at) {}

  // The place of mark `index`, which reads `raw`; nullopt: an escape or a fold of YAML hides it.
  std::optional<Location> find(std::size_t index, std::string_view raw) {
    if (source_ == nullptr) return std::nullopt;
    std::string_view text = source_->text;
    while (next_ <= index) {
      std::optional<Mark> mark = next_mark(text, from_);
      if (!mark) {
        source_ = nullptr;
        return std::nullopt;
      }
      begin_ = mark->reference.begin;
      from_ = mark->reference.end;
      ++next_;
    }
    if (text.substr(begin_, from_ - begin_) != raw) return std::nullopt;
    for (std::size_t end; (end = text.find('\n', line_begin_)) < begin_; line_begin_ = end + 1) ++at_.line;
    at_.column = static_cast<std::uint32_t>(begin_ - line_begin_ + 1);
    return at_;
  }

 private:
  const Source* source_;
  std::size_t from_;
  std::size_t line_begin_;
  Location at_;
  std::size_t next_ = 0;
  std::size_t begin_ = 0;
};

class Checker {
 public:
  Checker(const Mission& mission, const StepTypes& types, const Names& names, const Sources& sources,
          Diagnostics& problems)
      : mission_(mission), types_(types), names_(names), sources_(sources), problems_(problems) {}

  void check() {
    StepIndex index = 0;
    for (const std::vector<Step>* steps : {&mission_.steps, &mission_.finally})
      for (const Step& step : *steps) check(step, index++);
    often_.report(problems_);
  }

 private:
  void check(const Step& step, StepIndex index) {
    step_ = &step;
    index_ = index;
    type_ = types_.find(step.type.value);
    if (step.substitute) {
      for (std::size_t i = 0; i < step.parameters.size(); ++i)
        visit(step.parameters.value(i), step.parameters.key(i).text);
      for (const auto& [name, value] : step.env) text(value.value, value.at, Use::plain);
      text(step.working_directory.value, step.working_directory.at, Use::plain);
    }
    if (step.foreach) visit(*step.foreach, "foreach");
    if (step.when) {
      condition(*step.when);
      text(step.when->value, step.when->at, Use::condition);
    }
  }

  // The loader bounds how deep a node may be.
  void visit(const Node& node, const std::string& path) {
    switch (node.kind) {
      case Node::Kind::null: return;
      case Node::Kind::scalar:
        if (node.text.find('{') != std::string::npos) text(node.text, node.at, use_of(path));
        return;
      case Node::Kind::list:
        for (const Node& item : node.items) visit(item, path);
        return;
      case Node::Kind::map:
        for (std::size_t i = 0; i < node.size(); ++i) visit(node.value(i), path + "." + node.key(i).text);
        return;
    }
  }

  Use use_of(const std::string& path) const {
    if (has_word(k_file_texts, path)) return Use::file_text;
    if (type_ != nullptr && type_->text_kind != nullptr && type_->text_kind(*step_, path) == TextKind::shell)
      return Use::shell;
    return Use::plain;
  }

  void text(std::string_view text, Location at, Use use) {
    std::size_t from = 0;
    std::size_t count = 0;
    std::optional<Places> places;
    while (std::optional<Mark> mark = next_mark(text, from)) {
      const Reference& reference = mark->reference;
      from = reference.end;
      std::string_view raw = text.substr(reference.begin, reference.end - reference.begin);
      std::optional<Diagnostic> problem = look_at(*mark, raw, use);
      if (problem) {
        if (!places) places = places_of(at);
        std::optional<Location> place = places->find(count, raw);
        problem->at = place.value_or(at);
        problem->length = place ? static_cast<std::uint32_t>(raw.size()) : 1;
        if (problem->code != "RC0301")
          problems_.add(std::move(*problem));
        else
          often_.add(std::string(problem->message), [&] { return std::move(*problem); });
      }
      ++count;
    }
    if (use == Use::shell && count > 0) shell_places(text, at);
  }

  // ---- references

  std::optional<Diagnostic> look_at(const Mark& mark, std::string_view raw, Use use) {
    if (mark.kind == Mark::Kind::escaped) return std::nullopt;
    const Reference& reference = mark.reference;
    Meaning meaning = names_.meaning(reference, step_->foreach.has_value());
    if (mark.kind == Mark::Kind::foreign) return foreign(meaning, raw, use);
    if (meaning.kind == Meaning::Kind::unknown) return unknown(reference, raw, use);
    if (meaning.kind == Meaning::Kind::step) return of_step(reference, meaning, raw);
    return std::nullopt;
  }

  static std::optional<Diagnostic> foreign(const Meaning& meaning, std::string_view raw, Use use) {
    bool known = meaning.kind == Meaning::Kind::step || meaning.kind == Meaning::Kind::variable;
    if (!known || use == Use::file_text) return std::nullopt;
    return Diagnostic{.code = "RC0309",
                      .severity = Severity::warning,
                      .message = "'" + std::string(raw) + "' stays as it is: it is no reference",
                      .help = "write " + std::string(raw.substr(1))};
  }

  std::optional<Diagnostic> unknown(const Reference& reference, std::string_view raw, Use use) {
    const bool brace = reference.form == Reference::Form::brace;
    const bool others_language =
        (use == Use::shell || use == Use::file_text) && reference.form == Reference::Form::dollar;
    const char first = reference.head.front();
    if (others_language && use == Use::shell) return std::nullopt;
    if (first >= '0' && first <= '9') return std::nullopt;

    if (std::optional<std::string> near = near_miss(reference)) {
      bool error = !brace && use != Use::shell && !others_language;
      return Diagnostic{.code = "RC0302",
                        .severity = error ? Severity::error : Severity::warning,
                        .message = "'" + std::string(raw) + "' is no reference: there is no '" +
                                   known_part(reference) + "'",
                        .help = "did you mean '" + *near + "'?"};
    }
    if (use == Use::condition) {
      return Diagnostic{.code = "RC0307",
                        .severity = Severity::warning,
                        .message = "'" + std::string(raw) + "' in a condition is only a text: there is no '" +
                                   known_part(reference) + "'",
                        .help = help_for(reference)};
    }
    if (brace || use == Use::shell || others_language) return std::nullopt;
    return Diagnostic{
        .code = "RC0301",
        .severity = Severity::warning,
        .message = "'" + std::string(raw) + "' stays as it is: there is no '" + known_part(reference) + "'",
        .help = help_for(reference)};
  }

  // What of the reference should have been known.
  static std::string known_part(const Reference& reference) {
    constexpr std::string_view k_prefixes = "steps vars mission run";
    if (has_word(k_prefixes, reference.head) && !reference.path.empty())
      if (const auto* name = std::get_if<std::string>(&reference.path.front()))
        return reference.head + "." + *name;
    return reference.head;
  }

  static std::string help_for(const Reference& reference) {
    const std::string& head = reference.head;
    if (head == "item" || head == "index") return "it is only known in a step with foreach";
    bool upper = std::none_of(head.begin(), head.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (upper && reference.path.empty()) {
      std::string help = "for the environment variable write {env." + head + "}";
      if (reference.form == Reference::Form::dollar) help += ", for the text itself $${" + head + "}";
      return help;
    }
    return "correct the name, or declare it under vars";
  }

  // Looking takes time in proportion to the number of names: each head once, and not forever.
  std::optional<std::string> near_miss(const Reference& reference) {
    auto [found, fresh] = near_.try_emplace(known_part(reference));
    if (fresh && comparisons_ <= k_most_comparisons) {
      comparisons_ += names_.size();
      found->second = names_.near_miss(reference);
    }
    return found->second;
  }

  std::optional<Diagnostic> of_step(const Reference& reference, const Meaning& meaning,
                                    std::string_view raw) {
    const std::string& id = step_->id.value;
    if (meaning.step == index_) {
      return Diagnostic{.code = "RC0303",
                        .message = "step '" + id + "' refers to its own output: " + std::string(raw),
                        .help = "refer to the step that gives the value"};
    }
    if (meaning.step >= mission_.steps.size() && index_ < mission_.steps.size()) {
      return Diagnostic{.code = "RC0304",
                        .message = "step '" + id + "' refers to '" + meaning.name +
                                   "', a step of 'finally', which runs after it",
                        .help = "move '" + meaning.name + "' to 'steps'"};
    }
    return field(reference, meaning, raw);
  }

  std::optional<Diagnostic> field(const Reference& reference, const Meaning& meaning, std::string_view raw) {
    if (meaning.rest >= reference.path.size()) return std::nullopt;
    const auto* name = std::get_if<std::string>(&reference.path[meaning.rest]);
    const Step& step = meaning.step < mission_.steps.size()
                           ? mission_.steps[meaning.step]
                           : mission_.finally[meaning.step - mission_.steps.size()];
    const StepType* type = types_.find(step.type.value);
    if (name == nullptr || type == nullptr || !type->later.empty()) return std::nullopt;
    if (step.foreach && has_word(k_foreach_fields, *name)) return std::nullopt;
    if (has_word(k_common_fields, *name) || has_word(type->output_fields, *name)) return std::nullopt;
    if (*name == "stdout" || *name == "stderr" || *name == "exit_code") {
      return Diagnostic{.code = "RC0305",
                        .message = "'" + std::string(raw) + "' has no value: '" + meaning.name +
                                   "' is a step of type " + std::string(type->name) + ", which gives no '" +
                                   *name + "'",
                        .help = fields_of(*type)};
    }

    std::vector<std::string_view> known = words(type->output_fields);
    for (std::string_view common : {"status", "output", "error", "kind", "duration_ms", "attempts"})
      known.push_back(common);
    std::optional<std::string> near = nearest(*name, known);
    // The main output of a foreach is a list: it has no names.
    const bool open = !step.foreach && has_word(k_open_outputs, type->main_output);
    if (!near && open) return std::nullopt;
    // What http and its like give is often JSON whose names nobody knows here.
    const bool often_json = open && (type->main_output != "stdout");
    return Diagnostic{.code = "RC0305",
                      .severity = often_json ? Severity::warning : Severity::error,
                      .message = "'" + std::string(raw) + "' has no value: steps of type " +
                                 std::string(type->name) + " give no '" + *name + "'",
                      .help = near ? "did you mean '" + *near + "'?" : fields_of(*type)};
  }

  static std::string fields_of(const StepType& type) {
    std::string fields;
    for (std::string_view field : words(type.output_fields)) {
      if (!fields.empty()) fields += ", ";
      fields += field;
    }
    return fields.empty() ? "it gives status and error" : "it gives " + fields;
  }

  // References that stand where no value can be put safely.
  void shell_places(std::string_view text, Location at) {
    std::vector<std::string> forbidden;
    fill_shell(text,
               [&](const Reference& reference, std::string_view raw,
                   ShellPlace place) -> std::optional<std::string> {
                 Meaning meaning = names_.meaning(reference, step_->foreach.has_value());
                 if (meaning.kind == Meaning::Kind::unknown) return std::nullopt;
                 if (place == ShellPlace::forbidden) forbidden.emplace_back(raw);
                 return "X";
               });
    if (forbidden.empty()) return;
    Places places = places_of(at);
    std::size_t count = 0;
    std::size_t next = 0;
    for (std::size_t from = 0; next < forbidden.size(); ++count) {
      std::optional<Mark> mark = next_mark(text, from);
      if (!mark) break;
      from = mark->reference.end;
      std::string_view raw = text.substr(mark->reference.begin, mark->reference.end - mark->reference.begin);
      if (raw != forbidden[next]) continue;
      std::optional<Location> place = places.find(count, raw);
      problems_.add(
          {.code = "RC0308",
           .message = "the value of " + std::string(raw) + " can't be put here: it could become shell code",
           .at = place.value_or(at),
           .length = place ? static_cast<std::uint32_t>(raw.size()) : 1,
           .help = "put it into ordinary quotes: \"" + std::string(raw) + "\""});
      ++next;
    }
  }

  // ---- conditions

  void condition(const Text& when) {
    Result<std::vector<Comparison>, ConditionError> checked = check_condition(when.value);
    if (checked) {
      for (const Comparison& comparison : *checked) status_word(when, comparison);
      return;
    }
    const ConditionError& error = checked.error();
    problems_.add({.code = "RC0306",
                   .message = "the condition is wrong: " + error.message,
                   .at = place_in(when, error.offset),
                   .help = error.help});
  }

  // A step's status is compared with a word that no status is: the condition always says the same.
  void status_word(const Text& when, const Comparison& comparison) {
    std::optional<Mark> mark = mark_at(comparison.reference, 0);
    if (!mark || mark->kind != Mark::Kind::reference) return;
    const Reference& reference = mark->reference;
    Meaning meaning = names_.meaning(reference, step_->foreach.has_value());
    if (meaning.kind != Meaning::Kind::step || meaning.rest + 1 != reference.path.size()) return;
    const auto* field = std::get_if<std::string>(&reference.path.back());
    if (field == nullptr || *field != "status" || has_word(k_statuses, comparison.word)) return;
    std::string help = "a status is success, partial, failed, skipped or cancelled";
    bool number = comparison.word.find_first_not_of("0123456789") == std::string::npos;
    if (std::optional<std::string> near = nearest(comparison.word, words(k_statuses), 4))
      help = "did you mean '" + *near + "'?";
    else if (number && !comparison.word.empty())
      help = "for the code of an HTTP answer write {" + meaning.name + ".status_code}";
    problems_.add({.code = "RC0310",
                   .severity = Severity::warning,
                   .message = comparison.reference + " is never '" + comparison.word + "'",
                   .at = place_in(when, comparison.offset),
                   .help = std::move(help)});
  }

  // The place of an offset in a text that stands on one line of the file as it is.
  Location place_in(const Text& text, std::size_t offset) {
    const Source* source = source_of(text.at);
    if (source == nullptr) return text.at;
    std::size_t begin = offset_of(text.at);
    std::string_view file = source->text;
    if (begin < file.size()) {
      bool quote = (file[begin] == '"' || file[begin] == '\'') &&
                   (text.value.empty() || text.value.front() != file[begin]);
      if (quote || file.substr(begin, text.value.size()) != text.value) ++begin;
    }
    if (begin > file.size() || file.substr(begin, offset) != std::string_view(text.value).substr(0, offset) ||
        std::string_view(text.value).substr(0, offset).find('\n') != std::string_view::npos)
      return text.at;
    Location at = text.at;
    at.column += static_cast<std::uint32_t>(begin - offset_of(text.at) + offset);
    return at;
  }

  // ---- places

  const Source* source_of(Location at) const {
    return at.line > 0 && at.file < sources_.size() ? &sources_[at.file] : nullptr;
  }

  // The offset of a place in its file.
  std::size_t offset_of(Location at) {
    if (lines_.size() < sources_.size()) lines_.resize(sources_.size());
    std::vector<std::size_t>& lines = lines_[at.file];
    const std::string& text = sources_[at.file].text;
    if (lines.empty()) {
      lines.push_back(0);
      for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1))
        lines.push_back(end + 1);
    }
    std::size_t line = std::min<std::size_t>(at.line, lines.size()) - 1;
    return std::min(lines[line] + at.column - 1, text.size());
  }

  Places places_of(Location at) {
    const Source* source = source_of(at);
    if (source == nullptr || at.column == 0) return Places(nullptr, 0, {1, 1, 0});
    std::size_t offset = offset_of(at);
    // An alias: its text stands elsewhere.
    if (offset < source->text.size() && source->text[offset] == '*') source = nullptr;
    return Places(source, offset, at);
  }

  const Mission& mission_;
  const StepTypes& types_;
  const Names& names_;
  const Sources& sources_;
  Diagnostics& problems_;
  Tally often_;  // names that nothing stands for: a template repeats its holes
  const Step* step_ = nullptr;
  StepIndex index_ = 0;
  const StepType* type_ = nullptr;
  std::unordered_map<std::string, std::optional<std::string>> near_;
  std::size_t comparisons_ = 0;
  std::vector<std::vector<std::size_t>> lines_;  // by file: where each line begins
};

}  // namespace

void check_references(const Mission& mission, const StepTypes& types, const Names& names,
                      const Sources& sources, Diagnostics& problems) {
  Checker(mission, types, names, sources, problems).check();
}

}  // namespace rustchain

// Checks the references and conditions of a mission before it runs.
#include "mission/check.hpp"

#include "mission/condition.hpp"
#include "mission/mark_places.hpp"
#include "mission/shell_fill.hpp"
#include "mission/suggest.hpp"
#include "mission/tally.hpp"
#include "mission/unknown_names.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <set>
#include <tuple>
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
class Checker {
 public:
  Checker(const Mission& mission, const StepTypes& types, const Names& names, const Sources& sources,
          Diagnostics& problems)
      : mission_(mission),
        types_(types),
        names_(names),
        problems_(problems),
        places_(sources),
        unknown_(names) {}

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
      for (const auto& [name, value] : step.env) text(value.value, value.at, TextUse::plain);
      text(step.working_directory.value, step.working_directory.at, TextUse::plain);
    }
    if (step.foreach) visit(*step.foreach, "foreach");
    if (step.when && !expressions(step.when->value, step.when->at, TextUse::condition)) {
      condition(*step.when);
      text(step.when->value, step.when->at, TextUse::condition);
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

  TextUse use_of(const std::string& path) const {
    if (has_word(k_file_texts, path)) return TextUse::file_text;
    if (type_ != nullptr && type_->text_kind != nullptr && type_->text_kind(*step_, path) == TextKind::shell)
      return TextUse::shell;
    return TextUse::plain;
  }

  void text(std::string_view text, Location at, TextUse use) {
    std::size_t from = 0;
    std::size_t count = 0;
    std::optional<TextMarks> marks;
    while (std::optional<Mark> mark = next_mark(text, from)) {
      const Reference& reference = mark->reference;
      from = reference.end;
      std::string_view raw = text.substr(reference.begin, reference.end - reference.begin);
      std::optional<Diagnostic> problem = look_at(*mark, raw, use);
      if (problem) {
        if (!marks) marks = places_.marks_of(at);
        std::optional<Location> place = marks->find(count, raw);
        problem->at = place.value_or(at);
        problem->length = place ? static_cast<std::uint32_t>(raw.size()) : 1;
        tell(std::move(*problem));
      }
      ++count;
    }
    if (use == TextUse::shell && count > 0) shell_places(text, at);
    if (use != TextUse::condition && text.find("{{") != std::string_view::npos) expressions(text, at, use);
  }

  void tell(Diagnostic problem) {
    if (told_before(problem)) return;
    if (problem.code != "RC0301")
      problems_.add(std::move(problem));
    else
      often_.add(std::string(problem.message), [&] { return std::move(problem); });
  }

  // Several steps may take their text from one file.
  bool told_before(const Diagnostic& problem) {
    const Location& at = problem.at;
    return at.file != step_->id.at.file &&
           !told_.emplace(at.file, at.line, at.column, problem.message).second;
  }

  // {{ a.stdout | trim }}, {{ a.exit_code == 0 }}: other tools compute between the braces. Whether there were
  // any.
  bool expressions(std::string_view text, Location at, TextUse use) {
    bool any = false;
    for (std::size_t begin = text.find("{{"); begin != std::string_view::npos;
         begin = text.find("{{", begin + 2)) {
      const std::size_t end = text.find("}}", begin);
      if (end == std::string_view::npos) break;
      const std::string_view inner = trim(text.substr(begin + 2, end - begin - 2));
      const std::string_view name = inner.substr(0, inner.find_first_of(" \t|=!<>+*/?("));
      if (name.empty() || name.size() == inner.size()) continue;
      const std::string reference = "{{ " + std::string(name) + " }}";
      std::optional<Mark> mark = mark_at(reference, 0);
      if (!mark || mark->reference.end != reference.size()) continue;
      const Meaning meaning = names_.meaning(mark->reference, step_->foreach.has_value());
      if (meaning.kind == Meaning::Kind::unknown) continue;
      any = true;
      const std::string raw(text.substr(begin, end + 2 - begin));
      Diagnostic problem{
          .code = "RC0313",
          .message = "'" + raw +
                     "' is no reference: between the braces stands a name alone, without "
                     "filters and operators",
          .at = places_.text_in(at, raw),
          .length = static_cast<std::uint32_t>(raw.size()),
          .help = "write " + reference + ", and let a command step compute what is made of it"};
      if (use == TextUse::condition)
        problem.help = "write " + reference + std::string(inner.substr(name.size()));
      if (!told_before(problem)) problems_.add(std::move(problem));
    }
    return any;
  }

  // ---- references

  std::optional<Diagnostic> look_at(const Mark& mark, std::string_view raw, TextUse use) {
    if (mark.kind == Mark::Kind::escaped) return std::nullopt;
    const Reference& reference = mark.reference;
    Meaning meaning = names_.meaning(reference, step_->foreach.has_value());
    if (mark.kind == Mark::Kind::foreign) return foreign(meaning, raw, use);
    if (meaning.kind == Meaning::Kind::unknown) return unknown_.look_at(reference, raw, use);
    if (meaning.kind == Meaning::Kind::step) return of_step(reference, meaning, raw);
    return std::nullopt;
  }

  static std::optional<Diagnostic> foreign(const Meaning& meaning, std::string_view raw, TextUse use) {
    bool known = meaning.kind == Meaning::Kind::step || meaning.kind == Meaning::Kind::variable;
    if (!known || use == TextUse::file_text) return std::nullopt;
    return Diagnostic{.code = "RC0309",
                      .severity = Severity::warning,
                      .message = "'" + std::string(raw) + "' stays as it is: it is no reference",
                      .help = "write " + std::string(raw.substr(1))};
  }

  std::optional<Diagnostic> of_step(const Reference& reference, const Meaning& meaning,
                                    std::string_view raw) {
    const std::string& id = step_->id.value;
    if (meaning.step == index_) {
      return Diagnostic{.code = "RC0303",
                        .message = "step '" + id + "' refers to its own output: " + std::string(raw),
                        .help = is_variable(id) ? "for the variable of that name write {vars." + id + "}"
                                                : "refer to the step that gives the value"};
    }
    if (meaning.step >= mission_.steps.size() && index_ < mission_.steps.size()) {
      return Diagnostic{.code = "RC0304",
                        .message = "step '" + id + "' refers to '" + meaning.name +
                                   "', a step of 'finally', which runs after it",
                        .help = "move '" + meaning.name + "' to 'steps'"};
    }
    return field(reference, meaning, raw);
  }

  bool is_variable(const std::string& name) const {
    Reference reference;
    reference.head = "vars";
    reference.path.emplace_back(name);
    return names_.meaning(reference).kind == Meaning::Kind::variable;
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
    TextMarks marks = places_.marks_of(at);
    std::size_t count = 0;
    std::size_t next = 0;
    for (std::size_t from = 0; next < forbidden.size(); ++count) {
      std::optional<Mark> mark = next_mark(text, from);
      if (!mark) break;
      from = mark->reference.end;
      std::string_view raw = text.substr(mark->reference.begin, mark->reference.end - mark->reference.begin);
      if (raw != forbidden[next]) continue;
      std::optional<Location> place = marks.find(count, raw);
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
    Result<ConditionWords, ConditionError> checked = check_condition(when.value);
    if (checked) {
      for (const Comparison& comparison : checked->comparisons) status_word(when, comparison);
      for (const BareWord& word : checked->bare) bare_name(when, word);
      return;
    }
    const ConditionError& error = checked.error();
    problems_.add({.code = "RC0306",
                   .message = "the condition is wrong: " + error.message,
                   .at = places_.offset_in(when, error.offset),
                   .help = error.help});
  }

  // A name without its braces: the condition would compare the name itself, and always say the same.
  void bare_name(const Text& when, const BareWord& word) {
    const std::string in_braces = "{" + word.text + "}";
    std::optional<Mark> mark = mark_at(in_braces, 0);
    if (!mark || mark->reference.end != in_braces.size()) return;
    if (mark->reference.path.empty() && !word.left) return;
    Meaning meaning = names_.meaning(mark->reference, step_->foreach.has_value());
    if (meaning.kind == Meaning::Kind::unknown) return;
    problems_.add(
        {.code = "RC0312",
         .message = "'" + word.text + "' is only a text here: a name in a condition stands in braces",
         .at = places_.offset_in(when, word.offset),
         .length = static_cast<std::uint32_t>(word.text.size()),
         .help = "write " + in_braces});
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
                   .at = places_.offset_in(when, comparison.offset),
                   .help = std::move(help)});
  }

  const Mission& mission_;
  const StepTypes& types_;
  const Names& names_;
  Diagnostics& problems_;
  MarkPlaces places_;
  UnknownNames unknown_;
  Tally often_;  // names that nothing stands for: a template repeats its holes
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::string>> told_;
  const Step* step_ = nullptr;
  StepIndex index_ = 0;
  const StepType* type_ = nullptr;
};

}  // namespace

void check_references(const Mission& mission, const StepTypes& types, const Names& names,
                      const Sources& sources, Diagnostics& problems) {
  Checker(mission, types, names, sources, problems).check();
}

}  // namespace rustchain

// The table of commands: what each takes, and how it is explained.
#include "cli/command_table.hpp"

#include "cli/option_kinds.hpp"

#include <array>

namespace rustchain {
namespace {

void declare_run(CLI::App& app, Options& options) {
  auto& run = options.command.emplace<RunOptions>();
  add_missions(app, run.missions);
  app.add_flag("-d,--dry-run", run.dry_run, "Show what would run, and do nothing (= rustchain plan)");
  add_input(app, run.input);
  add_max_parallel(app, run.max_parallel);
  add_safety(app, run.input);
  add_pairs(app, "--report", "FORMAT=PATH", run.reports,
            "Write a report of the run (json, text); may be given again");
  auto* record = app.add_option("--record", run.record, "Keep every exchange with a server on this tape");
  auto* replay = app.add_option("--replay", run.replay, "Take the servers' answers from this tape");
  for (CLI::Option* tape : {record, replay}) tape->type_name("TAPE")->take_last();
  static constexpr std::array outputs = {Choice<OutputFormat>{"text", OutputFormat::text},
                                         Choice<OutputFormat>{"json", OutputFormat::json},
                                         Choice<OutputFormat>{"jsonl", OutputFormat::jsonl}};
  add_choice(app, "--output", run.output, outputs, "",
             "What standard output gets; jsonl: every event as it happens");
  add_resume(app, run.earlier);
  app.add_flag("--detailed-exitcode", run.detailed_exit_code, "Give 10, not 0, when there were warnings");
}

void declare_validate(CLI::App& app, Options& options) {
  auto& validate = options.command.emplace<ValidateOptions>();
  add_missions(app, validate.missions);
  add_input(app, validate.input);
  add_safety(app, validate.input);
  static constexpr std::array formats = {
      Choice<CheckFormat>{"text", CheckFormat::text}, Choice<CheckFormat>{"json", CheckFormat::json},
      Choice<CheckFormat>{"github", CheckFormat::github}, Choice<CheckFormat>{"sarif", CheckFormat::sarif}};
  add_choice(app, "--output,--format", validate.format, formats, "", "What standard output gets");
}

void declare_plan(CLI::App& app, Options& options) {
  auto& plan = options.command.emplace<PlanOptions>();
  add_missions(app, plan.missions);
  add_input(app, plan.input);
  add_safety(app, plan.input);
  add_max_parallel(app, plan.max_parallel);
  add_resume(app, plan.earlier);
  add_output(app, plan.output);
}

void declare_graph(CLI::App& app, Options& options) {
  auto& graph = options.command.emplace<GraphOptions>();
  app.add_option("MISSION", graph.mission)->required();
  add_input(app, graph.input);
  static constexpr std::array formats = {
      Choice<GraphFormat>{"text", GraphFormat::text}, Choice<GraphFormat>{"mermaid", GraphFormat::mermaid},
      Choice<GraphFormat>{"dot", GraphFormat::dot}, Choice<GraphFormat>{"json", GraphFormat::json}};
  add_choice(app, "--output,--format", graph.format, formats, "", "How to draw it");
}

void declare_list(CLI::App& app, Options& options) {
  auto& list = options.command.emplace<ListOptions>();
  app.add_option("PATH", list.path);
  add_output(app, list.output);
}

void declare_steps(CLI::App& app, Options& options) {
  auto& steps = options.command.emplace<StepsOptions>();
  app.add_option("TYPE", steps.type);
  add_output(app, steps.output);
}

void declare_new(CLI::App& app, Options& options) {
  auto& fresh = options.command.emplace<NewOptions>();
  app.add_option("TEMPLATE", fresh.name);
  app.add_option("FILE", fresh.file);
  add_output(app, fresh.output);
}

void declare_completion(CLI::App& app, Options& options) {
  using Target = CompletionOptions::Target;
  auto& completion = options.command.emplace<CompletionOptions>();
  static constexpr std::array targets = {
      Choice<Target>{"bash", Target::bash}, Choice<Target>{"zsh", Target::zsh},
      Choice<Target>{"fish", Target::fish}, Choice<Target>{"man", Target::man}};
  add_choice(app, "SHELL", completion.target, targets, "", "")->required();
}

void declare_schema(CLI::App& app, Options& options) {
  auto& schema = options.command.emplace<SchemaOptions>();
  app.add_flag("--strict", schema.strict,
               "Refuse older forms and keys that nobody knows, as validate --strict");
}

void declare_doctor(CLI::App& app, Options& options) {
  auto& doctor = options.command.emplace<DoctorOptions>();
  app.add_option("MISSION", doctor.missions);
  add_input(app, doctor.input);
  add_output(app, doctor.output);
}

void declare_explain(CLI::App& app, Options& options) {
  auto& explain = options.command.emplace<ExplainOptions>();
  app.add_option("WORD", explain.word);
  add_output(app, explain.output);
}

void declare_migrate(CLI::App& app, Options& options) {
  auto& migrate = options.command.emplace<MigrateOptions>();
  app.add_option("MISSION", migrate.mission)->required();
}

void declare_safety(CLI::App& app, Options& options) {
  auto& safety = options.command.emplace<SafetyOptions>();
  static constexpr std::array verbs = {Choice<SafetyOptions::Verb>{"check", SafetyOptions::Verb::check},
                                       Choice<SafetyOptions::Verb>{"explain", SafetyOptions::Verb::explain},
                                       Choice<SafetyOptions::Verb>{"rules", SafetyOptions::Verb::rules},
                                       Choice<SafetyOptions::Verb>{"approve", SafetyOptions::Verb::approve}};
  add_choice(app, "VERB", safety.verb, verbs, "", "")->required();
  app.add_option("OPERAND", safety.operands);
  add_input(app, safety.input);
  add_safety(app, safety.input);
  static constexpr std::array formats = {
      Choice<CheckFormat>{"text", CheckFormat::text}, Choice<CheckFormat>{"json", CheckFormat::json},
      Choice<CheckFormat>{"github", CheckFormat::github}, Choice<CheckFormat>{"sarif", CheckFormat::sarif}};
  add_choice(app, "--output,--format", safety.format, formats, "", "What standard output gets");
  app.add_flag("--json-lines", safety.json_lines,
               "With '-': each line is a JSON string, each answer one JSON object a line");
}

void declare_runs(CLI::App& app, Options& options) {
  auto& runs = options.command.emplace<RunsOptions>();
  static constexpr std::array verbs = {Choice<RunsOptions::Verb>{"list", RunsOptions::Verb::list},
                                       Choice<RunsOptions::Verb>{"show", RunsOptions::Verb::show},
                                       Choice<RunsOptions::Verb>{"verify", RunsOptions::Verb::verify},
                                       Choice<RunsOptions::Verb>{"prune", RunsOptions::Verb::prune}};
  add_choice(app, "VERB", runs.verb, verbs, "", "")->required();
  app.add_option("RUN", runs.runs);
  app.add_flag("--all", runs.all, "list: all of them, not the newest 20 alone");
  add_number(app, "--keep", 0, runs.keep, "prune: how many of the newest runs stay");
  app.add_flag("--dry-run", runs.dry_run, "prune: say what would be deleted, and do nothing");
  add_output(app, runs.output);
}

void declare_why(CLI::App& app, Options& options) {
  auto& why = options.command.emplace<WhyOptions>();
  app.add_option("RUN", why.run)->required();
  app.add_option("STEP", why.step)->required();
  add_output(app, why.output);
}

void declare_report(CLI::App& app, Options& options) {
  auto& report = options.command.emplace<ReportOptions>();
  app.add_option("RUN", report.run)->required();
  app.add_option("--format,--output", report.format, "Which report; text unless given")
      ->type_name("FORMAT")
      ->take_last();
  app.add_option("-o", report.path, "Write it to this file, not to standard output")
      ->type_name("PATH")
      ->take_last();
}

// To add one: its struct in options.hpp, its declare function, its row, its function in cmd_NAME.cpp.
constexpr auto k_commands = std::to_array<CommandRow>({
    {"run", "MISSION...", "Run missions, one after another.",
     "rustchain run build.yaml\n"
     "rustchain run deploy.yaml --var host=web1 --var retries=3\n"
     "rustchain run tests.yaml --max-parallel 4 --report json=report.json\n"
     "rustchain run review.yaml --record review.tape.json\n"
     "rustchain run review.yaml --replay review.tape.json\n"
     "rustchain run build.yaml --resume\n"
     "cat build.yaml | rustchain run -\n",
     declare_run},
    {"validate", "MISSION...", "Say everything that can be known of missions without running them.",
     "rustchain validate build.yaml\n"
     "rustchain validate missions/*.yaml --strict\n"
     "rustchain validate build.yaml --format json\n",
     declare_validate},
    {"plan", "MISSION...",
     "Show what would run, in which order, with which effects and limits. Does nothing.",
     "rustchain plan build.yaml\n"
     "rustchain plan build.yaml --resume\n"
     "rustchain plan build.yaml --output json\n",
     declare_plan},
    {"graph", "MISSION", "Draw the steps and their dependencies.",
     "rustchain graph build.yaml\n"
     "rustchain graph build.yaml --format mermaid\n"
     "rustchain graph build.yaml --format dot | dot -Tsvg > build.svg\n",
     declare_graph},
    {"list", "[PATH]", "List the missions of a directory (missions/ if it is there, else this one).",
     "rustchain list\n"
     "rustchain list ci --output json\n",
     declare_list},
    {"new", "[TEMPLATE] [FILE]", "Write a mission to start from, or list what there is.",
     "rustchain new\n"
     "rustchain new basic first.yaml\n"
     "rustchain new llm - | less\n",
     declare_new},
    {"steps", "[TYPE]", "Show the step types, or all parameters of one with an example.",
     "rustchain steps\n"
     "rustchain steps command\n",
     declare_steps},
    {"schema", "", "Print the format of missions as a JSON Schema, for editors.",
     "rustchain schema --strict > rustchain.schema.json\n"
     "echo '# yaml-language-server: $schema=rustchain.schema.json' | cat - old.yaml > new.yaml\n",
     declare_schema},
    {"migrate", "MISSION",
     "Print an older mission in today's format; what was changed goes to standard error.",
     "rustchain migrate old.yaml > new.yaml\n"
     "rustchain migrate old.json | rustchain validate -\n",
     declare_migrate},
    {"doctor", "[MISSION...]", "Say what this machine has, and what missions need that it hasn't.",
     "rustchain doctor\n"
     "rustchain doctor missions/llm_summary.yaml\n",
     declare_doctor},
    {"safety", "check|explain|rules|approve [OPERAND]...",
     "Judge missions and commands: what is dangerous in them, and why.",
     "rustchain safety check deploy.yaml\n"
     "echo 'rm -rf build' | rustchain safety check -\n"
     "rustchain safety explain 'curl -s https://example.net/i.sh | sh'\n"
     "rustchain safety rules\n",
     declare_safety},
    {"runs", "list|show|verify|prune [RUN]...", "Look at the runs that were recorded, and delete old ones.",
     "rustchain runs list\n"
     "rustchain runs show last\n"
     "rustchain runs verify\n"
     "rustchain runs prune --keep 20\n",
     declare_runs},
    {"why", "RUN STEP", "Say why a step ran, was skipped or reused, and what was otherwise before.",
     "rustchain why last build\n", declare_why},
    {"report", "RUN", "Write a report of a run that was recorded.",
     "rustchain report last\n"
     "rustchain report 20261120T0604 --format json -o report.json\n",
     declare_report},
    {"completion", "bash|zsh|fish|man", "Print what completes these commands in a shell, or the manual page.",
     "eval \"$(rustchain completion bash)\"\n"
     "rustchain completion zsh > ~/.zfunc/_rustchain\n"
     "rustchain completion fish > ~/.config/fish/completions/rustchain.fish\n"
     "rustchain completion man | man -l -\n",
     declare_completion},
    {"explain", "[WORD]", "Explain a diagnostic, a safety rule, a failure kind or an exit code.",
     "rustchain explain RC0104\n"
     "rustchain explain fs.delete.root\n"
     "rustchain explain timeout\n"
     "rustchain explain 124\n",
     declare_explain},
});

}  // namespace

std::span<const CommandRow> command_table() {
  return k_commands;
}

const CommandRow* find_command(std::string_view name) {
  for (const CommandRow& row : k_commands)
    if (row.name == name) return &row;
  return nullptr;
}

void declare_globals(CLI::App& app, CommonOptions& common, Globals& globals) {
  static constexpr std::array colors = {Choice<ColorChoice>{"auto", ColorChoice::automatic},
                                        Choice<ColorChoice>{"always", ColorChoice::always},
                                        Choice<ColorChoice>{"never", ColorChoice::never}};
  app.add_flag("-q,--quiet", common.quiet, "Say nothing but problems and results");
  app.add_flag("-v,--verbose", common.verbose, "Say more about each step");
  add_choice(app, "--color", common.color, colors, "",
             "Colours; auto: on a terminal, unless NO_COLOR is set");
  app.add_flag("-h,--help", globals.help, "Show this help");
  app.add_flag("-V,--version", globals.version, "Show the version");
}

}  // namespace rustchain

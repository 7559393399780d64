// The table of diagnostics: each has a code that never changes its meaning, and a page for `rustchain
// explain`.
#include "rustchain/diagnostic.hpp"

#include <array>

namespace rustchain {
namespace {

// To add one: take the next free number of its range, write the row, use the code where the problem is found.
constexpr auto k_codes = std::to_array<DiagnosticCode>({
    // RC00xx: the file and its YAML
    {.code = "RC0001",
     .title = "the mission file can't be read",
     .why = "There is no such file, it is a directory, or the system refuses access.",
     .example = "",
     .cure = "Correct the path; `rustchain list` shows the missions of a directory."},
    {.code = "RC0002",
     .title = "the file is too large",
     .why = "A mission describes work; a file of this size is most likely something else, and reading it "
            "would take "
            "memory that the work needs.",
     .example = "",
     .cure = "Split it into several missions (`next_missions` runs them one after another), or move its data "
             "to files "
             "that the steps read."},
    {.code = "RC0003",
     .title = "the file is not UTF-8 text",
     .why = "A mission is UTF-8 text, with or without a byte order mark. This file holds bytes that are not: "
            "it is in "
            "another encoding, or no text at all.",
     .example = "",
     .cure = "Save it as UTF-8 in your editor, or convert it: `iconv -f ISO-8859-1 -t UTF-8 old.yaml > "
             "new.yaml`."},
    {.code = "RC0004",
     .title = "a control character in the file",
     .why = "YAML allows no control characters but tabs and line ends. They are invisible, and a terminal "
            "that shows "
            "the file would obey them.",
     .example = "",
     .cure = R"(Remove it. Where it is meant, write it as an escape between double quotes:
  text: "\x1b[1mbold")"},
    {.code = "RC0005",
     .title = "this is not YAML",
     .why = "The structure of the file can't be told from this place on, so nothing after it was looked at.",
     .example = "name: build\nsteps\n  - id: compile\n",
     .cure = "A mission is made of `key: value` lines; a list item begins with '- '; a text of several lines "
             "follows "
             "its key like this:\n  description: |\n    first line\n    second line"},
    {.code = "RC0006",
     .title = "indented with something that is no space",
     .why = "YAML counts spaces to see what belongs to what. A tab has no fixed width, so it is not allowed "
            "there; a "
            "no-break space is a letter like any other.",
     .example = "steps:\n\t- id: compile\n",
     .cure = "Replace it by spaces. Most editors have a setting for it: \"indent using spaces\"."},
    {.code = "RC0007",
     .title = "the indentation doesn't fit",
     .why = "The column in which a line begins says what it belongs to. This one fits none of the lines "
            "above, or "
            "stands below a key that already has a value.",
     .example = "steps:\n  - id: compile\n     name: Compile\n",
     .cure = "Begin the keys of one map in the same column, and the items of one list too:\n"
             "  steps:\n    - id: compile\n      name: Compile"},
    {.code = "RC0008",
     .title = "a quote is not closed",
     .why = "Everything after an open quote is text, also the keys of the lines that follow.",
     .example = "name: \"build\nversion: \"1.0\"\n",
     .cure = R"(Close it. A " inside double quotes is written \", a ' inside single quotes is written ''.)"},
    {.code = "RC0009",
     .title = "a bracket is not closed, or not opened",
     .why = "Lists in [ ] and maps in { } end with the bracket of the same kind, and commas separate their "
            "parts.",
     .example = "args: [\"-n\", \"5\"\nname: x\n",
     .cure = "Close it, or write the list with one item on a line, each after '- '."},
    {.code = "RC0010",
     .title = "a value needs quotes",
     .why = "Some characters mean something to YAML at the beginning of a value: @ ` % * & ! | > { [ and "
            "quotes. A ':' "
            "followed by a space means a key wherever it stands.",
     .example = "path: {build.path}/report.md\ndescription: Note: this fails\n",
     .cure = "Put the whole value in quotes:\n  path: \"{build.path}/report.md\"\n  description: 'Note: this "
             "works'"},
    {.code = "RC0011",
     .title = "a key stands twice in one map",
     .why = "Only one of the two could count, and which one differs between programs that read YAML.",
     .example = "name: build\nname: test\n",
     .cure = "Remove one of them, or give it the name that it should have."},
    {.code = "RC0012",
     .title = "more than one document in a file",
     .why = "A line --- begins another document. A file holds one mission, so the second would never run.",
     .example = "name: first\n---\nname: second\n",
     .cure = "Remove the line, or move the second mission to a file of its own; `next_missions` runs it "
             "after the "
             "first."},
    {.code = "RC0013",
     .title = "a key that is no text",
     .why = "The keys of a mission are texts. A list or a map as a key comes mostly from a value without "
            "quotes.",
     .example = "env:\n  [a, b]: c\n",
     .cure = "Put quotes around a text that begins with a bracket or a colon."},
    {.code = "RC0014",
     .title = "an alias without an anchor",
     .why = "*name stands for the value that was marked &name further up, and there is none.",
     .example = "retry: *defaults\n",
     .cure = "Mark the value: `defaults: &defaults`. A text that begins with * needs quotes."},
    {.code = "RC0015",
     .title = "aliases without end",
     .why = "An alias is replaced by a copy of what it names. Aliases to values that hold aliases grow "
            "without bound, "
            "and a value that holds itself has no end.",
     .example = "a: &a [*a]\n",
     .cure = "Write values out instead of nesting aliases."},
    {.code = "RC0016",
     .title = "a merge key without a map",
     .why = "`<<` takes over the entries of another map, or of a list of maps.",
     .example = "env:\n  <<: production\n",
     .cure = "Name a map by its alias: `<<: *production`. A key that is really called << needs quotes."},
    {.code = "RC0017",
     .title = "nested too deep",
     .why = "Lists and maps stand within each other more often than any mission needs; it is a mistake, or "
            "an attempt "
            "to make the program fail.",
     .example = "",
     .cure = "Write flatter lists and maps."},
    {.code = "RC0018",
     .title = "too many values",
     .why = "The file holds more values than can be read in reasonable memory.",
     .example = "",
     .cure = "Split it into several missions, or move its data to files that the steps read."},
    {.code = "RC0019",
     .title = "a tag is ignored",
     .why = "A word after '!' before a value is a YAML tag. Missions know only those of YAML itself, like "
            "!!str.",
     .example = "version: !old 1.0\n",
     .cure = "Remove it, or put quotes around a text that begins with '!'."},
    {.code = "RC0020",
     .title = "an escape that YAML doesn't know",
     .why =
         R"(Between double quotes a backslash begins an escape like \n or \u00e9. Patterns and Windows paths )"
         "hold other ones.",
     .example = "pattern: \"\\d+\"\n",
     .cure =
         R"(Use single quotes, where a backslash is just a backslash: '\d+'. Or write it twice: "\\d+".)"},
    {.code = "RC0021",
     .title = "Markdown around the mission",
     .why = "Answers of language models and README files put YAML between two lines of ```; those are not "
            "part of it.",
     .example = "```yaml\nname: build\n```\n",
     .cure = "Keep only what stands between the two lines."},
    {.code = "RC0022",
     .title = "no space after a colon",
     .why = "`key:value` is one text to YAML; only a ':' with a space or a line end behind it makes a key.",
     .example = "steps:\n  - id:compile\n    name: Compile\n",
     .cure = "Write `key: value`."},
    {.code = "RC0023",
     .title = "typographic quotes",
     .why = "The quotes of word processors are letters to YAML: they become part of the text, and don't "
            "protect it.",
     .example = "name: \u201CBuild\u201D\n",
     .cure = "Write straight quotes, \" or '."},

    // RC01xx: keys, types and values
    {.code = "RC0101",
     .title = "the file holds no mission",
     .why = "A mission is a map of keys: `name`, `steps` and more. The file is empty, or a list or a text.",
     .example = "- id: hello\n  step_type: command\n",
     .cure = "Put the steps under `steps:` and give the mission a `name:`; `rustchain new basic FILE` writes "
             "one to start from."},
    {.code = "RC0102",
     .title = "a planning document, not a mission",
     .why = "The file describes work (objectives, phases, tasks) but has no list of steps that could be run, "
            "or it holds several missions at once.",
     .example = "mission:\n  name: Audit\nobjectives:\n  - find what is unsafe\n",
     .cure =
         "Write the work as steps, each with an id, a step_type and parameters; one file for each mission."},
    {.code = "RC0103",
     .title = "an older form of a whole mission",
     .why = "The mission is wrapped in `mission:`, or is a list of `tasks:` with `op:`. This form is "
            "rewritten, not read.",
     .example = "mission:\n  name: Audit\n  steps:\n    - id: look\n      type: command\n      command: ls\n",
     .cure = "Write its steps under a top-level `steps:`; `rustchain steps` shows what each type takes."},
    {.code = "RC0104",
     .title = "a mistyped key",
     .why = "The key is one typo away from a key that exists. It would be ignored, and the mission would do "
            "something else than its author thinks.",
     .example = "steps:\n  - id: a\n    step_type: noop\n    timeout_second: 30\n",
     .cure = "Write the key that the message names."},
    {.code = "RC0105",
     .title = "an unknown key",
     .why = "Nothing reads this key, so it has no effect.",
     .example = "name: Checks\ncolour: blue\nsteps: []\n",
     .cure = "Take it out, or put notes of your own under `metadata:` or in a key that begins with `x-`."},
    {.code = "RC0106",
     .title = "a key in the wrong place",
     .why = "The key exists, but not here, so it has no effect.",
     .example = "name: Checks\nfail_fast: true\n",
     .cure = "Move it to the place that the message names."},
    {.code = "RC0107",
     .title = "a value of the wrong type",
     .why = "The key wants another kind of value: a number, a list, a map.",
     .example = "config:\n  timeout_seconds: soon\n",
     .cure = "Write the value as the example in the message shows; durations are plain seconds."},
    {.code = "RC0108",
     .title = "a number out of range",
     .why = "The number is smaller than the key can take.",
     .example = "retry:\n  max_attempts: 0\n",
     .cure = "Write a number that the message allows, or leave the key out."},
    {.code = "RC0109",
     .title = "a word that the key doesn't know",
     .why = "The key takes one of a few words.",
     .example = "retry:\n  backoff: quadratic\n",
     .cure = "Write one of the words that the message names."},
    {.code = "RC0110",
     .title = "a required key is missing",
     .why = "Without it the step or the mission can't do its work.",
     .example = "steps:\n  - id: build\n    step_type: command\n",
     .cure = "Add the key that the message names."},
    {.code = "RC0111",
     .title = "the same thing is said twice",
     .why = "Two keys, or a step and its parameters, say the same thing; which of them was meant can't be "
            "known.",
     .example = "config:\n  max_parallel: 2\n  max_parallel_steps: 4\n",
     .cure = "Keep one of them."},
    {.code = "RC0112",
     .title = "not supported by this version",
     .why = "The mission format has this key or step type, but this version of rustchain can't do it yet. "
            "Going on without it would do something else than the mission says.",
     .example = "next_missions:\n  - deploy.yaml\n",
     .cure = "Do what the message proposes instead."},
    {.code = "RC0113",
     .title = "the mission names no format version",
     .why = "Later versions of the format may read the mission differently.",
     .example = "name: Checks\nsteps: []\n",
     .cure = "Write `version: \"1.0\"`."},
    {.code = "RC0114",
     .title = "an unknown version of the format",
     .why = "The mission is written for a major version that this program doesn't know.",
     .example = "version: \"2.0\"\n",
     .cure = "Write `version: \"1.0\"` if the mission is in today's format, or use a newer rustchain."},
    {.code = "RC0115",
     .title = "the version isn't a version of the format",
     .why = "`version` is the version of the mission format, a number such as 1.0.",
     .example = "version: latest\n",
     .cure = "Write `version: \"1.0\"`, and a version of your own under `metadata:`."},
    {.code = "RC0116",
     .title = "a boolean in another spelling",
     .why = "yes, no, on and off are texts to YAML 1.2; here true or false is wanted, and the word is taken "
            "as that.",
     .example = "continue_on_error: yes\n",
     .cure = "Write true or false."},
    {.code = "RC0117",
     .title = "a text where a list is wanted",
     .why = "The text has several words and is taken as one element of the list; several elements may have "
            "been meant.",
     .example = "parameters:\n  command: ls\n  args: -l /tmp\n",
     .cure = "Write a list: `args: [-l, /tmp]`."},
    {.code = "RC0118",
     .title = "the mission has no steps",
     .why = "There is nothing to do.",
     .example = "name: Checks\nsteps: []\n",
     .cure = "Add a step."},
    {.code = "RC0119",
     .title = "too many steps",
     .why = "A mission has 1,000,000 steps at most.",
     .example = "",
     .cure = "Split it into several missions."},
    {.code = "RC0121",
     .title = "a required input has no value",
     .why = "The mission declares an input as required, and neither --var nor a default gives its value.",
     .example = "parameters:\n  - name: target\n    required: true\n",
     .cure = "Give it on the command line: `--var target=...`."},
    {.code = "RC0122",
     .title = "an input of the wrong type",
     .why = "The value of an input isn't of the type that the mission declares for it.",
     .example = "parameters:\n  - name: count\n    type: integer\n    default: many\n",
     .cure = "Give a value of that type, or correct the declaration."},
    {.code = "RC0123",
     .title = "a variable that the mission doesn't declare",
     .why = "The name given with --var is one typo away from a variable of the mission.",
     .example = "",
     .cure = "Use the name that the message proposes."},
    {.code = "RC0124",
     .title = "a secret that stands for nothing",
     .why = "No variable of the mission has this name, and the environment has none either, so nothing is "
            "masked. A step that refers to it will fail; a mistyped name leaves the real value visible.",
     .example = "secrets: [API_TOKN]\nenv: {API_TOKEN: abc}",
     .cure = "Correct the name, or set the variable before the run."},
    {.code = "RC0125",
     .title = "a secret that is too short to be masked",
     .why = "A value of three characters or fewer stands by chance in all kinds of texts: masking it would "
            "spoil them, and show where it is.",
     .example = "secrets: [pin]\nvars: {pin: \"123\"}",
     .cure = "Take a longer value, or take the name out of `secrets`."},
    {.code = "RC0126",
     .title = "a secret that only the run will tell",
     .why = "What is masked is settled before the first step starts. This value is made from the output of a "
            "step, so it can't be known by then.",
     .example = "secrets: [TOKEN]\nenv: {TOKEN: \"{login.json.token}\"}",
     .cure = "Hand the value to the mission from outside, as a variable or in the environment."},
    {.code = "RC0127",
     .title = "a duration where a number of seconds is wanted",
     .why = "Times are numbers: seconds, or milliseconds where the key ends in _ms. The duration is taken as "
            "what it "
            "says.",
     .example = "steps:\n  - id: a\n    name: A\n    step_type: noop\n    timeout_seconds: 5m\n",
     .cure = "Write the number: `timeout_seconds: 300`."},
    {.code = "RC0130",
     .title = "a step without an id",
     .why = "References, dependencies and reports need a name for each step.",
     .example = "steps:\n  - step_type: noop\n",
     .cure = "Give the step an id."},
    {.code = "RC0131",
     .title = "two steps with the same id",
     .why = "A reference or a dependency couldn't tell them apart.",
     .example = "steps:\n  - {id: a, step_type: noop}\n  - {id: a, step_type: noop}\n",
     .cure = "Give each step an id of its own; steps of `finally` count too."},
    {.code = "RC0132",
     .title = "an id that is no plain name",
     .why = "References are made for ids of letters, digits, _ and -. One with other characters can be a "
            "dependency, but a reference to it may not be found.",
     .example = "steps:\n  - {id: run tests, step_type: noop}\n",
     .cure = "Use letters, digits, _ and -, and begin with a letter or _."},
    {.code = "RC0133",
     .title = "an unknown step type",
     .why = "There is no step type of this name.",
     .example = "steps:\n  - {id: a, step_type: comand}\n",
     .cure = "`rustchain steps` lists the types."},
    {.code = "RC0134",
     .title = "a step type or tool of another runner",
     .why = "Other versions and other runners had it; here the same work is done in another way.",
     .example = "steps:\n  - {id: a, step_type: git_status}\n",
     .cure = "Do what the message proposes."},
    {.code = "RC0135",
     .title = "a step that is no map",
     .why = "A step is a map of keys: `id`, `step_type`, `parameters`.",
     .example = "steps:\n  - run the tests\n",
     .cure = "Write the step as a map."},
    {.code = "RC0136",
     .title = "on_failure that lacks its value",
     .why = "use_default_value needs the value, retry_with_alternative the id of the other step, and only "
            "one of them can be.",
     .example = "depends_on:\n  - {step: a, on_failure: use_default_value}\n",
     .cure = "Write `on_failure: {use_default_value: X}` or `on_failure: {retry_with_alternative: ID}`."},

    // RC02xx: steps and their dependencies
    {.code = "RC0201",
     .title = "depends_on names a step that doesn't exist",
     .why =
         R"(A step can only wait for steps of the same file. Most often the id is mistyped, or the step was renamed.)",
     .example = R"(steps:
  - {id: build, step_type: noop}
  - {id: test, step_type: noop, depends_on: [biuld]})",
     .cure = R"(Write the id of the step as it stands after `id:`.)"},
    {.code = "RC0202",
     .title = "a step needs itself",
     .why = R"(It would wait for its own end.)",
     .example = R"(steps:
  - {id: build, step_type: noop, depends_on: [build]})",
     .cure = R"(Take the id out of depends_on.)"},
    {.code = "RC0203",
     .title = "steps need each other",
     .why =
         R"(Each step of the circle waits for the next one, so none of them can ever start. The message shows the circle, the notes the line of each dependency on it.)",
     .example = R"(steps:
  - {id: a, step_type: noop, depends_on: [b]}
  - {id: b, step_type: noop, depends_on: [a]})",
     .cure =
         R"(Take one dependency out. If two steps really need something of each other, split one of them in two.)"},
    {.code = "RC0204",
     .title = "a dependency between steps and finally",
     .why =
         R"(The steps of `finally` run after all others have ended, whatever came of them. Waiting for one of them from outside would never end; waiting from them for a step outside says nothing.)",
     .example = R"(steps:
  - {id: build, step_type: noop, depends_on: [clean]}
finally:
  - {id: clean, step_type: noop})",
     .cure =
         R"(Move the step to the list where it belongs. To run a step of `finally` only after a success, give it a condition: when: "{build.status} == success")"},
    {.code = "RC0205",
     .title = "an alternative that can't be one",
     .why =
         R"(The alternative runs when the dependency has failed, in its place. It can't be the step that waits for it, the dependency itself, or a step that is needed in any case.)",
     .example = R"(steps:
  - {id: fast, step_type: noop}
  - id: use
    step_type: noop
    depends_on:
      - {step: fast, on_failure: {retry_with_alternative: fast}})",
     .cure = R"(Name a step of its own, and don't list it under depends_on as well.)"},
    {.code = "RC0206",
     .title = "references go in a circle",
     .why =
         R"(A step that refers to the output of another waits for it, also without depends_on. Here the steps wait for each other.)",
     .example = R"(steps:
  - {id: a, step_type: command, parameters: {command: echo, args: ["{b}"]}}
  - {id: b, step_type: command, parameters: {command: echo, args: ["{a}"]}})",
     .cure =
         R"(Take one of the references out, or split a step so that the part that gives the value comes first.)"},
    {.code = "RC0207",
     .title = "a dependency that follows from a path is left out",
     .why =
         R"(The step reads a path that an earlier step of the file writes, so it would wait for it; but a written dependency asks for the opposite order, and what is written wins.)",
     .example = R"()",
     .cure =
         R"(Nothing, if the written order is meant. Else turn the dependency round. `config: {infer_dependencies: false}` turns dependencies from paths off.)"},
    {.code = "RC0208",
     .title = "too many dependencies follow from paths",
     .why =
         R"(Very many steps read and write the same paths. Beyond a million of such dependencies, a step only waits for the last one before it that writes the path.)",
     .example = R"()",
     .cure =
         R"(Write the dependencies that matter under depends_on, and set `config: {infer_dependencies: false}`.)"},

    // RC03xx: references and conditions
    {.code = "RC0301",
     .title = "a name that nothing stands for",
     .why =
         R"(`{{ x }}` and `${x}` are references. There is no step, variable or built-in name of this kind, so the text stays as it is written, which is seldom meant.)",
     .example = R"(steps:
  - {id: hello, step_type: command, parameters: {command: echo, args: ["{{ greeting }}"]}})",
     .cure =
         R"(Declare it under `vars:`, or correct the name. Environment variables are {env.NAME}. If the text itself is meant, write $${x}, or set `substitute: false` for the step.)"},
    {.code = "RC0302",
     .title = "a name that is nearly a known one",
     .why = R"(There is no such step or variable, but one whose name differs in a letter or two.)",
     .example = R"(steps:
  - {id: build, step_type: noop}
  - {id: report, step_type: command, parameters: {command: echo, args: ["{{ biuld.status }}"]}})",
     .cure =
         R"(Correct the name. If the text itself is meant, write $${x}, or set `substitute: false` for the step.)"},
    {.code = "RC0303",
     .title = "a step refers to its own output",
     .why = R"(The output is only there when the step has ended.)",
     .example = R"(steps:
  - {id: build, step_type: command, parameters: {command: echo, args: ["{build.stdout}"]}})",
     .cure = R"(Refer to the step that gives the value.)"},
    {.code = "RC0304",
     .title = "a step refers to a step of finally",
     .why = R"(The steps of `finally` run after all others, so there is no output yet.)",
     .example = R"(steps:
  - {id: build, step_type: command, parameters: {command: echo, args: ["{clean}"]}}
finally:
  - {id: clean, step_type: noop})",
     .cure = R"(Move the step that gives the value to `steps`.)"},
    {.code = "RC0305",
     .title = "a field that the step doesn't have",
     .why =
         R"(Each step type gives certain fields; `rustchain steps TYPE` lists them. A name that is none of them has a value only where the main output is JSON that holds it.)",
     .example = R"(steps:
  - {id: build, step_type: command, parameters: {command: make}}
  - {id: report, step_type: command, parameters: {command: echo, args: ["{build.exitcode}"]}})",
     .cure = R"(Correct the field. What a JSON output holds can be named in full: {build.stdout.version}.)"},
    {.code = "RC0306",
     .title = "a condition that can't be read",
     .why =
         R"(`when` compares values: ==, !=, <, <=, >, >=, contains, matches, in; joined with and, or, not and parentheses. Texts of several words stand in quotes.)",
     .example = R"(steps:
  - {id: deploy, step_type: noop, when: "{build.status} = success"})",
     .cure = R"(For example: when: "{build.status} == success and not {build.stdout} contains 'warning'")"},
    {.code = "RC0307",
     .title = "a condition asks for a name that nothing stands for",
     .why =
         R"(What is no reference is a text. A condition that compares a fixed text always has the same answer.)",
     .example = R"(steps:
  - {id: deploy, step_type: noop, when: "{stage} == production"})",
     .cure = R"(Declare the name under `vars:`, or correct it.)"},
    {.code = "RC0308",
     .title = "a place in a shell text where no value can stand",
     .why =
         R"(Values reach a shell as variables, so that nothing in them is ever read as code. Within $'...', behind a here-document's delimiter of several words, and in here-documents nested very deep, there is no place for a variable.)",
     .example = R"(steps:
  - {id: a, step_type: command, parameters: {command: "echo $'{mission.name}'", shell: true}})",
     .cure = R"(Use ordinary quotes: "{mission.name}".)"},
    {.code = "RC0309",
     .title = "${{ x }} is no reference",
     .why =
         R"(References are written {x}, {{ x }} or ${x}. `${{ x }}` belongs to other tools and stays as it is.)",
     .example = R"(steps:
  - {id: a, step_type: noop, parameters: {message: "${{ vars.stage }}"}})",
     .cure = R"(Leave the dollar out: {{ vars.stage }}.)"},
    {.code = "RC0310",
     .title = "a status that no step has",
     .why =
         "The condition compares a step's status with a word that is none of the five, so it always says the "
         "same: with == the step never runs.",
     .example = "steps:\n  - {id: build, step_type: noop}\n  - {id: report, step_type: noop, when: "
                "\"{build.status} == ok\"}\n",
     .cure = "Compare with success, partial, failed, skipped or cancelled; the code of an HTTP answer is "
             "{id.status_code}."},
    {.code = "RC0311",
     .title = "a variable that can't be filled in",
     .why =
         "Variables are filled in before the first step runs, from each other, from the environment and from "
         "the mission's own names. What a step gives, the time, the item of a foreach are not known by then; "
         "and variables that are made from each other have no beginning.",
     .example = "vars:\n  root: \"{root}/build\"\n  report: \"{test}.md\"\n",
     .cure = "Write the reference in the step that uses the variable; take one reference of a circle out; "
             "set the "
             "environment variable, or give the value by `--var`."},
    {.code = "RC0312",
     .title = "a name without braces in a condition",
     .why =
         "Only what stands in braces is looked up: without them the name itself would be compared, and the "
         "condition would always say the same.",
     .example =
         "steps:\n  - {id: build, step_type: noop}\n  - {id: report, step_type: noop, when: build.status == "
         "success}\n",
     .cure = "Put the name in braces: `when: \"{build.status} == success\"`."},
    {.code = "RC0313",
     .title = "an expression between the braces of a reference",
     .why = "A reference is a name and the way into its value. Filters, operators and functions of other "
            "tools are "
            "not known: the text would stay as it is.",
     .example = "steps:\n  - {id: build, step_type: command, parameters: {command: date}}\n  - {id: report, "
                "step_type: noop, parameters: {message: \"{{ build.stdout | trim }}\"}}\n",
     .cure =
         "Write the name alone; {build} has no newline at its end. Let a command step compute what is more, "
         "and compare in `when`."},

    // RC04xx: rules of step types
    {.code = "RC0401",
     .title = "a command step has no command",
     .why = "There is nothing that the step could run.",
     .example = "- id: build\n  step_type: command\n  parameters:\n    args: [all]\n",
     .cure =
         "Add `command: make`, or commands by platform: `platform_commands: {unix: make, windows: nmake}`."},
    {.code = "RC0402",
     .title = "shell syntax among the arguments of a command",
     .why =
         "A command with `args` is started without a shell: each argument reaches the program as it is, also "
         "`|`, `>` and quotes.",
     .example = "command: echo\nargs: [hello, \">\", hello.txt]\n",
     .cure = "Write the whole line as the command, for a shell to read: `command: echo hello > hello.txt`."},
    {.code = "RC0403",
     .title = "a command has two sources for its standard input",
     .why = "`stdin_file` wins, so `stdin` has no effect.",
     .example = "command: sort\nstdin: \"b a\"\nstdin_file: words.txt\n",
     .cure = "Keep one of them."},
    {.code = "RC0404",
     .title = "the content is not base64",
     .why = "With `encoding: base64` the content is decoded before it is written.",
     .example = "path: logo.png\nencoding: base64\ncontent: hello!\n",
     .cure = "Make the content with `base64 FILE`, or leave `encoding` out for a text."},
    {.code = "RC0405",
     .title = "not a file mode",
     .why = "A mode is three or four octal digits: what owner, group and others may do.",
     .example = "mode: rwxr-xr-x\n",
     .cure = "Write `mode: \"644\"` for a text, `mode: \"755\"` for a program."},
    {.code = "RC0406",
     .title = "an edit that can't be done",
     .why =
         "Each operation of edit_file needs its own keys: replace and delete something to find, insert_after "
         "and insert_before that and the content, write, append and prepend the content.",
     .example = "path: a.txt\noperation: insert_after\ncontent: new line\n",
     .cure = "Add what is missing: `find: text` or `regex: pattern`, `replace: text`, `content: text`."},
    {.code = "RC0407",
     .title = "a path that is never deleted",
     .why =
         "The root directory, the working directory and the home directory hold more than a step can mean.",
     .example = "path: .\nrecursive: true\n",
     .cure = "Name the files or directories in it that shall go: `path: build`."},
    {.code = "RC0408",
     .title = "source and destination are the same",
     .why = "A file can't be copied or moved to itself.",
     .example = "source: a.txt\ndestination: ./a.txt\n",
     .cure = "Choose another destination."},
    {.code = "RC0409",
     .title = "a regular expression that can't be read",
     .why = "It is incomplete, or uses what is not supported: back references and looking ahead or behind.",
     .example = "regex: '(unclosed'\n",
     .cure = "Correct it; a backslash takes a character as it is, as in `\\(`."},
    {.code = "RC0410",
     .title = "a background command that can't be",
     .why = "A background command is one process (with its children) that lives until the run ends, and "
            "`ready` names the one way in which it is known to be ready.",
     .example = "command: ./server\nbackground: true\nready: {timeout_seconds: 5}\n",
     .cure = "Write `ready: {port: 8080}`, `{http: URL}` or `{output: REGEX}`; without `ready` the step ends "
             "once the process was started."},
    {.code = "RC0411",
     .title = "a parameter has no effect beside another",
     .why =
         "What it asks for can't be done together with the other parameter, or needs one that isn't there.",
     .example = "command: ./server\nready: {port: 8080}\n",
     .cure = "Take it away, or add the parameter that the message names."},
    {.code = "RC0412",
     .title = "a file is given two texts",
     .why = "`content` is the text itself, `from` names the file that holds it.",
     .example = "path: report.md\ncontent: \"# Report\"\nfrom: templates/report.md\n",
     .cure = "Keep one of them."},
    {.code = "RC0413",
     .title = "the file that a step takes its text from can't be read",
     .why = "References in it are filled in like those of the mission, so it is looked at before the run. No "
            "step "
            "of the mission is known to write it.",
     .example = "path: report.md\nfrom: templates/report.md\n",
     .cure = "Correct the path: it is seen from the working directory; `{mission.dir}/report.md` is seen "
             "from the "
             "mission's own. Nothing is wrong if a command makes the file before the step runs."},

    {.code = "RC0450",
     .title = "an http step has more than one body",
     .why = "A request has one body: body, json, form or body_file says which.",
     .example = "parameters:\n  url: https://example.org\n  body: text\n  json: {a: 1}",
     .cure = "Keep one of them."},
    {.code = "RC0451",
     .title = "a url can't be used",
     .why = "It has no scheme or no host, or a scheme that is neither http nor https.",
     .example = "parameters:\n  url: localhost:8080/health",
     .cure = "Write it whole: http://localhost:8080/health."},
    {.code = "RC0452",
     .title = "expect_status can't be read",
     .why = "A status is a number from 100 to 599; ranges and classes of them can be named, too.",
     .example = "parameters:\n  url: https://example.org\n  expect_status: ok",
     .cure = "Write 200, 2xx, 200-299, or a list of these: [200, 404]."},
    {.code = "RC0453",
     .title = "an llm step has no prompt",
     .why = "There is nothing to ask the model.",
     .example = "- id: ask\n  step_type: llm\n  parameters:\n    model: llama3.2",
     .cure = "Add prompt, or messages."},
    {.code = "RC0454",
     .title = "the provider of an llm step is unknown",
     .why = "The step will fail: nobody knows where its server is and how it is talked to.",
     .example = "parameters:\n  provider: oracle\n  prompt: Hello",
     .cure = "Use a provider of `rustchain steps llm`, or name the base_url of an OpenAI-compatible server."},
    {.code = "RC0455",
     .title = "a message of an llm step is not one",
     .why = "A message is a map with a role (system, user, assistant) and a content.",
     .example = "parameters:\n  messages: [{role: bot, content: Hello}]",
     .cure = "Write {role: user, content: ...}."},
    {.code = "RC0456",
     .title = "extract is unknown",
     .why = "What can be taken from an answer is all of its text, its code, the code of a language, or JSON.",
     .example = "parameters:\n  prompt: Write a program.\n  extract: program",
     .cure = "Use text, code, code:LANG (code:python) or json."},
    {.code = "RC0457",
     .title = "format is unknown",
     .why =
         "A model server can be told to answer with JSON, or with JSON of a schema; it knows nothing else.",
     .example = "parameters:\n  prompt: List three cities.\n  format: yaml",
     .cure = "Use json or a JSON schema; ask for other formats in the prompt."},
    {.code = "RC0458",
     .title = "a check of an answer that checks nothing",
     .why = "`verify` holds an answer against a command or a JSON schema; with neither, every answer would "
            "pass.",
     .example = "verify: {max_repairs: 1}",
     .cure = "Add `command: gcc -fsyntax-only {answer_file}`, or `json_schema: {...}`."},

    // RC05xx: older shapes, accepted with a warning
    {.code = "RC0501",
     .title = "an older name of a key",
     .why = "The key is read, but has another name today.",
     .example = "timeout: 30\n",
     .cure = "Write the name in the message."},
    {.code = "RC0502",
     .title = "an older spelling of a step type",
     .why = "Step types are written in lower case with underscores today.",
     .example = "step_type: CreateFile\n",
     .cure = "Write `step_type: create_file`."},
    {.code = "RC0503",
     .title = "an older name of a step type",
     .why = "The step type is read, but has another name today.",
     .example = "step_type: http_request\n",
     .cure = "Write the name in the message."},
    {.code = "RC0504",
     .title = "a step without a name",
     .why = "People are shown the name; without one they are shown the id.",
     .example = "steps:\n  - {id: a, step_type: noop}\n",
     .cure = "Give the step a `name:`."},
    {.code = "RC0505",
     .title = "parameters under config",
     .why = "Older missions in JSON have a step's parameters under `config`.",
     .example = "steps:\n  - id: a\n    step_type: noop\n    config: {message: hello}\n",
     .cure = "Write `parameters`."},
    {.code = "RC0506",
     .title = "parameters beside the step type",
     .why = "The parameters of a step stand under `parameters:` today.",
     .example = "steps:\n  - id: a\n    step_type: command\n    command: make\n",
     .cure = "Move them under `parameters:`."},
    {.code = "RC0507",
     .title = "a tool step",
     .why = "`step_type: tool` with one of today's step types as its tool is that step type.",
     .example = "steps:\n  - id: a\n    step_type: tool\n    tool: create_file\n",
     .cure = "Write the step type itself."},
    {.code = "RC0508",
     .title = "retry_count",
     .why = "It counted the attempts after the first; today retry.max_attempts counts them all.",
     .example = "retry_count: 2\n",
     .cure = "Write `retry: {max_attempts: 3}`."},
    {.code = "RC0509",
     .title = "on_failure of a step",
     .why = "Whether the run goes on after a step's failure is `continue_on_error` today.",
     .example = "on_failure: continue\n",
     .cure = "Write `continue_on_error: true`."},

    // RC06xx: composition: extends, templates, foreach, mission steps
    {.code = "RC0601",
     .title = "a base can't be used",
     .why = "`extends` names a mission that this one is built on. Without it the mission isn't whole.",
     .example = "extends: bse.yaml\n",
     .cure = "Correct the path; it is seen from the directory of the file that names it."},
    {.code = "RC0602",
     .title = "missions extend each other in a circle",
     .why = "Each of them would need the other to be read first.",
     .example = "# in a.yaml\nextends: b.yaml\n# in b.yaml\nextends: a.yaml\n",
     .cure = "Move what they share into a third file that both extend."},
    {.code = "RC0603",
     .title = "`with` without `template`",
     .why = "`with` holds the values for the holes of a template; without a template nothing uses them.",
     .example = "steps:\n  - {id: a, step_type: noop, with: {name: x}}\n",
     .cure = "Name the template, or take `with` out."},
    {.code = "RC0604",
     .title = "nothing to remove",
     .why = "`remove: true` drops the step of a base that has the same id, and no base has one.",
     .example = "extends: base.yaml\nsteps:\n  - {id: tset, remove: true}\n",
     .cure = "Correct the id, or take the entry out."},
    {.code = "RC0605",
     .title = "a template can't be used",
     .why = "`template` names a step body under `templates:` at the top level; a body is a map of a step's "
            "keys.",
     .example = "templates:\n  lint: {step_type: command, parameters: {command: \"lint {directory}\"}}\n"
                "steps:\n  - {id: a, template: lnit, with: {directory: src}}\n",
     .cure = "Correct the name, or define the template."},
    {.code = "RC0606",
     .title = "a value for a hole that isn't there",
     .why = "The template has no {name} of that name, so the value has no effect.",
     .example = "with: {diretory: src}\n",
     .cure = "Correct the name, or write the hole where the value belongs."},
    {.code = "RC0607",
     .title = "a hole without a value",
     .why = "Another step fills this hole of the template; here it stays as it is written, with its braces.",
     .example = "steps:\n  - {id: a, template: lint, with: {directory: src}}\n  - {id: b, template: lint}\n",
     .cure = "Give the value under `with:`."},
    {.code = "RC0608",
     .title = "templates without end",
     .why = "Each use of a template is a copy of it, and of the values it is given. Together they grew past "
            "what a mission needs.",
     .example = "",
     .cure = "Move long texts to files that the steps read."},
    {.code = "RC0609",
     .title = "foreach has no items",
     .why = "A step with `foreach` is run once for each element of a list. The list is written there, or a "
            "reference gives it, or it is the files that match a pattern.",
     .example = "steps:\n  - {id: a, step_type: noop, foreach: src/*.cpp}\n",
     .cure = "Write `foreach: [debug, release]`, `foreach: \"{targets}\"` or `foreach: {glob: "
             "\"src/*.cpp\"}`."},
    {.code = "RC0610",
     .title = "another mission can't be used",
     .why = "A step of type mission, or next_missions, names a mission file that can't be read.",
     .example = "steps:\n  - {id: lint, step_type: mission, parameters: {mission: misions/lint.yaml}}\n",
     .cure = "Correct the path. It is seen from the directory of the file that names it; that of a step then "
             "also from the working directory."},
    {.code = "RC0611",
     .title = "missions run each other in a circle",
     .why = "A mission that runs itself, by steps of type mission or by next_missions, would never end.",
     .example = "# in a.yaml\nnext_missions: [b.yaml]\n# in b.yaml\nnext_missions: [a.yaml]\n",
     .cure = "Take one of them out. What is to be done again and again is a `repeat_count` or a `foreach`."},
    {.code = "RC0612",
     .title = "another mission is invalid",
     .why =
         "A mission is checked together with all that it runs, so that nothing starts that can't end well.",
     .example = "",
     .cure = "Mend the problems of that mission; they are shown with its own lines."},
    {.code = "RC0613",
     .title = "next_missions of a step",
     .why = "A mission that is run as a step is run alone: what would come after it would have no place in "
            "this run.",
     .example = "",
     .cure = "Add a step of type mission for each of them."},

    // RC07xx: the mission's own safety policy
    {.code = "RC0701",
     .title = "a safety policy that can't be used",
     .why = "`safety:` may ask for a stricter mode, and for findings to be allowed; each request names a "
            "rule and "
            "gives a reason, so that the person who says yes knows to what.",
     .example = "safety:\n  allow:\n    - {rule: git.discrad, step: clean}\n",
     .cure = "Write `- {rule: git.discard, step: clean, reason: the checkout is the job's own}`."},
});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain

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
     .cure = "Split it into several missions, or move its data to files that the steps read. A long list in "
             "brackets "
             "inside another list takes much more memory than one with an item on each line."},
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

    // RC04xx: rules of step types

    // RC05xx: older shapes, accepted with a warning

    // RC06xx: composition: extends, templates, foreach, mission steps

});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain

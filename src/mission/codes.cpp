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

    // RC03xx: references and conditions

    // RC04xx: rules of step types

    // RC05xx: older shapes, accepted with a warning

    // RC06xx: composition: extends, templates, foreach, mission steps

});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain

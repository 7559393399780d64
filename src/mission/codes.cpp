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

    // RC01xx: keys, types and values

    // RC02xx: steps and their dependencies

    // RC03xx: references and conditions

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

    // RC05xx: older shapes, accepted with a warning

    // RC06xx: composition: extends, templates, foreach, mission steps

});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain

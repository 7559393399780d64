// rustchain(1), in the macros of man(7).
#include "rustchain/exit_code.hpp"
#include "rustchain/version.hpp"

#include "cli/completion.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

// A line of text: nothing in it is a request or an escape.
std::string line(std::string_view text) {
  std::string safe = replace_all(replace_all(text, "\\", "\\e"), "-", "\\-");
  return (safe.starts_with('.') || safe.starts_with('\'') ? "\\&" : "") + safe + "\n";
}

std::string bold(std::string_view text) {
  return "\\fB" + replace_all(text, "-", "\\-") + "\\fR";
}

std::string options(const std::vector<OptionHelp>& rows) {
  std::string text;
  for (const OptionHelp& option : rows) {
    std::string names;
    for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
    if (!option.value.empty()) names += " \\fI" + replace_all(option.value, "-", "\\-") + "\\fR";
    text += ".TP\n" + names + "\n" + line(option.doc);
  }
  return text;
}

bool is_common(const OptionHelp& option, const std::vector<OptionHelp>& common) {
  for (const OptionHelp& row : common)
    if (row.names == option.names) return true;
  return false;
}

}  // namespace

std::string manual_page(const std::vector<CommandHelp>& commands) {
  const std::vector<OptionHelp> common = describe_common_options();
  std::string text =
      ".TH RUSTCHAIN 1 \"\" \"rustchain " + std::string(version()) +
      "\" \"User Commands\"\n"
      ".SH NAME\nrustchain \\- run missions: steps that are commands, files, HTTP and LLM calls\n"
      ".SH SYNOPSIS\n.B rustchain\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n"
      ".SH DESCRIPTION\nA mission is a YAML file of steps that depend on each other.\n.B rustchain\n"
      "checks it, shows what it would do, and runs it.\n.SH OPTIONS\nEvery command takes these.\n" +
      options(common) + ".SH COMMANDS\n";
  for (const CommandHelp& command : commands) {
    text += ".SS \"rustchain " + replace_all(command.name, "-", "\\-") +
            (command.operands.empty() ? "" : " " + replace_all(command.operands, "-", "\\-")) + "\"\n" +
            line(command.summary);
    std::vector<OptionHelp> own;
    for (const OptionHelp& option : command.options)
      if (!is_common(option, common)) own.push_back(option);
    text += options(own) + ".PP\nExamples:\n.PP\n.RS\n.nf\n";
    for (std::string_view example : split(command.examples, '\n'))
      if (!example.empty()) text += line(example);
    text += ".fi\n.RE\n";
  }
  text += ".SH EXIT STATUS\n";
  for (const ExitCodeRow& row : k_exit_codes)
    text += ".TP\n" + bold(std::to_string(static_cast<int>(row.code))) + "\n" + line(row.meaning);
  return text + ".SH FILES\n.TP\n.I .rustchain/runs\n" +
         line(
             "What runs were and what their steps printed, below the working directory; RUSTCHAIN_STATE_DIR "
             "names another place.");
}

}  // namespace rustchain

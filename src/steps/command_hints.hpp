// What an ended or unstarted command means to a person, and what to do about it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct ExitMeaning {
  std::string meaning;  // "it found nothing"; empty: nothing is known
  std::string help;
};
// What exit code `code` of `program` (a name or path; empty: a shell text of several commands) means.
ExitMeaning exit_meaning(std::string_view program, int code);

// "SIGSEGV (it used memory that isn't its own)"; "signal 42".
std::string signal_told(int signal);
std::string signal_help(int signal);  // may be empty

// What to do about a program that isn't there: the package that has it, a word that only shells know ...
// `near`: a program that is there and was probably meant; may be empty.
std::string missing_program_help(const std::vector<std::string>& argv, const std::string& near = {});

// Words among the arguments that only a shell would have read; empty: none.
std::string quoting_mistake(const std::vector<std::string>& argv);
// Words of a shell text that the shell took for itself; empty: none.
std::string script_mistake(std::string_view script);

}  // namespace rustchain

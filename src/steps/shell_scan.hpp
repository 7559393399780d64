// A look at a shell text, good enough to see which files it reads and writes: never the base of a judgement
// about safety. Pure, linear time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct ShellCommand {
  std::vector<std::string> words;   // quotes taken away; expansions as written
  std::vector<std::string> reads;   // < FILE
  std::vector<std::string> writes;  // > FILE, >> FILE ...
};
// The simple commands of the text, in order; what is in $( ), backquotes and here-documents is passed over.
std::vector<ShellCommand> scan_shell(std::string_view text);

}  // namespace rustchain

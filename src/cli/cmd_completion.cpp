// rustchain completion: what completes the commands in a shell, and the manual page.
#include "cli/commands.hpp"
#include "cli/completion.hpp"

namespace rustchain {

ExitCode command(App& app, const CompletionOptions& options) {
  using Target = CompletionOptions::Target;
  const std::vector<CommandHelp> commands = describe_commands();
  switch (options.target) {
    case Target::bash: app.console.out(bash_completion(commands)); break;
    case Target::zsh: app.console.out(zsh_completion(commands)); break;
    case Target::fish: app.console.out(fish_completion(commands)); break;
    case Target::man: app.console.out(manual_page(commands)); break;
  }
  return ExitCode::success;
}

}  // namespace rustchain

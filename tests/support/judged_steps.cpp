// Steps as the judge gets them.
#include "support/judged_steps.hpp"

#include <utility>

namespace rustchain::testing {

JudgedStep command(std::string id, std::vector<std::string> argv) {
  JudgedStep step;
  step.id = std::move(id);
  step.type = "command";
  step.effects.executes.push_back({std::move(argv), {}, {}});
  return step;
}

JudgedStep script(std::string id, const std::string& text) {
  JudgedStep step;
  step.id = std::move(id);
  step.type = "command";
  step.effects.executes.push_back({{"/bin/sh", "-c", text}, text, {}});
  return step;
}

JudgedStep writes(std::string id, const std::string& path, const std::string& content) {
  JudgedStep step;
  step.id = std::move(id);
  step.type = "create_file";
  step.writes = {path};
  step.effects.writes = {path};
  step.effects.contents.emplace_back(path, content);
  return step;
}

JudgedStep asks(std::string id, const std::string& url, const std::string& file) {
  JudgedStep step;
  step.id = std::move(id);
  step.type = "http";
  step.effects.connects = {url};
  if (!file.empty()) step.writes = {file};
  return step;
}

}  // namespace rustchain::testing

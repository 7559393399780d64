// Runs the documentation: each page's blocks in order, in a fresh directory, with the real program.
//   ```yaml   a mission (it has steps) must pass `validate --strict`; a list is taken for steps, a map for
//   keys of
//             a mission or of a step, and put into one
//   ```sh     is run by a shell that stops at the first failure. The block without a language below it is
//   what it
//             prints, standard error too; a line `...` stands for any lines; `# exits with N` names its exit
//             code
//   ```json   must be JSON
// pages/page.hpp lists the comments that say more. No request leaves the machine: what http and llm steps are
// answered stands in the page too. RUSTCHAIN_ACCEPT=1 writes what was printed into the pages: read it before
// it is committed.
#include "rustchain/json.hpp"

#include "mission/load.hpp"
#include "mission/read.hpp"
#include "pages/page.hpp"
#include "support/golden.hpp"
#include "support/loopback_server.hpp"
#include "support/ollama_stand_in.hpp"
#include "support/temporary_directory.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <regex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

const std::string k_repository = RUSTCHAIN_SOURCE_DIR;
const std::string k_shown_directory = "/home/ada/project";  // where the pages are

// ---- the world of a page

// Answers what the page says that a server answers; runs ask it as their proxy.
class Servers {
 public:
  void add(const std::string& request, int status, const std::string& body) {
    std::scoped_lock lock(mutex_);
    answers_[request] = http_answer(status, body,
                                    Json::accept(body) ? "Content-Type: application/json\r\n"
                                                       : "Content-Type: text/plain; charset=utf-8\r\n");
  }
  std::string url() const { return server_.url(""); }

 private:
  std::string answer(const std::string& request) {
    std::string asked = request.substr(0, request.find(" HTTP/1.1\r\n"));
    std::scoped_lock lock(mutex_);
    auto found = answers_.find(asked);
    return found != answers_.end() ? found->second : http_answer(404, "the page has no answer to " + asked);
  }

  std::mutex mutex_;
  std::map<std::string, std::string> answers_;  // by "GET http://..."
  LoopbackServer server_{answer_with([this](const std::string& request) { return answer(request); })};
};

struct Ended {
  int code = 0;
  std::string printed;
};

class World {
 public:
  World() {
    fs::create_directories(temporary_ / "bin");
    fs::create_directories(directory());
    fs::create_symlink(RUSTCHAIN_PROGRAM, temporary_ / "bin/rustchain");
  }

  std::string directory() const { return temporary_ / "work"; }
  void put(const std::string& name, const std::string& text) const { temporary_.put("work/" + name, text); }
  void copy_folder(const std::string& name) const {
    fs::copy(fs::path(k_repository) / name, fs::path(directory()) / name, fs::copy_options::recursive);
  }

  // With the answers that the page has given since the last one.
  Ended run_block(const std::string& script) {
    OllamaStandIn ollama(std::exchange(models, {}));
    return ollama.models.empty() ? run(script) : run(script, ollama.place());
  }

  // `place`: of the Ollama server; without one nobody listens where it would.
  Ended run(const std::string& script, std::string place = {}) {
    temporary_.put("script", script);
    if (place.empty()) place = "127.0.0.1:" + std::to_string(free_port_);
    std::string line = "cd '" + directory() + "' && exec env -i PATH='" + (temporary_ / "bin") +
                       "':/usr/local/bin:/usr/bin:/bin HOME='" + directory() +
                       "' LANG=C.UTF-8 http_proxy=" + servers.url() +
                       " no_proxy=127.0.0.1,localhost OLLAMA_HOST=" + place + " timeout 60 /bin/sh -e " +
                       (temporary_ / "script") + " </dev/null >" + (temporary_ / "printed") + " 2>&1";
    int status = std::system(line.c_str());
    std::string printed = replace_all(temporary_.get("printed"), place, "localhost:11434");
    printed = replace_all(printed, directory(), k_shown_directory);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), printed};
  }

  Servers servers;
  std::map<std::string, OllamaStandIn::Model> models;  // for the next run

 private:
  TemporaryDirectory temporary_;
  std::uint16_t free_port_ = free_port();
};

// ---- missions of fragments

bool knows(std::span<const KeySpec> keys, const std::string& name) {
  return std::any_of(keys.begin(), keys.end(), [&](const KeySpec& key) { return key.name == name; });
}

std::string indented(const std::string& text, const std::string& by) {
  std::string lines;
  for (std::string_view line : split(text, '\n'))
    lines += line.empty() ? "\n" : by + std::string(line) + "\n";
  return lines;
}

std::string lines_for_missing(const Node& map,
                              const std::vector<std::pair<std::string, std::string>>& wanted) {
  std::string lines;
  for (const auto& [key, value] : wanted)
    if (map.find(key) == nullptr) lines += key + ": " + value + "\n";
  return lines;
}

// A mission around `text`, with the steps `named` that it doesn't have itself; empty: it is no part of one.
std::string complete(const std::string& text, const std::vector<std::string>& named) {
  Diagnostics problems;
  std::optional<Node> node = load_yaml(text, 0, problems);
  if (!node) return text;  // validate will say why
  std::string others;
  for (const std::string& id : named)
    if (text.find("id: " + id + "\n") == std::string::npos &&
        text.find("id: " + id + ",") == std::string::npos)
      others += "  - {id: " + id + ", name: Other, step_type: command, parameters: {command: \"true\"}}\n";
  const std::string head = "name: Example\nversion: \"1.0\"\n";
  if (node->is_list()) return head + "steps:\n" + others + indented(text, "  ");
  if (!node->is_map()) return {};
  auto all_known_in = [&](std::span<const KeySpec> keys) {
    for (std::size_t i = 0; i < node->size(); ++i)
      if (!knows(keys, node->key(i).text)) return false;
    return true;
  };
  const Node* parameters = node->find("parameters");
  if (all_known_in(mission_keys()) && (parameters == nullptr || !parameters->is_map())) {
    if (node->find("steps") != nullptr)
      return lines_for_missing(*node, {{"name", "Example"}, {"version", "\"1.0\""}}) + text;
    const std::string step = "  - {id: example, name: Example, step_type: noop}\n";
    return lines_for_missing(*node, {{"name", "Example"}, {"version", "\"1.0\""}}) + text + "steps:\n" +
           others + step;
  }
  if (!all_known_in(step_keys())) return {};
  const std::string step =
      lines_for_missing(*node, {{"id", "example"}, {"name", "Example"}, {"step_type", "noop"}}) + text;
  return head + "steps:\n" + others + "  -\n" + indented(step, "    ");
}

// ---- expected outputs

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::string_view line : split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// Whether the lines are those expected, where "..." stands for any lines.
bool fits(std::span<const std::string> expected, std::span<const std::string> actual) {
  if (expected.empty()) return actual.empty();
  if (expected.front() != "...")
    return !actual.empty() && expected.front() == actual.front() &&
           fits(expected.subspan(1), actual.subspan(1));
  for (std::size_t skipped = 0; skipped <= actual.size(); ++skipped)
    if (fits(expected.subspan(1), actual.subspan(skipped))) return true;
  return false;
}

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

int exit_code_of(const std::string& script) {
  static const std::regex k_mark("# exits with ([0-9]+)");
  std::smatch found;
  return std::regex_search(script, found, k_mark) ? std::stoi(found[1]) : 0;
}

// ---- pages

struct NotRun {
  std::string place;
  std::string reason;
};
std::vector<NotRun>& not_run() {
  static std::vector<NotRun> all;
  return all;
}

class PageTest : public testing::Test {
 public:
  explicit PageTest(const std::string& name) : page_(read_page(k_repository, name)) {}

  void TestBody() override {
    for (const std::string& problem : page_.problems) ADD_FAILURE() << problem;
    for (std::size_t i = 0; i < page_.items.size(); ++i) {
      const PageItem& item = page_.items[i];
      SCOPED_TRACE(page_.name + ":" + std::to_string(item.line));
      if (item.kind == PageItem::Kind::comment) {
        obey(item.text);
      } else if (item.language == "sh" && item.not_run.empty() && item.file.empty()) {
        const PageItem* output = find_output(i);
        if (item.needs.empty() || has(item.needs)) {
          run_block(item, output);
        } else {
          leave_out(item, "there is no " + item.needs);
        }
        if (output != nullptr) i = static_cast<std::size_t>(output - page_.items.data());
      } else {
        check(item);
      }
    }
    if (!accepted_.empty()) accept();
  }

 private:
  // The block that shows what the one at `i` prints.
  const PageItem* find_output(std::size_t i) const {
    if (i + 1 >= page_.items.size()) return nullptr;
    const PageItem& next = page_.items[i + 1];
    bool shows = next.kind == PageItem::Kind::block && next.language.empty() && next.follows_block;
    return shows ? &next : nullptr;
  }

  void obey(const std::string& comment) {
    static const std::regex k_model("model ([^ ]+) says:\\s*([^]*)");
    static const std::regex k_server("([A-Z]+ http://[^ ]+) gives: ([0-9]{3})\n?([^]*)");
    std::smatch found;
    std::string first = comment.substr(0, comment.find('\n'));
    if (comment.starts_with("file: ")) {
      world_.put(first.substr(6), comment.substr(first.size() + 1) + "\n");
    } else if (comment.starts_with("folder: ")) {
      world_.copy_folder(comment.substr(8));
    } else if (comment.starts_with("fragments may name: ")) {
      for (std::string_view id : split(std::string_view(comment).substr(20), ','))
        named_.emplace_back(trim(id));
    } else if (std::regex_match(comment, found, k_model)) {
      world_.models[found[1]].answers.push_back(found[2]);
    } else if (std::regex_match(comment, found, k_server)) {
      world_.servers.add(found[1], std::stoi(found[2]), found[3]);
    } else if (!comment.starts_with('/') &&
               comment.find("made from the program's tables") == std::string::npos) {
      ADD_FAILURE() << "no such comment: " << first;
    }
  }

  void leave_out(const PageItem& block, const std::string& reason) const {
    not_run().push_back({page_.name + ":" + std::to_string(block.line), reason});
  }

  void check(const PageItem& block) {
    if (!block.not_run.empty()) {
      leave_out(block, block.not_run);
    } else if (!block.file.empty()) {
      world_.put(block.file, block.text);
      if (block.language == "yaml" && block.not_a_mission.empty()) check_mission(block.file, block);
    } else if (block.language == "yaml") {
      if (block.not_a_mission.empty()) check_fragment(block);
    } else if (block.language == "json") {
      EXPECT_TRUE(Json::accept(block.text)) << "this is not JSON:\n" << block.text;
    } else if (block.language.empty()) {
      ADD_FAILURE() << "what prints this? Put it directly below its ```sh block, or call it ```text";
    } else if (block.language != "text") {
      ADD_FAILURE() << "a block of '" << block.language << "' isn't checked; say sh, yaml, json or text";
    }
  }

  void check_mission(const std::string& file, const PageItem& block) {
    Ended ended = world_.run("rustchain validate --strict " + block.options + " " + shell_quote(file));
    if (block.wrong) {
      EXPECT_NE(ended.code, 0) << file << " is called wrong, and is valid";
    } else {
      EXPECT_EQ(ended.code, 0) << ended.printed;
    }
  }

  void check_fragment(const PageItem& block) {
    const std::string& text = block.text;
    std::string mission = complete(text, named_);
    if (mission.empty()) {
      ADD_FAILURE() << "neither steps nor keys of a mission or a step; say <!-- not a mission: WHAT -->\n"
                    << text;
      return;
    }
    world_.put("fragment.yaml", mission);
    check_mission("fragment.yaml", block);
    fs::remove(fs::path(world_.directory()) / "fragment.yaml");
  }

  void run_block(const PageItem& block, const PageItem* output) {
    Ended ended = world_.run_block(block.text);
    EXPECT_EQ(ended.code, exit_code_of(block.text)) << block.text << ended.printed;
    if (output == nullptr) return;
    std::string expected = normalise(output->text, k_shown_directory);
    std::string actual = normalise(ended.printed, k_shown_directory);
    if (fits(lines_of(expected), lines_of(actual))) return;
    if (std::getenv("RUSTCHAIN_ACCEPT") != nullptr) {
      accepted_.emplace_back(output, ended.printed);
    } else {
      ADD_FAILURE() << "what the page shows at line " << output->line << " isn't what this prints:\n"
                    << block.text << difference(expected, actual);
    }
  }

  void accept() {
    std::string text = page_.text;
    for (auto at = accepted_.rbegin(); at != accepted_.rend(); ++at)
      text.replace(at->first->begin, at->first->text.size(), at->second);
    std::ofstream(fs::path(k_repository) / page_.name, std::ios::binary) << text;
  }

  Page page_;
  World world_;
  std::vector<std::string> named_;
  std::vector<std::pair<const PageItem*, std::string>> accepted_;
};

// ---- links

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (char c : to_lower(heading)) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || (c & 0x80)) anchor += c;
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

bool has_heading(const std::string& text, const std::string& anchor) {
  for (std::string_view line : split(text, '\n'))
    if (line.starts_with('#') && anchor_of(trim(line.substr(line.find(' ')))) == anchor) return true;
  return false;
}

TEST(PagesTogether, LinkToWhatIsThere) {
  static const std::regex k_link("\\]\\(([^)#: ]*)(#([^) ]+))?\\)");
  for (const std::string& name : page_names(k_repository)) {
    Page page = read_page(k_repository, name);
    for (std::sregex_iterator at(page.text.begin(), page.text.end(), k_link), end; at != end; ++at) {
      fs::path target = fs::path(k_repository) / name;
      if ((*at)[1].length() > 0) target = target.parent_path() / (*at)[1].str();
      EXPECT_TRUE(fs::exists(target)) << name << " links to " << (*at)[0];
      if ((*at)[3].length() == 0 || target.extension() != ".md") continue;
      std::string seen = fs::relative(target, k_repository).string();
      EXPECT_TRUE(has_heading(read_page(k_repository, seen).text, (*at)[3]))
          << name << " links to " << (*at)[0];
    }
  }
}

}  // namespace
}  // namespace rustchain

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const std::string& name : rustchain::page_names(RUSTCHAIN_SOURCE_DIR)) {
    std::string test = rustchain::replace_all(rustchain::replace_all(name, ".md", ""), "/", "_");
    testing::RegisterTest("Pages", test.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [name]() -> testing::Test* { return new rustchain::PageTest(name); });
  }
  int result = RUN_ALL_TESTS();
  std::cout << rustchain::not_run().size() << " blocks aren't run\n";
  for (const rustchain::NotRun& block : rustchain::not_run())
    std::cout << "  " << block.place << ": " << block.reason << "\n";
  return result;
}

// The shell reader against tree-sitter-bash, which others wrote: both must find the same words in plain
// commands. Needs libtree-sitter when it is built, and the grammar that `./cmake/bootstrap ci` gets, when it
// is run.
#include "safety/shell.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <gtest/gtest.h>
#ifdef RUSTCHAIN_TREE_SITTER
#include <tree_sitter/api.h>
#endif

namespace rustchain {
namespace {

// A simple command: the bytes of its words, assignments and declaring words with them.
struct Words {
  std::uint32_t begin = 0;
  std::vector<std::string> words;

  bool operator==(const Words&) const = default;
};
using Commands = std::vector<Words>;

std::string to_string(const Commands& commands) {
  std::string all;
  for (const Words& command : commands) all += "    [" + join(command.words, "] [") + "]\n";
  return all;
}

// What is compared word by word: tests have a syntax of their own in the grammar.
void add(Commands& to, Words command) {
  if (command.words.empty()) return;
  const std::string& first = command.words[0];
  if (first == "[" || first == "[[" || first == "((") return;
  to.push_back(std::move(command));
}

void sort(Commands& commands) {
  std::stable_sort(commands.begin(), commands.end(),
                   [](const Words& a, const Words& b) { return a.begin < b.begin; });
}

// ---- ours

void collect(const std::vector<ShellItem>& items, std::string_view text, Commands& to);

void collect(const std::vector<ShellPiece>& pieces, std::string_view text, Commands& to) {
  for (const ShellPiece& piece : pieces) {
    collect(piece.operand, text, to);
    collect(piece.script, text, to);
  }
}

void collect(const ShellWord& word, std::string_view text, Commands& to) {
  collect(word.pieces, text, to);
  for (const ShellWord& element : word.elements) collect(element, text, to);
}

void collect(const std::vector<ShellItem>& items, std::string_view text, Commands& to) {
  for (const ShellItem& item : items) {
    Words command;
    for (const ShellWord& word : item.words) {
      collect(word, text, to);
      command.words.emplace_back(text.substr(word.span.begin, word.span.end - word.span.begin));
    }
    if (!item.words.empty()) command.begin = item.words[0].span.begin;
    if (item.kind == ShellItem::Kind::simple) add(to, std::move(command));
    for (const ShellRedirect& redirect : item.redirects) {
      collect(redirect.target, text, to);
      if (redirect.body) collect(*redirect.body, text, to);
    }
    collect(item.children, text, to);
  }
}

Commands ours(std::string_view text) {
  Commands all;
  collect(read_shell(text).items, text, all);
  sort(all);
  return all;
}

// ---- theirs

#ifdef RUSTCHAIN_TREE_SITTER

const TSLanguage* load_grammar() {
  const char* given = std::getenv("RUSTCHAIN_TREE_SITTER_BASH");
  const std::filesystem::path folder = RUSTCHAIN_GRAMMAR_FOLDER;
#ifdef __aarch64__
  const std::filesystem::path own = folder / "prebuilds/linux-arm64/tree-sitter-bash.node";
#else
  const std::filesystem::path own = folder / "prebuilds/linux-x64/tree-sitter-bash.node";
#endif
  // Built for node; what it wants of node is never called here.
  void* library = dlopen(given != nullptr ? given : own.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  void* symbol = dlsym(library, "tree_sitter_bash");
  return symbol == nullptr ? nullptr : reinterpret_cast<const TSLanguage* (*)()>(symbol)();
}

class Oracle {
 public:
  explicit Oracle(const TSLanguage* language) : parser_(ts_parser_new()) {
    usable_ = ts_parser_set_language(parser_, language);
  }
  ~Oracle() { ts_parser_delete(parser_); }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  bool usable() const { return usable_; }

  // False: the grammar finds an error in it.
  bool commands(std::string_view text, Commands& to) const {
    TSTree* tree =
        ts_parser_parse_string(parser_, nullptr, text.data(), static_cast<std::uint32_t>(text.size()));
    const TSNode root = ts_tree_root_node(tree);
    const bool good = !ts_node_has_error(root);
    if (good) collect(root, text, to);
    ts_tree_delete(tree);
    sort(to);
    return good;
  }

 private:
  static std::string bytes(TSNode node, std::string_view text) {
    return std::string(
        text.substr(ts_node_start_byte(node), ts_node_end_byte(node) - ts_node_start_byte(node)));
  }

  static void collect(TSNode node, std::string_view text, Commands& to) {
    const std::string_view type = ts_node_type(node);
    const std::uint32_t children = ts_node_child_count(node);
    if (type == "command" || type == "declaration_command" || type == "unset_command" ||
        type == "variable_assignments") {
      Words command{ts_node_start_byte(node), {}};
      for (std::uint32_t i = 0; i < children; ++i) {
        TSNode child = ts_node_child(node, i);
        const std::string_view kind = ts_node_type(child);
        if (kind.ends_with("redirect")) continue;
        if (command.words.empty()) command.begin = ts_node_start_byte(child);
        command.words.push_back(bytes(child, text));
      }
      add(to, std::move(command));
    }
    for (std::uint32_t i = 0; i < children; ++i) {
      TSNode child = ts_node_child(node, i);
      // An assignment that stands alone.
      if (std::string_view(ts_node_type(child)) == "variable_assignment" && type != "command" &&
          type != "declaration_command" && type != "variable_assignments" && type != "unset_command")
        add(to, {ts_node_start_byte(child), {bytes(child, text)}});
      collect(child, text, to);
    }
  }

  TSParser* parser_;
  bool usable_ = false;
};

#endif

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> all;
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) all.push_back(replace_all(line, "\\n", "\n"));
  return all;
}

TEST(Oracle, FindsTheSameWordsInPlainCommands) {
#ifdef RUSTCHAIN_TREE_SITTER
  const TSLanguage* language = load_grammar();
  if (language == nullptr) GTEST_SKIP() << "no tree-sitter-bash: ./cmake/bootstrap ci gets it";
  Oracle oracle(language);
  ASSERT_TRUE(oracle.usable()) << "libtree-sitter can't use this version of the grammar";
  const std::vector<std::string> commands = lines_of(RUSTCHAIN_ORACLE_COMMANDS);
  EXPECT_GE(commands.size(), 300u);
  for (const std::string& command : commands) {
    Commands theirs;
    EXPECT_TRUE(oracle.commands(command, theirs)) << command;
    EXPECT_EQ(to_string(ours(command)), to_string(theirs)) << command;
  }
  // By hand: any other list, one command a line.
  if (const char* more = std::getenv("RUSTCHAIN_ORACLE_LIST")) {
    std::size_t different = 0, unread = 0, all = 0;
    for (const std::string& command : lines_of(more)) {
      Commands theirs;
      ++all;
      if (!oracle.commands(command, theirs)) {
        ++unread;
        continue;
      }
      if (ours(command) == theirs) continue;
      ++different;
      std::cout << command << "\n  ours:\n" << to_string(ours(command)) << "  theirs:\n" << to_string(theirs);
    }
    std::cout << all << " commands, " << unread << " that the grammar can't read, " << different
              << " different\n";
  }
#else
  GTEST_SKIP() << "built without libtree-sitter: ./cmake/bootstrap ci gets it";
#endif
}

}  // namespace
}  // namespace rustchain

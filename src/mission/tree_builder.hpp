// What the YAML parser finds becomes a Node tree.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include "mission/load.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rustchain {

// Thrown to end the reading, after the reason has been reported.
struct StopLoading {};

using YamlStyle = Node::Style;

// What stands before a value, and where all of it begins, in bytes.
struct YamlProperties {
  std::size_t offset = 0;
  std::string_view anchor;  // empty: none
  std::string_view tag;     // with its handle filled in; empty: none
};

// Builds one document. Values wait on one stack until their list or map ends, and then move into it in one
// piece, so that no vector is larger than it has to be.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::uint32_t file, const LoadBounds& bounds, Diagnostics& problems);

  void begin_document(std::size_t offset);
  void alias(std::size_t offset, std::string_view anchor);
  void scalar(const YamlProperties& properties, std::string value, YamlStyle style);
  void begin(const YamlProperties& properties, Node::Kind kind, bool flow);
  void end();

  // The document, aliases copied in and merge keys merged. An empty text gives null, line 0.
  Node take();

 private:
  // A list or map that has begun and not ended.
  struct Frame {
    Node::Kind kind;
    bool flow;
    Location at;
    std::size_t start;  // of its values in waiting_
  };
  using Path = std::vector<std::size_t>;  // which child, from the root down

  void refuse_second_document();
  Location location(std::size_t offset);
  std::size_t skip_properties(std::size_t offset) const;
  bool key_is_next() const;
  std::size_t begin_value(const YamlProperties& properties);
  void add_null(const YamlProperties& properties, std::string text);
  void add(Node node);
  void check_key(Node& key);
  void check_duplicates(Node& map);
  void report_duplicate(const Node& first, Node& second);
  void check_tag(std::string_view tag, std::size_t offset);
  void remember_anchor(std::string_view anchor, std::size_t offset);
  const Node* find(const Path& path) const;
  [[noreturn]] void stop(Diagnostic reason);

  std::string_view text_;
  std::uint32_t file_;
  const LoadBounds& bounds_;
  Diagnostics& problems_;

  std::vector<Node> waiting_;
  std::vector<Frame> frames_;
  std::unordered_map<std::string, Path> anchors_;
  std::size_t documents_ = 0;
  std::size_t document_ = 0;  // where the last one begins
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
  bool untidy_ = false;  // there are merge keys, or entries to be dropped

  // Where location() was last asked for: places come in order, so that each byte is looked at once.
  std::size_t line_begin_ = 0;
  std::size_t searched_ = 0;  // no line ends between line_begin_ and here
  std::uint32_t line_ = 1;
};

}  // namespace rustchain

// The events of the YAML parser become a Node tree.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include "mission/load.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

namespace rustchain {

// Thrown through the parser to end it, after the reason has been reported.
struct StopLoading {};

// Builds one document. Values wait on one stack until their list or map ends, and then move into it in one
// piece, so that no vector is larger than it has to be.
class TreeBuilder : public YAML::EventHandler {
 public:
  // Tells where in `text` a mark of the parser stands.
  using OffsetOf = std::function<std::size_t(const YAML::Mark&)>;

  TreeBuilder(std::string_view text, std::uint32_t file, OffsetOf offset_of, const LoadBounds& bounds,
              Diagnostics& problems);

  // The document, aliases copied in and merge keys merged. An empty text gives null, line 0.
  Node take();

  std::size_t events() const { return events_; }
  std::size_t last_offset() const { return last_offset_; }  // of the last event that had a place

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { end_collection(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { end_collection(); }

 private:
  // A list or map that has begun and not ended.
  struct Frame {
    Node::Kind kind;
    bool flow;
    Location at;
    std::size_t start;           // of its values in waiting_
    std::size_t key_offset = 0;  // map: where the last key begins
  };
  using Path = std::vector<std::size_t>;  // which child, from the root down

  std::size_t event(const YAML::Mark& mark);
  void refuse_second_document();
  Location location(std::size_t offset);
  std::size_t skip_properties(std::size_t offset) const;
  bool key_is_next() const;
  bool null_is_written(std::size_t offset, std::size_t length);
  void begin_collection(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                        YAML::anchor_t anchor, bool flow);
  void end_collection();
  void add(Node node, std::size_t offset);
  void check_key(Node& key, std::size_t offset);
  void check_duplicates(Node& map);
  void report_duplicate(const Node& first, Node& second);
  void check_tag(const std::string& tag, std::size_t offset);
  void remember_anchor(YAML::anchor_t anchor, std::size_t offset);
  const Node* find(const Path& path) const;
  [[noreturn]] void stop(Diagnostic reason);

  std::string_view text_;
  std::uint32_t file_;
  OffsetOf offset_of_;
  const LoadBounds& bounds_;
  Diagnostics& problems_;

  std::vector<Node> waiting_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Path> anchors_;
  std::size_t documents_ = 0;
  std::size_t document_ = 0;  // where the last one begins
  std::size_t events_ = 0;
  std::size_t last_offset_ = 0;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
  bool untidy_ = false;  // there are merge keys, or entries to be dropped

  // Where location() was last asked for: places come in order, so that each line is counted once.
  std::size_t line_begin_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace rustchain

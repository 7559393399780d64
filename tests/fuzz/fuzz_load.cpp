// Whatever the bytes: loading ends, says why if it gives nothing, and every place it names can be shown.
#include "rustchain/json.hpp"
#include "rustchain/node.hpp"

#include "mission/load.hpp"
#include "mission/render.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace rustchain;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Node& node) {
  require(!node.is_map() || node.items.size() % 2 == 0);
  for (std::size_t i = 0; node.is_map() && i < node.size(); ++i) {
    require(node.key(i).is_scalar());
    require(node.items.size() > 200 || node.find(node.key(i).text) == &node.value(i));
  }
  for (const Node& item : node.items) check(item);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  LoadBounds bounds;
  bounds.alias_nodes = 1000;
  Sources sources = {{"fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size)}};
  Diagnostics problems;
  std::optional<Node> document = load_yaml(sources[0].text, 0, problems, bounds);
  require(document || problems.has_errors());
  if (document) {
    check(*document);
    require(!to_json(*document).dump().empty());
  }
  problems.sort();
  for (const Diagnostic& problem : problems.all()) {
    require(!problem.message.empty() && !problem.code.empty());
    require(problem.at.line <= 1 + size && problem.at.column <= 4 + size);
  }
  std::string text = render_diagnostics(problems, sources, false);
  for (char c : text) require(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  require(!render_diagnostics_json(problems, sources).dump().empty());
  return 0;
}

// Places for a directed graph in layers, so that edges lead from each layer to later ones (Sugiyama, Tagawa
// and Toda, 1981): longest-path layering, barycentre sweeps, and places by isotonic regression. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace rustchain {

struct LayeredLayout {
  std::vector<std::uint32_t> layer;  // of each node, from 0 on
  std::vector<double> at;            // the middle of each node within its layer, from 0 on; at least 1 apart
  // Of each edge: where it crosses the layers between its ends, in their order. Empty for edges of
  // neighbours, and for all of the longest where there would be too many.
  std::vector<std::vector<double>> bends;
  std::uint32_t layers = 0;
  double widest = 0;  // the greatest `at` of a node or bend
};

// Edges lead from what comes before to what comes after. Those of a cycle are ignored and have no bends; both
// ends must be below `nodes`. Time and space are linear but for the sorting within layers.
LayeredLayout layered_layout(std::size_t nodes,
                             std::span<const std::pair<std::uint32_t, std::uint32_t>> edges);

}  // namespace rustchain

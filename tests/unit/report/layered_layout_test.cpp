#include "report/layered_layout.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// Whatever the graph: every edge leads to a later layer, nothing overlaps, and all is within the bounds.
void expect_sound(std::size_t nodes, const Edges& edges, const LayeredLayout& layout) {
  ASSERT_EQ(layout.layer.size(), nodes);
  ASSERT_EQ(layout.at.size(), nodes);
  ASSERT_EQ(layout.bends.size(), edges.size());
  std::vector<std::vector<std::pair<double, bool>>> in_layer(layout.layers);
  for (std::size_t i = 0; i < nodes; ++i) {
    ASSERT_LT(layout.layer[i], layout.layers);
    in_layer[layout.layer[i]].emplace_back(layout.at[i], true);
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    ASSERT_LT(layout.layer[edges[i].first], layout.layer[edges[i].second]);
    const std::size_t between = layout.layer[edges[i].second] - layout.layer[edges[i].first] - 1;
    if (layout.bends[i].empty()) continue;
    ASSERT_EQ(layout.bends[i].size(), between);
    for (std::size_t k = 0; k < between; ++k)
      in_layer[layout.layer[edges[i].first] + 1 + k].emplace_back(layout.bends[i][k], false);
  }
  for (auto& layer : in_layer) {
    std::sort(layer.begin(), layer.end());
    for (std::size_t i = 0; i < layer.size(); ++i) {
      ASSERT_GE(layer[i].first, 0);
      ASSERT_LE(layer[i].first, layout.widest);
      if (i == 0) continue;
      const bool both = layer[i].second && layer[i - 1].second;
      ASSERT_GE(layer[i].first - layer[i - 1].first, (both ? 1 : 0.3) - 1e-6);
    }
  }
}

LayeredLayout checked(std::size_t nodes, const Edges& edges) {
  LayeredLayout layout = layered_layout(nodes, edges);
  expect_sound(nodes, edges, layout);
  return layout;
}

TEST(LayeredLayout, OfNothing) {
  EXPECT_EQ(layered_layout(0, {}).layers, 0u);
  EXPECT_EQ(layered_layout(1, {}).layers, 1u);
}

TEST(LayeredLayout, OfAChainIsALine) {
  const LayeredLayout layout = checked(4, {{0, 1}, {1, 2}, {2, 3}});
  EXPECT_EQ(layout.layer, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_EQ(layout.at, (std::vector<double>{0, 0, 0, 0}));
}

TEST(LayeredLayout, PutsWhatIsNeededInTheMiddle) {
  const LayeredLayout layout = checked(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}});
  EXPECT_EQ(layout.layer, (std::vector<std::uint32_t>{0, 1, 1, 2}));
  EXPECT_NEAR(layout.at[0], (layout.at[1] + layout.at[2]) / 2, 1e-6);
  EXPECT_NEAR(layout.at[3], layout.at[0], 1e-6);
}

TEST(LayeredLayout, BendsLongEdgesAroundNodes) {
  const LayeredLayout layout = checked(3, {{0, 1}, {1, 2}, {0, 2}});
  ASSERT_EQ(layout.bends[2].size(), 1u);
  EXPECT_GE(std::abs(layout.bends[2][0] - layout.at[1]), 0.5);
}

TEST(LayeredLayout, PutsASourceRightBeforeWhatNeedsIt) {
  const LayeredLayout layout = checked(4, {{0, 1}, {1, 2}, {3, 2}});
  EXPECT_EQ(layout.layer[3], 1u);
}

TEST(LayeredLayout, UncrossesWhatNeedNotCross) {
  const LayeredLayout layout = checked(6, {{0, 5}, {1, 4}, {2, 3}});
  for (auto [a, b] : Edges{{0, 1}, {1, 2}, {0, 2}})
    EXPECT_EQ(layout.at[a] < layout.at[b], layout.at[5 - a] < layout.at[5 - b]);
}

TEST(LayeredLayout, LeavesOutTheEdgesOfACycle) {
  const LayeredLayout layout = layered_layout(4, Edges{{0, 1}, {1, 2}, {2, 1}, {3, 3}});
  EXPECT_EQ(layout.layer.size(), 4u);
  for (const auto& bends : layout.bends) EXPECT_TRUE(bends.empty());
}

TEST(LayeredLayout, OfRandomGraphsIsSound) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t nodes = 1 + random() % 60;
    Edges edges;
    for (std::uint32_t to = 1; to < nodes; ++to)
      for (std::size_t k = random() % 4; k > 0; --k)
        edges.emplace_back(static_cast<std::uint32_t>(random() % to), to);
    checked(nodes, edges);
  }
}

// A chain with an edge from its beginning to each of its nodes would have four million bends.
TEST(LayeredLayout, OfAHugeGraphHasNoMoreBendsThanItCanAfford) {
  Edges edges;
  for (std::uint32_t i = 1; i < 3'000; ++i) {
    edges.emplace_back(i - 1, i);
    edges.emplace_back(0, i);
  }
  const LayeredLayout layout = checked(3'000, edges);
  std::size_t bends = 0;
  for (const auto& each : layout.bends) bends += each.size();
  EXPECT_GT(bends, 0u);
  EXPECT_LE(bends, 4 * (3'000 + edges.size()));
}

}  // namespace
}  // namespace rustchain

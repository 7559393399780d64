// Places for a directed graph in layers.
#include "report/layered_layout.hpp"

#include <algorithm>
#include <numeric>

namespace rustchain {
namespace {

using Vertex = std::uint32_t;  // a node, or from `nodes` on a bend of an edge
using Edge = std::pair<std::uint32_t, std::uint32_t>;

constexpr double k_bend_size = 0.35;  // of a node's
constexpr int k_order_sweeps = 8;
constexpr int k_place_sweeps = 8;

class Layout {
 public:
  Layout(std::size_t nodes, std::span<const Edge> edges) : nodes_(nodes), edges_(edges) {}

  LayeredLayout make() {
    find_layers();
    add_bends();
    for (int i = 0; i < k_order_sweeps; ++i) order(i % 2 == 0);
    place();
    return result();
  }

 private:
  // The longest way from a node that needs nothing; such a node stands right before the first that needs it.
  void find_layers() {
    std::vector<std::vector<Vertex>> next(nodes_);
    std::vector<std::uint32_t> open(nodes_, 0);
    for (const auto& [from, to] : edges_) {
      next[from].push_back(to);
      ++open[to];
    }
    const std::vector<std::uint32_t> needs = open;
    std::vector<Vertex> ready;
    for (Vertex node = 0; node < nodes_; ++node)
      if (open[node] == 0) ready.push_back(node);
    layer_.assign(nodes_, 0);
    std::vector<bool> done(nodes_, false);
    for (std::size_t i = 0; i < ready.size(); ++i) {
      const Vertex node = ready[i];
      done[node] = true;
      for (Vertex after : next[node]) {
        layer_[after] = std::max(layer_[after], layer_[node] + 1);
        if (--open[after] == 0) ready.push_back(after);
      }
    }
    for (Vertex node = 0; node < nodes_; ++node) {
      if (!done[node]) layer_[node] = 0;  // of a cycle, or after one
    }
    for (Vertex node = 0; node < nodes_; ++node) {
      if (needs[node] > 0 || next[node].empty()) continue;
      std::uint32_t first = UINT32_MAX;
      for (Vertex after : next[node])
        if (done[after]) first = std::min(first, layer_[after]);
      if (first != UINT32_MAX) layer_[node] = first - 1;
    }
    for (std::uint32_t layer : layer_) layers_ = std::max(layers_, layer + 1);
  }

  bool is_drawn(const Edge& edge) const { return layer_[edge.first] < layer_[edge.second]; }

  void add_bends() {
    above_.resize(nodes_);
    below_.resize(nodes_);
    first_bend_.assign(edges_.size(), 0);
    std::vector<std::size_t> shortest_first(edges_.size());
    std::iota(shortest_first.begin(), shortest_first.end(), std::size_t{0});
    auto length = [&](std::size_t i) {
      return is_drawn(edges_[i]) ? layer_[edges_[i].second] - layer_[edges_[i].first] : 0;
    };
    std::stable_sort(shortest_first.begin(), shortest_first.end(),
                     [&](std::size_t a, std::size_t b) { return length(a) < length(b); });
    const std::size_t most = 4 * (nodes_ + edges_.size());
    std::size_t bends = 0;
    for (std::size_t i : shortest_first) {
      if (length(i) == 0) continue;
      const auto [from, to] = edges_[i];
      Vertex last = from;
      if (bends + length(i) - 1 <= most) {
        bends += length(i) - 1;
        first_bend_[i] = static_cast<Vertex>(layer_.size());
        for (std::uint32_t layer = layer_[from] + 1; layer < layer_[to]; ++layer) {
          const auto bend = static_cast<Vertex>(layer_.size());
          layer_.push_back(layer);
          above_.emplace_back();
          below_.emplace_back();
          join(last, bend);
          last = bend;
        }
        join(last, to);
      }
    }
    in_layer_.resize(layers_);
    for (Vertex vertex = 0; vertex < layer_.size(); ++vertex) in_layer_[layer_[vertex]].push_back(vertex);
    at_.resize(layer_.size());
    for (const std::vector<Vertex>& layer : in_layer_)
      for (std::size_t i = 0; i < layer.size(); ++i) at_[layer[i]] = static_cast<double>(i);
  }

  void join(Vertex from, Vertex to) {
    below_[from].push_back(to);
    above_[to].push_back(from);
  }

  static double mean(const std::vector<Vertex>& of, const std::vector<double>& at) {
    double sum = 0;
    for (Vertex vertex : of) sum += at[vertex];
    return sum / static_cast<double>(of.size());
  }

  // Each layer by the middle of what its vertices are joined with in the one before (or after).
  void order(bool down) {
    for (std::uint32_t i = 0; i < layers_; ++i) {
      std::vector<Vertex>& layer = in_layer_[down ? i : layers_ - 1 - i];
      const std::vector<std::vector<Vertex>>& joined = down ? above_ : below_;
      std::vector<std::pair<double, Vertex>> wanted;
      wanted.reserve(layer.size());
      for (Vertex vertex : layer)
        wanted.emplace_back(joined[vertex].empty() ? at_[vertex] : mean(joined[vertex], at_), vertex);
      std::stable_sort(wanted.begin(), wanted.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t k = 0; k < layer.size(); ++k) {
        layer[k] = wanted[k].second;
        at_[layer[k]] = static_cast<double>(k);
      }
    }
  }

  double size(Vertex vertex) const { return vertex < nodes_ ? 1 : k_bend_size; }

  // As near to the wanted places as the order and the sizes allow, by least squares: pools of neighbours that
  // would overlap move to their common mean.
  void settle(const std::vector<Vertex>& layer, const std::vector<double>& wanted) {
    struct Pool {
      double sum, weight;
      std::size_t count;
      double mean() const { return sum / weight; }
    };
    std::vector<Pool> pools;
    std::vector<double> offset(layer.size(), 0);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (i > 0) offset[i] = offset[i - 1] + (size(layer[i - 1]) + size(layer[i])) / 2;
      const double weight = layer[i] < nodes_ ? 1 : 4;  // long edges are better straight
      pools.push_back({(wanted[i] - offset[i]) * weight, weight, 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().weight += last.weight;
        pools.back().count += last.count;
      }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
      for (std::size_t k = 0; k < pool.count; ++k, ++i) at_[layer[i]] = pool.mean() + offset[i];
  }

  void place() {
    std::vector<double> wanted;
    for (const std::vector<Vertex>& layer : in_layer_) {
      wanted.assign(layer.size(), 0);
      settle(layer, wanted);
    }
    for (int sweep = 0; sweep < k_place_sweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::uint32_t i = 0; i < layers_; ++i) {
        const std::vector<Vertex>& layer = in_layer_[down ? i : layers_ - 1 - i];
        const std::vector<std::vector<Vertex>>& joined = down ? above_ : below_;
        wanted.clear();
        for (Vertex vertex : layer)
          wanted.push_back(joined[vertex].empty() ? at_[vertex] : mean(joined[vertex], at_));
        settle(layer, wanted);
      }
    }
  }

  LayeredLayout result() {
    LayeredLayout layout;
    layout.layers = layers_;
    const double least = at_.empty() ? 0 : *std::min_element(at_.begin(), at_.end());
    for (double& at : at_) at -= least;
    layout.layer.assign(layer_.begin(), layer_.begin() + static_cast<std::ptrdiff_t>(nodes_));
    layout.at.assign(at_.begin(), at_.begin() + static_cast<std::ptrdiff_t>(nodes_));
    layout.bends.resize(edges_.size());
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      if (first_bend_[i] == 0) continue;
      const std::size_t bends = layer_[edges_[i].second] - layer_[edges_[i].first] - 1;
      for (std::size_t k = 0; k < bends; ++k) layout.bends[i].push_back(at_[first_bend_[i] + k]);
    }
    if (!at_.empty()) layout.widest = *std::max_element(at_.begin(), at_.end());
    return layout;
  }

  std::size_t nodes_;
  std::span<const Edge> edges_;
  std::uint32_t layers_ = 0;
  std::vector<std::uint32_t> layer_;           // of each vertex
  std::vector<double> at_;                     // of each vertex
  std::vector<std::vector<Vertex>> above_;     // joined with it in the layer before
  std::vector<std::vector<Vertex>> below_;     // and after
  std::vector<std::vector<Vertex>> in_layer_;  // in their order
  std::vector<Vertex> first_bend_;             // of each edge; the others follow it
};

}  // namespace

LayeredLayout layered_layout(std::size_t nodes, std::span<const Edge> edges) {
  return Layout(nodes, edges).make();
}

}  // namespace rustchain

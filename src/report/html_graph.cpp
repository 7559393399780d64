// The graph of the HTML report.
#include "report/html_parts.hpp"
#include "report/layered_layout.hpp"
#include "report/lines.hpp"
#include "report/markup.hpp"
#include "util/format.hpp"

#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_most_nodes = 400;
constexpr std::size_t k_most_edges = 2000;
constexpr double k_width = 164;  // of a node, in pixels
constexpr double k_height = 30;
constexpr double k_page = 1060;

std::string px(double number) {
  return format_number(std::round(number * 10) / 10);
}

// Layers from left to right, so that names stand below each other; from top to bottom where that would be
// much wider than the page.
struct Frame {
  bool down = false;
  double layer_pitch = 0;
  double place_pitch = 0;
  double width = 0;
  double height = 0;

  explicit Frame(const LayeredLayout& layout) {
    const double across = (layout.layers - 1) * (k_width + 50) + k_width;
    const double beside = layout.widest * (k_width + 18) + k_width;
    down = across > 2 * k_page && beside < across;
    layer_pitch = down ? k_height + 44 : k_width + 50;
    place_pitch = down ? k_width + 18 : k_height + 12;
    const double along = (layout.layers - 1) * layer_pitch + (down ? k_height : k_width) + 4;
    const double aside = layout.widest * place_pitch + (down ? k_width : k_height) + 4;
    width = down ? aside : along;
    height = down ? along : aside;
  }
  // The corner of a node at the top left.
  std::pair<double, double> corner(std::uint32_t layer, double at) const {
    const double along = 2 + layer * layer_pitch, aside = 2 + at * place_pitch;
    return down ? std::pair(aside, along) : std::pair(along, aside);
  }
  // Where edges enter and leave the place of a node.
  std::pair<double, double> entry(std::uint32_t layer, double at) const {
    auto [x, y] = corner(layer, at);
    return down ? std::pair(x + k_width / 2, y) : std::pair(x, y + k_height / 2);
  }
  std::pair<double, double> exit(std::uint32_t layer, double at) const {
    auto [x, y] = corner(layer, at);
    return down ? std::pair(x + k_width / 2, y + k_height) : std::pair(x + k_width, y + k_height / 2);
  }
};

struct Drawn {
  std::vector<StepIndex> steps;  // by node
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  std::vector<bool> inferred;  // by edge
};

Drawn drawn_of(const RunReport& report) {
  Drawn drawn;
  std::unordered_map<std::string_view, std::uint32_t> nodes;
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    if (report.steps[i].parent != k_no_step) continue;
    nodes.emplace(report.steps[i].info.id, static_cast<std::uint32_t>(drawn.steps.size()));
    drawn.steps.push_back(i);
  }
  for (std::uint32_t node = 0; node < drawn.steps.size(); ++node) {
    const RunStarted::StepInfo& info = report.steps[drawn.steps[node]].info;
    for (const std::vector<std::string>* needs : {&info.depends_on, &info.inferred}) {
      for (const std::string& id : *needs) {
        auto found = nodes.find(id);
        if (found == nodes.end()) continue;
        drawn.edges.emplace_back(found->second, node);
        drawn.inferred.push_back(needs == &info.inferred);
      }
    }
  }
  return drawn;
}

void add_curve(std::string& path, std::pair<double, double> from, std::pair<double, double> to, bool down) {
  const double x = (from.first + to.first) / 2, y = (from.second + to.second) / 2;
  path += down ? "C" + px(from.first) + " " + px(y) + " " + px(to.first) + " " + px(y)
               : "C" + px(x) + " " + px(from.second) + " " + px(x) + " " + px(to.second);
  path += " " + px(to.first) + " " + px(to.second);
}

void add_edge(std::string& out, const LayeredLayout& layout, const Frame& frame, std::uint32_t from,
              std::uint32_t to, const std::vector<double>& bends, bool inferred) {
  if (layout.layer[from] >= layout.layer[to]) return;
  auto last = frame.exit(layout.layer[from], layout.at[from]);
  std::string path = "M" + px(last.first) + " " + px(last.second);
  std::uint32_t layer = layout.layer[from];
  for (double at : bends) {
    ++layer;
    add_curve(path, last, frame.entry(layer, at), frame.down);
    last = frame.exit(layer, at);
    path += "L" + px(last.first) + " " + px(last.second);
  }
  add_curve(path, last, frame.entry(layout.layer[to], layout.at[to]), frame.down);
  out += "<path class=\"edge" + std::string(inferred ? " inferred" : "") + "\" d=\"" + path +
         "\" marker-end=\"url(#arrow)\"/>\n";
}

// Names that are alike differ at their ends.
std::string short_name(std::string_view id) {
  constexpr std::size_t k_most = 21, k_end = 9;
  std::string name = clean_line(id, 200);
  const std::size_t characters = width_of(name);
  if (characters <= k_most) return name;
  std::size_t from = name.size();
  for (std::size_t left = k_end; left > 0 && from > 0;)
    if ((static_cast<unsigned char>(name[--from]) & 0xc0) != 0x80) --left;
  return clean_line(name, k_most - 1 - k_end) + name.substr(from);
}

void add_node(std::string& out, const RunReport& report, StepIndex index, std::pair<double, double> corner) {
  const StepReport& step = report.steps[index];
  const auto [x, y] = corner;
  out += "<a href=\"#" + html_anchor(index) + "\" class=\"" + std::string(html_mark(step)) + "\"><title>" +
         markup(clean_line(step.info.id, 80)) + ": " + std::string(html_mark_words(step)) +
         (step.started ? ", " + format_duration(step.duration_seconds) : "") +
         "</title><rect class=\"node\" x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(k_width) +
         "\" height=\"" + px(k_height) + "\" rx=\"5\"/><rect class=\"edge-mark\" x=\"" + px(x) + "\" y=\"" +
         px(y + 6) + "\" width=\"4\" height=\"" + px(k_height - 12) + "\" rx=\"2\"/><text x=\"" + px(x + 12) +
         "\" y=\"" + px(y + 19) + "\">" + markup(short_name(step.info.id)) + "</text></a>\n";
}

}  // namespace

std::string html_graph(const RunReport& report) {
  const Drawn drawn = drawn_of(report);
  if (drawn.steps.size() < 2) return {};
  std::string out = "<section aria-labelledby=\"h-graph\">\n<h2 id=\"h-graph\">Dependencies</h2>\n";
  if (drawn.steps.size() > k_most_nodes || drawn.edges.size() > k_most_edges) {
    return out + "<p class=\"note\">" + format_count(drawn.steps.size(), "step") + " with " +
           (drawn.edges.size() == 1 ? "1 dependency" : format_count(drawn.edges.size()) + " dependencies") +
           " are too many to draw: each step below lists what it needs.</p>\n</section>\n";
  }
  const LayeredLayout layout = layered_layout(drawn.steps.size(), drawn.edges);
  const Frame frame(layout);
  bool any_inferred = false;
  for (bool one : drawn.inferred) any_inferred = any_inferred || one;
  if (any_inferred) out += "<p class=\"note\">Dashed: inferred from what the steps read and refer to.</p>\n";
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Graph of the steps: arrows lead to "
      "the steps that need "
      "them\">\n<svg class=\"graph\" width=\"" +
      px(frame.width) + "\" height=\"" + px(frame.height) + "\" viewBox=\"0 0 " + px(frame.width) + " " +
      px(frame.height) +
      "\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
      "markerHeight=\"7\" orient=\"auto\"><path class=\"head\" d=\"M0 0.5L7.5 4L0 7.5z\"/></marker></defs>\n";
  for (std::size_t i = 0; i < drawn.edges.size(); ++i)
    add_edge(out, layout, frame, drawn.edges[i].first, drawn.edges[i].second, layout.bends[i],
             drawn.inferred[i]);
  for (std::size_t node = 0; node < drawn.steps.size(); ++node)
    add_node(out, report, drawn.steps[node], frame.corner(layout.layer[node], layout.at[node]));
  return out + "</svg>\n</div>\n</section>\n";
}

}  // namespace rustchain

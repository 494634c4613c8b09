#pragma once
#include <cmath>
#include <tuple>

#include "tend/lecture/probe.h"
#include "tend/train/run.h"

namespace tend {

/// WeightPath: the way of the network's first two weights through the training, over the surface of the training loss, which is
/// measured with all other weights as they were at the start.
struct WeightPath {
  double low_x = -1, high_x = 1, low_y = -1, high_y = 1;
  std::int64_t points = 41;
  static constexpr std::string_view about =
      "The path of the first two weights, drawn by the chart \"path\": path.length, path.distance from the first to the last "
      "place, and path.detour, their ratio.";
  static constexpr auto fields = std::tuple{
      field_of<WeightPath>("low_x", &WeightPath::low_x, any_number(), "", "The least first weight that is drawn."),
      field_of<WeightPath>("high_x", &WeightPath::high_x, any_number(), "", "The largest first weight."),
      field_of<WeightPath>("low_y", &WeightPath::low_y, any_number(), "", "The least second weight that is drawn."),
      field_of<WeightPath>("high_y", &WeightPath::high_y, any_number(), "", "The largest second weight."),
      field_of<WeightPath>("points", &WeightPath::points, at_least(2), "", "Of the surface, along each axis.")};

  void at_start(const Training& training, Measures& m) {
    after_step(training, m);
    draw_surface(training.engine(), m);
  }
  void after_step(const Training& training, Measures& m) const {
    m.curves["path"].push_back({weight(training.engine(), 0), weight(training.engine(), 1)});
  }
  void at_end(const Training&, Measures& m) const {
    const auto& path = m.curves["path"];
    double length = 0;
    for (std::size_t i = 1; i < path.size(); ++i) length += std::hypot(path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]);
    const double distance = std::hypot(path.back()[0] - path.front()[0], path.back()[1] - path.front()[1]);
    m.values["path.length"] = length, m.values["path.distance"] = distance,
    m.values["path.detour"] = length > 0 ? length / distance : 1;
  }

 private:
  /// An element of all parameters, which lie one after another at the beginning of the state.
  static double weight(const Run& run, std::int64_t number) {
    return static_cast<double>(reinterpret_cast<const float*>(run.state().data())[number]);
  }
  void draw_surface(const Run& run, Measures& m) const {
    Run copy = run.fork();
    m.surface = {.low_x = low_x,
                 .high_x = high_x,
                 .low_y = low_y,
                 .high_y = high_y,
                 .columns = static_cast<std::size_t>(points),
                 .rows = static_cast<std::size_t>(points),
                 .values = {}};
    for (std::int64_t r = 0; r < points; ++r)
      for (std::int64_t c = 0; c < points; ++c) {
        const double share_x = static_cast<double>(c) / static_cast<double>(points - 1),
                     share_y = static_cast<double>(r) / static_cast<double>(points - 1);
        auto* weights = reinterpret_cast<float*>(copy.state().data());
        weights[0] = static_cast<float>(low_x + share_x * (high_x - low_x));
        weights[1] = static_cast<float>(low_y + share_y * (high_y - low_y));
        m.surface.values.push_back(metric_of(copy.evaluate(PartName::train), "loss"));
      }
  }
};

}  // namespace tend

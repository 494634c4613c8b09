#pragma once
#include <algorithm>
#include <tuple>

#include "tend/lecture/layer_outputs.h"
#include "tend/lecture/probe.h"

namespace tend {

/// Histograms: how the outputs of each activation are distributed over training rows, before the first step and at the end
/// (CS231n 2017, lecture 6, slides 44-53).
struct Histograms {
  std::int64_t bins = 25;
  bool at_end_too = true;
  static constexpr std::string_view value_field = "bins";
  static constexpr std::string_view about = "Histograms of the outputs of each activation.";
  static constexpr auto fields = std::tuple{
      field_of<Histograms>("bins", &Histograms::bins, at_least(2), "", "The bins of equal width."),
      field_of<Histograms>("at_end_too", &Histograms::at_end_too, {}, "", "Also after the last step.")};

  void at_start(const Training& training, Measures& m) const { add(training, "start", m); }
  void at_end(const Training& training, Measures& m) const {
    if (at_end_too) add(training, "end", m);
  }

 private:
  void add(const Training& training, const char* when, Measures& m) const {
    const std::vector<LayerOutputs> layers = outputs_of_activations(training.engine());
    float low = 0, high = 0;
    for (const LayerOutputs& layer : layers)
      for (const float v : layer.values) low = std::min(low, v), high = std::max(high, v);
    for (const LayerOutputs& layer : layers) {
      LectureHistogram h{.when = when, .layer = layer.node->name, .low = low, .high = high, .counts = {}};
      h.counts.resize(static_cast<std::size_t>(bins));
      for (const float v : layer.values)
        if (v >= low && v <= high && low < high)
          ++h.counts[static_cast<std::size_t>(
              std::min<double>(static_cast<double>(bins) - 1, (v - low) / (high - low) * static_cast<double>(bins)))];
      m.histograms.push_back(std::move(h));
    }
  }
};

}  // namespace tend

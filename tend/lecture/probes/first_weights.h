#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/lecture/probe.h"
#include "tend/train/run.h"

namespace tend {

/// FirstWeights: the weights of the first layer as pictures, one for each unit or filter, before the first step and at the end.
/// Noisy ones have not converged, or lack regularization; smooth, diverse ones are good (CS231n notes, part 3).
struct FirstWeights {
  std::int64_t most = 16;
  static constexpr std::string_view value_field = "most";
  static constexpr std::string_view about =
      "Pictures of the first layer's weights; end.first_weights.roughness is the mean square of differences between neighbours "
      "over twice the variance: 1 for noise, near 0 for smooth pictures.";
  static constexpr auto fields = std::tuple{
      field_of<FirstWeights>("most", &FirstWeights::most, at_least(1), "", "The pictures that are shown.")};

  void at_start(const Training& training, Measures& m) const { add(training.engine(), "start", m); }
  void at_end(const Training& training, Measures& m) const { add(training.engine(), "end", m); }

 private:
  /// Weights [..., units] of the first parameter of more than one axis; of a layer after flatten, its inputs are the picture.
  void add(const Run& run, const std::string& when, Measures& m) const {
    const Plan& plan = run.plan();
    const Shape picture = plan.network().input_shape();
    const std::size_t before = m.pictures.size();
    for (std::size_t p = 0; p < plan.layout().segments.size() && picture.rank() == 3; ++p) {
      const Shape& shape = plan.layout().directory->at(plan.layout().parameter_names[p]).shape;
      if (shape.rank() < 2) continue;
      const bool is_filter = shape.rank() == 4;
      const std::int64_t height = is_filter ? shape[0] : picture[0], width = is_filter ? shape[1] : picture[1],
                         channels = picture[2], units = shape[-1];
      if (height * width * channels * units != shape.count()) return;
      double roughness = 0;
      for (std::int64_t u = 0; u < units; ++u) {
        LecturePicture one{.when = when,
                           .name = "unit " + std::to_string(u + 1),
                           .height = height,
                           .width = width,
                           .channels = channels,
                           .values = {}};
        for (std::int64_t i = 0; i < height * width * channels; ++i)
          one.values.push_back(run.weights(p)[static_cast<std::size_t>(i * units + u)]);
        roughness += roughness_of(one) / static_cast<double>(units);
        if (u < most) m.pictures.push_back(std::move(one));
      }
      scale(m.pictures, before);
      m.values[when + ".first_weights.roughness"] = roughness;
      return;
    }
  }
  static double roughness_of(const LecturePicture& p) {
    double mean = 0, square = 0, differences = 0, pairs = 0;
    const auto at = [&](std::int64_t y, std::int64_t x, std::int64_t c) {
      return static_cast<double>(p.values[static_cast<std::size_t>((y * p.width + x) * p.channels + c)]);
    };
    const auto n = static_cast<double>(p.values.size());
    for (const float v : p.values) mean += static_cast<double>(v) / n;
    for (const float v : p.values) square += std::pow(static_cast<double>(v) - mean, 2) / n;
    for (std::int64_t y = 0; y < p.height; ++y)
      for (std::int64_t x = 0; x < p.width; ++x)
        for (std::int64_t c = 0; c < p.channels; ++c) {
          if (x + 1 < p.width) differences += std::pow(at(y, x + 1, c) - at(y, x, c), 2), ++pairs;
          if (y + 1 < p.height) differences += std::pow(at(y + 1, x, c) - at(y, x, c), 2), ++pairs;
        }
    return square > 0 && pairs > 0 ? differences / pairs / (2 * square) : 0;
  }
  /// To [0, 1] with 0 in the middle, by the largest weight of all pictures: units without weights are grey.
  static void scale(std::vector<LecturePicture>& pictures, std::size_t first) {
    float largest = 0;
    for (std::size_t i = first; i < pictures.size(); ++i)
      for (const float v : pictures[i].values) largest = std::max(largest, std::fabs(v));
    for (std::size_t i = first; i < pictures.size(); ++i)
      for (float& v : pictures[i].values) v = largest > 0 ? 0.5F + v / (2 * largest) : 0.5F;
  }
};

}  // namespace tend

#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/lecture/probe.h"
#include "tend/train/run.h"
#include "tend/train/weight_pictures.h"

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
  void add(const Run& run, const std::string& when, Measures& m) const {
    const Plan& plan = run.plan();
    WeightPictures pictures = first_weight_pictures(plan.network().input_shape(), plan.layout(), run.state());
    if (pictures.units.empty()) return;
    const auto one = [&](std::size_t u) {
      return LecturePicture{.when = when,
                            .name = "unit " + std::to_string(u + 1),
                            .height = pictures.height,
                            .width = pictures.width,
                            .channels = pictures.channels,
                            .values = pictures.units[u]};
    };
    double roughness = 0;
    for (std::size_t u = 0; u < pictures.units.size(); ++u)
      roughness += roughness_of(one(u)) / static_cast<double>(pictures.units.size());
    m.values[when + ".first_weights.roughness"] = roughness;
    pictures.units.resize(std::min(pictures.units.size(), static_cast<std::size_t>(most)));
    scale_to_one(pictures.units);
    for (std::size_t u = 0; u < pictures.units.size(); ++u) m.pictures.push_back(one(u));
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
};

}  // namespace tend

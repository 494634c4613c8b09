#pragma once
#include <cmath>
#include <tuple>
#include <vector>

#include "tend/lecture/layer_outputs.h"
#include "tend/lecture/probe.h"

namespace tend {

/// InputShift: how far the inputs of each activation move while the layers before it learn. After each epoch, for each unit:
/// |mean now - mean before| in units of the deviation before, averaged over the units (Ioffe and Szegedy, 2015, sec. 2: internal
/// covariate shift).
struct InputShift {
  static constexpr std::string_view about =
      "shift.relu_2: the distance that the mean input of an activation's units moved during the training, in deviations; the sum "
      "over epochs.";
  static constexpr auto fields = std::tuple{};

  void at_start(const Training& training, Measures&) { before_ = moments(training); }
  void after_epoch(const Training& training, Measures& m) {
    ++epoch_;
    std::vector<Moments> now = moments(training);
    double sum = 0;
    for (std::size_t k = 0; k < now.size() && k < before_.size(); ++k) {
      double moved = 0;
      for (std::size_t u = 0; u < now[k].mean.size(); ++u)
        moved += std::fabs(now[k].mean[u] - before_[k].mean[u]) / (before_[k].deviation[u] + 1e-6);
      moved /= static_cast<double>(now[k].mean.size());
      m.values["shift." + now[k].name] += moved;
      sum += moved;
    }
    m.curves["shift"].push_back({epoch_, sum / static_cast<double>(std::max<std::size_t>(1, now.size()))});
    before_ = std::move(now);
  }

 private:
  struct Moments {
    std::string name;
    std::vector<double> mean, deviation;
  };
  static std::vector<Moments> moments(const Training& training) {
    std::vector<Moments> all;
    for (const LayerOutputs& layer : inputs_of_activations(training.engine())) {
      const auto units = static_cast<std::size_t>(layer.units);
      Moments of{.name = layer.node->name, .mean = std::vector<double>(units), .deviation = std::vector<double>(units)};
      const double rows = static_cast<double>(layer.values.size()) / static_cast<double>(units);
      for (std::size_t i = 0; i < layer.values.size(); ++i) of.mean[i % units] += static_cast<double>(layer.values[i]) / rows;
      for (std::size_t i = 0; i < layer.values.size(); ++i)
        of.deviation[i % units] += std::pow(static_cast<double>(layer.values[i]) - of.mean[i % units], 2) / rows;
      for (double& d : of.deviation) d = std::sqrt(d);
      all.push_back(std::move(of));
    }
    return all;
  }
  double epoch_ = 0;
  std::vector<Moments> before_;
};

}  // namespace tend

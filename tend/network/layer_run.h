#pragma once
#include <map>
#include <string>
#include <vector>

#include "tend/network/layer.h"

namespace tend {

/// What one layer made of given numbers, forward and backward, on reference kernels in double.
struct LayerNumbers {
  std::vector<double> output;
  std::vector<std::vector<double>> input_gradients;
  std::map<std::string, std::vector<double>> gradients, statistics;
};

/// Runs a layer by itself: inputs (rows x shape each), parameters by name, the output's gradient. For tests and for the exam.
LayerNumbers run_layer(const LayerEntry& layer, const std::vector<Shape>& shapes, const std::vector<std::vector<double>>& inputs,
                       const std::map<std::string, std::vector<double>>& parameters, const std::vector<double>& output_gradient, std::int64_t rows);
template <class L>
LayerNumbers run_layer(const L& layer, const std::vector<Shape>& shapes, const std::vector<std::vector<double>>& inputs,
                       const std::map<std::string, std::vector<double>>& parameters, const std::vector<double>& output_gradient, std::int64_t rows = 2) {
  const LayerModel<L> model(layer, "layer");
  return run_layer(static_cast<const LayerEntry&>(model), shapes, inputs, parameters, output_gradient, rows);
}

}  // namespace tend

#pragma once
#include <map>
#include <string>
#include <vector>

#include "tend/exam/layer_trial.h"

namespace tend {

/// The results of one layer for given numbers, forward and backward, on reference kernels in double.
struct LayerNumbers {
  std::vector<double> output;
  std::vector<std::vector<double>> input_gradients;
  std::map<std::string, std::vector<double>> gradients, statistics;
};

/// Runs one layer on given numbers: inputs (rows x shape each), parameters by name, the output's gradient.
template <class L>
LayerNumbers run_layer(const L& layer, const std::vector<Shape>& shapes, const std::vector<std::vector<double>>& inputs,
                       const std::map<std::string, std::vector<double>>& parameters, const std::vector<double>& output_gradient,
                       std::int64_t rows = 2) {
  const LayerModel<L> model(layer, "layer");
  TrialSetting setting;
  setting.rows = rows;
  setting.given = parameters;
  for (std::size_t k = 0; k < inputs.size(); ++k) setting.given["input " + std::to_string(k)] = inputs[k];
  setting.given["output gradient"] = output_gradient;
  LayerTrial trial(model, shapes, reference_backend(ElementType::float64), setting);
  trial.run();
  LayerNumbers numbers;
  numbers.output = trial.read("output");
  for (std::size_t k = 0; k < shapes.size(); ++k)
    numbers.input_gradients.push_back(trial.read("input gradient " + std::to_string(k)));
  for (const ParameterSpec& p : trial.layout().parameters) numbers.gradients[p.name] = trial.read("gradient of " + p.name);
  for (const StatisticSpec& s : trial.layout().statistics) numbers.statistics[s.name] = trial.read("statistic " + s.name);
  return numbers;
}

}  // namespace tend

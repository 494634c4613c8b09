#pragma once
#include <vector>

#include "tend/trial/trial.h"

namespace tend {

/// What passes through a node on some rows: numbers over rows and elements alike.
struct NodeLook {
  const Node* node = nullptr;
  std::int64_t units = 0;  ///< elements of the last axis: neurons, channels
  double mean = 0, deviation = 0, lowest = 0, highest = 0;
  double row_deviation = 0;  ///< how much rows differ: root of the mean, over elements, of the variance among rows
  double zero_fraction = 0;
  double dead_fraction = 0;  ///< units that are 0 on every row and at every place
  double flat_fraction = 0;  ///< activations: elements whose slope is below a hundredth of the steepest seen
  double slope = 0;          ///< activations: mean size of the slope
  std::int64_t not_finite = 0;
  double gradient_mean = 0,
         gradient_deviation = 0;  ///< of the loss by the output, times rows where the loss is a mean: of a row's own loss
  bool has_gradient = false;
};

/// The gradient of a parameter over the rows, beside the parameter.
struct ParameterLook {
  std::string name;
  Shape shape;
  double weight_deviation = 0, weight_norm = 0, gradient_norm = 0;
  double one_signed_fraction = 0;  ///< matrices: units with weights' gradients that are not all 0 and are all of one sign
};

/// Activations and gradients of one step without fusion and without an update: forward as in training, loss, backward.
struct Look {
  std::vector<NodeLook> nodes;  ///< in the network's order
  std::vector<ParameterLook> parameters;
  double loss = 0;  ///< mean of the rows
  std::int64_t rows = 0;
};
/// How large numbers x [rows, width] are, and how much the rows differ: root of the mean square; of the mean, over elements, of
/// the variance among rows.
struct SpreadOfRows {
  double size = 0, differences = 0;
};
SpreadOfRows spread_of_rows(const float* x, std::int64_t rows, std::int64_t width);

/// `rows` are training rows. The trial's state is read; running statistics that a step would change are changed in a copy.
Look look_inside(const Trial& trial, const std::vector<std::int64_t>& rows);

}  // namespace tend

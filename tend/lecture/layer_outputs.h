#pragma once
#include <vector>

#include "tend/train/run.h"

namespace tend {

/// Outputs [rows, units] of an activation, or its inputs, in inference for some training rows: at most 512.
struct LayerOutputs {
  const Node* node = nullptr;  ///< the activation
  std::int64_t units = 1;      ///< values of a row and place
  std::vector<float> values;
};

/// Of the activations but the last one.
std::vector<LayerOutputs> outputs_of_activations(const Run& run);
/// What these activations get: the outputs of the layers before them.
std::vector<LayerOutputs> inputs_of_activations(const Run& run);

}  // namespace tend

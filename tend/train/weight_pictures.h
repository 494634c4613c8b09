#pragma once
#include <vector>

#include "tend/train/plan.h"

namespace tend {

/// Weights of units as pictures of what they see.
struct WeightPictures {
  std::int64_t height = 0, width = 0, channels = 0;
  std::vector<std::vector<float>> units;  ///< of each unit [height, width, channels]
};
/// The weights of the first parameter of more than one axis, of the first network of a pack: filters of a convolution, or of a
/// dense layer the weights of each pixel. `picture`: the input of the network, [height, width, channels]. Without units where the
/// input or the layer is another.
WeightPictures first_weight_pictures(const Shape& picture, const StateLayout& layout, const Block& state);
/// Moves weights to [0, 1], with 0 in the middle and by the largest of all units: units without weights are grey.
void scale_to_one(std::vector<std::vector<float>>& units);

}  // namespace tend

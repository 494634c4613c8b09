#include "tend/experiment/infer_images.h"

#include <algorithm>

#include "tend/experiment/defaults.h"

namespace tend {

Value layer(const char* kind, Value value) {
  Value v = Value::table();
  v[kind] = std::move(value);
  return v;
}

Value image_layers(std::int64_t smaller_side) {
  constexpr const Defaults::Images& usual = defaults.images;
  int stages = 1;
  for (const std::int64_t side : usual.sides_of_another_stage) stages += smaller_side >= side;
  Value layers = Value::array();
  for (int stage = 0; stage < stages; ++stage) {
    for (int twice = 0; twice < (stage == 0 && stages > 1 ? usual.convolutions_first : usual.convolutions); ++twice) {
      Value conv = layer("conv2d", usual.first_filters << std::min(stage + (stages == 1 ? twice : 0), usual.most_doublings));
      conv["padding"] = "same";
      conv["bias"] = false;
      layers.push_back(std::move(conv));
      layers.push_back("batch_norm");
      layers.push_back("relu");
    }
    layers.push_back(layer("max_pool2d", usual.pooling));
  }
  layers.push_back("flatten");
  layers.push_back(layer("dropout", stages == 1 ? usual.dropout_of_one_stage : usual.dropout_of_stages));
  if (stages > 1) {
    layers.push_back(layer("dense", usual.hidden_units));
    layers.push_back("relu");
    layers.push_back(layer("dropout", usual.dropout_of_hidden));
  }
  return layers;
}

}  // namespace tend

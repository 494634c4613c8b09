#include "tend/train/weight_pictures.h"

#include <algorithm>
#include <cmath>

namespace tend {

WeightPictures first_weight_pictures(const Shape& picture, const StateLayout& layout, const Block& state) {
  WeightPictures pictures;
  if (picture.rank() != 3) return pictures;
  for (const std::string& name : layout.parameter_names) {
    const Place& place = state.directory().at(name);
    if (place.shape.rank() < 2) continue;
    const bool is_filter = place.shape.rank() == 4;
    pictures.height = is_filter ? place.shape[0] : picture[0], pictures.width = is_filter ? place.shape[1] : picture[1];
    pictures.channels = picture[2];
    const std::int64_t units = place.shape[-1], count = pictures.height * pictures.width * pictures.channels;
    if (count * units != place.shape.count() || place.type != ElementType::float32) break;
    const float* weights = state.at<float>(place);
    for (std::int64_t u = 0; u < units; ++u) {
      pictures.units.emplace_back();
      for (std::int64_t i = 0; i < count; ++i) pictures.units.back().push_back(weights[i * units + u]);
    }
    break;
  }
  return pictures;
}

void scale_to_one(std::vector<std::vector<float>>& units) {
  float largest = 0;
  for (const std::vector<float>& unit : units)
    for (const float v : unit) largest = std::max(largest, std::fabs(v));
  for (std::vector<float>& unit : units)
    for (float& v : unit) v = largest > 0 ? 0.5F + v / (2 * largest) : 0.5F;
}

}  // namespace tend

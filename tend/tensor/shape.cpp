#include "tend/tensor/shape.h"

namespace tend {

std::string Shape::text() const {
  std::string out = "[";
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    if (i) out += ", ";
    out += std::to_string(sizes_[i]);
  }
  return out + "]";
}

}  // namespace tend

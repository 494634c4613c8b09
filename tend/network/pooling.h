#pragma once
#include <limits>

#include "tend/network/layer.h"

namespace tend {

/// The settings of max_pool2d and average_pool2d: windows of size x size over images [H, W, C].
struct Pooling {
  int size = 2;
  std::optional<int> stride;  ///< absent: equal to size
  Value padding = "valid";

  /// largest_size: the largest window that the layer's kernel takes.
  Layout layout(const std::vector<Shape>& inputs, std::string_view name,
                int largest_size = std::numeric_limits<int>::max()) const;
  PoolSpec spec(const Pass& pass) const;
};
template <class L>
constexpr auto pooling_fields() {
  return std::tuple{field_of<L>("size", &L::size, at_least(1), "pixels", "The height and width of the window."),
                    field_of<L>("stride", &L::stride, at_least(1), "pixels",
                                "The distance between two windows; when absent, the size of the window."),
                    field_of<L>("padding", &L::padding, at_least(0), "pixels",
                                "The padding: none, to ceil(input / stride) outputs, or this number of zeros on each side.",
                                "valid same <integer>")};
}

}  // namespace tend

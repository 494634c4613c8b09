#include "tend/kernels/onednn/layout.h"

#include "tend/base/error.h"

namespace tend::onednn {
namespace {

struct Blocking {
  std::vector<std::int64_t> dims, padded, strides, block_sizes, block_axes;  ///< blocks from the outermost to the innermost
};

#if DNNL_VERSION_MAJOR >= 3
Blocking blocking_of(const dnnl::memory::desc& d) {
  TEND_EXPECTS(d.get_format_kind() == dnnl::memory::format_kind::blocked);
  return {.dims = d.get_dims(),
          .padded = d.get_padded_dims(),
          .strides = d.get_strides(),
          .block_sizes = d.get_inner_blks(),
          .block_axes = d.get_inner_idxs()};
}
#else
Blocking blocking_of(const dnnl::memory::desc& d) {
  const dnnl_memory_desc_t& m = d.data;
  TEND_EXPECTS(m.format_kind == dnnl_blocked);
  const dnnl_blocking_desc_t& b = m.format_desc.blocking;
  return {.dims = {m.dims, m.dims + m.ndims},
          .padded = {m.padded_dims, m.padded_dims + m.ndims},
          .strides = {b.strides, b.strides + m.ndims},
          .block_sizes = {b.inner_blks, b.inner_blks + b.inner_nblks},
          .block_axes = {b.inner_idxs, b.inner_idxs + b.inner_nblks}};
}
#endif

/// The contribution of one axis to the place of an element.
std::vector<std::int64_t> places(const Blocking& b, std::size_t axis) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(b.padded[axis]));
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto index = static_cast<std::int64_t>(i);
    std::int64_t place = 0, step = 1;
    for (std::size_t k = b.block_sizes.size(); k-- > 0;) {
      if (b.block_axes[k] == static_cast<std::int64_t>(axis)) {
        place += index % b.block_sizes[k] * step;
        index /= b.block_sizes[k];
      }
      step *= b.block_sizes[k];
    }
    all[i] = place + index * b.strides[axis];
  }
  return all;
}

}  // namespace

WeightsLayout::WeightsLayout(const dnnl::memory::desc& weights) {
  const Blocking b = blocking_of(weights);
  TEND_EXPECTS(b.dims.size() == 4);
  filter = places(b, 0);
  channel = places(b, 1);
  row = places(b, 2);
  column = places(b, 3);
  filters = b.dims[0];
  channels = b.dims[1];
  count = b.padded[0] * b.padded[1] * b.padded[2] * b.padded[3];
  TEND_EXPECTS(weights.get_size() == static_cast<std::size_t>(count) * sizeof(float));
}

bool WeightsLayout::is_plain() const {
  const auto k = static_cast<std::int64_t>(filter.size()), c = static_cast<std::int64_t>(channel.size());
  const auto w = static_cast<std::int64_t>(column.size());
  const auto steps_by = [](const std::vector<std::int64_t>& places, std::int64_t step) {
    for (std::size_t i = 0; i < places.size(); ++i)
      if (places[i] != static_cast<std::int64_t>(i) * step) return false;
    return true;
  };
  return k == filters && c == channels && steps_by(filter, 1) && steps_by(channel, k) && steps_by(column, k * c) &&
         steps_by(row, k * c * w);
}

}  // namespace tend::onednn

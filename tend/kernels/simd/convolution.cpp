#include "tend/kernels/onednn/convolution.h"

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/convolutions.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"

namespace tend {

TEND_ISA_TABLE(ConvolutionTable, convolutions, convolution_table)

namespace {

constexpr std::int64_t most_channels = 4;  // limit of our own forward pass: all weights stay in the first-level cache
constexpr std::int64_t filters_per_block = 64;
constexpr std::int64_t places_per_group = 1024;  // of a weight gradient's partial sums: adding them up stays cheap
constexpr std::int64_t most_groups = 8, most_partials = 1 << 22;

struct ConvolutionSizes {
  std::int64_t x, y, w;  ///< elements of an image before and after, of the weights
  explicit ConvolutionSizes(const ConvolutionSpec& s)
      : x(s.height * s.width * s.channels),
        y(s.out_height * s.out_width * s.filters),
        w(s.kernel_height * s.kernel_width * s.channels * s.filters) {}
};

std::string note_of(const ConvolutionSpec& s, const char* isa) {
  return std::to_string(s.rows) + "x" + std::to_string(s.height) + "x" + std::to_string(s.width) + "x" +
         std::to_string(s.channels) + " -> " + std::to_string(s.filters) + ", kernel " + std::to_string(s.kernel_height) + "x" +
         std::to_string(s.kernel_width) + " " + isa;
}

double bytes_of(const ConvolutionSpec& s) {
  const ConvolutionSizes size(s);
  return 4.0 * static_cast<double>(s.rows * (size.x + size.y) + size.w);
}

/// Groups of images; each group has its own sums.
Cut cut_groups(const ConvolutionSpec& s) {
  const std::int64_t by_places = s.rows * s.out_height * s.out_width / places_per_group;
  const std::int64_t by_memory = most_partials / std::max<std::int64_t>(1, ConvolutionSizes(s).w);
  const std::int64_t groups = std::min({most_groups, by_places, by_memory, s.rows});
  return {s.rows, static_cast<int>(std::max<std::int64_t>(1, groups))};
}

/// to [n] (+)= the sum of `groups` runs of n, `stride` apart, in their order.
void sum_groups(const float* from, std::int64_t groups, std::int64_t stride, std::int64_t n, bool accumulate, float* to) {
  for (std::int64_t i = 0; i < n; ++i) {
    float sum = from[i];
    for (std::int64_t g = 1; g < groups; ++g) sum += from[g * stride + i];
    to[i] = accumulate ? to[i] + sum : sum;
  }
}

}  // namespace

void FastBackend::convolution_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y,
                                      const Epilogue& epilogue) const {
  if (s.channels > most_channels) return onednn::convolution_forward(e, s, x, w, b, y, epilogue, isa_);
  const ConvolutionSizes size(s);
  const Cut cut = cut_pass(s.rows, size.y, 65536);
  auto run = [=, &table = convolutions_, f = epilogue.functions](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), images = cut(block + 1) - first;
    table.forward(s, images, at(o[0], first * size.x), at(o[1]), at(o[2]), at(o[3], first * size.y));
    finish_span(f, false, nullptr, at(o[4]), at(o[3]), first * size.y, images * size.y);
  };
  e.call(make_kernel({.name = "convolution_forward",
                      .blocks = cut.count,
                      .flops = s.flops(),
                      .bytes = bytes_of(s),
                      .note = note_of(s, word())},
                     run),
         {x, w, b, y, epilogue.y});
}

void FastBackend::convolution_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx,
                                            const Epilogue& epilogue) const {
  onednn::convolution_backward_data(e, s, dy, w, dx, epilogue, isa_);
}

void FastBackend::convolution_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                               bool accumulate) const {
  const ConvolutionSizes size(s);
  const Cut groups = cut_groups(s);
  const std::int64_t filter_blocks = (s.filters + filters_per_block - 1) / filters_per_block, stride = size.w + s.filters;
  const bool is_direct = groups.count == 1, with_bias = static_cast<bool>(db);
  auto run = [=, &table = convolutions_](void* const* o, int block, void*) {
    const std::int64_t g = block / filter_blocks, k = block % filter_blocks * filters_per_block,
                       end = std::min(s.filters, k + filters_per_block);
    float* sums = is_direct ? at(o[2]) : at(o[2], g * stride);
    float* bias = !with_bias ? nullptr : is_direct ? at(o[3]) : sums + size.w;
    if (!(is_direct && accumulate)) {
      for (std::int64_t i = 0; i < size.w; i += s.filters) std::fill(sums + i + k, sums + i + end, 0.0f);
      if (bias) std::fill(bias + k, bias + end, 0.0f);
    }
    table.backward_weights(s, groups(g + 1) - groups(g), k, end, at(o[0], groups(g) * size.x), at(o[1], groups(g) * size.y), sums,
                           bias);
  };
  const Slot partials = is_direct ? Slot{} : e.temporary(4 * stride * groups.count);
  e.call(make_kernel({.name = "convolution_backward_weights",
                      .blocks = groups.count * static_cast<int>(filter_blocks),
                      .flops = s.flops(),
                      .bytes = bytes_of(s),
                      .note = note_of(s, word())},
                     run),
         {x, dy, is_direct ? dw : partials, is_direct ? db : Slot{}});
  if (is_direct) return;
  const Cut cut = cut_pass(size.w, groups.count);
  auto sum = [=](void* const* o, int block, void*) {
    sum_groups(at(o[0], cut(block)), groups.count, stride, cut(block + 1) - cut(block), accumulate, at(o[1], cut(block)));
    if (o[2] && block == 0) sum_groups(at(o[0], size.w), groups.count, stride, s.filters, accumulate, at(o[2]));
  };
  e.call(make_kernel({.name = "sum_weight_gradients",
                      .blocks = cut.count,
                      .bytes = 4.0 * static_cast<double>((groups.count + 1) * size.w),
                      .note = std::to_string(groups.count) + " groups"},
                     sum),
         {partials, dw, db});
}

}  // namespace tend

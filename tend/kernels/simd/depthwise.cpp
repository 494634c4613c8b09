#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/depthwises.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"

namespace tend {

TEND_ISA_TABLE(DepthwiseTable, depthwises, depthwise_table)

namespace {

constexpr std::int64_t elements_per_block = 16384;
constexpr std::int64_t most_image_groups = 16;  // groups of images; their sums of a weight gradient are added up at the end

/// A multiplier above 1 is computed as a multiplier of 1 on images with repeated channels.
struct Depthwise {
  ConvolutionSpec spec;  ///< channels = filters
  std::int64_t each, pixels, x, y, w;
  explicit Depthwise(const ConvolutionSpec& s)
      : spec(s),
        each(s.filters / s.channels),
        pixels(s.height * s.width),
        x(pixels * s.filters),
        y(s.out_height * s.out_width * s.filters),
        w(s.kernel_height * s.kernel_width * s.filters) {
    spec.channels = s.filters;
  }
  double flops() const { return 2.0 * static_cast<double>(spec.rows * y * spec.kernel_height * spec.kernel_width); }
  double bytes() const { return 4.0 * static_cast<double>(spec.rows * (x + y) + w); }
  Cut cut() const { return cut_pass(spec.rows, y * spec.kernel_height * spec.kernel_width / 4 + x, elements_per_block); }

  /// x with its channels repeated, or x itself if nothing is repeated.
  Slot repeated(Emitter& e, const DepthwiseTable& table, Slot given) const {
    if (each == 1) return given;
    const Slot wide = e.temporary(4 * spec.rows * x);
    const std::int64_t narrow = x / each;
    const Cut pieces = cut_pass(spec.rows, x);
    auto run = [count = narrow, wider = x, times = each, pieces, &table](void* const* o, int block, void*) {
      table.repeat(at(o[0], pieces(block) * count), at(o[1], pieces(block) * wider), (pieces(block + 1) - pieces(block)) * count,
                   times);
    };
    e.call(make_kernel(
               {.name = "repeat_channels", .blocks = pieces.count, .bytes = 4.0 * static_cast<double>(spec.rows * (x + narrow))},
               run),
           {given, wide});
    return wide;
  }
};

}  // namespace

void FastBackend::depthwise_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y,
                                    const Epilogue& epilogue) const {
  const Depthwise d(s);
  const Cut cut = d.cut();
  auto run = [=, &table = depthwises_, f = epilogue.functions](void* const* o, int block, void*) {
    for (std::int64_t n = cut(block); n < cut(block + 1); ++n) {
      table.forward(d.spec, 1, at(o[0], n * d.x), at(o[1]), at(o[2]), at(o[3], n * d.y));
      finish_span(f, false, nullptr, at(o[4]), at(o[3]), n * d.y, d.y);
    }
  };
  const Slot wide = d.repeated(e, depthwises_, x);
  e.call(make_kernel({.name = "depthwise_forward", .blocks = cut.count, .flops = d.flops(), .bytes = d.bytes(), .note = word()},
                     run),
         {wide, w, b, y, epilogue.y});
}

void FastBackend::depthwise_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx,
                                          const Epilogue& epilogue) const {
  const Depthwise d(s);
  const Cut cut = d.cut();
  auto run = [=, &table = depthwises_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block,
                                                                                             void* scratch) {
    const std::int64_t count = d.x / d.each;
    for (std::int64_t n = cut(block); n < cut(block + 1); ++n) {
      float *to = at(o[2], n * count), *wide = d.each == 1 ? to : static_cast<float*>(scratch);
      table.backward_data(d.spec, 1, at(o[0], n * d.y), at(o[1]), wide);
      if (d.each > 1) table.sum_repeated(wide, to, count, d.each);
      finish_span(f, backward, at(o[3]), at(o[4]), at(o[2]), n * count, count);
    }
  };
  e.call(make_kernel({.name = "depthwise_backward_data",
                      .blocks = cut.count,
                      .flops = d.flops(),
                      .bytes = d.bytes(),
                      .scratch_bytes = d.each == 1 ? 0 : 4 * d.x,
                      .note = word()},
                     run),
         {dy, w, dx, epilogue.z, epilogue.y});
}

void FastBackend::depthwise_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                             bool accumulate) const {
  const Depthwise d(s);
  Cut cut = d.cut();
  cut.count = static_cast<int>(std::min<std::int64_t>(cut.count, most_image_groups));
  const std::int64_t stride = d.w + s.filters;
  auto run = [=, &table = depthwises_](void* const* o, int block, void*) {
    double* sums = at<double>(o[2], stride * block);
    std::fill(sums, sums + stride, 0.0);
    for (std::int64_t n = cut(block); n < cut(block + 1); ++n)
      table.backward_weights(d.spec, 1, at(o[0], n * d.x), at(o[1], n * d.y), sums);
  };
  auto combine = [=](void* const* o, int, void*) {
    for (std::int64_t i = 0; i < (o[2] ? stride : d.w); ++i) {
      double sum = 0;
      for (int b = 0; b < cut.count; ++b) sum += at<double>(o[0])[stride * b + i];
      float* to = i < d.w ? at(o[1], i) : at(o[2], i - d.w);
      *to = (accumulate ? *to : 0.0f) + static_cast<float>(sum);
    }
  };
  const Slot wide = d.repeated(e, depthwises_, x), sums = e.temporary(8 * stride * cut.count);
  e.call(make_kernel(
             {.name = "depthwise_backward_weights", .blocks = cut.count, .flops = d.flops(), .bytes = d.bytes(), .note = word()},
             run),
         {wide, dy, sums});
  e.call(make_kernel({.name = "depthwise_sum_weights"}, combine), {sums, dw, db});
}

}  // namespace tend

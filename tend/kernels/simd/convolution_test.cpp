#include "tests/every/kernel_exam.h"

namespace tend::bench::simd_convolution_test {
namespace {

ConvolutionSpec square(std::int64_t rows, std::int64_t size, std::int64_t channels, std::int64_t filters, std::int64_t kernel) {
  ConvolutionSpec s;
  s.rows = rows, s.height = s.width = size, s.channels = channels, s.filters = filters, s.kernel_height = s.kernel_width = kernel;
  s.out_height = s.out_width = size - kernel + 1;
  return s;
}

TEST(SimdConvolution, groups_of_images_and_blocks_of_filters_sum_them_all) {
  for (const ConvolutionSpec& s : {square(301, 5, 3, 5, 2), square(520, 4, 2, 3, 1), square(272, 10, 8, 16, 3),
                                   square(3, 40, 2, 70, 5), square(40, 12, 5, 131, 3)}) {
    const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.filters;
    const std::int64_t nw = s.kernel_height * s.kernel_width * s.channels * s.filters;
    Draw draw(2);
    const Values x = draw.values(nx), dy = draw.values(ny);
    expect_agrees_as_sum(
        [&](Side& side) {
          const Slot dw = side.out(nw), db = side.out(s.filters);
          side.backend().convolution_backward_weights(side.bench(), s, side.in(x), side.in(dy), dw, db, false);
          side.result("dw", dw, nw);
          side.result("db", db, s.filters);
        },
        static_cast<double>(s.rows * s.out_height * s.out_width));
  }
}

}  // namespace
}  // namespace tend::bench::simd_convolution_test

#include "tests/every/reference_bench.h"

namespace tend::bench::convolution_test {
namespace {

template <class T>
class ReferenceConvolution : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceConvolution, FloatAndDouble);

/// One image of 3 x 3 with one channel, one filter of 2 x 2.
ConvolutionSpec small() {
  ConvolutionSpec s;
  s.rows = 1, s.height = s.width = 3, s.channels = s.filters = 1, s.kernel_height = s.kernel_width = 2,
  s.out_height = s.out_width = 2;
  return s;
}

TYPED_TEST(ReferenceConvolution, forward_slides_the_kernel_unflipped) {
  const Slot y = this->out(4);
  this->reference.convolution_forward(this->bench, small(), this->in({1, 2, 3, 4, 5, 6, 7, 8, 9}), this->in({1, 2, 3, 4}),
                                      this->in({10}), y);
  this->run();
  this->expect(y, {47, 57, 77, 87});  // 1 1 + 2 2 + 4 3 + 5 4 + 10 = 47
}

TYPED_TEST(ReferenceConvolution, padding_counts_as_zeros_and_the_stride_skips) {
  ConvolutionSpec s = small();
  s.pad_top = s.pad_left = 1, s.stride_height = s.stride_width = 2;
  const Slot y = this->out(4);
  this->reference.convolution_forward(this->bench, s, this->in({1, 2, 3, 4, 5, 6, 7, 8, 9}), this->in({1, 2, 3, 4}), {}, y);
  this->run();
  this->expect(y, {4, 18, 36, 77});
}

TYPED_TEST(ReferenceConvolution, backward_spreads_dy_over_windows_and_sums_weights_over_places) {
  const Slot x = this->in({1, 2, 3, 4, 5, 6, 7, 8, 9}), w = this->in({1, 2, 3, 4}), dy = this->in({1, 0, 0, 2});
  const Slot dx = this->out(9), dw = this->out(4), db = this->out(1), sum_w = this->in({1, 1, 1, 1}), sum_b = this->in({-3});
  this->reference.convolution_backward_data(this->bench, small(), dy, w, dx);
  this->reference.convolution_backward_weights(this->bench, small(), x, dy, dw, db, false);
  this->reference.convolution_backward_weights(this->bench, small(), x, dy, sum_w, sum_b, true);
  this->run();
  this->expect(dx, {1, 2, 0, 3, 6, 4, 0, 6, 8});
  this->expect(dw, {11, 14, 20, 23});
  this->expect(db, {3});
  this->expect(sum_w, {12, 15, 21, 24});
  this->expect(sum_b, {0});
}

TYPED_TEST(ReferenceConvolution, weights_lie_as_channels_by_filters) {
  ConvolutionSpec s;
  s.rows = 2, s.height = s.width = s.kernel_height = s.kernel_width = s.out_height = s.out_width = 1, s.channels = s.filters = 2;
  const Slot y = this->out(4);
  this->reference.convolution_forward(this->bench, s, this->in({1, 2, 3, 4}), this->in({1, 10, 100, 1000}), {}, y);
  this->run();
  this->expect(y, {201, 2010, 403, 4030});
}

}  // namespace
}  // namespace tend::bench::convolution_test

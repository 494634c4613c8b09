#include "tests/every/reference_bench.h"

namespace tend::bench::depthwise_test {
namespace {

template <class T>
class ReferenceDepthwise : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceDepthwise, FloatAndDouble);

/// One row of three pixels followed by a zero, a window of 1 x 2; two channels with two filters each.
const ConvolutionSpec spec{1, 1, 3, 2, 4, 1, 2, 1, 2, 0, 0, 1, 2};

TYPED_TEST(ReferenceDepthwise, gives_each_channel_its_own_filters) {
  const Slot x = this->in({1, 10, 2, 20, 3, 30}), w = this->in({1, 2, 3, 4, 5, 6, 7, 8}), y = this->out(8), bare = this->out(8);
  this->reference.depthwise_forward(this->bench, spec, x, w, this->in({0, 0, 1000, 0}), y);
  this->reference.depthwise_forward(this->bench, spec, x, w, {}, bare);
  this->run();
  this->expect(y, {1 + 10, 2 + 12, 1000 + 30 + 140, 40 + 160, 3, 6, 1000 + 90, 120});
  this->expect(bare, {11, 14, 170, 200, 3, 6, 90, 120});
}

TYPED_TEST(ReferenceDepthwise, gives_gradients_back_to_pixels_and_filters) {
  const Slot x = this->in({1, 10, 2, 20, 3, 30}), w = this->in({1, 2, 3, 4, 5, 6, 7, 8}), dy = this->in({1, 0, 0, 1, 0, 2, 1, 0});
  const Slot dx = this->out(6), dw = this->out(8), db = this->out(4), more = this->in({1, 1, 1, 1, 1, 1, 1, 1});
  this->reference.depthwise_backward_data(this->bench, spec, dy, w, dx);
  this->reference.depthwise_backward_weights(this->bench, spec, x, dy, dw, db, false);
  this->reference.depthwise_backward_weights(this->bench, spec, x, dy, more, {}, true);
  this->run();
  this->expect(dx, {1, 4, 5, 8, 4, 3});
  this->expect(dw, {1, 6, 30, 10, 2, 0, 0, 20});
  this->expect(db, {1, 2, 1, 1});
  this->expect(more, {2, 7, 31, 11, 3, 1, 1, 21});
}

}  // namespace
}  // namespace tend::bench::depthwise_test

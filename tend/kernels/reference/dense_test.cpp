#include "tests/every/reference_bench.h"

namespace tend::bench::dense_test {
namespace {

template <class T>
class ReferenceDense : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceDense, FloatAndDouble);

/// x [2,2], W [2,3], b [3].
const DenseSpec spec{2, 2, 3};

TYPED_TEST(ReferenceDense, forward_is_x_times_w_plus_b) {
  const Slot y = this->out(6), plain = this->out(6);
  const Slot x = this->in({1, 2, 3, 4}), w = this->in({1, 0, 2, 0, 1, 3});
  this->reference.dense_forward(this->bench, spec, x, w, this->in({0.5, -1, 0}), y);
  this->reference.dense_forward(this->bench, spec, x, w, {}, plain);
  this->run();
  this->expect(y, {1.5, 1, 8, 3.5, 3, 18});
  this->expect(plain, {1, 2, 8, 3, 4, 18});
}

TYPED_TEST(ReferenceDense, backward_data_is_dy_times_the_transpose_of_w) {
  const Slot dx = this->out(4);
  this->reference.dense_backward_data(this->bench, spec, this->in({1, 0, -1, 2, 1, 0}), this->in({1, 0, 2, 0, 1, 3}), dx);
  this->run();
  this->expect(dx, {-1, -3, 2, 1});
}

TYPED_TEST(ReferenceDense, backward_weights_assigns_or_accumulates) {
  const Slot x = this->in({1, 2, 3, 4}), dy = this->in({1, 0, -1, 2, 1, 0});
  const Slot dw = this->out(6), db = this->out(3), sum_w = this->in({1, 1, 1, 1, 1, 1}), sum_b = this->in({5, 5, 5}),
             alone = this->out(6);
  this->reference.dense_backward_weights(this->bench, spec, x, dy, dw, db, false);
  this->reference.dense_backward_weights(this->bench, spec, x, dy, sum_w, sum_b, true);
  this->reference.dense_backward_weights(this->bench, spec, x, dy, alone, {}, false);
  this->run();
  this->expect(dw, {7, 3, -1, 10, 4, -2});
  this->expect(db, {3, 1, -1});
  this->expect(sum_w, {8, 4, 0, 11, 5, -1});
  this->expect(sum_b, {8, 6, 4});
  this->expect(alone, {7, 3, -1, 10, 4, -2});
}

}  // namespace
}  // namespace tend::bench::dense_test

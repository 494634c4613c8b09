#include <cmath>

#include "tests/every/reference_bench.h"

namespace tend::bench::pointwise_test {
namespace {

template <class T>
class ReferencePointwise : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferencePointwise, FloatAndDouble);

TYPED_TEST(ReferencePointwise, softmax_is_shares_of_exponentials_and_its_slope_y_times_dy_less_their_product) {
  const auto ln = [](double v) { return static_cast<TypeParam>(std::log(v)); };
  const Slot y = this->out(3), dx = this->out(3);
  this->reference.softmax_forward(this->bench, 1, 3, false, this->in({0, ln(2), ln(5)}), y);
  this->reference.softmax_backward(this->bench, 1, 3, false, y, this->in({1, 0, 0}), dx);
  this->run();
  this->expect(y, {TypeParam(0.125), TypeParam(0.25), TypeParam(0.625)}, 1e-7);
  this->expect(dx, {TypeParam(7) / 64, TypeParam(-2) / 64, TypeParam(-5) / 64}, 1e-7);
}

TYPED_TEST(ReferencePointwise, log_softmax_is_its_logarithm_and_its_slope_dy_less_the_shares_of_their_sum) {
  const auto ln = [](double v) { return static_cast<TypeParam>(std::log(v)); };
  const Slot y = this->out(3), dx = this->out(3);
  this->reference.softmax_forward(this->bench, 1, 3, true, this->in({ln(1), ln(2), ln(5)}), y);
  this->reference.softmax_backward(this->bench, 1, 3, true, y, this->in({1, 0, 0}), dx);
  this->run();
  this->expect(y, {ln(0.125), ln(0.25), ln(0.625)}, 1e-6);
  this->expect(dx, {TypeParam(0.875), TypeParam(-0.25), TypeParam(-0.625)}, 1e-6);
}

TYPED_TEST(ReferencePointwise, softmax_of_large_values_does_not_overflow) {
  const Slot y = this->out(4);
  this->reference.softmax_forward(this->bench, 2, 2, false, this->in({1e30f, 1e30f, -1e30f, 0}), y);
  this->run();
  this->expect(y, {0.5, 0.5, 0, 1});
}

TYPED_TEST(ReferencePointwise, dropout_keeps_where_16_bits_of_philox_reach_the_rate) {
  // Philox 4x32-10 of counter 0 and key 0 (Random123's known answers): 6627e8d5 e169c58d bc57ac4c 9b00dbd8; rate 3/4 is c000.
  this->bench.inputs().step = 0;
  const Slot rate = this->bench.give_layer_input(0, 0.75);
  const Slot y = this->out(8), dx = this->out(8);
  const DropoutSpec spec{1, 8, 0};
  this->reference.dropout_forward(this->bench, spec, rate, this->in({1, 2, 3, 4, 5, 6, 7, 8}), y);
  this->reference.dropout_backward(this->bench, spec, rate, this->in({1, 1, 1, 1, 1, 1, 1, 1}), dx);
  this->run();
  this->expect(y, {4, 0, 12, 16, 0, 0, 28, 0});
  this->expect(dx, {4, 0, 4, 4, 0, 0, 4, 0});
}

TYPED_TEST(ReferencePointwise, add_sums_also_into_an_input_of_its_own) {
  const Slot a = this->in({1, 2, 3}), b = this->in({10, 20, 30});
  this->reference.add(this->bench, 3, {a, b, a}, a);
  this->run();
  this->expect(a, {12, 24, 36});
}

TYPED_TEST(ReferencePointwise, concat_lays_rows_side_by_side_and_split_takes_them_apart) {
  const Slot y = this->out(6), second = this->out(4);
  this->reference.concat(this->bench, 2, {1, 2}, {this->in({1, 2}), this->in({3, 4, 5, 6})}, y);
  this->reference.split(this->bench, 2, {1, 2}, y, {Slot{}, second});
  this->run();
  this->expect(y, {1, 3, 4, 2, 5, 6});
  this->expect(second, {3, 4, 5, 6});
}

}  // namespace
}  // namespace tend::bench::pointwise_test

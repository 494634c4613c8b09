#include <cmath>

#include "tests/every/reference_bench.h"

namespace tend::bench::recurrent_test {
namespace {

template <class T>
class ReferenceRecurrent : public ReferenceTest<T> {
 protected:
  using V = std::vector<T>;
  const T half = T(0.5), bent = std::atanh(T(0.5));  // the input for which a gate's tanh is one half
};
TYPED_TEST_SUITE(ReferenceRecurrent, FloatAndDouble);

RecurrentSpec two_places(Cell cell, bool only_last) {
  return {.rows = 1, .places = 2, .units = 1, .cell = cell, .only_last = only_last};
}

TYPED_TEST(ReferenceRecurrent, lstm_keeps_half_of_the_cell_and_adds_half_of_the_news) {
  const Slot gates = this->in({0, 0, this->bent, 0, 0, 0, this->bent, 0}), cells = this->out(2), h = this->out(2);
  this->reference.recurrent_forward(this->bench, two_places(Cell::lstm, false), gates, this->in({0, 0, 0, 0}), {}, cells, h);
  this->run();
  this->expect(cells, {TypeParam(0.25), TypeParam(0.375)}, 1e-6);
  this->expect(h, {std::tanh(TypeParam(0.25)) / 2, std::tanh(TypeParam(0.375)) / 2}, 1e-6);
}

TYPED_TEST(ReferenceRecurrent, lstm_backward_goes_through_the_cell_of_the_place_before) {
  const typename TestFixture::V gates(8, this->half);
  const TypeParam h0 = std::tanh(TypeParam(0.25)) / 2, y = std::tanh(TypeParam(0.375)), dc = (1 - y * y) / 2;
  const Slot slopes = this->out(8), before = this->out(2);
  this->reference.recurrent_backward(this->bench, two_places(Cell::lstm, true), this->in(gates), this->in({0, 0, 0, 0}),
                                     this->in({TypeParam(0.25), TypeParam(0.375)}), this->in({h0, y / 2}), this->in({1}), slopes,
                                     {}, before);
  this->run();
  this->expect(slopes, {dc / 16, 0, dc * 3 / 16, 0, dc / 8, dc / 16, dc * 3 / 8, y / 4}, 1e-6);
  this->expect(before, {0, h0});
}

TYPED_TEST(ReferenceRecurrent, gru_goes_half_of_the_way_to_the_news) {
  // The reset halves the product's bias of 2.
  const TypeParam n = this->bent - 1;
  const Slot gates = this->in({0, 0, n, 0, 0, n}), kept = this->out(2), h = this->out(2);
  this->reference.recurrent_forward(this->bench, two_places(Cell::gru, false), gates, this->in({0, 0, 0}), this->in({0, 0, 2}),
                                    kept, h);
  this->run();
  this->expect(kept, {2, 2});
  this->expect(h, {TypeParam(0.25), TypeParam(0.375)}, 1e-6);
}

TYPED_TEST(ReferenceRecurrent, gru_backward_parts_the_slopes_of_inputs_and_product) {
  const typename TestFixture::V gates(6, this->half);
  const Slot slopes = this->out(6), products = this->out(6), before = this->out(2);
  this->reference.recurrent_backward(this->bench, two_places(Cell::gru, false), this->in(gates), this->in({0, 0, 0}),
                                     this->in({2, 2}), this->in({TypeParam(0.25), TypeParam(0.375)}), this->in({0, 1}), slopes,
                                     products, before);
  this->run();
  this->expect(
      slopes,
      {TypeParam(0.09375), TypeParam(-0.0625), TypeParam(0.1875), TypeParam(0.1875), TypeParam(-0.0625), TypeParam(0.375)}, 1e-6);
  this->expect(
      products,
      {TypeParam(0.09375), TypeParam(-0.0625), TypeParam(0.09375), TypeParam(0.1875), TypeParam(-0.0625), TypeParam(0.1875)},
      1e-6);
  this->expect(before, {0, TypeParam(0.25)});
}

}  // namespace
}  // namespace tend::bench::recurrent_test

#include <limits>

#include "tests/every/reference_bench.h"

namespace tend::bench::select_test {
namespace {

template <class T>
class ReferenceSelect : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceSelect, FloatAndDouble);

TYPED_TEST(ReferenceSelect, prelu_bends_at_zero_and_lets_nan_travel) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN();
  const Slot x = this->in({-2, 3, 0, nan}), slopes = this->in({4, 5}), y = this->out(4), dx = this->out(4), da = this->out(2),
             more = this->in({100});
  this->reference.prelu_forward(this->bench, {2, 2, false}, x, slopes, y);
  this->reference.prelu_backward(this->bench, {2, 2, false}, x, slopes, this->in({1, 10, 100, 1000}), dx, da, false);
  this->reference.prelu_backward(this->bench, {1, 2, true}, x, slopes, this->in({1, 10}), {}, more, true);
  this->run();
  this->expect(y, {-8, 3, 0, nan});
  this->expect(dx, {4, 10, 400, 5000});
  this->expect(da, {-2, nan});
  this->expect(more, {98});
}

TYPED_TEST(ReferenceSelect, the_first_of_equal_pieces_is_taken_and_nan_wins) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN(), infinity = std::numeric_limits<TypeParam>::infinity();
  const Slot y = this->out(3), where = this->bench.template room_for<std::uint8_t>(3), dz = this->out(9);
  this->reference.piece_max_forward(this->bench, 3, 3, this->in({1, 2, 2, infinity, nan, nan, -1, -2, -3}), y, where);
  this->reference.piece_max_backward(this->bench, 3, 3, this->in({5, 6, 7}), where, dz);
  this->run();
  this->expect(y, {2, nan, -1});
  EXPECT_EQ(this->bench.template values<std::uint8_t>(where, 3), (std::vector<std::uint8_t>{1, 1, 0}));
  this->expect(dz, {0, 5, 0, 0, 6, 0, 7, 0, 0});
}

TYPED_TEST(ReferenceSelect, what_is_no_code_gives_nan_and_takes_no_gradient) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN(), infinity = std::numeric_limits<TypeParam>::infinity();
  const Slot codes = this->in({1, TypeParam(0.9), -1, 2, nan, infinity, 1}), y = this->out(7), dw = this->in({100, 200}),
             dcodes = this->out(7);
  this->reference.embedding_forward(this->bench, {7, 2, 1}, codes, this->in({3, 4}), y);
  this->reference.embedding_backward(this->bench, {7, 2, 1}, codes, this->in({1, 2, 4, 8, 16, 32, 64}), dcodes, dw, true);
  this->run();
  this->expect(y, {4, 3, nan, nan, nan, nan, 4});
  this->expect(dw, {102, 265});
  this->expect(dcodes, {0, 0, 0, 0, 0, 0, 0});
}

}  // namespace
}  // namespace tend::bench::select_test

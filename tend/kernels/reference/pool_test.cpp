#include <limits>

#include "tests/every/reference_bench.h"

namespace tend::bench::pool_test {
namespace {

template <class T>
class ReferencePool : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferencePool, FloatAndDouble);

PoolSpec window_of(std::int64_t size, std::int64_t window, std::int64_t pad, std::int64_t out) {
  PoolSpec s;
  s.rows = 1, s.height = s.width = size, s.channels = 1, s.window_height = s.window_width = window;
  s.pad_top = s.pad_left = pad, s.out_height = s.out_width = out;
  return s;
}

TYPED_TEST(ReferencePool, max_takes_the_first_of_equals) {
  const Slot y = this->out(1), where = this->bench.template room_for<std::uint8_t>(1);
  this->reference.max_pool_forward(this->bench, window_of(2, 2, 0, 1), this->in({1, 3, 3, 2}), y, where);
  this->run();
  this->expect(y, {3});
  EXPECT_EQ(this->bench.template values<std::uint8_t>(where, 1)[0], 1);
}

TYPED_TEST(ReferencePool, the_first_nan_wins_over_everything) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN(), infinity = std::numeric_limits<TypeParam>::infinity();
  const Slot y = this->out(1), where = this->bench.template room_for<std::uint8_t>(1);
  this->reference.max_pool_forward(this->bench, window_of(2, 2, 0, 1), this->in({infinity, 3, nan, nan}), y, where);
  this->run();
  this->expect(y, {nan});
  EXPECT_EQ(this->bench.template values<std::uint8_t>(where, 1)[0], 2);
}

TYPED_TEST(ReferencePool, padding_never_wins_and_a_window_of_padding_alone_is_255) {
  // Windows of one place over a padded image of one place: only the middle window covers it.
  const Slot y = this->out(9), where = this->bench.template room_for<std::uint8_t>(9), corners = this->out(4);
  this->reference.max_pool_forward(this->bench, window_of(1, 1, 1, 3), this->in({-5}), y, where);
  this->reference.max_pool_forward(this->bench, window_of(1, 2, 1, 2), this->in({-5}), corners, {});
  this->run();
  EXPECT_EQ(this->bench.template values<std::uint8_t>(where, 9),
            (std::vector<std::uint8_t>{255, 255, 255, 255, 0, 255, 255, 255, 255}));
  EXPECT_EQ((this->bench.template values<TypeParam>(y, 9)[4]), TypeParam(-5));
  this->expect(corners, {-5, -5, -5, -5});
}

TYPED_TEST(ReferencePool, max_backward_adds_dy_where_the_value_came_from) {
  PoolSpec s = window_of(3, 2, 0, 2);
  const Slot dx = this->out(9);
  // Places 3, 2, 1 and 0 of the four windows are all the middle of the image.
  this->reference.max_pool_backward(this->bench, s, this->in({1, 2, 4, 8}),
                                    this->bench.put(std::vector<std::uint8_t>{3, 2, 1, 0}), dx);
  this->run();
  this->expect(dx, {0, 0, 0, 0, 15, 0, 0, 0, 0});
}

TYPED_TEST(ReferencePool, average_counts_padded_zeros_as_values) {
  const Slot y = this->out(4), dx = this->out(1);
  this->reference.average_pool_forward(this->bench, window_of(1, 2, 1, 2), this->in({8}), y);
  this->reference.average_pool_backward(this->bench, window_of(1, 2, 1, 2), this->in({1, 2, 3, 6}), dx);
  this->run();
  this->expect(y, {2, 2, 2, 2});
  this->expect(dx, {3});
}

}  // namespace
}  // namespace tend::bench::pool_test

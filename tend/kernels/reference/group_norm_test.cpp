#include "tests/every/reference_bench.h"

namespace tend::bench::group_norm_test {
namespace {

template <class T>
class ReferenceGroupNorm : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceGroupNorm, FloatAndDouble);

TYPED_TEST(ReferenceGroupNorm, takes_the_channels_of_a_group_at_all_places_together) {
  // One row, two places, two groups of one channel: 1 and 3, 10 and 30. Variances 1 and 100; 1 / sqrt(1 + 3) = 1/2.
  GroupNormSpec s{1, 2, 2, 2};
  s.epsilon = 3;
  const Slot saved = this->out(4), y = this->out(4);
  this->reference.group_norm_forward(this->bench, s, this->in({1, 10, 3, 30}), this->in({2, 0}), this->in({1, 5}), saved, y);
  this->run();
  this->expect(y, {0, 5, 2, 5});
  this->expect(saved, {2, 0.5, 20, TypeParam(0.0985329278)}, 1e-7);
}

TYPED_TEST(ReferenceGroupNorm, backward_takes_mean_and_slope_of_dy_away) {
  const GroupNormSpec s{1, 1, 4, 1};
  const Slot x = this->in({-1, -1, 1, 1}), gamma = this->in({2, 2, 2, 2}), saved = this->in({0, 1}), dy = this->in({1, 0, 0, 0});
  const Slot dx = this->out(4), dgamma = this->out(4), dbeta = this->out(4), more_gamma = this->in({5, 5, 5, 5}),
             more_beta = this->in({5, 5, 5, 5});
  this->reference.group_norm_backward(this->bench, s, x, gamma, saved, dy, dx, dgamma, dbeta, false);
  this->reference.group_norm_backward(this->bench, s, x, gamma, saved, dy, {}, more_gamma, more_beta, true);
  this->run();
  this->expect(dx, {1, -1, 0, 0});  // 2 (dy - 1/4 + x/4)
  this->expect(dgamma, {-1, 0, 0, 0});
  this->expect(dbeta, {1, 0, 0, 0});
  this->expect(more_gamma, {4, 5, 5, 5});
  this->expect(more_beta, {6, 5, 5, 5});
}

}  // namespace
}  // namespace tend::bench::group_norm_test

#include "tests/every/reference_bench.h"

namespace tend::bench::norm_test {
namespace {

template <class T>
class ReferenceNorm : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceNorm, FloatAndDouble);

TYPED_TEST(ReferenceNorm, training_uses_the_batch_and_moves_the_running_statistics) {
  BatchNormSpec s{2, 1};
  s.epsilon = 3;  // variance 1: 1 / sqrt(1 + 3) = 1/2
  const Slot mean = this->in({0}), variance = this->in({1}), saved = this->out(2), y = this->out(2);
  this->reference.batch_norm_training(this->bench, s, this->in({1, 3}), this->in({2}), this->in({1}), mean, variance, saved, y);
  this->run();
  this->expect(y, {0, 2});
  this->expect(saved, {2, 0.5});
  this->expect(mean, {TypeParam(0.2)}, 1e-7);      // 0.9 0 + 0.1 2
  this->expect(variance, {TypeParam(1.1)}, 1e-7);  // 0.9 1 + 0.1 2: divided by the number of rows minus one
}

TYPED_TEST(ReferenceNorm, inference_uses_the_running_statistics) {
  BatchNormSpec s{2, 2};
  s.epsilon = 0;
  const Slot y = this->out(4);
  this->reference.batch_norm_inference(this->bench, s, this->in({1, 10, 3, 20}), this->in({2, 1}), this->in({1, 0}),
                                       this->in({1, 10}), this->in({4, 25}), y);
  this->run();
  this->expect(y, {1, 0, 3, 2}, 1e-6);
}

TYPED_TEST(ReferenceNorm, backward_takes_mean_and_slope_of_dy_away) {
  const BatchNormSpec s{4, 1};
  const Slot dx = this->out(4), dgamma = this->out(1), dbeta = this->out(1), sum_gamma = this->in({5}), sum_beta = this->in({5});
  const Slot x = this->in({-1, -1, 1, 1}), gamma = this->in({2}), saved = this->in({0, 1}), dy = this->in({1, 0, 0, 0});
  this->reference.batch_norm_backward(this->bench, s, x, gamma, saved, dy, dx, dgamma, dbeta, false);
  this->reference.batch_norm_backward(this->bench, s, x, gamma, saved, dy, {}, sum_gamma, sum_beta, true);
  this->run();
  this->expect(dx, {1, -1, 0, 0});  // 2 (dy - 1/4 + x/4)
  this->expect(dgamma, {-1});
  this->expect(dbeta, {1});
  this->expect(sum_gamma, {4});
  this->expect(sum_beta, {6});
}

}  // namespace
}  // namespace tend::bench::norm_test

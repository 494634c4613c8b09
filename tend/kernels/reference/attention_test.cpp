#include <cmath>

#include "tests/every/reference_bench.h"

namespace tend::bench::attention_test {
namespace {

template <class T>
class ReferenceAttention : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceAttention, FloatAndDouble);

constexpr AttentionSpec two_places{.rows = 1, .places = 2, .features = 1, .heads = 1, .is_causal = true};

TYPED_TEST(ReferenceAttention, shares_what_lies_before_by_exponents_of_scores) {
  // Query, key, value: the scores of the second place are ln 3 and 0, so it takes 3/4 of the first value and 1/4 of its own.
  const TypeParam ln3 = std::log(TypeParam(3));
  const Slot shares = this->out(4), y = this->out(2);
  this->reference.attention_forward(this->bench, two_places, this->in({0, ln3, 2, 1, 0, 6}), shares, y);
  this->run();
  this->expect(shares, {1, 0, TypeParam(0.75), TypeParam(0.25)}, 1e-6);
  this->expect(y, {2, 3}, 1e-6);
}

TYPED_TEST(ReferenceAttention, backward_gives_queries_keys_and_values_their_slopes) {
  const TypeParam ln3 = std::log(TypeParam(3));
  const Slot dx = this->out(6);
  this->reference.attention_backward(this->bench, two_places, this->in({0, ln3, 2, 1, 0, 6}),
                                     this->in({1, 0, TypeParam(0.75), TypeParam(0.25)}), this->in({1, 4}), dx);
  this->run();
  // The gradients of the second place's scores: 3/4 (8 - 12) and 1/4 (24 - 12).
  this->expect(dx, {0, -3, 4, -3 * ln3, 3, 1}, 1e-5);
}

}  // namespace
}  // namespace tend::bench::attention_test

#include "tests/every/reference_bench.h"

namespace tend::bench::sweep_test {
namespace {

template <class T>
class ReferenceSweep : public ReferenceTest<T> {};
TYPED_TEST_SUITE(ReferenceSweep, FloatAndDouble);

/// value = o - t, slope = scale; weights multiply both.
template <class T>
void difference(const void*, const void* o, const void* t, const void* weights, std::int64_t rows, std::int64_t, double scale,
                double* values, void* slopes) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const double weight = weights ? static_cast<double>(static_cast<const T*>(weights)[r]) : 1;
    values[r] = weight * static_cast<double>(static_cast<const T*>(o)[r] - static_cast<const T*>(t)[r]);
    if (slopes) static_cast<T*>(slopes)[r] = static_cast<T>(scale * weight);
  }
}

TYPED_TEST(ReferenceSweep, loss_is_the_mean_of_rows_and_slopes_are_scaled_by_the_reduction) {
  LossFunctions f;
  f.rows = difference<TypeParam>;
  const Slot values = this->bench.template room_for<double>(2), slope = this->out(2);
  this->reference.loss(this->bench, f, 2, 1, true, this->in({5, 7}), this->in({1, 1}), this->in({1, 3}), values, slope);
  this->run();
  EXPECT_EQ(this->bench.signal(signal_place::loss), 11);  // (4 + 3 6) / 2
  EXPECT_EQ(this->bench.template values<double>(values, 2), (std::vector<double>{4, 18}));
  this->expect(slope, {0.5, 1.5});
  this->reference.loss(this->bench, f, 2, 1, false, this->in({5, 7}), this->in({1, 1}), {}, {}, slope);
  this->run();
  EXPECT_EQ(this->bench.signal(signal_place::loss), 5);
  this->expect(slope, {1, 1});
}

TYPED_TEST(ReferenceSweep, penalty_adds_twice_itself_times_the_weight_to_its_segment_unless_it_is_0) {
  this->bench.write(Bench::state_slot(0), std::vector<TypeParam>{1, 2, 3, 4});
  this->bench.write(Bench::gradient_slot(0), std::vector<TypeParam>{10, 10, 10, 10});
  this->reference.penalty(this->bench, {1, 2}, layer_input_slot(0));
  this->bench.run();
  this->expect(Bench::gradient_slot(0), {10, 10, 10, 10});
  this->bench.give_layer_input(0, 0.5);
  this->run();
  this->expect(Bench::gradient_slot(0), {10, 12, 13, 10});
}

TYPED_TEST(ReferenceSweep, sign_penalty_adds_itself_with_the_sign_of_the_weight_and_nothing_at_0) {
  this->bench.write(Bench::state_slot(0), std::vector<TypeParam>{1, 2, -3, 0, 4});
  this->bench.write(Bench::gradient_slot(0), std::vector<TypeParam>{10, 10, 10, 10, 10});
  this->reference.sign_penalty(this->bench, {1, 3}, layer_input_slot(0));
  this->bench.run();
  this->expect(Bench::gradient_slot(0), {10, 10, 10, 10, 10});
  this->bench.give_layer_input(0, 0.5);
  this->run();
  this->expect(Bench::gradient_slot(0), {10, 10.5, 9.5, 10, 10});
}

TYPED_TEST(ReferenceSweep, an_average_goes_its_share_of_the_way_unless_it_is_0) {
  const Slot value = this->in({1, 2, 3}), average = this->in({5, 2, -1});
  this->reference.average(this->bench, 3, step_slot(&StepInputs::average_share), value, average);
  this->bench.run();
  this->expect(average, {5, 2, -1});
  this->bench.inputs().average_share = 0.25;
  this->run();
  this->expect(average, {4, 2, 0});
  this->expect(value, {1, 2, 3});
}

TYPED_TEST(ReferenceSweep, max_norm_shortens_the_columns_that_are_longer_and_no_others) {
  const std::vector<TypeParam> w{7, 3, 1, 8, 4, 2, 8, 9};  // 7, then [[3, 1, 8], [4, 2, 8]], then 9
  this->bench.write(Bench::state_slot(0), w);
  this->reference.max_norm(this->bench, {1, 6}, 3, layer_input_slot(0));
  this->bench.run();
  this->expect(Bench::state_slot(0), w);
  this->bench.give_layer_input(0, 2.5);
  this->run();
  this->expect(Bench::state_slot(0),
               {7, 1.5, 1, static_cast<TypeParam>(2.5 / std::sqrt(2)), 2, 2, static_cast<TypeParam>(2.5 / std::sqrt(2)), 9},
               1e-6);
  EXPECT_EQ(this->bench.template values<TypeParam>(Bench::state_slot(0), 3)[2], 1);
}

/// w -= rate g with g scaled and decayed; sums[0] is the sum of g^2 before that.
template <class T>
SweepFunctions descent() {
  SweepFunctions f;
  f.chunk = [](const SweepChunk& c) {
    for (int i = 0; i < 4; ++i) c.sums[i] = 0;
    for (std::int64_t i = 0; i < c.count; ++i) {
      T& w = static_cast<T*>(c.weight)[i];
      const T g = static_cast<const T*>(c.gradient)[i];
      c.sums[0] += static_cast<double>(g) * static_cast<double>(g);
      w -= static_cast<T>(c.rate) * (g * static_cast<T>(c.scale) + static_cast<T>(c.decay) * w);
    }
  };
  return f;
}

TYPED_TEST(ReferenceSweep, clipping_by_norm_counts_all_segments_and_decay_spares_those_that_do_not_decay) {
  this->bench.write(Bench::state_slot(0), std::vector<TypeParam>{8, 8});
  this->bench.write(Bench::gradient_slot(0), std::vector<TypeParam>{3, 4});
  this->bench.inputs().learning_rate = 1;
  this->bench.inputs().clip_norm = 2.5;
  this->bench.inputs().weight_decay = 0.25;
  this->reference.sweep(this->bench, descent<TypeParam>(), {{0, 1, true}, {1, 1, false}}, {});
  this->run();
  EXPECT_EQ(this->bench.signal(signal_place::clip_norm), 5);  // before clipping
  this->expect(Bench::state_slot(0), {4.5, 6});               // 8 - 3/2 - 8/4; 8 - 4/2
  EXPECT_EQ(this->bench.signal(signal_place::first_parameter), 9);
  EXPECT_EQ(this->bench.signal(signal_place::first_parameter + signal_place::per_parameter), 16);
}

}  // namespace
}  // namespace tend::bench::sweep_test

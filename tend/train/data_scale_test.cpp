#include "tend/train/data_scale.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

namespace tend::data_scale_test {
namespace {

constexpr std::int64_t rows = 64;

struct Scaled {
  std::unique_ptr<Executor> executor = make_pool(2);
  std::vector<float> x;
  std::shared_ptr<const Plan> plan;
  Block before, after;
  explicit Scaled(const std::string& layers, const std::string& more = "") : x(static_cast<std::size_t>(rows * 6 * 6 * 2)) {
    Random random(5, purpose("rows"));
    for (float& v : x) v = static_cast<float>(3 + 7 * random.normal());
    Array y({rows, 1}, ElementType::float64);
    for (std::int64_t r = 0; r < rows; ++r) y.as<double>()[r] = static_cast<double>(r % 3);
    const Experiment e = Experiment::parse("seed = 1\n[network]\nlayers = " + layers +
                                               "\n[loss]\nname = \"softmax_cross_entropy\"\n[train]\nbatch_size = 64\n" + more,
                                           "test");
    plan = Plan::make(e, Prepared::make(Dataset::classification(Array::borrow<float>(x, {rows, 6, 6, 2}), y, 3), e));
    before = tend::initial_state(plan->network(), plan->layout(), plan->optimizer().slots(), 1);
    after = plan->initial_state(1, *executor);
  }
  /// The standard deviation of node `last`'s output in training.
  double deviation(int last) const {
    const std::vector<float> y = values_at(*plan, after, last, true, x.data(), rows, *executor);
    const auto n = static_cast<double>(y.size());
    double sum = 0, square = 0;
    for (float v : y) sum += static_cast<double>(v), square += static_cast<double>(v) * static_cast<double>(v);
    return std::sqrt((square - sum * sum / n) / (n - 1));
  }
};

TEST(DataScale, gives_each_layer_an_output_of_deviation_1_before_its_activation) {
  const Scaled s(
      R"([{ conv2d = 5, initializer = "data_dependent" }, "relu", "batch_norm", "flatten", { dense = 20, initializer = "data_dependent" }, "tanh",
                     { dense = 3, initializer = "data_dependent" }])");
  for (int last : {0, 4, 6}) EXPECT_NEAR(s.deviation(last), 1, 1e-4) << last;
}

TEST(DataScale, changes_nothing_but_the_weights_that_ask_for_it) {
  const Scaled s(R"([{ conv2d = 5 }, "batch_norm", "flatten", { dense = 3, initializer = "data_dependent" }])");
  for (const Place& place : s.plan->layout().directory->places()) {
    const bool is_same = std::memcmp(s.before.data() + place.offset_bytes, s.after.data() + place.offset_bytes,
                                     static_cast<std::size_t>(place.bytes())) == 0;
    EXPECT_EQ(is_same, place.name != "dense_1.weights") << place.name;
  }
}

TEST(DataScale, leaves_moving_averages_equal_to_their_weights) {
  const Scaled s(R"(["flatten", { dense = 3, initializer = "data_dependent" }])", "weight_average = 0.9\n");
  const Place &weights = s.plan->layout().directory->at("dense_1.weights"),
              &average = s.plan->layout().directory->at("dense_1.weights.moving_average");
  EXPECT_EQ(std::memcmp(s.after.data() + weights.offset_bytes, s.after.data() + average.offset_bytes,
                        static_cast<std::size_t>(weights.bytes())),
            0);
}

}  // namespace
}  // namespace tend::data_scale_test

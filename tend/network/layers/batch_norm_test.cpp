#include "tend/network/layers/batch_norm.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::batch_norm_test {
namespace {

TEST(BatchNorm, has_mean_beta_and_deviation_gamma_over_the_batch) {
  BatchNorm norm;
  norm.epsilon = 1e-12;
  const auto run = run_layer(norm, {{1}}, {{1, 3, 5, 7}}, {{"gamma", {2}}, {"beta", {10}}}, {1, 0, 0, 0}, 4);
  const double deviation = std::sqrt(5.0);  // variance ((-3)^2 + 1 + 1 + 9) / 4
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(run.output[static_cast<std::size_t>(i)], 10 + 2 * (2 * i - 3) / deviation, 1e-9);
  EXPECT_NEAR(run.gradients.at("gamma")[0], -3 / deviation, 1e-9);
  EXPECT_NEAR(run.gradients.at("beta")[0], 1, 1e-12);
  // 0.9 of the old and 0.1 of the batch's mean 4 and unbiased variance 20 / 3
  EXPECT_NEAR(run.statistics.at("running_mean")[0], 0.4, 1e-12);
  EXPECT_NEAR(run.statistics.at("running_variance")[0], 0.9 + 2.0 / 3, 1e-12);
}

TEST(BatchNorm, passes_inputs_through_in_inference_with_the_values_of_its_identity) {
  const std::vector<double> mean{3, -0.5}, variance{4, 1e-3};
  const LayerModel<BatchNorm> model(BatchNorm{});
  const std::vector<double> x{1, 2, -3, 0.25, 100, -1e-3};
  TrialSetting setting;
  setting.training = setting.backward = false;
  setting.given = {{"input 0", x}};
  for (const auto& [name, values] : model.identity(mean, variance)) setting.given[name] = values;
  LayerTrial trial(model, {{2}}, reference_backend(ElementType::float64), setting);
  for (const StatisticSpec& s : trial.layout().statistics) trial.write("statistic " + s.name, setting.given.at(s.name));
  trial.run();
  const std::vector<double> y = trial.read("output");
  ASSERT_EQ(y.size(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], x[i], 1e-13 * (1 + std::abs(x[i])));
}

TEST(BatchNorm, has_an_identity_that_other_layers_do_not_have) {
  for (const auto& entry : builtin_layers().entries())
    for (const LayerSample& sample : entry.make({entry.name, {}, Value::table()}, "here")->cases())
      EXPECT_EQ(sample.layer->identity({0}, {1}).empty(), entry.name != "batch_norm") << entry.name;
}

TEST(BatchNorm, does_not_take_sequences) { EXPECT_THROW(BatchNorm{}.layout({{5, 3}}), Error); }

}  // namespace
}  // namespace tend::batch_norm_test

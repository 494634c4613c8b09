#include "tend/train/linear_model.h"

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/training.h"

namespace tend::linear_model_test {
namespace {

/// 400 rows of two columns; the class is 1 where their sum (`linear`) or their product is positive.
Dataset table(bool linear) {
  Dataset data;
  data.task = Task::classification;
  data.classes = {"no", "yes"};
  data.columns = {{.name = "a"}, {.name = "b"}};
  data.x = Array({400, 2}, ElementType::float64);
  data.y = Array({400, 1}, ElementType::float64);
  Random random(7, purpose("linear model test"));
  for (std::int64_t r = 0; r < 400; ++r) {
    double* x = data.x.as<double>() + 2 * r;
    x[0] = random.uniform() - 0.5, x[1] = random.uniform() - 0.5;
    data.y.as<double>()[r] = (linear ? x[0] + x[1] : x[0] * x[1]) > 0;
  }
  return data;
}

Summary trained(const Dataset& data, const std::string& layers, const std::string& steps = "[\"standardize\"]") {
  const Experiment e = Experiment::parse("seed = 1\n[data]\nvalidation = 0.1\ntest = 0.25\n[prepare]\nsteps = " + steps +
                                             "\n[network]\nlayers = [" + layers +
                                             "]\n[loss]\nname = \"softmax_cross_entropy\"\n[train]\nepochs = 2\n",
                                         "e.toml");
  Training training(e, data, {});
  return training.run();
}

TEST(LinearModel, is_as_good_as_the_data_are_linear) {
  EXPECT_GT(metric_of(trained(table(true), "{dense=8}, \"relu\", {dense=2}").linear, "accuracy"), 0.93);
  const double of_product = metric_of(trained(table(false), "{dense=8}, \"relu\", {dense=2}").linear, "accuracy");
  EXPECT_GT(of_product, 0.3);
  EXPECT_LT(of_product, 0.7);
}

TEST(LinearModel, sees_inputs_of_any_scale_as_standardized_ones) {
  Dataset data = table(true);
  for (std::int64_t r = 0; r < 400; ++r) data.x.as<double>()[2 * r] = 3000 + 800 * data.x.as<double>()[2 * r];
  EXPECT_GT(metric_of(trained(data, "{dense=8}, \"relu\", {dense=2}", "[]").linear, "accuracy"), 0.93);
}

TEST(LinearModel, learns_targets_of_any_size) {
  Dataset data = table(true);
  data.task = Task::regression;
  data.classes.clear();
  for (std::int64_t r = 0; r < 400; ++r)
    data.y.as<double>()[r] = 1e4 + 50 * (data.x.as<double>()[2 * r] + data.x.as<double>()[2 * r + 1]);
  const Experiment e = Experiment::parse(
      "seed = 1\n[data]\ntest = 0.25\n[network]\nlayers = [{dense=8}, \"relu\", {dense=1}]\n[loss]\nname = "
      "\"mean_squared_error\"\n[train]\nepochs = 2\n",
      "e.toml");
  const Metrics linear = Training(e, data, {}).run().linear;
  EXPECT_GT(metric_of(linear, "r2"), 0.95);
  EXPECT_TRUE(std::isnan(metric_of(linear, "loss")));
}

TEST(LinearModel, keeps_what_follows_the_last_dense_layer) {
  const std::string end = "{dense=2, name=\"z\"}, ", joined = "{dense=2, name=\"a\"}, \"relu\", " + end;
  EXPECT_GT(metric_of(trained(table(true), "{dense=8}, \"relu\", " + end + "\"tanh\"").linear, "accuracy"), 0.9);
  EXPECT_TRUE(trained(table(true), joined + "{add=[\"a\", \"z\"]}").linear.empty());
}

TEST(LinearModel, is_left_out_beside_a_linear_network_and_for_codes_and_images) {
  EXPECT_TRUE(trained(table(true), "{dense=2}").linear.empty());
  Dataset codes = table(true);
  for (std::int64_t i = 0; i < 800; ++i) codes.x.as<double>()[i] = static_cast<double>(i % 3);
  EXPECT_TRUE(trained(codes, "{embedding=2, vocabulary=3}, \"flatten\", {dense=2}", "[]").linear.empty());
  Dataset images = table(true);
  images.columns.clear();
  Array pixels({400, 1, 2, 1}, ElementType::float64);
  std::copy_n(images.x.as<double>(), 800, pixels.as<double>());
  images.x = std::move(pixels);
  EXPECT_TRUE(trained(images, "\"flatten\", {dense=8}, \"relu\", {dense=2}").linear.empty());
}

}  // namespace
}  // namespace tend::linear_model_test

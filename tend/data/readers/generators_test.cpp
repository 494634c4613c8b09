#include "tend/data/readers/generators.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::generators_test {
namespace {

Dataset made(const std::string& toml, const DataSettings& settings = {}) {
  return read_dataset(parse_toml_value(toml, "source"), settings, {});
}
const double* x_of(const Dataset& d) { return d.x.as<double>(); }
const double* y_of(const Dataset& d) { return d.y.as<double>(); }
std::string refusal(const std::string& toml) {
  try {
    made(toml);
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage);
    return e.what();
  }
  return "";
}

TEST(Generators, blobs_have_their_classes_in_turn_around_their_centres) {
  const Dataset d = made("{generate = 'blobs', rows = 6000, std = 0.5, seed = 3}");
  EXPECT_EQ(d.x.shape(), (Shape{6000, 2}));
  EXPECT_EQ(d.classes.size(), 3u);
  double mean[3][2] = {}, squares = 0;
  for (int i = 0; i < 6000; ++i)
    for (int f = 0; f < 2; ++f) mean[i % 3][f] += x_of(d)[2 * i + f] / 2000;
  for (int i = 0; i < 6000; ++i) {
    EXPECT_EQ(y_of(d)[i], i % 3);
    for (int f = 0; f < 2; ++f) squares += std::pow(x_of(d)[2 * i + f] - mean[i % 3][f], 2) / 12000;
  }
  EXPECT_NEAR(std::sqrt(squares), 0.5, 0.02);
  for (auto& centre : mean)
    for (const double v : centre) EXPECT_LE(std::abs(v), 10.1);
}
TEST(Generators, circles_lie_on_their_radii) {
  const Dataset d = made("{generate = 'circles', rows = 100, noise = 0, factor = 0.25}");
  for (int i = 0; i < 100; ++i) EXPECT_NEAR(std::hypot(x_of(d)[2 * i], x_of(d)[2 * i + 1]), i % 2 ? 0.25 : 1, 1e-12);
}
TEST(Generators, moons_are_half_circles) {
  const Dataset d = made("{generate = 'moons', rows = 100, noise = 0}");
  for (int i = 0; i < 100; ++i) {
    const double a = x_of(d)[2 * i], b = x_of(d)[2 * i + 1];
    EXPECT_NEAR(i % 2 ? std::hypot(a - 1, b - 0.5) : std::hypot(a, b), 1, 1e-12);
    EXPECT_TRUE(i % 2 ? b <= 0.5 : b >= 0);
  }
}
TEST(Generators, spirals_grow_from_0_to_1_along_their_arms) {
  const Dataset d = made("{generate = 'spiral', rows = 30, noise = 0}");
  for (int i = 0; i < 30; ++i) {
    const double r = (i / 3) / 9.0, angle = 4 * (i % 3 + r);
    EXPECT_NEAR(x_of(d)[2 * i], r * std::sin(angle), 1e-12);
    EXPECT_NEAR(x_of(d)[2 * i + 1], r * std::cos(angle), 1e-12);
  }
}
TEST(Generators, xor_walks_the_corners) {
  const Dataset d = made("{generate = 'xor', rows = 5}");
  EXPECT_EQ(std::vector<double>(x_of(d), x_of(d) + 10), (std::vector<double>{0, 0, 0, 1, 1, 0, 1, 1, 0, 0}));
  EXPECT_EQ(std::vector<double>(y_of(d), y_of(d) + 5), (std::vector<double>{0, 1, 1, 0, 0}));
}
TEST(Generators, a_regression_is_linear_in_the_given_weights) {
  const Dataset d = made("{generate = 'regression', rows = 50, weights = [2.0, -1.0], bias = 3, low = 0, high = 10, scale = 2}");
  EXPECT_EQ(d.task, Task::regression);
  for (int i = 0; i < 50; ++i) {
    EXPECT_NEAR(y_of(d)[i], 3 + x_of(d)[2 * i] - x_of(d)[2 * i + 1] / 2, 1e-9);
    EXPECT_TRUE(x_of(d)[2 * i] >= 0 && x_of(d)[2 * i] <= 20);
  }
  EXPECT_EQ(made("{generate = 'regression', rows = 5}").x.shape()[1], 20);
}
TEST(Generators, labels_of_a_multilabel_set_are_0_or_1) {
  const Dataset d = made("{generate = 'multilabel', rows = 400, features = 5, labels = 4}");
  EXPECT_EQ(d.task, Task::multilabel);
  EXPECT_EQ(d.y.shape(), (Shape{400, 4}));
  double ones = 0;
  for (int i = 0; i < 1600; ++i) ones += y_of(d)[i];
  EXPECT_NEAR(ones / 1600, 0.5, 0.1);
}
TEST(Generators, a_polynomial_runs_evenly_from_low_to_high) {
  const Dataset d = made("{generate = 'polynomial', rows = 5, coefficients = [1, 0, 2], low = -2, high = 2}", [] {
    DataSettings s;
    s.task = "regression";
    return s;
  }());
  EXPECT_EQ(std::vector<double>(x_of(d), x_of(d) + 5), (std::vector<double>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(std::vector<double>(y_of(d), y_of(d) + 5), (std::vector<double>{9, 3, 1, 3, 9}));
}
TEST(Generators, uniform_numbers_and_classes) {
  const Dataset d = made("{generate = 'uniform', rows = 1000, low = 2, high = 4}");
  for (int i = 0; i < 4000; ++i) EXPECT_TRUE(x_of(d)[i] >= 2 && x_of(d)[i] < 4);
  EXPECT_EQ(d.classes.size(), 2u);
  EXPECT_EQ(made("{generate = 'uniform', rows = 100, classes = 0}").task, Task::regression);
}
TEST(Generators, the_seed_decides) {
  const Dataset a = made("{generate = 'blobs', rows = 9}"), b = made("{generate = 'blobs', rows = 9, seed = 0}"),
                c = made("{generate = 'blobs', rows = 9, seed = 1}");
  EXPECT_EQ(std::vector<double>(x_of(a), x_of(a) + 18), std::vector<double>(x_of(b), x_of(b) + 18));
  EXPECT_NE(x_of(a)[0], x_of(c)[0]);
}
TEST(Generators, slips_get_a_suggestion) {
  EXPECT_NE(refusal("{generate = 'blob'}").find("did you mean \"blobs\"?"), std::string::npos);
  EXPECT_NE(refusal("{generate = 'blobs', row = 3}").find("did you mean \"rows\"?"), std::string::npos);
  EXPECT_NE(refusal("{rows = 3}").find("no generator"), std::string::npos);
  EXPECT_NE(refusal("{generate = 'blobs', rows = 0}").find("data.source.rows"), std::string::npos);
  EXPECT_NE(refusal("{generate = 'blobs', rows = 1000000000, features = 1000}").find("at most"), std::string::npos);
}

}  // namespace
}  // namespace tend::generators_test

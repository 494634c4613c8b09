#include "tend/gradcheck/numeric.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::numeric_test {
namespace {

double bowl(std::span<const double> x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::sin(x[i]) * static_cast<double>(i + 1) + x[i] * x[(i + 1) % x.size()];
  return sum;
}
std::vector<double> bowl_gradient(std::span<const double> x) {
  std::vector<double> g;
  for (std::size_t i = 0; i < x.size(); ++i)
    g.push_back(std::cos(x[i]) * static_cast<double>(i + 1) + x[(i + 1) % x.size()] + x[(i + x.size() - 1) % x.size()]);
  return g;
}
const std::vector<double> point{0.3, -1.2, 2.5, 0.01};

TEST(CheckGradient, a_right_gradient_is_right_to_ten_digits) {
  const FunctionCheck check = check_gradient(bowl, bowl_gradient, point);
  EXPECT_EQ(check.band, GradientBand::right);
  EXPECT_LT(check.worst_error, 1e-8);
  EXPECT_EQ(check.checked, 4);
  EXPECT_EQ(check.mistake, "");
}

TEST(CheckGradient, a_wrong_sign_is_named) {
  const FunctionCheck check = check_gradient(
      bowl,
      [](std::span<const double> x) {
        std::vector<double> g = bowl_gradient(x);
        for (double& v : g) v = -v;
        return g;
      },
      point);
  EXPECT_EQ(check.band, GradientBand::wrong);
  EXPECT_EQ(check.mistake, "the sign is wrong");
}

TEST(CheckGradient, a_point_at_a_kink_is_left_out_and_counted) {
  const auto f = [](std::span<const double> x) { return std::max(0.0, x[0]) + x[1] * x[1]; };
  const auto gradient = [](std::span<const double> x) { return std::vector<double>{x[0] > 0 ? 1.0 : 0.0, 2 * x[1]}; };
  EXPECT_EQ(check_gradient(f, gradient, {1e-7, 3}).kinks, 1);  // inside a step of 6e-6
  EXPECT_EQ(check_gradient(f, gradient, {0, 3}).kinks, 1);
  const FunctionCheck apart = check_gradient(f, gradient, {0.5, 3});
  EXPECT_EQ(apart.kinks, 0);
  EXPECT_EQ(apart.band, GradientBand::right);
}

TEST(CheckGradient, the_step_is_the_callers_to_choose) {
  EXPECT_EQ(check_gradient(bowl, bowl_gradient, point, 0.5).band, GradientBand::wrong);  // truncation
  EXPECT_NE(check_gradient(bowl, bowl_gradient, point, 1e-4).band, GradientBand::wrong);
}

TEST(CheckGradient, a_gradient_of_another_length_is_an_error) {
  EXPECT_THROW(check_gradient(
                   bowl, [](std::span<const double>) { return std::vector<double>{1}; }, point),
               Error);
}

TEST(GradientBand, follows_the_lecture) {
  EXPECT_EQ(band_of(1e-9), GradientBand::right);
  EXPECT_EQ(band_of(1e-5), GradientBand::fair);
  EXPECT_EQ(band_of(1e-3), GradientBand::suspicious);
  EXPECT_EQ(band_of(0.5), GradientBand::wrong);
  EXPECT_EQ(band_of(NAN), GradientBand::wrong);
}

}  // namespace
}  // namespace tend::numeric_test

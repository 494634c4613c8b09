#include "tend/gradcheck/mistake.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::mistake_test {
namespace {

const std::vector<double> truth{1, -2, 3, 0.5, 4, -1};
const Shape two_by_three{2, 3};

std::vector<double> each(double (*f)(double)) {
  std::vector<double> all;
  for (double x : truth) all.push_back(f(x));
  return all;
}

TEST(Mistake, equal_gradients_are_none) { EXPECT_EQ(kind_of_mistake(truth, truth, two_by_three), ""); }

TEST(Mistake, a_sign_a_factor_and_a_constant_are_told_apart) {
  EXPECT_EQ(kind_of_mistake(each([](double x) { return -x; }), truth, two_by_three), "the sign is wrong");
  EXPECT_EQ(kind_of_mistake(each([](double x) { return 2 * x; }), truth, two_by_three), "a factor of 2 too much");
  EXPECT_EQ(kind_of_mistake(each([](double x) { return -x / 4; }), truth, two_by_three),
            "the sign is wrong, and a factor of 0.25 too much");
  EXPECT_EQ(kind_of_mistake(each([](double x) { return x + 7; }), truth, two_by_three), "7 is added to every element");
}

TEST(Mistake, what_is_not_there_is_said) {
  EXPECT_EQ(kind_of_mistake(each([](double) { return 0.0; }), truth, two_by_three), "it is 0 everywhere: a term is missing");
  EXPECT_EQ(kind_of_mistake(each([](double) -> double { return NAN; }), truth, two_by_three), "it is never written");
  EXPECT_EQ(kind_of_mistake({1, 2}, {0, 0}, {2}), "it should be 0 everywhere");
}

TEST(Mistake, elements_in_the_wrong_place_are_found) {
  EXPECT_EQ(kind_of_mistake({1, 0.5, -2, 4, 3, -1}, truth, two_by_three), "it is transposed");
  EXPECT_EQ(kind_of_mistake({-2, 3, 1, 4, -1, 0.5}, truth, two_by_three), "it is shifted by one along axis 1");
  EXPECT_EQ(kind_of_mistake({-1, 4, 0.5, 3, -2, 1}, truth, {6}), "its elements stand in reverse");
}

TEST(Mistake, a_border_is_told_from_the_inside) {
  std::vector<double> numeric(4 * 4 * 2), analytic;
  for (std::size_t i = 0; i < numeric.size(); ++i) numeric[i] = 1 + static_cast<double>(i % 7);
  analytic = numeric;
  for (std::size_t c = 0; c < 8; ++c) analytic[c] += 1 + static_cast<double>(c);
  EXPECT_EQ(kind_of_mistake(analytic, numeric, {4, 4, 2}), "only at the border: look at padding (8 of 32 elements)");
}

TEST(Mistake, elements_that_were_not_measured_do_not_count) {
  EXPECT_EQ(kind_of_mistake({1, 9, 3}, {1, NAN, 3}, {3}), "");
  EXPECT_EQ(kind_of_mistake({-1, 9, -3}, {1, NAN, 3}, {3}), "the sign is wrong");
}

}  // namespace
}  // namespace tend::mistake_test

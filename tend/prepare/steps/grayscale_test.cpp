#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::grayscale_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Grayscale, weighs_the_colours_as_the_eye_does) {
  const Fitted f = fit("['grayscale']", images({1, 1, 4, 3}, {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 10, 10}));
  EXPECT_EQ(f.train(), (Floats{76, 150, 29, 10}));  // .299 .587 .114 of 255, rounded
  EXPECT_EQ(f.pipeline.row_shape(), (Shape{1, 4, 1}));
}
TEST(Grayscale, after_scaling_it_works_on_floats_and_grey_stays) {
  const Floats x = fit("['standardize', 'grayscale']", images({2, 1, 1, 3}, {0, 0, 0, 2, 4, 6})).train();
  EXPECT_NEAR(x[1], 1, 1e-6);
  EXPECT_EQ(fit("['grayscale']", images({1, 1, 2, 1}, {3, 4})).train(), (Floats{3, 4}));
  EXPECT_NE(refusal([] { fit("['grayscale']", table({{1, 2, 3}})); }).find("wanted images"), std::string::npos);
}

}  // namespace
}  // namespace tend::grayscale_test

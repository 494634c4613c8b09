#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::statistics_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Statistics, bytes_and_floats_of_the_same_pixels_agree) {
  std::vector<int> pixels;
  for (int i = 0; i < 3 * 7 * 5 * 3; ++i) pixels.push_back(i * 31 % 256);
  const Dataset bytes = images({3, 7, 5, 3}, pixels);
  Dataset wide = bytes;
  wide.x = Array(bytes.x.shape(), ElementType::float32);
  for (std::size_t i = 0; i < pixels.size(); ++i) wide.x.as<float>()[i] = static_cast<float>(pixels[i]);
  for (const char* s : {"['standardize']", "['scale_0_1']", "['center']"}) {
    const Floats a = fit(s, bytes).train(), b = fit(s, wide).train();
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-5) << s;
  }
}
TEST(Statistics, a_small_deviation_beside_a_large_mean_is_seen) {
  const Floats x = fit("['standardize']", table({{1e6 + 1}, {1e6 - 1}})).train();
  EXPECT_FLOAT_EQ(x[0], 1);
  EXPECT_EQ(fit("['standardize']", table({{1e12 + 1}, {1e12 - 1}})).train()[0], 1);  // constant up to rounding: divided by 1
}

}  // namespace
}  // namespace tend::statistics_test

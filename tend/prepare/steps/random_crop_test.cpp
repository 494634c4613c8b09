#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::random_crop_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(RandomCrop, shifts_by_every_distance_and_zeros_move_in) {
  const Fitted f = fit("[{random_crop = 3, padding = 1}]", images({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
  const Floats whole = f.train();
  std::vector<Floats> wanted;
  for (int down = -1; down <= 1; ++down)
    for (int right = -1; right <= 1; ++right) {
      Floats x(9, 0.0f);
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
          if (i + down >= 0 && i + down < 3 && j + right >= 0 && j + right < 3)
            x[static_cast<std::size_t>(3 * i + j)] = whole[static_cast<std::size_t>(3 * (i + down) + j + right)];
      wanted.push_back(x);
    }
  std::vector<int> seen(9, 0);
  for (int i = 0; i < 900; ++i) {
    Floats row = whole;
    f.pipeline.augment(row.data(), 1, 0, i);
    const auto place = std::find(wanted.begin(), wanted.end(), row);
    ASSERT_NE(place, wanted.end());
    ++seen[static_cast<std::size_t>(place - wanted.begin())];
  }
  for (const int n : seen) EXPECT_NEAR(n, 100, 50);
}
TEST(RandomCrop, a_padding_larger_than_the_image_is_fine) {
  const Fitted f = fit("[{random_crop = 2, padding = 9}]", images({1, 2, 2, 1}, {1, 2, 3, 4}));
  for (int i = 0; i < 200; ++i) {
    Floats row = f.train();
    f.pipeline.augment(row.data(), 1, 0, i);
    for (const float v : row) EXPECT_TRUE(v >= 0 && v <= 4);
  }
}
TEST(RandomCrop, the_size_must_be_the_images_and_tables_are_refused) {
  EXPECT_NE(refusal([] { fit("[{random_crop = 4}]", images({1, 3, 3, 1}, {})); }).find("3 x 3"), std::string::npos);
  EXPECT_NE(refusal([] { fit("[{random_crop = 4}]", table({{1, 2}})); }).find("wanted images"), std::string::npos);
}

}  // namespace
}  // namespace tend::random_crop_test

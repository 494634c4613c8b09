#include "tend/kernels/onednn/product.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tend {
namespace {

TEST(OnednnProduct, is_row_major_with_either_side_transposed) {
  const std::vector<float> a{1, 2, 3, 4, 5, 6}, b{1, 0, 2, -1, 3, 1};      // [2,3] [3,2]
  const std::vector<float> at{1, 4, 2, 5, 3, 6}, bt{1, 2, 3, 0, -1, 1};   // their transposes
  for (const bool turns_a : {false, true})
    for (const bool turns_b : {false, true}) {
      std::vector<float> c{10, 10, 10, 10};
      onednn::sgemm(turns_a ? 'T' : 'N', turns_b ? 'T' : 'N', 2, 2, 3, 2, turns_a ? at.data() : a.data(), turns_a ? 2 : 3, turns_b ? bt.data() : b.data(),
                    turns_b ? 3 : 2, 1, c.data(), 2);
      EXPECT_EQ(c, (std::vector<float>{38, 12, 74, 12}));  // 10 + 2 (1 + 4 + 9), 10 + 2 (0 - 2 + 3), ...
    }
}

TEST(OnednnProduct, beta_0_never_reads_c) {
  const float a = 2, b = 3;
  float c = std::numeric_limits<float>::quiet_NaN();
  onednn::sgemm('N', 'N', 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1);
  EXPECT_EQ(c, 6);
}

TEST(OnednnProduct, a_product_over_nothing_leaves_beta_c) {
  std::vector<float> c{1, 2, 3, 4};
  onednn::sgemm('N', 'N', 2, 2, 0, 1, c.data(), 1, c.data(), 2, 0.5f, c.data(), 2);
  EXPECT_EQ(c, (std::vector<float>{0.5f, 1, 1.5f, 2}));
  onednn::sgemm('N', 'N', 2, 2, 0, 1, c.data(), 1, c.data(), 2, 0, c.data(), 2);
  EXPECT_EQ(c, (std::vector<float>{0, 0, 0, 0}));
  onednn::sgemm('N', 'N', 0, 2, 3, 1, c.data(), 3, c.data(), 2, 0, c.data(), 2);
}

}  // namespace
}  // namespace tend

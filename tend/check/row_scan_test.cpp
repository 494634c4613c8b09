#include "tend/check/row_scan.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::row_scan_test {

TEST(RowScan, finds_every_number_that_is_not_finite) {
  const auto executor = make_pool(2);
  Array x({1000, 19}, ElementType::float32);
  EXPECT_EQ(not_finite(x, *executor).count, 0);
  x.as<float>()[19 * 3 + 18] = std::nanf("");
  x.as<float>()[19 * 700 + 4] = -HUGE_VALF;
  x.as<float>()[19 * 700 + 5] = HUGE_VALF;
  const BadCells bad = not_finite(x, *executor);
  EXPECT_EQ(bad.count, 3);
  EXPECT_EQ(bad.rows, 2);
  EXPECT_EQ(bad.first_rows, (std::vector<std::int64_t>{3, 700}));
  EXPECT_EQ(bad.columns, (std::vector<std::int64_t>{18, 4, 5}));
  EXPECT_EQ(not_finite(Array({10, 3}, ElementType::uint8), *executor).count, 0);
}

TEST(RowScan, counts_rows_that_have_a_copy) {
  const auto executor = make_pool(1);
  Array x({5, 9}, ElementType::uint8);
  for (std::int64_t r = 0; r < 5; ++r) x.as<std::uint8_t>()[9 * r + 8] = static_cast<std::uint8_t>(r % 4);
  const std::vector<std::uint64_t> hashes = row_hashes(x, *executor);
  EXPECT_EQ(hashes[0], hashes[4]);
  EXPECT_EQ(copies_within(hashes).copied, 2);
  EXPECT_EQ(copies_of({hashes[0], 1}, hashes).copied, 1);
}

TEST(RowScan, expects_as_many_copies_held_out_as_within_training) {
  EXPECT_LT(test_leak({800, 160}, {200, 46}).z, 2);
  EXPECT_EQ(test_leak({800, 160}, {200, 30}).excess, 0);
  const LeakTest leak = test_leak({800, 160}, {200, 120});
  EXPECT_NEAR(leak.excess, 0.5, 1e-12);  // of the .8 that would be new, .4 are repeated
  EXPECT_GT(leak.z, 5);
}

}  // namespace tend::row_scan_test

#include "tend/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace tend::random_test {
namespace {

std::array<std::uint32_t, 4> block(std::array<std::uint32_t, 4> counter, std::uint32_t key_0, std::uint32_t key_1) {
  std::uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
  Philox::block(c, key_0, key_1);
  return {c[0], c[1], c[2], c[3]};
}

TEST(Philox, has_the_known_answers_of_its_authors) {  // philox4x32 with 10 rounds, from kat_vectors of Random123
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(block({0, 0, 0, 0}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(block({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffff, 0xffffffff),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, gives_the_words_of_its_blocks_in_order) {
  Random random(0x0123456789abcdefULL, 7, 5, 6);
  const auto first = block({0, 5, 6, 7}, 0x89abcdef, 0x01234567), second = block({1, 5, 6, 7}, 0x89abcdef, 0x01234567);
  for (std::uint32_t word : first) EXPECT_EQ(random.word(), word);
  for (std::uint32_t word : second) EXPECT_EQ(random.word(), word);
}

TEST(Random, is_the_same_for_the_same_seed_and_purpose_and_another_for_any_other) {
  const auto words = [](Random random) {
    std::vector<std::uint32_t> all(16);
    for (auto& w : all) w = random.word();
    return all;
  };
  const auto usual = words(Random(1, purpose("shuffle"), 2, 3));
  EXPECT_EQ(words(Random(1, purpose("shuffle"), 2, 3)), usual);
  EXPECT_NE(words(Random(2, purpose("shuffle"), 2, 3)), usual);
  EXPECT_NE(words(Random(1ULL << 32 | 1, purpose("shuffle"), 2, 3)), usual);
  EXPECT_NE(words(Random(1, purpose("dropout_1"), 2, 3)), usual);
  EXPECT_NE(words(Random(1, purpose("shuffle"), 1, 3)), usual);
  EXPECT_NE(words(Random(1, purpose("shuffle"), 2, 1)), usual);
}

TEST(Random, draws_uniform_numbers_evenly_and_below_one) {
  Random random(3, purpose("test"));
  constexpr int n = 200000;
  std::array<int, 10> tenth{};
  double sum = 0, square = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++tenth[static_cast<std::size_t>(u * 10)];
    sum += u;
    square += u * u;
  }
  EXPECT_NEAR(sum / n, 0.5, 4 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square / n, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / n));
  for (int count : tenth) EXPECT_NEAR(count, n / 10, 5 * std::sqrt(n * 0.09));
}

TEST(Random, draws_normal_numbers_with_the_moments_of_the_bell) {
  Random random(4, purpose("test"));
  constexpr int n = 200000;
  double sum = 0, square = 0, fourth = 0, next = 0, before = 0;
  int beyond_two = 0;
  for (int i = 0; i < n; ++i) {
    const double z = random.normal();
    ASSERT_TRUE(std::isfinite(z));
    sum += z;
    square += z * z;
    fourth += z * z * z * z;
    next += z * before;
    before = z;
    beyond_two += std::abs(z) > 2;
  }
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(square / n, 1, 4 * std::sqrt(2.0 / n));
  EXPECT_NEAR(fourth / n, 3, 4 * std::sqrt(96.0 / n));
  EXPECT_NEAR(next / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(static_cast<double>(beyond_two) / n, 0.0455, 4 * std::sqrt(0.0455 / n));
}

TEST(Random, draws_below_n_without_bias) {
  Random random(5, purpose("test"));
  std::array<int, 7> count{};
  for (int i = 0; i < 70000; ++i) ++count[random.below(7)];
  for (int c : count) EXPECT_NEAR(c, 10000, 5 * std::sqrt(10000.0));
  EXPECT_EQ(random.below(1), 0u);
  const std::uint64_t large = 0xC000000000000000ULL;  // three quarters of all words: remainders would favour the lowest third
  int low = 0;
  for (int i = 0; i < 30000; ++i) {
    const std::uint64_t drawn = random.below(large);
    ASSERT_LT(drawn, large);
    low += drawn < large / 3;
  }
  EXPECT_NEAR(low, 10000, 5 * std::sqrt(20000.0 / 3));
}

TEST(Random, shuffles_into_every_order_equally_often) {
  Random random(6, purpose("test"));
  std::array<int, 27> seen{};
  for (int i = 0; i < 60000; ++i) {
    int p[3] = {0, 1, 2};
    random.shuffle(p, 3);
    ++seen[static_cast<std::size_t>(p[0] * 9 + p[1] * 3 + p[2])];
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 0), 21);
  for (int count : seen) EXPECT_LE(count == 0 ? 0 : std::abs(count - 10000), 5 * 100);
}

TEST(Random, shuffles_to_a_permutation) {
  Random random(7, purpose("test"));
  std::vector<int> rows(1000);
  std::iota(rows.begin(), rows.end(), 0);
  random.shuffle(rows.data(), rows.size());
  EXPECT_FALSE(std::is_sorted(rows.begin(), rows.end()));
  std::sort(rows.begin(), rows.end());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(rows[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace tend::random_test

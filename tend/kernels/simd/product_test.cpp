#include "tend/kernels/simd/product.h"

#include <algorithm>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::product_test {
namespace {

constexpr float untouched = -12345.0f;

std::vector<float> normal(std::int64_t n, std::uint32_t stream) {
  Random random(3, purpose("product test"), stream);
  std::vector<float> v(static_cast<std::size_t>(n));
  for (float& x : v) x = static_cast<float>(random.normal());
  return v;
}

/// c = a b with a [m,k] stored by rows or, if `turned_a`, by columns; b [k,n] likewise.
struct Case {
  std::int64_t m, n, k;
  bool turned_a, turned_b;
  std::vector<float> a, b, bias;

  Case(std::int64_t m, std::int64_t n, std::int64_t k, bool turned_a, bool turned_b)
      : m(m), n(n), k(k), turned_a(turned_a), turned_b(turned_b), a(normal(m * k, 1)), b(normal(k * n, 2)), bias(normal(n, 3)) {}
  float a_at(std::int64_t i, std::int64_t p) const { return a[static_cast<std::size_t>(turned_a ? p * m + i : i * k + p)]; }
  float b_at(std::int64_t p, std::int64_t j) const { return b[static_cast<std::size_t>(turned_b ? j * k + p : p * n + j)]; }

  /// Computes rows [r0, r1), columns [c0, c1) into c with rows of n + 3.
  void run(const ProductTable& table, std::vector<float>& c, bool pack_a, bool pack_b, std::int64_t r0, std::int64_t r1,
           std::int64_t c0, std::int64_t c1) const {
    ProductBlock g;
    g.m = r1 - r0, g.n = c1 - c0, g.k = k;
    g.a_row = turned_a ? 1 : k, g.a_step = turned_a ? m : 1;
    g.a = a.data() + r0 * g.a_row;
    g.b_step = turned_b ? 1 : n, g.b_column = turned_b ? k : 1;
    g.b = b.data() + c0 * g.b_column;
    g.pack_b = pack_b || turned_b;
    g.c_row = n + 3;
    g.c = c.data() + r0 * g.c_row + c0;
    g.bias = bias.data() + c0;
    std::vector<float> scratch(static_cast<std::size_t>(scratch_floats(g.n, k))), packed;
    g.scratch = scratch.data();
    if (pack_a) {
      const std::int64_t strips = strips_of(g.m, table.strip);
      packed.resize(static_cast<std::size_t>(strips * table.strip_stride * k));
      table.pack_rows(g.a, g.a_row, g.a_step, g.m, k, 0, strips, packed.data());
      g.a = packed.data();
      g.a_packed = true;
    }
    table.product(g);
  }
  std::vector<float> whole(const ProductTable& table, bool pack_a, bool pack_b) const {
    std::vector<float> c(static_cast<std::size_t>(m * (n + 3)), untouched);
    run(table, c, pack_a, pack_b, 0, m, 0, n);
    return c;
  }
};

std::vector<Isa> isas() {
  std::vector<Isa> all{Isa::portable};
  for (Isa isa : {Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

TEST(Product, every_rest_of_rows_and_columns_is_right_and_nothing_beside_it_is_touched) {
  for (Isa isa : isas())
    for (std::int64_t m : {1, 2, 5, 6, 7, 13, 14, 15, 29})
      for (std::int64_t n : {1, 3, 4, 8, 15, 16, 17, 31, 32, 33, 50, 64, 71})
        for (int form = 0; form < 4; ++form) {
          const Case product(m, n, 19, form & 1, form & 2);
          for (bool pack : {false, true}) {
            const auto c = product.whole(product_table(isa), pack, pack);
            for (std::int64_t i = 0; i < m; ++i)
              for (std::int64_t j = 0; j < n + 3; ++j) {
                const float got = c[static_cast<std::size_t>(i * (n + 3) + j)];
                if (j >= n) {
                  ASSERT_EQ(got, untouched);
                  continue;
                }
                double sum = product.bias[static_cast<std::size_t>(j)];
                for (std::int64_t p = 0; p < product.k; ++p)
                  sum += static_cast<double>(product.a_at(i, p)) * static_cast<double>(product.b_at(p, j));
                ASSERT_NEAR(got, sum, 2e-5) << name_of(isa) << " " << m << "x" << n << " form " << form << " at " << i << ","
                                            << j;
              }
          }
        }
}

TEST(Product, bits_do_not_depend_on_how_it_is_cut_or_packed) {
  for (Isa isa : isas()) {
    const ProductTable& table = product_table(isa);
    for (bool turned_a : {false, true}) {
      const Case product(37, 150, 3000, turned_a, false);  // longer than one pass over packed columns
      const auto whole = product.whole(table, false, false);
      EXPECT_EQ(product.whole(table, false, true), whole);
      EXPECT_EQ(product.whole(table, true, false), whole);
      EXPECT_EQ(product.whole(table, true, true), whole);
      std::vector<float> cut(whole.size(), untouched);
      for (auto [r0, r1] : {std::pair{0, 10}, {10, 11}, {11, 37}})
        for (auto [c0, c1] : {std::pair{0, 32}, {32, 96}, {96, 150}}) product.run(table, cut, r1 == 11, c1 == 96, r0, r1, c0, c1);
      EXPECT_EQ(cut, whole) << name_of(isa);
    }
  }
}

TEST(Product, few_rows_are_dot_products) {
  for (Isa isa : isas())
    for (std::int64_t m : {1, 2, 4})
      for (std::int64_t n : {1, 7, 16, 37})
        for (std::int64_t k : {1, 8, 16, 53}) {
          const Case product(m, n, k, false, true);
          ProductBlock g;
          g.m = m, g.n = n, g.k = k, g.a_row = k, g.a_step = 1, g.b_step = 1, g.b_column = k, g.c_row = n + 1;
          g.a = product.a.data();
          g.b = product.b.data();
          g.dots = true;
          std::vector<float> c(static_cast<std::size_t>(m * (n + 1)), untouched);
          g.c = c.data();
          product_table(isa).product(g);
          for (std::int64_t i = 0; i < m; ++i) {
            for (std::int64_t j = 0; j < n; ++j) {
              double sum = 0;
              for (std::int64_t p = 0; p < k; ++p)
                sum += static_cast<double>(product.a_at(i, p)) * static_cast<double>(product.b_at(p, j));
              ASSERT_NEAR(c[static_cast<std::size_t>(i * (n + 1) + j)], sum, 2e-5)
                  << name_of(isa) << " " << m << "x" << n << "x" << k;
            }
            ASSERT_EQ(c[static_cast<std::size_t>(i * (n + 1) + n)], untouched);
          }
        }
}

TEST(Product, accumulating_adds_to_what_stands_there_and_else_never_reads_it) {
  for (Isa isa : isas()) {
    const Case product(15, 35, 20, true, false);
    ProductBlock g;
    g.m = 15, g.n = 35, g.k = 20, g.a_row = 1, g.a_step = 15, g.b_step = 35, g.c_row = 35;
    g.a = product.a.data();
    g.b = product.b.data();
    std::vector<float> once(15 * 35, std::numeric_limits<float>::quiet_NaN()), twice;
    g.c = once.data();
    product_table(isa).product(g);
    twice = once;
    g.c = twice.data();
    g.accumulate = true;
    product_table(isa).product(g);
    for (std::size_t i = 0; i < once.size(); ++i) ASSERT_NEAR(twice[i], 2 * once[i], 1e-5f) << name_of(isa);
  }
}

TEST(Product, scratch_made_for_the_widest_block_holds_each_narrower_one) {
  for (std::int64_t widest : {1, 32, 64, 96, 256, 480, 512, 4096})
    for (std::int64_t k : {1, 300, 1500, 2048, 9000})
      for (std::int64_t n = 1; n <= widest; ++n)
        ASSERT_LE(round_up(n, widest_panel) * std::min(k, product_depth(n)), scratch_floats(widest, k))
            << widest << " " << n << " " << k;
}

TEST(Product, column_sums_add_every_row) {
  for (Isa isa : isas())
    for (std::int64_t m : {1, 3, 4, 9})
      for (std::int64_t n : {1, 5, 16, 37}) {
        const auto x = normal(m * (n + 2), 5);
        std::vector<float> sums(static_cast<std::size_t>(n) + 1, untouched);
        product_table(isa).column_sums(x.data(), n + 2, m, n, sums.data(), false);
        product_table(isa).column_sums(x.data(), n + 2, m, n, sums.data(), true);
        for (std::int64_t j = 0; j < n; ++j) {
          double sum = 0;
          for (std::int64_t i = 0; i < m; ++i) sum += 2 * static_cast<double>(x[static_cast<std::size_t>(i * (n + 2) + j)]);
          ASSERT_NEAR(sums[static_cast<std::size_t>(j)], sum, 1e-5);
        }
        ASSERT_EQ(sums.back(), untouched);
      }
}

}  // namespace
}  // namespace tend::product_test

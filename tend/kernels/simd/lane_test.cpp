#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tend/kernels/simd/lane_spans.h"

namespace tend::lane_test {
namespace {

std::vector<Isa> isas() {
  std::vector<Isa> all{Isa::portable};
  for (Isa isa : {Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

float one(LaneSpans::Span f, float x) {
  float y = 0;
  f(&x, &y, 1);
  return y;
}

/// The largest distance from `exact` in units in the last place, over every 1021st float; infinities, NaN and the sign of zero
/// must be right.
double largest_error(LaneSpans::Span f, double (*exact)(double)) {
  constexpr std::uint32_t stride = 1021;
  constexpr std::size_t at_once = 4096;
  std::vector<float> x(at_once), y(at_once);
  double worst = 0;
  std::uint64_t next = 0;
  while (next < (std::uint64_t{1} << 32)) {
    std::size_t n = 0;
    for (; n < at_once && next < (std::uint64_t{1} << 32); next += stride)
      x[n++] = std::bit_cast<float>(static_cast<std::uint32_t>(next));
    f(x.data(), y.data(), static_cast<std::int64_t>(n));
    for (std::size_t i = 0; i < n; ++i) {
      const double wanted = exact(static_cast<double>(x[i]));
      const auto rounded = static_cast<float>(wanted);
      if (std::isnan(rounded) || std::isinf(rounded) || rounded == 0) {
        const bool right = std::isnan(rounded) ? std::isnan(y[i])
                                               : y[i] == rounded && std::signbit(y[i]) == std::signbit(rounded);
        if (!right && !(std::isinf(rounded) && std::abs(wanted) < 3.4028236e38)) return std::numeric_limits<double>::infinity();
        continue;
      }
      int exponent = 0;
      std::frexp(wanted, &exponent);
      const double unit = std::ldexp(1.0, std::max(exponent - 24, -149));
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - wanted) / unit);
    }
  }
  return worst;
}

TEST(Lane, functions_keep_the_errors_that_they_state) {
  for (Isa isa : isas()) {
    SCOPED_TRACE(name_of(isa));
    const LaneSpans& f = lane_spans(isa);
    EXPECT_LE(largest_error(f.exp, std::exp), 1.1);
    EXPECT_LE(largest_error(f.expm1, std::expm1), 1.6);
    EXPECT_LE(largest_error(f.log, std::log), 1.0);
    EXPECT_LE(largest_error(f.log1p, std::log1p), 1.0);
    EXPECT_LE(largest_error(f.tanh, std::tanh), 2.6);
    EXPECT_LE(largest_error(f.erf, std::erf), 1.2);
    EXPECT_LE(largest_error(f.sqrt, std::sqrt), 0.5);
  }
}

TEST(Lane, functions_are_right_at_the_ends_of_their_range) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const float smallest = std::numeric_limits<float>::denorm_min();
  for (Isa isa : isas()) {
    SCOPED_TRACE(name_of(isa));
    const LaneSpans& f = lane_spans(isa);
    EXPECT_EQ(one(f.exp, inf), inf);
    EXPECT_EQ(one(f.exp, 88.8f), inf);
    EXPECT_EQ(one(f.exp, -inf), 0.0f);
    EXPECT_EQ(one(f.exp, -103.28f), smallest);  // ln of the smallest subnormal is -103.279
    EXPECT_EQ(one(f.exp, -104.0f), 0.0f);
    EXPECT_EQ(one(f.exp, 0.0f), 1.0f);
    EXPECT_EQ(one(f.expm1, -inf), -1.0f);
    EXPECT_EQ(one(f.expm1, 1e-10f), 1e-10f);
    EXPECT_TRUE(std::signbit(one(f.expm1, -0.0f)));
    EXPECT_EQ(one(f.log, 0.0f), -inf);
    EXPECT_EQ(one(f.log, -0.0f), -inf);
    EXPECT_EQ(one(f.log, inf), inf);
    EXPECT_TRUE(std::isnan(one(f.log, -1.0f)));
    EXPECT_NEAR(one(f.log, smallest), -103.279f, 1e-3f);
    EXPECT_EQ(one(f.log1p, -1.0f), -inf);
    EXPECT_TRUE(std::isnan(one(f.log1p, -2.0f)));
    EXPECT_EQ(one(f.log1p, 1e-12f), 1e-12f);
    EXPECT_EQ(one(f.tanh, inf), 1.0f);
    EXPECT_EQ(one(f.tanh, -inf), -1.0f);
    EXPECT_EQ(one(f.erf, inf), 1.0f);
    EXPECT_EQ(one(f.erf, -inf), -1.0f);
    for (auto function : {f.exp, f.expm1, f.log, f.log1p, f.tanh, f.erf, f.sqrt}) EXPECT_TRUE(std::isnan(one(function, nan)));
  }
}

TEST(Lane, a_number_comes_out_the_same_in_a_whole_register_and_in_the_rest) {
  std::vector<float> x(101), together(101);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.07f * static_cast<float>(i) - 3.0f;
  for (Isa isa : isas()) {
    const LaneSpans& f = lane_spans(isa);
    for (auto function : {f.exp, f.expm1, f.tanh, f.erf}) {
      function(x.data(), together.data(), static_cast<std::int64_t>(x.size()));
      for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(together[i], one(function, x[i])) << name_of(isa) << " " << i;
    }
  }
}

}  // namespace
}  // namespace tend::lane_test

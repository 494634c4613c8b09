#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "shelf_exam.h"
#include "tend/base/random.h"
#include "tend/loss/loss_registry.h"

namespace tend {
namespace {

/// Rows of outputs and targets as a loss wants them.
struct Rows {
  std::int64_t rows, outputs;
  bool codes;
  std::vector<double> o, t;
};
Rows rows_for(const LossEntry& loss, std::int64_t rows, std::int64_t outputs, bool codes) {
  Rows r{rows, outputs, codes && loss.takes_codes() && outputs > 1, {}, {}};
  Random random(11, purpose(loss.name()), static_cast<std::uint32_t>(outputs), codes);
  const bool is_probability = loss.kind().starts_with("probabilities"), is_value = loss.kind() == "values";
  for (std::int64_t i = 0; i < rows * outputs; ++i)
    r.o.push_back(is_probability ? random.uniform(0.02, 0.98) : 2 * random.normal());
  for (std::int64_t i = 0; i < (r.codes ? rows : rows * outputs); ++i)
    r.t.push_back(is_value ? random.normal()
                           : static_cast<double>(random.below(static_cast<std::uint64_t>(r.codes ? outputs : 2))));
  return r;
}

template <class T>
struct Outcome {
  std::vector<double> values;
  std::vector<T> slopes;
};
template <class T>
Outcome<T> outcome(const LossEntry& loss, Isa isa, const Rows& r, double scale = 1, const std::vector<T>& weights = {}) {
  const LossFunctions f = loss.functions(element_type<T>(), isa, r.codes);
  EXPECT_EQ(f.takes_codes, r.codes);
  const std::vector<T> o(r.o.begin(), r.o.end()), t(r.t.begin(), r.t.end());
  Outcome<T> out{std::vector<double>(static_cast<std::size_t>(r.rows), NAN), std::vector<T>(o.size() + 1, T(-7))};
  f.rows(f.self, o.data(), t.data(), weights.empty() ? nullptr : weights.data(), r.rows, r.outputs, scale, out.values.data(),
         out.slopes.data());
  EXPECT_EQ(out.slopes.back(), T(-7));
  out.slopes.pop_back();
  return out;
}

/// Each loss with one and several outputs, by codes and by rows of values.
template <class Check>
void every_case(Check check) {
  for (const auto& entry : builtin_losses().entries()) {
    const auto loss = builtin_losses().make_named(Value(entry.name), "here");
    for (std::int64_t outputs : {1, 2, 3, 10, 17, 300})
      for (bool codes : {true, false}) {
        if (codes && (!loss->takes_codes() || outputs == 1)) continue;
        SCOPED_TRACE(entry.name + " of " + std::to_string(outputs) + (codes ? " by codes" : " by values"));
        check(*loss, rows_for(*loss, outputs == 300 ? 3 : 37, outputs, codes));
      }
  }
}

TEST(EveryLoss, has_the_derivative_of_its_value_as_slope) {
  const double epsilon = std::numeric_limits<double>::epsilon();
  every_case([&](const LossEntry& loss, Rows r) {
    const auto here = outcome<double>(loss, Isa::reference, r);
    for (std::int64_t j = 0; j < std::min<std::int64_t>(r.outputs, 20); ++j) {
      const Rows kept = r;
      const auto moved = [&](double direction) {
        r = kept;
        for (std::int64_t row = 0; row < r.rows; ++row) {
          double& o = r.o[static_cast<std::size_t>(row * r.outputs + j)];
          o += direction * std::cbrt(epsilon) * std::max(1.0, std::abs(o));
        }
        return outcome<double>(loss, Isa::reference, r).values;
      };
      const auto above = moved(1), below = moved(-1);
      r = kept;
      for (std::int64_t row = 0; row < r.rows; ++row) {
        const auto at = static_cast<std::size_t>(row * r.outputs + j), of = static_cast<std::size_t>(row);
        const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(r.o[at])),
                     measured = (above[of] - below[of]) / (2 * step);
        const double size = std::max({1.0, std::abs(measured), std::abs(here.values[of])});
        // Probabilities near 0 or 1: derivatives of the logarithm grow as powers of 1 / distance.
        const double near = loss.kind().starts_with("probabilities") ? std::pow(std::min(r.o[at], 1 - r.o[at]), -3) : 1;
        EXPECT_NEAR(here.slopes[at], measured, 8 * step * step * size * near) << "row " << row << ", output " << j;
      }
    }
  });
}

TEST(EveryLoss, agrees_in_each_instruction_set_with_double) {
  const double epsilon = std::numeric_limits<float>::epsilon();
  every_case([&](const LossEntry& loss, Rows r) {
    for (double& x : r.o) x = static_cast<float>(x);
    for (double& x : r.t) x = static_cast<float>(x);
    const auto exact = outcome<double>(loss, Isa::reference, r, 0.125);
    double largest = 1;
    for (double s : exact.slopes) largest = std::max(largest, std::abs(s));
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      const auto fast = outcome<float>(loss, isa, r, 0.125);
      const double terms = 8 + std::sqrt(static_cast<double>(r.outputs));
      for (std::size_t i = 0; i < exact.values.size(); ++i)
        ASSERT_NEAR(fast.values[i], exact.values[i], terms * epsilon * (std::abs(exact.values[i]) + 1)) << i;
      for (std::size_t i = 0; i < exact.slopes.size(); ++i)
        ASSERT_NEAR(fast.slopes[i], exact.slopes[i], terms * epsilon * (std::abs(exact.slopes[i]) + 0.02 * largest)) << i;
    }
  });
}

TEST(EveryLoss, gives_each_row_the_same_bits_whatever_rows_stand_beside_it) {
  every_case([](const LossEntry& loss, const Rows& r) {
    for (Isa isa : every_isa()) {
      const auto all = outcome<float>(loss, isa, r);
      const std::int64_t width = r.codes ? 1 : r.outputs;
      for (std::int64_t row = 0; row < r.rows; ++row) {
        const Rows one{1,
                       r.outputs,
                       r.codes,
                       {r.o.begin() + row * r.outputs, r.o.begin() + (row + 1) * r.outputs},
                       {r.t.begin() + row * width, r.t.begin() + (row + 1) * width}};
        const auto alone = outcome<float>(loss, isa, one);
        ASSERT_EQ(alone.values[0], all.values[static_cast<std::size_t>(row)]);
        ASSERT_EQ(std::memcmp(alone.slopes.data(), all.slopes.data() + row * r.outputs, alone.slopes.size() * sizeof(float)), 0);
      }
    }
  });
}

TEST(EveryLoss, multiplies_a_row_by_its_weight_and_slopes_by_the_scale) {
  every_case([](const LossEntry& loss, const Rows& r) {
    std::vector<float> weights;
    for (std::int64_t row = 0; row < r.rows; ++row) weights.push_back(static_cast<float>(row % 4) * 0.5f);
    for (Isa isa : every_isa()) {
      const auto plain = outcome<float>(loss, isa, r), weighted = outcome<float>(loss, isa, r, 0.25, weights);
      for (std::size_t row = 0; row < plain.values.size(); ++row)
        EXPECT_NEAR(weighted.values[row], plain.values[row] * weights[row], 1e-6 * (1 + std::abs(plain.values[row])));
      for (std::size_t i = 0; i < plain.slopes.size(); ++i) {
        const float expected = plain.slopes[i] * weights[i / static_cast<std::size_t>(r.outputs)] * 0.25f;
        EXPECT_NEAR(weighted.slopes[i], expected, 1e-6 * (1 + std::abs(expected)));
      }
    }
  });
}

TEST(EveryLoss, has_the_same_value_where_no_slope_is_wanted) {
  every_case([](const LossEntry& loss, const Rows& r) {
    for (Isa isa : every_isa()) {
      const LossFunctions f = loss.functions(ElementType::float32, isa, r.codes);
      const std::vector<float> o(r.o.begin(), r.o.end()), t(r.t.begin(), r.t.end());
      std::vector<double> values(static_cast<std::size_t>(r.rows));
      f.rows(f.self, o.data(), t.data(), nullptr, r.rows, r.outputs, 1, values.data(), nullptr);
      EXPECT_EQ(values, outcome<float>(loss, isa, r).values);
    }
  });
}

template <class T>
void expect_nan_to_travel(const LossEntry& loss, Isa isa, Rows r) {
  const std::int64_t row = r.rows / 2;
  r.o[static_cast<std::size_t>(row * r.outputs + r.outputs - 1)] = NAN;
  if (r.codes) r.t[static_cast<std::size_t>(row)] = static_cast<double>(r.outputs - 1);
  const auto out = outcome<T>(loss, isa, r);
  for (std::int64_t i = 0; i < r.rows; ++i) {
    EXPECT_EQ(std::isnan(out.values[static_cast<std::size_t>(i)]), i == row) << name_of(isa) << " row " << i;
    const bool slope_has_nan = std::any_of(out.slopes.begin() + i * r.outputs, out.slopes.begin() + (i + 1) * r.outputs,
                                           [](T x) { return std::isnan(x); });
    EXPECT_EQ(slope_has_nan, i == row) << name_of(isa) << " slopes of row " << i;
  }
}

TEST(EveryLoss, lets_nan_travel_to_its_row_and_no_other) {
  every_case([](const LossEntry& loss, const Rows& r) {
    for (Isa isa : every_isa()) expect_nan_to_travel<float>(loss, isa, r);
    expect_nan_to_travel<double>(loss, Isa::reference, r);
  });
}

TEST(EveryLoss, stays_finite_for_large_outputs) {
  every_case([](const LossEntry& loss, Rows r) {
    const double low = loss.kind() == "probabilities_classes" ? 1e-4 : -1e4;  // a row that sums to 0 has no meaning there
    for (std::size_t i = 0; i < r.o.size(); ++i) r.o[i] = i % 3 == 0 ? low : i % 3 == 1 ? 1e4 : 0.5;
    for (Isa isa : every_isa()) {
      const auto out = outcome<float>(loss, isa, r);
      for (double v : out.values) ASSERT_TRUE(std::isfinite(v)) << name_of(isa);
      for (float s : out.slopes) ASSERT_TRUE(std::isfinite(s)) << name_of(isa);
    }
  });
}

TEST(EveryLoss, gives_nan_for_a_code_that_is_no_class) {
  every_case([](const LossEntry& loss, Rows r) {
    if (!r.codes) return;
    r.t[0] = static_cast<double>(r.outputs);
    r.t[1] = NAN;
    for (Isa isa : every_isa()) {
      const auto out = outcome<float>(loss, isa, r);
      EXPECT_TRUE(std::isnan(out.values[0]));
      EXPECT_TRUE(std::isnan(out.values[1]));
      EXPECT_FALSE(std::isnan(out.values[2]));
    }
  });
}

TEST(EveryLoss, reads_what_it_writes) { expect_round_trips(builtin_losses(), true); }

}  // namespace
}  // namespace tend

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shelf_exam.h"
#include "tend/network/initializer_registry.h"

namespace tend {
namespace {

template <class Check>
void every_initializer(Check check) {
  for (const auto& entry : builtin_initializers().entries()) {
    SCOPED_TRACE(entry.name);
    check(*builtin_initializers().make(Value(entry.name), "here"));
  }
}

std::vector<double> filled(const InitializerEntry& initializer, const FillTarget& target, std::uint64_t seed = 1) {
  std::vector<double> w(static_cast<std::size_t>(target.shape.count()) + 1, NAN);
  w.back() = -7;
  Random random(seed, purpose("every_initializer"));
  initializer.fill(w.data(), target, random);
  EXPECT_EQ(w.back(), -7);
  w.pop_back();
  return w;
}

const FillTarget dense{{300, 200}, 300, 200}, convolution{{3, 5, 16, 24}, 3 * 5 * 16, 3 * 5 * 24}, wide{{5, 40}, 5, 40},
    bias{{17}, 17, 17}, single{{1, 1}, 1, 1};

TEST(EveryInitializer, fills_every_element_of_any_shape) {
  every_initializer([](const InitializerEntry& initializer) {
    for (const FillTarget& target : {dense, convolution, wide, bias, single})
      for (double x : filled(initializer, target)) ASSERT_TRUE(std::isfinite(x)) << target.shape.text();
    EXPECT_FALSE(initializer.formula().empty());
  });
}

TEST(EveryInitializer, gives_the_same_bits_for_the_same_seed_and_others_for_another) {
  every_initializer([](const InitializerEntry& initializer) {
    const auto once = filled(initializer, dense), again = filled(initializer, dense), other = filled(initializer, dense, 2);
    EXPECT_EQ(once, again);
    const bool draws = once != std::vector<double>(once.size(), once[0]) && initializer.name() != "identity";
    EXPECT_EQ(once != other, draws);
  });
}

/// The variance that a formula "..., variance 2 / (fan_in + fan_out)" says.
double told_variance(const std::string& formula, const FillTarget& target) {
  const auto in = static_cast<double>(target.fan_in), out = static_cast<double>(target.fan_out);
  if (formula.ends_with("variance 1 / fan_in")) return 1 / in;
  if (formula.ends_with("variance 2 / fan_in")) return 2 / in;
  if (formula.ends_with("variance 2 / (fan_in + fan_out)")) return 2 / (in + out);
  return -1;
}

TEST(EveryInitializer, that_goes_by_fans_has_the_variance_it_tells_for_dense_layers_and_convolutions) {
  int examined = 0;
  every_initializer([&](const InitializerEntry& initializer) {
    const std::string formula = initializer.formula();
    for (const FillTarget& target : {dense, convolution}) {
      const double variance = told_variance(formula, target);
      if (variance < 0) return;
      const auto w = filled(initializer, target);
      double mean = 0, square = 0, largest = 0;
      for (double x : w) {
        mean += x;
        square += x * x;
        largest = std::max(largest, std::abs(x));
      }
      const auto n = static_cast<double>(w.size());
      EXPECT_NEAR(mean / n, 0, 4 * std::sqrt(variance / n));
      EXPECT_NEAR(square / n / variance, 1, 4 * std::sqrt(2 / n));
      if (formula.starts_with("uniform"))
        EXPECT_LE(largest, std::sqrt(3 * variance));
      else
        EXPECT_GT(largest, 3.4 * std::sqrt(variance));
      ++examined;
    }
  });
  EXPECT_EQ(examined, 14);
}

TEST(EveryInitializer, has_a_gain_that_multiplies_where_it_has_one) {
  for (const auto& entry : builtin_initializers().entries()) {
    if (entry.value_field != "gain") continue;
    Value twice = Value::table();
    twice[entry.name] = 2.0;
    const auto once = filled(*builtin_initializers().make(Value(entry.name), "here"), dense);
    const auto doubled = filled(*builtin_initializers().make(twice, "here"), dense);
    for (std::size_t i = 0; i < once.size(); ++i) ASSERT_DOUBLE_EQ(doubled[i], 2 * once[i]) << entry.name;
  }
}

TEST(EveryInitializer, is_there_under_every_name_of_the_experiment_file) {
  for (const char* name :
       {"zeros", "ones", "constant", "normal", "truncated_normal", "uniform", "xavier", "lecun_normal", "lecun_uniform",
        "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "orthogonal", "identity", "sparse"})
    EXPECT_NE(builtin_initializers().find(name), nullptr) << name;
}

TEST(EveryInitializer, reads_what_it_writes) { expect_round_trips(builtin_initializers(), false); }

}  // namespace
}  // namespace tend

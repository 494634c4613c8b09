#include "tend/check/checks/small_inputs.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::small_inputs_test {

namespace {

/// Frequencies of 400 words among 90 in each of 400 rows, in two classes that use half of the words twice as often.
Dataset term_frequencies() {
  Array x({400, 400}, ElementType::float32), y({400, 1}, ElementType::float64);
  Random random(3, purpose("words"));
  for (std::int64_t r = 0; r < 400; ++r) {
    std::fill_n(x.as<float>() + 400 * r, 400, 0.0f);
    for (int i = 0; i < 90; ++i) {
      const auto half = random.uniform() < 2.0 / 3 ? r % 2 : 1 - r % 2;
      x.as<float>()[400 * r + 200 * half + static_cast<std::int64_t>(random.below(200))] += 1.0f / 90;
    }
    y.as<double>()[r] = static_cast<double>(r % 2);
  }
  return Dataset::classification(x, y, 2);
}

const std::string two_layers = R"([{ dense = 16 }, "relu", { dense = 2 }])";

std::string update(const std::string& optimizer, const std::string& more = "") {
  return "[update]\noptimizer = " + optimizer + "\n[train]\nepochs = 30\n" + more;
}

}  // namespace

TEST(SmallInputs, passes_word_frequencies_that_adam_learns) {
  const CheckResult r =
      checked(SmallInputs{}, two_layers, term_frequencies(), update(R"({ name = "adam", learning_rate = 0.01 })")).at(0);
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
  ASSERT_TRUE(r.value) << "tried";
  EXPECT_LT(*r.value, 0.5);
}

TEST(SmallInputs, warns_of_a_few_small_columns) {
  const CheckResult r = checked(SmallInputs{}, R"([{ dense = 16 }, "relu", { dense = 1 }])", small_values(),
                                update(R"({ name = "adam", learning_rate = 0.001 })", "[prepare]\nsteps = [{ scale = 0.01 }]\n"))
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_EQ(text_of(r.changes), "prepare.steps = [{ scale = 0.01 }, \"standardize\"]");
  EXPECT_GT(*r.value, 1.3 * *r.expected);
}

TEST(SmallInputs, takes_no_step_on_inputs_of_unit_size_or_before_a_normalization) {
  EXPECT_FALSE(
      checked(SmallInputs{}, two_layers, term_frequencies(), update("\"adam\"", "[prepare]\nsteps = [\"standardize\"]\n"))
          .at(0)
          .value);
  EXPECT_FALSE(checked(SmallInputs{}, R"(["layer_norm", { dense = 2 }])", term_frequencies(), update("\"adam\"")).at(0).value);
}

}  // namespace tend::small_inputs_test

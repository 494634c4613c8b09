// Attention and recurrent cells of more than one block, strip and panel: every instruction set against plain loops in double.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tend/exam/layer_trial.h"

namespace tend::every_kernel_sequence_test {
namespace {

void expect_agreement(const char* layer, const Shape& shape, std::int64_t rows) {
  const auto made = builtin_layers().make(parse_toml("layer = " + std::string(layer), "test")["layer"], "layer");
  TrialSetting setting;
  setting.rows = rows;
  for (const ParameterSpec& p : made->layout({shape}).parameters) {
    Random random(2, purpose(p.name));
    std::vector<double>& values = setting.given[p.name];
    const double size = 1 / std::sqrt(static_cast<double>(p.shape[0]));
    for (std::int64_t i = 0; i < p.shape.count(); ++i)
      values.push_back(static_cast<double>(static_cast<float>(size * random.normal())));
  }
  LayerTrial exact(*made, {shape}, reference_backend(ElementType::float64), setting);
  exact.run();
  for (Isa isa : {Isa::portable, Isa::avx2, Isa::avx512}) {
    if (isa > best_isa()) continue;
    LayerTrial fast(*made, {shape}, fast_backend(isa), setting);
    fast.run();
    EXPECT_TRUE(fast.guards_are_whole());
    for (const std::string& name : exact.results()) {
      const std::vector<double> got = fast.read(name), wanted = exact.read(name);
      double size = 1, error = 0;
      for (double w : wanted) size = std::max(size, std::abs(w));
      for (std::size_t i = 0; i < wanted.size(); ++i)
        error = std::isnan(got[i]) ? INFINITY : std::max(error, std::abs(got[i] - wanted[i]));
      EXPECT_LT(error, 2e-5 * size) << layer << " " << name_of(isa) << " " << name;
    }
  }
}

/// One hard number in one row. Where plain loops in float return NaN or infinity, every instruction set must do so too, and no
/// other row's output may change. `spreads`: products with whole blocks carry the number to places of its row from which a mask
/// hides it, because 0 times NaN is NaN.
void expect_hard_values_travel(const char* layer, const Shape& shape, std::int64_t rows, bool spreads = false) {
  const auto made = builtin_layers().make(parse_toml("layer = " + std::string(layer), "test")["layer"], "layer");
  const std::int64_t each = shape.count();
  for (const float hard : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e-41f}) {
    TrialSetting setting;
    setting.rows = rows;
    Random random(3, purpose("hard values"));
    std::vector<double>& x = setting.given["input 0"];
    for (std::int64_t i = 0; i < rows * each; ++i) x.push_back(static_cast<double>(static_cast<float>(random.normal())));
    x[static_cast<std::size_t>(2 * each + each / 2)] = static_cast<double>(hard);
    LayerTrial exact(*made, {shape}, reference_backend(ElementType::float32), setting);
    exact.run();
    const std::vector<double> wanted = exact.read("output");
    const std::size_t of_row = wanted.size() / static_cast<std::size_t>(rows);
    for (Isa isa : {Isa::portable, Isa::avx2, Isa::avx512}) {
      if (isa > best_isa()) continue;
      LayerTrial fast(*made, {shape}, fast_backend(isa), setting);
      fast.run();
      const std::vector<double> got = fast.read("output");
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!spreads || !std::isfinite(wanted[i]))
          ASSERT_EQ(std::isfinite(got[i]), std::isfinite(wanted[i]))
              << layer << " " << name_of(isa) << " " << hard << " element " << i;
        ASSERT_TRUE(i / of_row == 2 || std::isfinite(got[i])) << layer << " " << name_of(isa) << " " << hard << " element " << i;
        if (std::isfinite(wanted[i]) && std::isfinite(got[i])) ASSERT_NEAR(got[i], wanted[i], 1e-4 * (1 + std::abs(wanted[i])));
      }
      if (std::isnan(hard)) EXPECT_TRUE(std::any_of(got.begin(), got.end(), [](double v) { return std::isnan(v); }));
    }
  }
}

TEST(EveryKernel, of_sequences_lets_hard_values_travel) {
  expect_hard_values_travel("{ attention = 4, causal = true }", {10, 16}, 5, true);
  expect_hard_values_travel("{ attention = 2 }", {9, 8}, 5);
  for (const char* layer : {"{ lstm = 20 }", "{ lstm = 17, last = true }", "{ gru = 20 }", "{ gru = 19, last = true }"})
    expect_hard_values_travel(layer, {7, 9}, 5);
}

TEST(EveryKernel, of_attention_agrees_with_plain_loops) {
  expect_agreement("{ attention = 4, causal = true }", {70, 64}, 6);
  expect_agreement("{ attention = 3, causal = true }", {29, 15}, 9);
  expect_agreement("{ attention = 2 }", {61, 40}, 7);
}

TEST(EveryKernel, of_recurrent_cells_agrees_with_plain_loops) {
  for (const char* layer :
       {"{ lstm = 40 }", "{ lstm = 33, last = true }", "{ gru = 40 }", "{ gru = 35, last = true, bias = false }"})
    expect_agreement(layer, {9, 21}, 37);
}

}  // namespace
}  // namespace tend::every_kernel_sequence_test

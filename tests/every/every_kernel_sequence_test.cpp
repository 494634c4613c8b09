// Attention and recurrent cells of more than one block, strip and panel: every instruction set against plain loops in double.
#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_trial.h"

namespace tend {
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
}  // namespace tend

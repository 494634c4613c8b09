#include "tend/network/initializers/orthogonal.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tend::orthogonal_test {
namespace {

TEST(Orthogonal, has_orthonormal_columns_or_rows) {
  Random random(1, purpose("test"));
  for (const auto& [inputs, outputs] : {std::pair{7, 4}, {4, 7}, {5, 5}}) {
    std::vector<double> w(static_cast<std::size_t>(inputs * outputs));
    Orthogonal{.gain = 2}.fill(w.data(), {{inputs, outputs}, inputs, outputs}, random);
    const bool is_tall = inputs >= outputs;
    const int vectors = is_tall ? outputs : inputs, length = is_tall ? inputs : outputs;
    for (int a = 0; a < vectors; ++a)
      for (int b = 0; b < vectors; ++b) {
        double dot = 0;
        for (int i = 0; i < length; ++i)
          dot += is_tall ? w[static_cast<std::size_t>(i * outputs + a)] * w[static_cast<std::size_t>(i * outputs + b)]
                         : w[static_cast<std::size_t>(a * outputs + i)] * w[static_cast<std::size_t>(b * outputs + i)];
        EXPECT_NEAR(dot, a == b ? 4 : 0, 1e-12);
      }
  }
}

}  // namespace
}  // namespace tend::orthogonal_test

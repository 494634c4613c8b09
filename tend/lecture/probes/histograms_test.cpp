#include "tend/lecture/probes/histograms.h"

#include <cmath>
#include <numeric>

#include "tend/lecture/probes_test.h"

namespace tend::histograms_test {
namespace {

TEST(Histograms, count_all_outputs_of_each_activation) {
  const Measures m = probed("{ histograms = 8 }",
                            R"(["flatten", { dense = 12 }, "tanh", { dense = 6 }, "relu", { dense = 10 }])");
  ASSERT_EQ(m.histograms.size(), 4U);
  const LectureHistogram &first = m.histograms[0], &second = m.histograms[1];
  EXPECT_EQ(first.layer, "tanh_1");
  EXPECT_EQ(std::accumulate(first.counts.begin(), first.counts.end(), std::int64_t{0}), 512 * 12);
  EXPECT_EQ(std::accumulate(second.counts.begin(), second.counts.end(), std::int64_t{0}), 512 * 6);
  EXPECT_EQ(first.low, second.low);
  EXPECT_GE(m.values.at("start.tanh_1.at_ends"), 0);
  EXPECT_TRUE(std::isnan(m.values.at("start.relu_1.at_ends")));  // has no upper end
  EXPECT_EQ(m.histograms[2].when, "end");
}

TEST(Histograms, outputs_of_large_weights_are_at_the_ends) {
  const Measures m = probed("{ histograms = 8, at_end_too = false }",
                            R"(["flatten", { dense = 12, initializer = { normal = 5.0 } }, "tanh", { dense = 10 }])");
  EXPECT_EQ(m.histograms.size(), 1U);
  EXPECT_GT(m.values.at("start.tanh_1.at_ends"), 0.9);
}

}  // namespace
}  // namespace tend::histograms_test

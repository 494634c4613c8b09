#include "tend/network/layers/global_average_pool.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::global_average_pool_test {
namespace {

TEST(GlobalAveragePool, averages_each_channel_over_all_places) {
  const auto run = run_layer(GlobalAveragePool{}, {{1, 2, 2}}, {{1, 10, 3, 30}}, {}, {2, 4}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{2, 20}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 2, 1, 2}));
}

TEST(GlobalAveragePool, wants_places) { EXPECT_THROW(GlobalAveragePool{}.layout({{7}}), Error); }

}  // namespace
}  // namespace tend::global_average_pool_test

#include "tend/network/layers/embedding.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::embedding_test {
namespace {

TEST(Embedding, looks_rows_up_and_adds_the_gradients_of_a_code) {
  const auto run = run_layer(Embedding{.units = 2, .vocabulary = 3}, {{3}}, {{2, 0, 2}}, {{"weights", {1, 2, 3, 4, 5, 6}}},
                             {1, 2, 10, 20, 100, 200}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{5, 6, 1, 2, 5, 6}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{10, 20, 0, 0, 101, 202}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{0, 0, 0}));
}

TEST(Embedding, gives_nan_for_what_is_no_code) {
  const auto run = run_layer(Embedding{.units = 1, .vocabulary = 2}, {{4}}, {{-1, 2, NAN, 1}}, {{"weights", {7, 8}}},
                             {1, 1, 1, 1}, 1);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::isnan(run.output[i])) << i;
  EXPECT_EQ(run.output[3], 8);
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{0, 1}));
}

TEST(Embedding, wants_to_know_its_vocabulary) { EXPECT_THROW(Embedding{.units = 2}.layout({{3}}), Error); }

}  // namespace
}  // namespace tend::embedding_test

#include "tend/network/layers/dense.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::dense_test {
namespace {

TEST(Dense, multiplies_and_adds_the_bias) {
  Dense dense;
  dense.units = 2;
  const auto run = run_layer(dense, {{3}}, {{1, 2, 3, 0, -1, 1}}, {{"weights", {1, 2, 3, 4, 5, 6}}, {"bias", {10, 20}}},
                             {1, 0, 0, 1});
  EXPECT_EQ(run.output, (std::vector<double>{32, 48, 12, 22}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{1, 0, 2, -1, 3, 1}));
  EXPECT_EQ(run.gradients.at("bias"), (std::vector<double>{1, 1}));
}

TEST(Dense, treats_each_place_of_a_row_by_itself) {
  Dense dense;
  dense.units = 1;
  const auto run = run_layer(dense, {{2, 2}}, {{1, 2, 3, 4, 5, 6, 7, 8}}, {{"weights", {1, 10}}, {"bias", {100}}}, {1, 0, 0, 2});
  EXPECT_EQ(dense.layout({{2, 2}}).output, (Shape{2, 1}));
  EXPECT_EQ(run.output, (std::vector<double>{121, 143, 165, 187}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 10, 0, 0, 0, 0, 2, 20}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{15, 18}));
  EXPECT_EQ(run.gradients.at("bias"), (std::vector<double>{3}));
}

TEST(Dense, wants_flat_rows) {
  try {
    Dense{}.layout({{4, 4, 1}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("[4, 4, 1]"), std::string::npos);
    EXPECT_NE(e.hint.find("flatten"), std::string::npos);
  }
}

}  // namespace
}  // namespace tend::dense_test

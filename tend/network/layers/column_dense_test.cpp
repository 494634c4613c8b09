#include "tend/network/layers/column_dense.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::column_dense_test {
namespace {

using Numbers = std::vector<double>;

TEST(ColumnDense, makes_several_numbers_of_each) {
  const auto run = run_layer(ColumnDense{.units = 2}, {{2}}, {{1, 10}}, {{"weights", {1, 2, 3, 4}}, {"bias", {0, 0, 5, 6}}},
                             {1, 1, 1, 2}, 1);
  EXPECT_EQ(run.output, (Numbers{1, 2, 35, 46}));
  EXPECT_EQ(run.input_gradients[0], (Numbers{3, 11}));
  EXPECT_EQ(run.gradients.at("weights"), (Numbers{1, 1, 10, 20}));
  EXPECT_EQ(run.gradients.at("bias"), (Numbers{1, 1, 1, 2}));
}

TEST(ColumnDense, has_a_matrix_for_the_vector_of_each_column) {
  const auto run = run_layer(ColumnDense{.units = 1, .bias = false}, {{2, 2}}, {{1, 2, 3, 4}}, {{"weights", {1, 10, 100, 1000}}},
                             {1, 2}, 1);
  EXPECT_EQ(run.output, (Numbers{21, 4300}));
  EXPECT_EQ(run.input_gradients[0], (Numbers{1, 10, 200, 2000}));
  EXPECT_EQ(run.gradients.at("weights"), (Numbers{1, 2, 6, 8}));
}

TEST(ColumnDense, refuses_too_many_vectors) {
  EXPECT_THROW(ColumnDense{}.layout({{251, 2}}), Error);
  EXPECT_EQ(ColumnDense{.units = 4}.layout({{251}}).output, (Shape{251, 4}));
}

}  // namespace
}  // namespace tend::column_dense_test

#include "tend/network/layers/column_embedding.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::column_embedding_test {
namespace {

using Numbers = std::vector<double>;

TEST(ColumnEmbedding, has_a_table_for_each_column) {
  const auto run = run_layer(ColumnEmbedding{.vocabularies = {2, 3}, .units = 2}, {{2}}, {{1, 0, 0, 2}},
                             {{"weights_1", {1, 2, 3, 4}}, {"weights_2", {10, 20, 30, 40, 50, 60}}}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(run.output, (Numbers{3, 4, 10, 20, 1, 2, 50, 60}));
  EXPECT_EQ(run.gradients.at("weights_1"), (Numbers{5, 6, 1, 2}));
  EXPECT_EQ(run.gradients.at("weights_2"), (Numbers{3, 4, 0, 0, 7, 8}));
  EXPECT_EQ(run.input_gradients[0], (Numbers{0, 0, 0, 0}));
}

TEST(ColumnEmbedding, a_vector_is_not_longer_than_there_are_codes) {
  const Layout layout = ColumnEmbedding{.vocabularies = {2, 100}, .units = 8}.layout({{2}});
  EXPECT_EQ(layout.output, (Shape{10}));
  EXPECT_EQ(layout.parameters[1].shape, (Shape{100, 8}));
}

TEST(ColumnEmbedding, refuses_other_columns_than_it_has_vocabularies_for) {
  EXPECT_THROW((ColumnEmbedding{.vocabularies = {2, 3}}.layout({{3}})), Error);
  EXPECT_THROW((ColumnEmbedding{.vocabularies = {2.5}}.layout({{1}})), Error);
}

}  // namespace
}  // namespace tend::column_embedding_test

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::equal_rows_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

Dataset with_targets(Dataset d, const std::vector<double>& y, int classes) {
  for (std::size_t i = 0; i < y.size(); ++i) d.y.as<double>()[i] = y[i];
  d.classes.clear();
  for (int c = 0; c < classes; ++c) d.classes.push_back(std::string(1, static_cast<char>('a' + c)));
  if (classes == 0) d.task = Task::regression;
  return d;
}

TEST(EqualRows, other_rows_see_the_targets_of_all_training_rows_with_their_inputs) {
  const Dataset train = with_targets(table({{1, NAN}, {1, NAN}, {1, NAN}, {2, 0.0}}), {1, 1, 1, 0}, 2);
  const Dataset others = table({{1, NAN}, {2, -0.0}, {1, 0}});
  const Floats x = fit("['impute', {equal_rows = 1.0}]", train, others).validation();  // missing ones become 0
  const Floats y = fit("[{equal_rows = 1.0}]", train, others).validation();
  EXPECT_EQ(y[2], 1);
  EXPECT_FLOAT_EQ(y[3], 3 * 0.25f / 4);  // the share of "b" is 0.75
  EXPECT_EQ(y[6], 1);
  EXPECT_FLOAT_EQ(y[7], -0.75f / 2);
  EXPECT_EQ(y[10], 0);
  EXPECT_EQ(y[11], 0);
  EXPECT_EQ(x[10], 1);
}
TEST(EqualRows, a_training_row_sees_the_rows_before_it_and_never_itself) {
  const Dataset train = with_targets(table({{1}, {1}, {1}, {5}}), {30, 30, 30, 70}, 0);
  const Floats x = fit("['equal_rows']", train).train();  // mean 40, deviation 17.32
  std::set<float> targets;
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(x[3 * row + 1], x[3 * row + 2] != 0);
    targets.insert(x[3 * row + 2]);
  }
  ASSERT_EQ(targets.size(), 3u);
  EXPECT_EQ(*targets.rbegin(), 0);
  EXPECT_NEAR(*targets.begin(), -2 * 0.57735 / 2.3, 1e-5);
  EXPECT_EQ(x[10], 0);
  EXPECT_EQ(x[11], 0);
}
TEST(EqualRows, the_own_target_of_a_row_does_not_change_its_inputs) {
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  for (int i = 0; i < 60; ++i) rows.push_back({static_cast<double>(i % 7)}), y.push_back(i % 3 == 0);
  const Floats before = fit("['equal_rows']", with_targets(table(rows), y, 2)).train();
  for (const std::size_t row : {0u, 17u, 59u}) {
    std::vector<double> changed = y;
    const std::size_t other = row == 1 ? 4 : 1;  // another input: the share of the class stays
    changed[row] = 1 - y[row];
    while (changed[other] == changed[row]) changed[other] = y[row];
    const Floats after = fit("['equal_rows']", with_targets(table(rows), changed, 2)).train();
    EXPECT_EQ(before[3 * row + 1], after[3 * row + 1]);
    const double shift = std::fabs(static_cast<double>(before[3 * row + 2]) - static_cast<double>(after[3 * row + 2]));
    EXPECT_LT(shift, 2.0 / 60) << row;  // by the share of the class alone
  }
}
TEST(EqualRows, each_of_several_classes_has_a_column) {
  const Dataset train = with_targets(table({{1}, {1}, {2}, {3}}), {0, 2, 1, 1}, 3);
  const Floats x = fit("[{equal_rows = 0}]", train, table({{1}})).validation();
  ASSERT_EQ(x.size(), 5u);
  EXPECT_FLOAT_EQ(x[2], 0.25f);
  EXPECT_FLOAT_EQ(x[3], -0.5f);
  EXPECT_FLOAT_EQ(x[4], 0.25f);
}
TEST(EqualRows, for_rows_that_are_to_count_as_new_no_training_row_is_known) {
  const Dataset train = with_targets(table({{1}, {1}, {2}, {3}}), {0, 1, 1, 1}, 2);
  const Fitted f = fit("['equal_rows', 'center']", train);
  const Floats known = floats(f.pipeline.apply(train)), fresh = floats(f.pipeline.for_new_rows().apply(train));
  for (std::size_t row = 0; row < 4; ++row) {
    EXPECT_EQ(fresh[3 * row], known[3 * row]);
    EXPECT_NE(fresh[3 * row + 1], known[3 * row + 1]);
    EXPECT_EQ(fresh[3 * row + 2], fresh[2]);
  }
}
TEST(EqualRows, categories_may_still_wait) {
  const Dataset train = table({{0, 3}, {1, 4}, {0, 3}, {0, 4}}, {{"colour", {"blue", "red"}}, {"x", {}}});
  const Floats x = fit("['equal_rows', 'one_hot']", train, train).validation();
  ASSERT_EQ(x.size(), 20u);
  EXPECT_EQ(x[0], 1);
  EXPECT_EQ(x[3], 1);
  EXPECT_FLOAT_EQ(x[4], -1 / 2.3f);  // rows 0 and 2 are "no", of which half are
  EXPECT_EQ(x[8], 1);
}
TEST(EqualRows, is_the_same_after_saving_and_refuses_images_and_damage) {
  const Dataset train = table({{0, 3}, {1, 1}, {0, 3}, {9, 4}}), others = table({{9, 4}, {0, 3}, {7, 7}});
  const Fitted f = fit("['equal_rows', 'robust_scale']", train, others);
  EXPECT_EQ(applied(f.pipeline, others), f.validation());
  EXPECT_NE(refusal([] {
              fit("['equal_rows']", images({2, 1, 2, 2}, {0, 10, 2, 10, 4, 30, 6, 30}));
            }).find("leave the step out"),
            std::string::npos);
  std::string saved = to_json(fit("['equal_rows']", train).pipeline.to_value());
  saved.insert(saved.find('[', saved.find("\"keys\"")) + 1, "9223372036854775807,");
  EXPECT_NE(refusal([&] { Pipeline::from_value(parse_json(saved, "saved"), "saved"); }).find("rising whole numbers"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::equal_rows_test

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::pipeline_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Pipeline, new_rows_come_out_as_the_same_rows_did_while_fitting) {
  const Dataset d = table({{1, 0, nan}, {2.5, 1, 3}, {nan, nan, 9}, {7, 2, 1e9}}, {{"a", {}}, {"c", {"x", "y", "z"}}, {"b", {}}});
  for (const char* s : {"[]", "['standardize']", "['impute', 'one_hot', 'standardize']", "['scale_0_1', {scale = 3.3}, 'center']",
                        "['standardize', 'impute']", "['one_hot', 'impute', 'whiten']"}) {
    const Fitted f = fit(s, d);
    const Floats a = f.train(), b = applied(f.pipeline, d);
    ASSERT_EQ(a.size(), b.size()) << s;
    for (std::size_t i = 0; i < a.size(); ++i)
      EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) << s << " " << i;
  }
  const Dataset pictures = images({2, 2, 2, 3},
                                  {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 255, 254, 253, 1, 1, 1, 0, 0, 0, 90, 80, 70});
  for (const char* s : {"[]", "['standardize']", "['grayscale', 'scale_0_1']", "['standardize', 'grayscale', 'rgb']",
                        "[{resize = [3, 1]}, 'standardize', 'flip_horizontal']", "['center', 'whiten']"}) {
    const Fitted f = fit(s, pictures);
    EXPECT_EQ(applied(f.pipeline, pictures), f.train()) << s;
  }
}
TEST(Pipeline, a_column_that_is_empty_in_all_training_rows_is_not_used) {
  const double none = std::nan("");
  const Fitted f = fit("[\"standardize\"]", table({{1, none}, {3, none}}), table({{2, 7}}));
  EXPECT_EQ(f.train(), (std::vector<float>{-1, 0, 1, 0}));
  EXPECT_EQ(f.validation(), (std::vector<float>{0, 0}));
  EXPECT_EQ(applied(f.pipeline, table({{3, 1e6}})), (std::vector<float>{1, 0}));
  ASSERT_EQ(f.notes.size(), 1u);
  EXPECT_NE(f.notes[0].text.find("\"c1\" is empty in all training rows and not used"), std::string::npos) << f.notes[0].text;
}
TEST(Pipeline, statistics_that_are_not_finite_survive_saving) {
  const Dataset d = table({{HUGE_VAL, 1}, {1, 2}});
  const Fitted f = fit("['center']", d);
  EXPECT_EQ(to_json(Pipeline::from_value(parse_json(to_json(f.pipeline.to_value()), "x"), "x").to_value()),
            to_json(f.pipeline.to_value()));
}
TEST(Pipeline, an_unknown_step_gets_a_suggestion_and_says_where_it_stands) {
  const std::string text = refusal([] { fit("['impute', 'standardise']", table({{1}})); });
  EXPECT_NE(text.find("did you mean \"standardize\"?"), std::string::npos) << text;
  EXPECT_NE(text.find("prepare.steps.1"), std::string::npos) << text;
  EXPECT_NE(refusal([] { fit("'standardize'", table({{1}})); }).find("an array of steps"), std::string::npos);
  EXPECT_NE(refusal([] { fit("[{random_crop = 2, pading = 1}]", images({1, 2, 2, 1}, {})); }).find("padding"), std::string::npos);
}
TEST(Pipeline, rows_of_another_shape_are_refused) {
  const Fitted f = fit("['standardize']", table({{1, 2}}));
  EXPECT_THROW(f.pipeline.apply(table({{1, 2, 3}})), Error);
  EXPECT_THROW(f.pipeline.apply(images({1, 1, 2, 1}, {1, 2})), Error);
  const Fitted g = fit("['standardize']", images({1, 2, 2, 1}, {}));
  EXPECT_THROW(g.pipeline.apply(images({1, 2, 3, 1}, {})), Error);
  EXPECT_THROW(g.pipeline.apply(images({1, 2, 2, 3}, {})), Error);
  EXPECT_THROW(fit("[]", images({1, 2, 2, 1}, {}), images({1, 3, 2, 1}, {})), Error);
}
TEST(Pipeline, grey_rows_become_colour_where_the_training_rows_were) {
  const Fitted f = fit("['center']", images({1, 1, 1, 3}, {1, 2, 3}));
  EXPECT_EQ(applied(f.pipeline, images({1, 1, 1, 1}, {9})), (Floats{8, 7, 6}));
}
TEST(Pipeline, what_was_read_is_never_changed) {
  const Dataset t = table({{1, nan}, {2, 3}});
  const Dataset p = images({1, 1, 2, 1}, {5, 6});
  fit("['impute', 'standardize', {set_nan = 2}, 'sort_by_label']", t);
  fit("['standardize', {set_nan = 1}, 'impute']", p);
  EXPECT_EQ(t.x.as<double>()[0], 1);
  EXPECT_TRUE(std::isnan(t.x.as<double>()[1]));
  EXPECT_EQ(p.x.as<std::uint8_t>()[1], 6);
}
TEST(Pipeline, augmentation_is_a_function_of_seed_epoch_and_row) {
  const Fitted f = fit("[{random_crop = 4, padding = 2}, 'flip_horizontal']",
                       images({1, 4, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
  const auto augmented = [&](std::uint64_t seed, std::int64_t epoch, std::int64_t row) {
    Floats x = f.train();
    f.pipeline.augment(x.data(), seed, epoch, row);
    return x;
  };
  EXPECT_EQ(augmented(1, 2, 3), augmented(1, 2, 3));
  int different = 0;
  for (int i = 0; i < 20; ++i)
    different += (augmented(1, 2, i) != augmented(1, 3, i)) + (augmented(1, 2, i) != augmented(2, 2, i));
  EXPECT_GT(different, 20);
  EXPECT_FALSE(fit("['standardize']", images({1, 1, 1, 1}, {1})).pipeline.augments());
}
TEST(Pipeline, a_damaged_saved_pipeline_is_refused_as_bad_data) {
  const std::string whole = to_json(
      fit("['impute', 'one_hot', 'standardize']", table({{1, 0}, {2, 1}}, {{"a", {}}, {"c", {"x", "y"}}})).pipeline.to_value(),
      0);
  int refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const char c : {'9', 'x', '}', '-', '"'}) {
      std::string text = whole;
      text[i] = c;
      Value v;
      try {
        v = parse_json(text, "saved");
      } catch (const Error&) {
        continue;
      }
      try {
        Pipeline::from_value(v, "saved");
      } catch (const Error& e) {
        ++refused;
        EXPECT_EQ(e.trouble, Trouble::data);
      }
    }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace tend::pipeline_test

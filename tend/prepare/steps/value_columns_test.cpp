#include "tend/prepare/steps/value_columns.h"

#include <gtest/gtest.h>

#include "tend/prepare/pipeline.h"

namespace tend::value_columns_test {

/// Rows of "size", which the target follows, and "shop", a number without an order; each of 40 values.
Dataset shops(std::int64_t n, bool has_classes) {
  Array x({n, 2}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(5, purpose("shops")), of_shops(7, purpose("shops"));
  std::vector<double> level(40);
  for (double& v : level) v = of_shops.normal();
  for (std::int64_t i = 0; i < n; ++i) {
    const auto size = static_cast<double>(random.below(40)), shop = static_cast<double>(random.below(40));
    x.as<double>()[2 * i] = size;
    x.as<double>()[2 * i + 1] = 1000 + shop;
    const double value = 0.1 * size + level[static_cast<std::size_t>(shop)] + 0.5 * random.normal();
    y.as<double>()[i] = has_classes ? static_cast<double>(value > 2) : value;
  }
  Dataset data = has_classes ? Dataset::classification(x, y, 2) : Dataset::regression(x, y);
  data.columns = {{.name = "size", .levels = {}}, {.name = "shop", .levels = {}}};
  return data;
}

struct Fitted {
  Parts parts;
  DataNotes notes;
  Pipeline pipeline;
  Fitted(const Value& steps, const Dataset& data)
      : pipeline(Pipeline::fit(steps, {.train = data, .validation = {}, .test = {}}, 1, parts, notes)) {}
  std::int64_t width() const { return parts.train.x.row_size(); }
};
const Value steps = Value::Array{"value_columns", "one_hot"};

TEST(ValueColumns, numbers_without_an_order_also_count_as_names) {
  for (const bool has_classes : {false, true}) {
    const Fitted fitted(steps, shops(1000, has_classes));
    ASSERT_EQ(fitted.width(), 43) << has_classes;
    const auto* row = fitted.parts.train.x.as<float>();
    const auto shop = static_cast<std::size_t>(row[1] - 1000);
    for (std::size_t k = 0; k < 40; ++k) EXPECT_EQ(row[2 + k], k == shop ? 1 : 0);
    ASSERT_EQ(fitted.notes.size(), 1u);
    EXPECT_EQ(fitted.notes[0].text,
              "value_columns: neighbouring numbers have nothing in common, so they also count as names, in: shop (40 values)");
  }
}

TEST(ValueColumns, missing_cells_and_targets_far_from_0_hide_no_names) {
  Dataset data = shops(1000, false);
  for (std::int64_t i = 0; i < 1000; ++i) {
    data.y.as<double>()[i] += 1.7e9;
    if (i % 9 == 0) data.x.as<double>()[2 * i + 1] = std::nan("");
  }
  EXPECT_EQ(Fitted(Value::Array{"value_columns", "impute", "one_hot"}, data).width(), 43);
}

TEST(ValueColumns, numbers_that_the_target_follows_or_that_say_nothing_stay_alone) {
  Dataset data = shops(1000, false);
  Random random(9, purpose("noise"));
  for (std::int64_t i = 0; i < 1000; ++i)
    data.y.as<double>()[i] = std::sin(data.x.as<double>()[2 * i] / 6) + 0.2 * random.normal();
  EXPECT_EQ(Fitted(steps, data).width(), 2);
  EXPECT_EQ(Fitted(steps, shops(120, false)).width(), 2) << "fewer than 4 rows for a value";
}

TEST(ValueColumns, new_and_missing_values_are_others_and_the_model_file_keeps_the_known_ones) {
  const Fitted fitted(steps, shops(1000, false));
  const Pipeline read = Pipeline::from_value(fitted.pipeline.to_value(), "model");
  Dataset later = shops(3, false);
  later.x.as<double>()[1] = 1039.5;
  later.x.as<double>()[3] = std::nan("");
  later.x.as<double>()[5] = 1007;
  const Part part = read.apply(later);
  const auto* x = part.x.as<float>();
  for (std::size_t k = 0; k < 40; ++k) {
    EXPECT_EQ(x[2 + k], 0);
    EXPECT_EQ(x[43 + 2 + k], 0);
    EXPECT_EQ(x[86 + 2 + k], k == 7 ? 1 : 0);
  }
  EXPECT_EQ(x[42], 1) << "other";
  EXPECT_EQ(x[43 + 42], 1);
  EXPECT_EQ(x[86 + 42], 0);
}

TEST(ValueColumns, the_columns_that_gain_most_come_first_and_no_more_than_allowed) {
  const Value few = Value::Array{Value(Value::Table{{"value_columns", Value(39)}}), "one_hot"};
  EXPECT_EQ(Fitted(few, shops(1000, false)).width(), 2);
}

TEST(ValueColumns, needs_a_later_step_for_categories) {
  EXPECT_THROW(Fitted(Value::Array{"value_columns"}, shops(1000, false)), Error);
}

}  // namespace tend::value_columns_test

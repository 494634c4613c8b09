#include "tend/data/describe.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tend/data/settings.h"
#include "tend/data/test_files.h"

namespace tend::describe_test {
namespace {

Dataset read(const test::Folder& folder, const std::string& text, const Value& target, bool target_may_be_absent = false) {
  DataSettings settings;
  settings.target = target;
  return read_dataset(folder.write("a.csv", text), settings, {}, nullptr, target_may_be_absent);
}

TEST(Describe, numbers_have_range_mean_deviation_and_histogram) {
  const test::Folder folder;
  const DataDescription d = describe(read(folder, "x,c,y\n1,a,0\n2,b,1\n,a,1\n3,,1\n10,a,0\n", "y"));
  EXPECT_EQ(d.kind, "table");
  EXPECT_EQ(d.rows, 5);
  ASSERT_EQ(d.inputs.size(), 2U);
  const ColumnDescription& x = d.inputs[0];
  EXPECT_EQ(x.type, "number");
  EXPECT_EQ(x.missing, 1);
  EXPECT_EQ(x.distinct, 4);
  EXPECT_EQ(x.least, 1);
  EXPECT_EQ(x.most, 10);
  EXPECT_DOUBLE_EQ(x.mean, 4);
  EXPECT_DOUBLE_EQ(x.deviation, std::sqrt((9 + 4 + 1 + 36) / 4.0));
  ASSERT_EQ(x.histogram.size(), ColumnDescription::bins);
  EXPECT_EQ(std::accumulate(x.histogram.begin(), x.histogram.end(), std::int64_t{0}), 4);
  EXPECT_EQ(x.histogram.front(), 1);
  EXPECT_EQ(x.histogram.back(), 1);
}

TEST(Describe, categories_and_classes_have_their_values_the_most_frequent_first) {
  const test::Folder folder;
  const DataDescription d = describe(read(folder, "x,c,y\n1,a,u\n2,b,v\n4,a,v\n3,,v\n10,a,u\n", "y"));
  using Frequent = std::vector<std::pair<std::string, std::int64_t>>;
  EXPECT_EQ(d.inputs[1].type, "category");
  EXPECT_EQ(d.inputs[1].missing, 1);
  EXPECT_EQ(d.inputs[1].distinct, 2);
  EXPECT_EQ(d.inputs[1].frequent, (Frequent{{"a", 3}, {"b", 1}}));
  ASSERT_EQ(d.targets.size(), 1U);
  EXPECT_EQ(d.targets[0].type, "class");
  EXPECT_EQ(d.targets[0].name, "y");
  EXPECT_EQ(d.targets[0].frequent, (Frequent{{"v", 3}, {"u", 2}}));
}

TEST(Describe, a_table_needs_no_target) {
  const test::Folder folder;
  const DataDescription d = describe(read(folder, "x,c\n1,a\n2,b\n", Value::array(), true));
  EXPECT_EQ(d.inputs.size(), 2U);
  EXPECT_TRUE(d.targets.empty());
  EXPECT_THROW(read(folder, "x,c\n1,a\n2,b\n", Value::array()), Error);
}

TEST(Describe, columns_without_values_and_constant_columns_have_no_histogram) {
  const test::Folder folder;
  const DataDescription d = describe(read(folder, "x,c,y\n,5,1\n,5,2\n", "y"));
  EXPECT_EQ(d.inputs[0].missing, 2);
  EXPECT_TRUE(std::isnan(d.inputs[0].mean));
  EXPECT_TRUE(d.inputs[0].to_value().find("minimum")->is_null());
  EXPECT_TRUE(d.inputs[1].histogram.empty());
  EXPECT_EQ(d.inputs[1].deviation, 0);
}

TEST(Describe, numbers_at_the_ends_of_double_do_not_overflow) {
  const test::Folder folder;
  const DataDescription d = describe(read(folder, "x,y\n-1.7e308,1\n1.7e308,2\n0,3\n", "y"));
  EXPECT_EQ(d.inputs[0].histogram.front(), 1);
  EXPECT_EQ(d.inputs[0].histogram.back(), 1);
}

TEST(Describe, images_have_a_line_for_each_channel) {
  Array x({2, 1, 2, 3}, ElementType::uint8), y({2, 1}, ElementType::float64);
  for (int i = 0; i < 12; ++i) x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 10);
  y.as<double>()[0] = 0, y.as<double>()[1] = 1;
  const DataDescription d = describe(Dataset::classification(std::move(x), std::move(y), 2));
  EXPECT_EQ(d.kind, "images");
  EXPECT_EQ(d.row_shape, (std::vector<std::int64_t>{1, 2, 3}));
  ASSERT_EQ(d.inputs.size(), 3U);
  EXPECT_EQ(d.inputs[1].type, "channel");
  EXPECT_EQ(d.inputs[1].least, 10);
  EXPECT_EQ(d.inputs[1].most, 100);
  EXPECT_EQ(d.inputs[1].mean, 55);
}

TEST(Describe, a_text_has_characters) {
  const test::Folder folder;
  DataSettings settings;
  settings.window = 4;
  const DataDescription d = describe(read_dataset(folder.write("a.txt", "abababaababab c\nababa\n"), settings, {}));
  EXPECT_EQ(d.kind, "text");
  EXPECT_EQ(d.kinds_of_characters, 5);
  EXPECT_GE(d.characters, 16);
  ASSERT_EQ(d.inputs.size(), 1U);
  EXPECT_EQ(d.inputs[0].frequent[0].first, "a");
}

}  // namespace
}  // namespace tend::describe_test

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tend/data/settings.h"
#include "tend/data/test_files.h"

namespace tend::split_test {
namespace {

Dataset counted(std::int64_t n, int classes = 2) {
  Array x({n, 1}, ElementType::float64), y({n}, ElementType::float64);
  for (std::int64_t i = 0; i < n; ++i) {
    x.as<double>()[i] = static_cast<double>(i);
    y.as<double>()[i] = static_cast<double>(i % classes);
  }
  return Dataset::classification(x, y, classes);
}
std::vector<double> rows_of(const Dataset& d) { return {d.x.as<double>(), d.x.as<double>() + d.x.shape().count()}; }

TEST(Split, fractions_take_the_ceiling_of_all_rows_and_the_last_ones_where_said) {
  DataSettings s;
  s.split = "last";
  s.validation = 0.15;
  s.test = 0.1;
  const SplitData d = split_dataset(counted(13), s, {}, 0);  // ceil(1.95) = 2, ceil(1.3) = 2
  EXPECT_EQ(rows_of(d.train), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(rows_of(d.validation), (std::vector<double>{9, 10}));
  EXPECT_EQ(rows_of(d.test), (std::vector<double>{11, 12}));
  s.validation = 0.3;  // 0.3 * 10 is 3 rows, not 4
  s.test = Value();
  EXPECT_EQ(split_dataset(counted(10), s, {}, 0).validation.rows(), 3);
}
TEST(Split, rows_with_targets_out_of_range_are_left_out_and_the_others_stay_where_they_are) {
  Array x({100, 1}, ElementType::float64), y({100}, ElementType::float64);
  for (std::int64_t i = 0; i < 100; ++i) x.as<double>()[i] = y.as<double>()[i] = static_cast<double>(i);
  y.as<double>()[17] = 1e9;
  y.as<double>()[60] = -1e9;
  const Dataset all = Dataset::regression(x, y);
  DataSettings s;
  s.validation = s.test = 0.2;
  const SplitData before = split_dataset(all, s, {}, 1);
  s.target_range = {0, 200};
  const SplitData after = split_dataset(all, s, {}, 1);
  for (const auto& [old, now] :
       {std::pair{&before.train, &after.train}, {&before.validation, &after.validation}, {&before.test, &after.test}}) {
    std::vector<double> kept = rows_of(*old);
    std::erase_if(kept, [](double row) { return row == 17 || row == 60; });
    EXPECT_EQ(rows_of(*now), kept);
  }
  ASSERT_FALSE(after.train.notes.empty());
  EXPECT_EQ(after.train.notes.back().text,
            "target_range: 2 rows are left out, with targets outside 0 to 200, the first is row 17 of the data (counted from 0)");
  s.target_range = {5};
  EXPECT_THROW(split_dataset(all, s, {}, 1), Error);
  s.target_range = {0, 200};
  EXPECT_THROW(split_dataset(counted(10), s, {}, 0), Error) << "classes have no range";
}
TEST(Split, a_shuffle_depends_on_the_seed_and_parts_keep_the_order_of_the_source) {
  DataSettings s;
  s.validation = 0.2;
  s.test = 0.2;
  const SplitData a = split_dataset(counted(100), s, {}, 1), b = split_dataset(counted(100), s, {}, 1),
                  c = split_dataset(counted(100), s, {}, 2);
  EXPECT_EQ(rows_of(a.validation), rows_of(b.validation));
  EXPECT_NE(rows_of(a.validation), rows_of(c.validation));
  std::set<double> seen;
  for (const Dataset* part : {&a.train, &a.validation, &a.test}) {
    const std::vector<double> rows = rows_of(*part);
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
    seen.insert(rows.begin(), rows.end());
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(part->source_rows[i], static_cast<std::int64_t>(rows[i]));
  }
  EXPECT_EQ(seen.size(), 100u);
}
TEST(Split, strata_have_each_class_in_proportion) {
  Array x({100, 1}, ElementType::float64), y({100}, ElementType::float64);
  for (int i = 0; i < 100; ++i) {
    x.as<double>()[i] = i;
    y.as<double>()[i] = i < 70 ? 0 : i < 90 ? 1 : 2;
  }
  DataSettings s;
  s.split = "stratified";
  s.validation = 0.1;
  s.test = 0.2;
  const SplitData d = split_dataset(Dataset::classification(x, y, 3), s, {}, 3);
  const auto count = [](const Dataset& part) {
    std::map<double, int> n;
    for (std::int64_t i = 0; i < part.rows(); ++i) ++n[part.y.as<double>()[i]];
    return n;
  };
  EXPECT_EQ(count(d.validation), (std::map<double, int>{{0, 7}, {1, 2}, {2, 1}}));
  EXPECT_EQ(count(d.test), (std::map<double, int>{{0, 14}, {1, 4}, {2, 2}}));
  EXPECT_EQ(count(d.train), (std::map<double, int>{{0, 49}, {1, 14}, {2, 7}}));
}
TEST(Split, strata_of_single_rows_leave_no_part_empty) {
  Array x({40, 1}, ElementType::float64), y({40}, ElementType::float64);
  for (int i = 0; i < 40; ++i) y.as<double>()[i] = i;
  DataSettings s;
  s.split = "stratified";
  s.validation = 0.1;
  s.test = 0.1;
  const SplitData d = split_dataset(Dataset::classification(x, y, 40), s, {}, 3);
  EXPECT_EQ(d.test.rows(), 4);
  EXPECT_EQ(d.validation.rows(), 4);
  EXPECT_EQ(d.train.rows(), 32);
}
TEST(Split, strata_need_classes) {
  DataSettings s;
  s.split = "stratified";
  s.validation = 0.5;
  Array x({4, 1}, ElementType::float64), y({4}, ElementType::float64);
  EXPECT_THROW(split_dataset(Dataset::regression(x, y), s, {}, 0), Error);
}
TEST(Split, a_limit_takes_the_first_rows_and_says_which_classes_that_leaves_out) {
  Array x({6, 1}, ElementType::float64), y({6}, ElementType::float64);
  for (int i = 0; i < 6; ++i) y.as<double>()[i] = i / 2;
  DataSettings s;
  s.limit = 4;
  s.split = "last";
  s.validation = 0.25;
  const SplitData d = split_dataset(Dataset::classification(x, y, 3), s, {}, 0);
  EXPECT_EQ(d.train.rows(), 3);
  EXPECT_EQ(d.validation.rows(), 1);
  ASSERT_EQ(d.train.notes.size(), 2u);
  EXPECT_NE(d.train.notes[1].text.find("none of these classes: 2"), std::string::npos);
}
TEST(Split, no_rows_left_to_train_on_is_an_error_and_so_is_a_fraction_of_one) {
  DataSettings s;
  s.validation = 0.5;
  s.test = 0.5;
  EXPECT_THROW(split_dataset(counted(2), s, {}, 0), Error);
  s.test = 1.0;
  EXPECT_THROW(split_dataset(counted(20), s, {}, 0), Error);
  s.test = true;
  EXPECT_THROW(split_dataset(counted(20), s, {}, 0), Error);
}
TEST(Split, the_times_of_each_part_are_noted) {
  Dataset all = counted(100);
  for (int i = 0; i < 100; ++i) all.times.push_back(19723 + i);
  DataSettings settings;
  settings.time = "day";
  settings.validation = 0.1;
  settings.test = 0.2;
  EXPECT_EQ(
      split_dataset(all, settings, {}, 1).train.notes.at(0).text,
      "parts in the order of \"day\": training 19723 to 19792 (70 rows), validation 19793 to 19802 (10 rows), test 19803 to "
      "19822 (20 rows)");
  all.times_are_dates = true;
  const std::string dates = split_dataset(all, settings, {}, 1).train.notes.at(0).text;
  EXPECT_NE(dates.find("training 1 January 2024 to 10 March 2024 (70 rows)"), std::string::npos) << dates;
}

TEST(Split, parts_given_by_path_are_read_like_the_source) {
  const test::Folder folder;
  folder.write("a.csv", "c,y\nx,no\nz,yes\ny,no\n");
  folder.write("b.csv", "c,y\nz,yes\n");
  DataSettings s;
  s.validation = "b.csv";
  const DataPlaces places{folder.path(), {}};
  const SplitData d = split_dataset(read_dataset("a.csv", s, places), s, places, 0);
  EXPECT_EQ(d.train.rows(), 3);
  ASSERT_EQ(d.validation.rows(), 1);
  EXPECT_EQ(d.validation.x.as<double>()[0], 2);
  EXPECT_EQ(d.validation.y.as<double>()[0], 1);
}

}  // namespace
}  // namespace tend::split_test

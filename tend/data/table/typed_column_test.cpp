#include "tend/data/table/typed_column.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/data/table/columns.h"

namespace tend::typed_column_test {
namespace {

/// A table of the columns x and y; y is 0.5, 1.5 ...
std::string table(const std::vector<std::string>& cells) {
  std::string text = "x;y\n";
  for (std::size_t i = 0; i < cells.size(); ++i) text += cells[i] + ";" + std::to_string(i) + ".5\n";
  return text;
}
std::vector<std::string> repeated(std::vector<std::string> cells, const std::string& cell, int times) {
  for (int i = 0; i < times; ++i) cells.push_back(cell);
  return cells;
}
/// n different fractions, then the cells.
std::vector<std::string> numbers_and(int n, const std::vector<std::string>& cells) {
  std::vector<std::string> all;
  for (int i = 0; i < n; ++i) all.push_back(std::to_string(i) + ".25");
  all.insert(all.end(), cells.begin(), cells.end());
  return all;
}
Dataset read(const std::string& text, const DataSettings& settings = {}, const Dataset* like = nullptr) {
  return dataset_of_cells(Cells(text, settings, "t.csv"), settings, like, like != nullptr);
}
Dataset column(const std::vector<std::string>& cells, const DataSettings& settings = {}) { return read(table(cells), settings); }
double x(const Dataset& d, std::int64_t row) { return d.x.as<double>()[row * d.x.shape()[1]]; }
std::string notes(const Dataset& d) {
  std::string all;
  for (const DataNote& note : d.notes) all += note.text + "\n";
  return all;
}
bool says(const Dataset& d, const std::string& text) { return notes(d).find(text) != std::string::npos; }
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
DataSettings typed(const std::string& column, const std::string& type) {
  DataSettings s;
  s.types[column] = type;
  return s;
}
DataSettings with_target(const std::string& target) {
  DataSettings s;
  s.target = target;
  return s;
}

TEST(TypedColumn, plain_numbers_and_missing_cells_need_no_note) {
  const Dataset d = column({"1", "2.5", "", "NA", "-1e3"});
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(std::isnan(x(d, 2)) && std::isnan(x(d, 3)));
  EXPECT_EQ(x(d, 4), -1000);
  EXPECT_TRUE(d.notes.empty()) << notes(d);
}
TEST(TypedColumn, another_style_is_read_and_said_with_an_example) {
  const Dataset d = column({"950.25", "1,163.74", "2,000.5"});
  EXPECT_EQ(x(d, 1), 1163.74);
  EXPECT_TRUE(says(d, "\"x\" are read as numbers: \"1,163.74\" (line 3) is 1163.74")) << notes(d);
  EXPECT_EQ(d.columns[0].style.thousands, ",");
}
TEST(TypedColumn, commas_that_may_be_either_are_an_error_until_a_key_decides) {
  const std::string text = refusal([&] { column({"4,013", "5,696"}); });
  EXPECT_NE(text.find("as in \"4,013\" on line 2"), std::string::npos) << text;
  EXPECT_NE(text.find("--set 'data.thousands=\",\"'"), std::string::npos) << text;
  DataSettings decimal, thousands;
  decimal.decimal = ",";
  thousands.thousands = ",";
  EXPECT_EQ(x(column({"4,013", "5,696"}, decimal), 0), 4.013);
  EXPECT_EQ(x(column({"4,013", "5,696"}, thousands), 0), 4013);
}
TEST(TypedColumn, rows_to_predict_are_read_in_the_style_of_the_source) {
  const Dataset source = column({"1.163,74", "950,2", "1.000"});
  const Dataset d = read("x\n1.500\n", {}, &source);
  EXPECT_EQ(x(d, 0), 1500);
}
TEST(TypedColumn, words_for_missing_numbers_are_missing_where_all_else_are_numbers) {
  const Dataset d = column(numbers_and(5, {"n/a", "-", "None", "-"}));
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(std::isnan(x(d, 5)) && std::isnan(x(d, 8)));
  EXPECT_TRUE(says(d, "4 cells of \"x\" are taken as missing: \"-\" (2), \"None\" (1), \"n/a\" (1); the first is on line 7"))
      << notes(d);
  EXPECT_EQ(column({"a", "none", "b", "-"}).columns[0].levels.size(), 4u);
}
TEST(TypedColumn, data_missing_adds_and_removes_words) {
  DataSettings s;
  s.missing = {"+red", "-NA"};
  const Dataset d = column({"blue", "red", "NA", "blue"}, s);
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"NA", "blue"}));
}
TEST(TypedColumn, a_word_that_is_a_value_among_words_stays_missing_among_numbers) {
  DataSettings s;
  s.missing = {"-NA"};
  const Dataset d = column(numbers_and(30, repeated({}, "NA", 10)), s);
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(std::isnan(x(d, 35)));
  EXPECT_TRUE(says(d, "10 cells of \"x\" are taken as missing: \"NA\" (10)")) << notes(d);
}
TEST(TypedColumn, one_very_large_whole_number_makes_no_identifiers) {
  const Dataset d = column(numbers_and(30, {"18446744073709551615"}));
  EXPECT_FALSE(d.columns[0].is_category());
}
TEST(TypedColumn, single_cells_that_are_no_numbers_are_missing_counted_and_named) {
  const Dataset d = column(numbers_and(30, {"error", "7.5"}));
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(std::isnan(x(d, 30)));
  EXPECT_TRUE(says(d, "31 of 32 cells of \"x\" are numbers; the first other one is \"error\", line 32")) << notes(d);
  EXPECT_EQ(d.notes[0].lost, 1);
  EXPECT_EQ(d.notes[0].of, 32);
  EXPECT_TRUE(column(numbers_and(30, {"error"}), typed("x", "category")).columns[0].is_category());
}
TEST(TypedColumn, a_repeated_word_among_few_whole_numbers_is_a_value) {
  std::vector<std::string> cells;
  for (int i = 0; i < 60; ++i) cells.push_back(std::to_string(i % 3));
  EXPECT_EQ(column(repeated(cells, "3+", 4)).columns[0].levels, (std::vector<std::string>{"0", "1", "2", "3+"}));
}
TEST(TypedColumn, a_column_of_which_half_are_numbers_is_read_as_words_and_that_is_said) {
  const Dataset d = column(numbers_and(30, repeated({}, "none of them", 12)));
  EXPECT_TRUE(d.columns[0].is_category());
  EXPECT_TRUE(says(d, "30 of 42 cells")) << notes(d);
}
TEST(TypedColumn, a_target_that_is_nearly_all_numbers_is_an_error_that_names_the_share_the_cell_and_the_key) {
  const std::string text = refusal([&] { read(table(numbers_and(30, {"x"})), with_target("x")); });
  for (const char* part : {"t.csv", "30 of 31 cells of \"x\" are numbers; the first other one is \"x\", line 32",
                           "leaves out 1 row", "--set 'data.types={\"x\"=\"number\"}'"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  DataSettings s = typed("x", "number");
  s.target = "x";
  EXPECT_EQ(read(table(numbers_and(30, {"x"})), s).rows(), 30);
  s = typed("x", "category");
  s.target = "x";
  EXPECT_EQ(read(table(numbers_and(30, {"x"})), s).task, Task::classification);
}
TEST(TypedColumn, classes_that_are_numbers_and_a_word_stay_classes) {
  std::vector<std::string> cells;
  for (int i = 0; i < 40; ++i) cells.push_back(std::to_string(i % 4));
  const Dataset d = read(table(repeated(cells, "other", 2)), with_target("x"));
  EXPECT_EQ(d.classes.size(), 5u);
}
TEST(TypedColumn, codes_with_leading_zeros_are_categories) {
  const Dataset d = column({"01234", "90210", "01234", "00501"});
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"00501", "01234", "90210"}));
  EXPECT_TRUE(says(d, "leading zeros, as in \"01234\"")) << notes(d);
  EXPECT_FALSE(column({"01", "12", "05"}).columns[0].is_category());
  EXPECT_FALSE(column({"2001", "1999", "2020"}).columns[0].is_category());
  EXPECT_FALSE(column({"01234", "90210"}, typed("x", "number")).columns[0].is_category());
}
TEST(TypedColumn, whole_numbers_that_would_be_rounded_are_words) {
  const Dataset d = column({"100000000000000039", "100000000000000091", ""});
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"100000000000000039", "100000000000000091"}));
  EXPECT_TRUE(says(d, "2 whole numbers of more than 15 digits would be rounded, as \"100000000000000039\" on line 2"))
      << notes(d);
  EXPECT_TRUE(column({"9007199254740992", "100000000000000000000", "0000"}).columns[0].levels.empty());  // exact
  EXPECT_TRUE(column({"100000000000000039", "0.5"}).columns[0].levels.empty());
  EXPECT_TRUE(column({"100000000000000039"}, typed("x", "number")).columns[0].levels.empty());
}
TEST(TypedColumn, number_words_and_other_forms_among_classes_of_numbers_are_an_error) {
  std::vector<std::string> stars;
  for (int i = 0; i < 200; ++i) stars.push_back(std::to_string(1 + i % 5));
  stars[5] = stars[9] = "five";
  const auto said = [&] { return refusal([&] { column(stars, with_target("x")); }); };
  EXPECT_NE(said().find("198 of 200 cells of \"x\" are numbers; the first other one is \"five\", line 7"), std::string::npos);
  DataSettings classes = with_target("x");
  classes.task = "classification";
  EXPECT_EQ(column(stars, classes).classes.size(), 6u);
  stars[5] = "no answer";
  EXPECT_NE(said(), "");
  stars[5] = stars[9] = "excellent";
  stars[8] = "4.0";
  EXPECT_EQ(column(stars, with_target("x")).classes, (std::vector<std::string>{"1", "2", "3", "4", "5", "excellent"}));
}
TEST(TypedColumn, rows_without_a_class_name_the_word_its_line_and_the_key) {
  std::vector<std::string> countries;
  for (int i = 0; i < 40; ++i) countries.push_back(i % 4 == 2 ? "NA" : i % 4 ? "DE" : "FR");
  const Dataset d = column(countries, with_target("x"));
  EXPECT_TRUE(says(d, "10 rows left out, whose target is missing or unknown; the first is line 4")) << notes(d);
  EXPECT_TRUE(says(d, "\"NA\" (10), the first on line 4; --set 'data.missing=[\"-NA\"]' makes a class of \"NA\"")) << notes(d);
  std::vector<std::string> gaps(40);
  gaps[0] = "3.5";
  EXPECT_NE(refusal([&] { column(gaps, with_target("x")); }).find("the target \"x\" is missing in 39 of 40 rows"),
            std::string::npos);
}
TEST(TypedColumn, infinite_cells_are_missing_and_named) {
  const Dataset d = column({"1.5", "Infinity", "-inf", "1e400", "2.5"});
  EXPECT_TRUE(std::isnan(x(d, 1)) && std::isnan(x(d, 2)) && std::isnan(x(d, 3)));
  EXPECT_TRUE(says(d, "3 cells of \"x\" are infinite and taken as missing; the first is \"Infinity\", line 3")) << notes(d);
  EXPECT_EQ(d.notes[0].lost, 3);
}
TEST(TypedColumn, values_that_differ_in_case_or_blanks_are_one_and_that_is_said) {
  const Dataset d = column({"True", "TRUE", "true", "False", "TRUE", "New  York", "New York"});
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"False", "New  York", "TRUE"}));
  EXPECT_TRUE(says(d, "\"True\" and \"true\" as \"TRUE\"")) << notes(d);
  EXPECT_EQ(column({"True", "TRUE"}, typed("x", "category")).columns[0].levels.size(), 2u);
  EXPECT_EQ(column({"a", "A", "b", "c", "d", "e"}).columns[0].levels.size(), 6u);  // letters of an alphabet
}
TEST(TypedColumn, values_that_differ_by_a_full_stop_are_pointed_out) {
  const Dataset d = column({">50K", ">50K.", "<=50K"});
  EXPECT_EQ(d.columns[0].levels.size(), 3u);
  EXPECT_TRUE(says(d, "\">50K\" and \">50K.\"")) << notes(d);
}
TEST(TypedColumn, unknown_values_are_counted_and_named_with_the_first_line) {
  const Dataset source = column({"red", "blue", "green"});
  const Dataset d = read("x\nred\nblue.\nBLUE\npurple\npurple\n", {}, &source);
  EXPECT_TRUE(says(d,
                   "3 values of \"x\" do not occur in the training data and count as missing: \"purple\" (2), \"blue.\" (1); the "
                   "first is on line 3. \"blue.\" differs from \"blue\" only by a full stop"))
      << notes(d);
  EXPECT_EQ(x(d, 2), 0);
  EXPECT_EQ(d.notes.back().lost, 3);
}
TEST(TypedColumn, a_number_column_of_the_source_takes_single_other_cells_as_missing_but_no_column_of_words) {
  const Dataset source = column({"1", "2"});
  const Dataset d = read("x\n5\nten\n7\n", {}, &source);
  EXPECT_TRUE(std::isnan(x(d, 1)));
  EXPECT_TRUE(says(d, "2 of 3 cells of \"x\" are numbers; the first other one is \"ten\", line 3")) << notes(d);
  EXPECT_NE(refusal([&] { read("x\nfive\nsix\n", {}, &source); }).find("is this the right column?"), std::string::npos);
}

TEST(TypedColumn, points_that_may_be_decimal_or_not_are_refused) {
  EXPECT_NE(refusal([] {
              column({"1.120", "1.885", "2.300", "1,5"});
            }).find("\"1.120\" on line 2 beside \"1,5\" on line 5"),
            std::string::npos);
}
TEST(TypedColumn, numbers_read_otherwise_than_they_stand_are_named) {
  EXPECT_TRUE(says(column({"(200)", "100"}), "\"(200)\" (line 2) is -200"));
  EXPECT_TRUE(says(column({"1.120", "0,5", "0,7", "1.163,5"}), "\"0,5\" (line 3) is 0.5, \"1.120\" (line 2) is 1120"));
}
TEST(TypedColumn, new_rows_are_read_as_the_training_rows_were) {
  const Dataset source = column(numbers_and(8, {}));
  const Dataset same = read(table({"1.288", "0,5", "2.5"}), {}, &source);
  EXPECT_EQ(x(same, 0), 1.288);
  EXPECT_TRUE(std::isnan(x(same, 1)));
  EXPECT_NE(refusal([&] { read(table({"1,288"}), {}, &source); }).find("may be decimal commas"), std::string::npos);
}
TEST(TypedColumn, a_column_of_dates_without_any_date_is_refused) {
  EXPECT_NE(refusal([] {
              column({"20210104", "20210105"}, typed("x", "date"));
            }).find("none of the 2 cells of \"x\" is a date"),
            std::string::npos);
}
TEST(TypedColumn, words_for_missing_values_in_a_target_of_classes_are_pointed_out) {
  const Dataset d = read("x;y\n1;yes\n2;n/a\n3;no\n4;yes\n", with_target("y"));
  EXPECT_EQ(d.classes.size(), 3U);
  EXPECT_TRUE(says(d, "1 cell of \"y\" has the value \"n/a\"")) << notes(d);
}

TEST(TypedColumn, dates_are_days_and_that_is_said_with_an_example) {
  const Dataset source = column(
      {"25.03.2024", "5.4.2024", "", "x", "1.1.1970", "1.1.70", "1.2.70", "1.3.70", "1.4.70", "1.5.70", "1.6.70"});
  EXPECT_EQ(source.columns[0].date, DateOrder::day_month_year);
  EXPECT_EQ(x(source, 4), 0);
  EXPECT_TRUE(std::isnan(x(source, 2)) && std::isnan(x(source, 3)));
  EXPECT_TRUE(says(source, "\"x\" are read as dates, 25 March 2024 for \"25.03.2024\"")) << notes(source);
  EXPECT_TRUE(says(source, "1 cell of \"x\" is no date and taken as missing: \"x\" (1); the first is on line 5"))
      << notes(source);
  EXPECT_EQ(x(read("x\n2.1.1970\n", {}, &source), 0), 1);
  EXPECT_TRUE(says(column({"03/05/2024", "04/06/2024"}), "date_day_first"));
  EXPECT_EQ(column({"03/05/2024", "04/06/2024"}, typed("x", "date_day_first")).columns[0].date, DateOrder::day_month_year);
  EXPECT_TRUE(column({"2024-03-05", "2024-03-06"}, typed("x", "category")).columns[0].is_category());
}

TEST(Headers, rows_that_repeat_the_header_are_left_out_and_counted) {
  const Dataset d = read("x,y\n1,0.5\n2,1.5\nx,y\n3,2.5\nx,y\n");
  EXPECT_EQ(d.rows(), 3);
  EXPECT_EQ(x(d, 2), 3);
  EXPECT_EQ(notes(d), "t.csv: 2 rows repeat the header and are left out; the first is t.csv line 4\n");
}
TEST(Headers, a_second_header_of_units_is_left_out) {
  std::string text = "t,p,kind\nC,hPa,\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + "." + std::to_string(i) + "," + std::to_string(900 + i) + ",a\n";
  const Dataset d = read(text, with_target("p"));
  EXPECT_EQ(d.rows(), 20);
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(says(d, "t.csv line 2")) << notes(d);
}

}  // namespace
}  // namespace tend::typed_column_test

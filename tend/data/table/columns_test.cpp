#include "tend/data/table/columns.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::columns_test {
namespace {

Dataset read(const std::string& text, const DataSettings& settings = {}, const Dataset* like = nullptr, bool may_lack = false) {
  return dataset_of_cells(Cells(text, settings, "t.csv"), settings, like, may_lack);
}
std::vector<double> values(const Array& a) { return {a.as<double>(), a.as<double>() + a.shape().count()}; }
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Columns, a_column_with_any_other_cell_than_numbers_is_a_category_coded_by_sorted_value) {
  const Dataset d = read("x,c,y\n1,red,0.5\n2,blue,1.5\n?,red,2.5\n");
  ASSERT_EQ(d.columns.size(), 2u);
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_EQ(d.columns[1].levels, (std::vector<std::string>{"blue", "red"}));
  const std::vector<double> x = values(d.x);
  EXPECT_EQ(x[0], 1);
  EXPECT_EQ(x[1], 1);
  EXPECT_EQ(x[3], 0);
  EXPECT_TRUE(std::isnan(x[4]));
  EXPECT_EQ(values(d.y), (std::vector<double>{0.5, 1.5, 2.5}));
  EXPECT_EQ(d.task, Task::regression);
}
TEST(Columns, the_line_of_a_row_is_known_where_each_row_is_one_line) {
  EXPECT_EQ(read("x,y\n1,2\n3,4\n5,7").first_line, 2);
  EXPECT_EQ(read("x,y\r\n1,2\r\n3,4\r\n5,7\r\n").first_line, 2);
  EXPECT_EQ(read("\n1,2\n3,4\n5,7\n").first_line, 2);
  EXPECT_EQ(read("1,2\n\n3,4\n5,7\n").first_line, 0);
  EXPECT_EQ(read("x,c,y\n1,\"a\nb\",2\n3,c,4\n5,d,7\n").first_line, 0);
  EXPECT_EQ(read("x,y\n1,2\n3,4\n").file, "t.csv");
}

TEST(Columns, new_rows_may_lack_a_column) {
  const Dataset source = read("x,c,z,y\n1,red,4,0.5\n2,blue,5,1.5\n3,red,6,2.5\n");
  const Dataset rows = read("c,z\nred,7\nblue,8\n", {}, &source, true);
  EXPECT_TRUE(std::isnan(values(rows.x)[0]));
  EXPECT_EQ(values(rows.x)[1], 1);
  EXPECT_EQ(values(rows.x)[5], 8);
  ASSERT_EQ(rows.notes.size(), 1u);
  EXPECT_EQ(rows.notes[0].text, "t.csv: the column \"x\" is missing; it counts as a missing cell in each of the 2 rows");
  EXPECT_EQ(rows.notes[0].lost, 2);
  EXPECT_NE(refusal([&] { read("z\n7\n", {}, &source, true); }).find("2 columns are missing"), std::string::npos);
  const Dataset words = read("colour,z,y\nred,4,0.5\nblue,5,1.5\nred,6,2.5\n");
  EXPECT_NE(refusal([&] { read("color,z\nred,7\n", {}, &words, true); }).find("is \"color\" meant?"), std::string::npos);
  EXPECT_NE(refusal([&] { read("c,z,y\nred,7,1\n", {}, &source, false); }).find("\"x\" is missing"), std::string::npos);
}

TEST(Columns, new_rows_say_what_is_missing_in_them) {
  const Dataset source = read("x,c,y\n1,red,0.5\n2,blue,1.5\n3,red,2.5\n");
  const Dataset rows = read("x,c\n1,red\n?,\n,blue\n4,green\n", {}, &source, true);
  std::vector<std::string> said;
  for (const DataNote& note : rows.notes) said.push_back(note.text);
  ASSERT_EQ(said.size(), 3u);  // the first is about "green", which is unknown and not missing
  EXPECT_EQ(said[1], "t.csv: 3 cells are missing: \"x\" 2, \"c\" 1; the first is on line 3");
  EXPECT_EQ(said[2], "t.csv: 1 row has no value in any input column");
  EXPECT_EQ(rows.notes[2].lost, 1);
  EXPECT_TRUE(read("x,c\n1,red\n", {}, &source, true).notes.empty());
}

TEST(Columns, the_target_is_the_last_column_a_name_a_number_or_several) {
  DataSettings s;
  EXPECT_EQ(read("a,b,c\n1,2,0\n3,4,1\n", s).target_names[0], "c");
  s.target = "a";
  EXPECT_EQ(read("a,b,c\n1,2,0\n3,4,1\n", s).columns[0].name, "b");
  s.target = std::int64_t{-2};
  EXPECT_EQ(read("a,b,c\n1,2,0\n3,4,1\n", s).target_names[0], "b");
  Value both = Value::array();
  both.push_back("a");
  both.push_back(std::int64_t{2});
  s.target = both;
  const Dataset d = read("a,b,c\n1,2,0\n1,4,1\n", s);
  EXPECT_EQ(d.task, Task::multilabel);
  EXPECT_EQ(values(d.y), (std::vector<double>{1, 0, 1, 1}));
  s.target = "lable";
  const std::string text = refusal([&] { read("id,label\n1,2\n", s); });
  EXPECT_NE(text.find("did you mean \"label\"?"), std::string::npos) << text;
  EXPECT_NE(text.find("id, label"), std::string::npos) << text;
  s.target = std::int64_t{5};
  EXPECT_NE(refusal([&] { read("id,label\n1,2\n", s); }).find("0 .. 1"), std::string::npos);
}
TEST(Columns, features_and_ignore_choose_the_inputs) {
  DataSettings s;
  Value features = Value::array();
  features.push_back("b");
  features.push_back("a");
  s.features = features;
  const Dataset d = read("a,b,c,y\n1,2,3,0\n4,5,6,1\n", s);
  EXPECT_EQ(values(d.x), (std::vector<double>{2, 1, 5, 4}));
  DataSettings t;
  t.ignore = {"a", "c"};
  EXPECT_EQ(read("a,b,c,y\n1,2,3,0\n4,5,6,1\n", t).columns.size(), 1u);
  t.ignore = {"a", "b", "c"};
  EXPECT_NE(refusal([&] { read("a,b,c,y\n1,2,3,0\n", t); }).find("no column is left"), std::string::npos);
  t.ignore = {"z"};
  EXPECT_NE(refusal([&] { read("a,b,c,y\n1,2,3,0\n", t); }).find("data.ignore"), std::string::npos);
}
TEST(Columns, types_override_what_the_cells_look_like_and_changes_are_counted) {
  DataSettings s;
  s.types["zip"] = "category";
  s.types["age"] = "number";
  const Dataset d = read("zip,age,y\n10,old,0\n9,33,1\n10,44,0\n", s);
  EXPECT_EQ(d.columns[0].levels, (std::vector<std::string>{"9", "10"}));  // sorted as numbers
  EXPECT_FALSE(d.columns[1].is_category());
  EXPECT_TRUE(std::isnan(values(d.x)[1]));
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].text.find("2 of 3 cells of \"age\" are numbers; the first other one is \"old\", line 2"),
            std::string::npos);
  s.types["zap"] = "number";
  EXPECT_NE(refusal([&] { read("zip,age,y\n10,1,0\n", s); }).find("data.types"), std::string::npos);
}
TEST(Columns, rows_without_a_target_are_left_out_counted_and_numbered) {
  const Dataset d = read("x,y\n1,a\n2,?\n3,b\n4,\n");
  EXPECT_EQ(d.rows(), 2);
  EXPECT_EQ(d.rows_in_source, 4);
  EXPECT_EQ(d.source_rows, (std::vector<std::int64_t>{0, 2}));
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_EQ(
      d.notes[0].text,
      "t.csv: 2 rows left out, whose target is missing or unknown; the first is line 3. Their cells are \"?\" (1), the first "
      "on line 3");
  EXPECT_NE(refusal([&] { read("x,y\n1,?\n"); }).find("no row whose target is known"), std::string::npos);
}
TEST(Columns, further_words_may_mean_missing) {
  DataSettings s;
  s.missing = {"-"};
  const Dataset d = read("x,y\n1,0\n-,1\n", s);
  EXPECT_FALSE(d.columns[0].is_category());
  EXPECT_TRUE(std::isnan(values(d.x)[1]));
}
TEST(Columns, rows_like_a_source_have_its_codes_in_any_order_of_columns) {
  const Dataset source = read("c,x,y\nred,1,yes\nblue,2,no\ngreen,3,no\n");
  const Dataset d = read("y,extra,x,c\nno,9,5,green\nyes,9,6,purple\n", {}, &source);
  EXPECT_EQ(d.columns[0].name, "c");
  EXPECT_EQ(values(d.x)[0], 1);
  EXPECT_EQ(values(d.x)[1], 5);
  EXPECT_TRUE(std::isnan(values(d.x)[2]));
  EXPECT_EQ(values(d.y), (std::vector<double>{0, 1}));
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].text.find("1 value of \"c\""), std::string::npos);
}
TEST(Columns, rows_to_predict_may_lack_the_target_and_all_stay) {
  const Dataset source = read("x,y\n1,a\n2,b\n");
  const Dataset d = read("x\n7\n8\n", {}, &source, true);
  EXPECT_EQ(d.rows(), 2);
  EXPECT_TRUE(d.y.empty());
  EXPECT_EQ(d.classes, source.classes);
  const Dataset e = read("x,y\n7,\n8,b\n", {}, &source, true);
  EXPECT_EQ(e.rows(), 2);
  EXPECT_TRUE(std::isnan(values(e.y)[0]));
  EXPECT_EQ(values(e.y)[1], 1);
  EXPECT_NE(refusal([&] { read("x\n7\n", {}, &source); }).find("the target \"y\" is missing"), std::string::npos);
  EXPECT_NE(refusal([&] { read("z,y\n7,a\n", {}, &source, true); }).find("the column \"x\" is missing"), std::string::npos);
}
TEST(Columns, without_a_header_rows_to_predict_may_lack_the_last_column) {
  const Dataset source = read("1,2,0\n3,4,1\n");
  const Dataset d = read("5,6\n", {}, &source, true);
  EXPECT_EQ(values(d.x), (std::vector<double>{5, 6}));
  EXPECT_TRUE(d.y.empty());
}

TEST(Columns, weights_groups_and_times_are_read_and_are_no_inputs) {
  DataSettings s;
  s.weight = "w";
  s.group = "patient";
  s.time = "day";
  const std::string text =
      "w,patient,day,x,y\n2,007,2024-01-03,1,0\n0,008,2024-01-02,2,1\n1.5,007,2024-01-01,3,\n1,,2024-01-04,4,0\n";
  const Dataset d = read(text, s);
  ASSERT_EQ(d.columns.size(), 1u);
  EXPECT_EQ(d.columns[0].name, "x");
  EXPECT_EQ(d.weights, (std::vector<double>{2, 0, 1}));  // the row without a target is left out
  EXPECT_EQ(d.groups[0], 0);
  EXPECT_EQ(d.groups[1], 1);
  EXPECT_TRUE(std::isnan(d.groups[2]));
  EXPECT_EQ(d.times[0] - d.times[1], 1);
  s.features = Value(Value::Array{Value("x"), Value("day")});
  EXPECT_EQ(read(text, s).columns.size(), 2u);
}
TEST(Columns, a_bad_weight_or_time_is_an_error_that_names_the_line) {
  DataSettings s;
  s.weight = "w";
  EXPECT_NE(refusal([&] { read("w,x,y\n1,1,0\n-2,2,1\n", s); }).find("t.csv line 3"), std::string::npos);
  EXPECT_NE(refusal([&] { read("w,x,y\n1,1,0\n,2,1\n", s); }).find("a number of at least 0"), std::string::npos);
  s.weight = Value();
  s.time = "t";
  EXPECT_NE(refusal([&] { read("t,x,y\nred,1,0\nblue,2,1\n", s); }).find("a number or a date"), std::string::npos);
  s.time = "y";
  EXPECT_NE(refusal([&] { read("t,x,y\nred,1,0\nblue,2,1\n", s); }).find("another column than the target"), std::string::npos);
}

}  // namespace
}  // namespace tend::columns_test

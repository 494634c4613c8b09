#include "tend/data/table/cells.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::cells_test {
namespace {

std::vector<std::vector<std::string>> all_cells(const std::string& text, const DataSettings& settings = {}) {
  const Cells cells(text, settings, "t.csv");
  std::vector<std::vector<std::string>> all;
  for (std::int64_t i = 0; i < cells.rows(); ++i) {
    all.emplace_back();
    for (std::int64_t k = 0; k < cells.columns(); ++k) all.back().emplace_back(cells.at(i, k));
  }
  return all;
}

std::string refusal(const std::string& text, const DataSettings& settings = {}) {
  try {
    const Cells cells(text, settings, "t.csv");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Cells, a_quoted_cell_may_hold_delimiters_newlines_and_doubled_quotes) {
  EXPECT_EQ(all_cells("a,b\n\"1,2\",\"x\ny\"\n\"say \"\"hi\"\"\",3\n"), (Rows{{"1,2", "x\ny"}, {"say \"hi\"", "3"}}));
}
TEST(Cells, a_quote_within_a_cell_is_a_character) { EXPECT_EQ(all_cells("a,b\nx\"y,\"p\"q\n"), (Rows{{"x\"y", "pq"}})); }
TEST(Cells, line_ends_of_all_kinds_may_mix_and_the_last_may_lack) {
  EXPECT_EQ(all_cells("a,b\r\n1,2\r3,4\n5,6"), (Rows{{"1", "2"}, {"3", "4"}, {"5", "6"}}));
}
TEST(Cells, a_byte_order_mark_and_empty_lines_are_passed_over) {
  EXPECT_EQ(all_cells("\xef\xbb\xbf"
                      "a,b\n\n1,2\n   \n3,4\n\n"),
            (Rows{{"1", "2"}, {"3", "4"}}));
  const Cells cells(
      "\xef\xbb\xbf"
      "a,b\n1,2\n",
      {}, "t.csv");
  EXPECT_EQ(cells.names()[0], "a");
}
TEST(Cells, blanks_after_a_delimiter_are_skipped) { EXPECT_EQ(all_cells("a,b\n1, \"x, y\"\n"), (Rows{{"1", "x, y"}})); }
TEST(Cells, a_first_line_without_a_number_is_a_header) {
  EXPECT_TRUE(Cells("a,b\n1,2\n", {}, "t.csv").has_header());
  EXPECT_FALSE(Cells("1,b\n1,2\n", {}, "t.csv").has_header());
  EXPECT_TRUE(Cells("1e400,nan\n1,2\n", {}, "t.csv").has_header());  // neither number is finite
  DataSettings settings;
  settings.header = true;
  EXPECT_EQ(Cells("1,2\n3,4\n", settings, "t.csv").names(), (std::vector<std::string>{"1", "2"}));
}
TEST(Cells, columns_without_a_name_are_called_by_their_number) {
  EXPECT_EQ(Cells("5,6\n7,8\n", {}, "t.csv").names(), (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(Cells(",b\n7,8\n", {}, "t.csv").names(), (std::vector<std::string>{"0", "b"}));
}
TEST(Cells, the_most_frequent_of_comma_semicolon_and_tab_in_the_first_line_is_the_delimiter) {
  EXPECT_EQ(all_cells("a;b;c\n1;2;3\n"), (Rows{{"1", "2", "3"}}));
  EXPECT_EQ(all_cells("a\tb,x\tc\n1\t2\t3\n"), (Rows{{"1", "2", "3"}}));
  EXPECT_EQ(delimiter_of("a,b,c", {}, "t.tsv"), '\t');
  EXPECT_EQ(delimiter_of("\"Step\",\"a|b|c - \"\"train\"\" | loss\"\n\"1\",\"2\"\n", {}, "t.csv"), ',')
      << "those in quotes are text";
  EXPECT_EQ(delimiter_of("height 5\";a,b;c\n", {}, "t.csv"), ';');
  DataSettings settings;
  settings.delimiter = "|";
  EXPECT_EQ(all_cells("a|b\n1,5|2\n", settings), (Rows{{"1,5", "2"}}));
  settings.delimiter = "||";
  EXPECT_NE(refusal("a||b\n", settings).find("one character"), std::string::npos);
}
TEST(Cells, a_decimal_comma_is_no_delimiter) {
  DataSettings settings;
  settings.decimal = ",";
  EXPECT_EQ(all_cells("a;b\n1,5;2\n", settings), (Rows{{"1,5", "2"}}));
}
TEST(Cells, latin_1_is_read_where_it_is_named_and_refused_with_a_hint_where_not) {
  DataSettings settings;
  settings.encoding = "latin-1";
  EXPECT_EQ(all_cells("a,b\nM\xfcller,1\n", settings), (Rows{{"M\xc3\xbcller", "1"}}));
  const std::string text = refusal("a,b\nx,1\nM\xfcller,1\n");
  EXPECT_NE(text.find("t.csv line 3"), std::string::npos) << text;
  EXPECT_NE(text.find("latin-1"), std::string::npos) << text;
}
TEST(Cells, a_ragged_row_is_refused_by_line_with_what_it_has_and_should_have) {
  const std::string text = refusal("a,b,c\n1,2,3\n\"x\ny\",2\n");
  EXPECT_NE(text.find("t.csv line 3"), std::string::npos) << text;
  EXPECT_NE(text.find("2 cells"), std::string::npos) << text;
  EXPECT_NE(text.find("wanted 3"), std::string::npos) << text;
}
TEST(Cells, an_unclosed_quote_is_refused_by_the_line_that_opens_it) {
  EXPECT_NE(refusal("a,b\n1,2\n3,\"x\n4,5\n").find("t.csv line 3"), std::string::npos);
}
TEST(Cells, a_cell_of_a_million_characters_is_read) {
  const std::string large(1'000'000, 'x');
  EXPECT_EQ(all_cells("a,b\n" + large + ",1\n")[0][0].size(), large.size());
}
TEST(Cells, numbers_are_what_python_takes_for_numbers) {
  double v = 0;
  for (const auto& [text, value] : std::vector<std::pair<std::string, double>>{{"1", 1},
                                                                               {"-2.5", -2.5},
                                                                               {"+5", 5},
                                                                               {".5", .5},
                                                                               {"5.", 5},
                                                                               {"1e-3", 1e-3},
                                                                               {"1_000", 1000},
                                                                               {"1e-400", 0},
                                                                               {"9007199254740993", 9007199254740992.0}}) {
    EXPECT_TRUE(read_number(text, v)) << text;
    EXPECT_EQ(v, value) << text;
  }
  EXPECT_TRUE(read_number("1e400", v) && std::isinf(v));
  EXPECT_TRUE(read_number("-Infinity", v) && std::isinf(v) && v < 0);
  EXPECT_TRUE(read_number("NaN", v) && std::isnan(v));
  for (const char* text : {"", "-", "+-1", "0x10", "1__0", "_1", "1d5", "1 2", "1.5.2", "e5", "nan(1)", "TRUE", "1,5"})
    EXPECT_FALSE(read_number(text, v)) << text;
  EXPECT_TRUE(read_number("1,5", v, ',') && v == 1.5);
}
TEST(Cells, the_words_for_missing_come_in_any_case) {
  for (const char* word : {"", "?", "na", "NA", "NaN", "Null"}) EXPECT_TRUE(MissingWords({}).contains(word)) << word;
  for (const char* word : {"n", "none", "-", "nul", "no"}) EXPECT_FALSE(MissingWords({}).contains(word)) << word;
  EXPECT_TRUE(MissingWords({"-", "none"}).contains("-"));
  EXPECT_TRUE(MissingWords({"+none"}).contains("none"));
  EXPECT_FALSE(MissingWords({"-NA"}).contains("NA"));
  EXPECT_TRUE(MissingWords({"-NA"}).contains("na"));
  EXPECT_EQ(stripped(" \t x y \xc2\xa0\n"), "x y");
}

TEST(Cells, titles_above_the_header_are_left_out_and_said) {
  const Cells cells("Report 2024;;;\nMade in May;;;\n;;;\nregion;units;price;y\nnorth;1;2;0\nsouth;3;4;1\n", DataSettings(),
                    "t.csv");
  EXPECT_EQ(cells.names(), (std::vector<std::string>{"region", "units", "price", "y"}));
  EXPECT_EQ(cells.rows(), 2);
  EXPECT_EQ(cells.line(0), 5);
  ASSERT_EQ(cells.notes().size(), 1u);
  EXPECT_EQ(cells.notes()[0].text,
            "t.csv line 4 has the names of the columns; 3 rows above it are left out, which begin with \"Report 2024\"");
}

TEST(Cells, columns_without_names_are_no_title) {
  const Cells cells(",,a,y,\n1,x,2,0,\n2,x,3,1,\n", DataSettings(), "t.csv");
  EXPECT_EQ(cells.rows(), 2);
  EXPECT_TRUE(cells.notes().empty());
}

TEST(Cells, a_last_row_that_is_called_total_is_pointed_out) {
  const std::string rows = "shop,sales\na,1\nb,2\nc,3\nd,4\ne,5\n";
  const Cells with(rows + "Total,15\n", DataSettings(), "t.csv"), without(rows, DataSettings(), "t.csv");
  ASSERT_EQ(with.notes().size(), 1u);
  EXPECT_TRUE(with.notes()[0].text.starts_with("t.csv line 7, the last row, has \"Total\" in \"shop\"")) << with.notes()[0].text;
  EXPECT_TRUE(without.notes().empty());
}

}  // namespace
}  // namespace tend::cells_test

#include "tend/data/table/number_style.h"

#include <gtest/gtest.h>

namespace tend::number_style_test {
namespace {

NumberStyle style_of(const std::vector<std::string>& cells, char decimal = '.', bool is_comma_delimited = true) {
  StyleFinder finder(decimal, "", is_comma_delimited);
  for (const std::string& cell : cells) finder.see(cell);
  return finder.found();
}
/// What the cells' own style reads from each; -999 for those that it does not read.
std::vector<double> read(const std::vector<std::string>& cells, char decimal = '.', bool is_comma_delimited = true) {
  const NumberStyle style = style_of(cells, decimal, is_comma_delimited);
  std::vector<double> values;
  for (const std::string& cell : cells) {
    double v = 0;
    values.push_back(style.read(cell, v) ? v : -999);
  }
  return values;
}
using Values = std::vector<double>;

TEST(NumberStyle, commas_between_thousands) {
  EXPECT_EQ(read({"1,163.74", "950.25", "12,345,678", "-3,000"}), (Values{1163.74, 950.25, 12345678, -3000}));
  EXPECT_EQ(read({"1,163", "950", "2,350"}), (Values{1163, 950, 2350}));
  EXPECT_EQ(read({"12,34,567", "1,00,000.5"}), (Values{1234567, 100000.5}));  // lakh and crore
}
TEST(NumberStyle, points_between_thousands_and_decimal_commas) {
  EXPECT_EQ(read({"1.163,74", "950,2", "12.345.678,5"}), (Values{1163.74, 950.2, 12345678.5}));
  EXPECT_EQ(read({"3,14", "0,5", "-2,25", "1,500"}), (Values{3.14, 0.5, -2.25, 1.5}));
  EXPECT_EQ(read({"1.234", "5.678,9"}), (Values{1234, 5678.9}));
  EXPECT_EQ(read({"1.234", "5.67"}), (Values{1.234, 5.67}));
}
TEST(NumberStyle, points_that_are_decimal_ones_elsewhere_in_the_column_group_no_digits) {
  EXPECT_EQ(read({"0.695", "0,5", "0,7", "0,25", "1.120", "-1.380"}), (Values{-999, 0.5, 0.7, 0.25, -999, -999}));
  EXPECT_EQ(read({"0.695", "0.7", "0,5", "1.120"}), (Values{0.695, 0.7, -999, 1.12}));
}
TEST(NumberStyle, few_decimal_commas_beside_points_before_three_digits_are_ambiguous) {
  const auto mark = [](const std::vector<std::string>& cells) {
    StyleFinder finder('.', "", true);
    for (const std::string& cell : cells) finder.see(cell);
    return finder.ambiguous_mark();
  };
  EXPECT_EQ(mark({"1.120", "1.885", "2.300", "1,5"}), '.');
  EXPECT_EQ(mark({"1.120", "1.885", "1.163,74", "1,5"}), 0);  // one cell has both
  EXPECT_EQ(mark({"1.120", "12,5", "950,5", "1,5"}), 0);
}
TEST(NumberStyle, blanks_and_apostrophes_between_thousands) {
  EXPECT_EQ(read({"1 163.5", "20 000"}), (Values{1163.5, 20000}));
  EXPECT_EQ(read({"1\xc2\xa0"
                  "163,5",
                  "20\xe2\x80\xaf"
                  "000"}),
            (Values{1163.5, 20000}));
  EXPECT_EQ(read({"1'163.5", "20'000"}), (Values{1163.5, 20000}));
}
TEST(NumberStyle, currencies_units_and_percent_signs) {
  EXPECT_EQ(read({"$1,200.50", "-$3", "$ 7"}), (Values{1200.5, -3, 7}));
  EXPECT_EQ(read({"\xe2\x82\xac 5", "\xe2\x82\xac 6.5"}), (Values{5, 6.5}));
  EXPECT_EQ(read({"12 kg", "3.5kg", "7"}), (Values{12, 3.5, 7}));
  EXPECT_EQ(read({"35 %", "12.5%", "0"}), (Values{35, 12.5, 0}));
  EXPECT_EQ(read({"(200)", "100",
                  "\xe2\x88\x92"
                  "5"}),
            (Values{-200, 100, -5}));
}
TEST(NumberStyle, a_bare_number_among_percentages_is_ambiguous) { EXPECT_EQ(read({"35 %", "12 %", "0.5"})[2], -999); }
TEST(NumberStyle, another_unit_is_no_number_of_the_column) {
  EXPECT_EQ(read({"12 kg", "5 kg", "3 g"})[2], -999);
  EXPECT_EQ(read({"$5", "$6",
                  "\xe2\x82\xac"
                  "7"})[2],
            -999);
}
TEST(NumberStyle, one_comma_before_three_digits_alone_is_ambiguous_unless_commas_delimit_the_cells) {
  EXPECT_EQ(read({"1,163", "2,350"}, '.', true), (Values{1163, 2350}));
  EXPECT_EQ(read({"1,163", "2,350"}, '.', false), (Values{-999, -999}));
}
TEST(NumberStyle, dates_versions_addresses_and_codes_are_no_numbers) {
  for (const char* cell :
       {"12.03.2024", "2024-01-05", "10.0.0.1", "1.2.3", "A12", "3-4", "12:30", "1a2b", "", "-", ".", "e5", "kg"})
    EXPECT_EQ(read({cell}), Values{-999}) << cell;
}
TEST(NumberStyle, exponents_stay) { EXPECT_EQ(read({"1e3", "2.5E-1"}), (Values{1000, 0.25})); }
TEST(NumberStyle, a_wrong_group_is_refused) {
  const NumberStyle style = style_of({"1,163.5", "2,000.5"});
  double v = 0;
  EXPECT_FALSE(style.read("1,16", v));
  EXPECT_FALSE(style.read("1234,567", v));
  EXPECT_TRUE(style.read("1234.5", v));
}
TEST(NumberStyle, words_for_missing_numbers) {
  for (const char* word : {"n/a", "N/A", "#N/A", "-", "--", ".", "None", "NONE", "#DIV/0!", "\\N"})
    EXPECT_TRUE(is_missing_number_word(word)) << word;
  for (const char* word : {"no", "x", "0", "none at all"}) EXPECT_FALSE(is_missing_number_word(word)) << word;
}

}  // namespace
}  // namespace tend::number_style_test

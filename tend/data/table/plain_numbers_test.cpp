#include "tend/data/table/plain_numbers.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/data/table/typed_column.h"
#include "tend/data/table/word_table.h"

namespace tend::plain_numbers_test {
namespace {

std::vector<PlainColumn> read(const std::string& text, std::vector<double>& values, const DataSettings& settings = {}) {
  const Cells cells(text, settings, "t.csv");
  values.assign(static_cast<std::size_t>(cells.rows() * cells.columns()), -1);
  std::vector<PlainColumn> columns;
  for (std::int64_t c = 0; c < cells.columns(); ++c)
    columns.push_back({.column = c, .out = values.data() + c, .may_hold_codes = true});
  read_plain_numbers(cells, settings, cells.columns(), columns);
  return columns;
}

TEST(PlainNumbers, columns_of_numbers_and_missing_cells_are_read) {
  std::vector<double> v;
  const auto columns = read("a,b,c,d,e\n1, -2.5 ,?,x,01\nnan,1e3,NA,2,2\n", v);
  EXPECT_TRUE(columns[0].is_read && columns[1].is_read && columns[2].is_read);
  EXPECT_FALSE(columns[3].is_read) << "a word";
  EXPECT_FALSE(columns[4].is_read) << "a leading zero may be a code";
  EXPECT_EQ(v[0], 1);
  EXPECT_EQ(v[1], -2.5);
  EXPECT_TRUE(std::isnan(v[2]) && std::isnan(v[5]) && std::isnan(v[7]));
  EXPECT_EQ(v[6], 1000);
}
TEST(PlainNumbers, infinite_numbers_and_removed_words_need_a_closer_look) {
  std::vector<double> v;
  EXPECT_FALSE(read("a\n1\ninf\n", v)[0].is_read);
  DataSettings settings;
  settings.missing = {"-NA", "+7"};
  EXPECT_FALSE(read("a\n1\nNA\n", v, settings)[0].is_read);
  EXPECT_TRUE(read("a\n1\n7\n", v, settings)[0].is_read);
  EXPECT_TRUE(std::isnan(v[1]));
}
TEST(PlainNumbers, several_threads_read_what_a_column_alone_is_read_as) {
  std::string text = "a,b,c\n";
  Random random(1, purpose("plain"));
  for (int i = 0; i < 50'000; ++i)
    text += std::to_string(random.below(1'000'000)) + "." + std::to_string(random.below(1000)) + "," + (i == 40'000 ? "x" : "5") +
            ",-" + std::to_string(i) + "\n";
  std::vector<double> v;
  const auto columns = read(text, v);
  EXPECT_TRUE(columns[0].is_read && !columns[1].is_read && columns[2].is_read);
  const Cells cells(text, {}, "t.csv");
  for (const std::int64_t c : {0, 2}) {
    const TypedColumn typed = type_column(cells, {}, {.column = c, .type = ""});
    for (std::size_t i = 0; i < 50'000; ++i) ASSERT_EQ(v[3 * i + static_cast<std::size_t>(c)], typed.values[i]);
  }
}
TEST(PlainNumbers, short_decimals_are_rounded_as_the_c_library_rounds_them) {
  Random random(2, purpose("decimals"));
  for (int i = 0; i < 200'000; ++i) {
    std::string text = (i % 3 ? "" : "-") + std::to_string(random.below(1u << (i % 32)));
    if (i % 4) text.insert(text.size() - random.below(text.size()), ".");
    if (i % 5 == 0) text += std::to_string(random.below(100'000'000));
    double v = 0;
    ASSERT_TRUE(read_number(text, v)) << text;
    ASSERT_EQ(v, std::strtod(text.c_str(), nullptr)) << text;
  }
  double v = 0;
  for (const char* text : {"-0", "0.000000000000001", "999999999999999", "9999999999999999", ".5", "5.", "1234567890123456789"}) {
    ASSERT_TRUE(read_number(text, v)) << text;
    EXPECT_EQ(v, std::strtod(text, nullptr)) << text;
  }
  for (const char* text : {"", "-", ".", "-.", "1.2.3", "--1", "1-"}) EXPECT_FALSE(read_number(text, v)) << text;
}

TEST(WordTable, numbers_words_in_the_order_of_their_first_cell) {
  WordTable table;
  std::vector<std::string> words;
  for (int i = 0; i < 10'000; ++i) words.push_back(i % 2 ? "a longer word, number " + std::to_string(i) : std::to_string(i));
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < words.size(); ++i) ASSERT_EQ(table.number_of(words[i]), i);
  EXPECT_EQ(table.words().size(), words.size());
  EXPECT_EQ(table.number_of(""), words.size());
}

}  // namespace
}  // namespace tend::plain_numbers_test

#include "tend/data/table/row_places.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/data/table/cells.h"

namespace tend::row_places_test {
namespace {

/// The cells between bars, and the rows between slashes.
std::string table_of(std::string text, char delimiter = ',') {
  const RowPlaces places(text.data(), text.size(), delimiter);
  EXPECT_EQ(places.trouble().kind, RowPlaces::Trouble::none);
  std::string all;
  for (std::size_t row = 0; row < places.rows(); ++row) {
    for (std::size_t c = 0; c < places.width(); ++c) all += (c ? "|" : "") + std::string(places.cell(row, c));
    all += "/";
  }
  return all;
}

/// A text that is large enough for several threads, with empty lines, and what table_of() returns for it.
std::pair<std::string, std::string> large(const std::string& end) {
  std::string text, wanted;
  for (int i = 0; i < 200'000; ++i) {
    const std::string a = std::to_string(i), b = std::to_string(i * 7 % 13);
    text += a + ", " + b + end;
    if (i % 1000 == 0) text += i % 2000 ? end : "  " + end;
    wanted += a + "|" + b + "/";
  }
  return {text, wanted};
}

TEST(RowPlaces, cells_lie_between_delimiters_and_line_ends) {
  EXPECT_EQ(table_of("a,bc\n1,\r\n,longer than eight bytes\r3,4"), "a|bc/1|/|longer than eight bytes/3|4/");
  EXPECT_EQ(table_of("\n\n a b,c\n  \n1,  2 \n"), "a b|c/1|2 /");
  EXPECT_EQ(table_of("a\n\nb"), "a/b/");
  EXPECT_EQ(table_of("a b\nc d", ' '), "a|b/c|d/");
}
TEST(RowPlaces, quoted_cells_are_their_content) {
  EXPECT_EQ(table_of("\"a\",\"b,\n\"\"c\"\"\"\n \"\",\"\"\"\"\n"), "a|b,\n\"c\"/|\"/");
  EXPECT_EQ(table_of("\"a\"b,c\"d\n\"x\"\"\"y,\"z"
                     "\"\n"),
            "ab|c\"d/x\"y|z/");
  EXPECT_EQ(table_of("a,b\n\"\"\n1,2\n"), "a|b/1|2/") << "a row of an empty cell is an empty line";
}
TEST(RowPlaces, several_threads_find_the_rows_of_one) {
  for (const char* end : {"\n", "\r\n"}) {
    const auto [text, wanted] = large(end);
    ASSERT_GT(text.size(), 1u << 20);
    EXPECT_TRUE(table_of(text) == wanted);
    const std::size_t middle = text.find("\n", text.size() / 2) + 1;
    std::string quoted = text;
    quoted.insert(middle, "\"q\",1\n");
    EXPECT_EQ(table_of(quoted).size(), wanted.size() + 4) << "a quote: one thread";
    std::string ragged = text;
    ragged.insert(middle, "1,2,3\n");
    ragged.insert(text.find("\n", text.size() / 4 * 3) + 7, "4,5,6,7\n");
    const RowPlaces places(ragged.data(), ragged.size(), ',');
    EXPECT_EQ(places.trouble().kind, RowPlaces::Trouble::ragged);
    EXPECT_EQ(places.trouble().at, middle) << "the first of two";
    EXPECT_EQ(places.trouble().cells, 3u);
  }
}
TEST(RowPlaces, trouble_names_its_byte) {
  std::string text = "a,b\n1,\"2\n3,4\n";
  const RowPlaces places(text.data(), text.size(), ',');
  EXPECT_EQ(places.trouble().kind, RowPlaces::Trouble::open_quote);
  EXPECT_EQ(places.trouble().at, 6u);
}
TEST(RowPlaces, rows_can_be_removed) {
  std::string text = "0\n1\n2\n3\n4";
  RowPlaces places(text.data(), text.size(), ',');
  places.remove_if([](std::size_t row) { return row % 2 == 0; });
  ASSERT_EQ(places.rows(), 2u);
  EXPECT_EQ(places.cell(1, 0), "3");
}

}  // namespace
}  // namespace tend::row_places_test

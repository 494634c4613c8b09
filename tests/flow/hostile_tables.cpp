#include "hostile.h"

namespace tend::hostile {
namespace {

using namespace std::string_literals;

std::string utf_16(const std::string& text, bool is_big) {
  std::string out = is_big ? "\xfe\xff" : "\xff\xfe";
  for (const char c : text) out += is_big ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}
std::string with_cells(const std::string& cell, int column = 0) {  // in one row of the good table
  std::string text = good_table();
  const std::size_t line = text.find("\n", text.find("\n") + 1) + 1;
  return text.insert(line, (column == 0 ? cell + ",1,x\n" : "1,1," + cell + "\n"));
}
std::string wide(int columns, const std::string& cell) {
  std::string line;
  for (int i = 0; i < columns; ++i) line += cell + ",";
  return line + "1\n";
}
std::string tall(int columns) {  // 20 rows of two classes
  std::string text;
  for (int i = 0; i < 20; ++i) {
    std::string line;
    for (int c = 0; c < columns; ++c) line += std::to_string((i * 7 + c) % 11) + ",";
    text += line + (i % 2 ? "x\n" : "z\n");
  }
  return text;
}
std::string named(int columns) {
  std::string line;
  for (int i = 0; i < columns; ++i) line += "c" + std::to_string(i) + ",";
  return line + "y\n";
}

std::vector<Case> legal_tables() {
  const std::string y = "--target y", good = good_table();
  return {
      {"lines that end with CR and LF", "t.csv", good_table(",", "\r\n"), 0, {}, y},
      {"lines that end with CR", "t.csv", good_table(",", "\r"), 0, {}, y},
      {"lines with different ends", "t.csv", good_table() + "1,2,x\r\n3,4,z\r5,6,x", 0, {}, y},
      {"no end of the last line", "t.csv", good.substr(0, good.size() - 1), 0, {}, y},
      {"empty lines between rows", "t.csv", good_table(",", "\n\n"), 0, {}, y},
      {"a byte order mark", "t.csv", "\xef\xbb\xbf" + good, 0, {}, y},
      {"UTF-16, low bytes first", "t.csv", utf_16(good, false), 0, {}, y},
      {"UTF-16, high bytes first", "t.csv", utf_16(good, true), 0, {}, y},
      {"Latin-1 that the settings name",
       "t.csv",
       with_cells("1", 1) + "1,2,\xfc\n1,3,\xfc\n",
       0,
       {},
       y + " --set data.encoding=latin-1"},
      {"tabs", "t.csv", good_table("\t"), 0, {}, y},
      {"semicolons", "t.csv", good_table(";"), 0, {}, y},
      {"bars", "t.csv", good_table("|"), 0, {}, y},
      {"an end mark of DOS", "t.csv", good + "\x1a", 0, {}, y},
      {"a quoted cell with a line end and a delimiter", "t.csv", with_cells("\"1\n,\"\"2\"\"\""), 0, {}, y},
      {"a quote inside a cell", "t.csv", with_cells("1\"2"), 0, {}, y},
      {"text after a closing quote", "t.csv", with_cells("\"1\"2"), 0, {}, y},
      {"names that mean something to browsers and spreadsheets",
       "t.csv",
       "__proto__,<script>alert(1)</script>,y\n" + good.substr(6),
       0,
       {},
       y},
      {"a formula as a cell", "t.csv", with_cells("=cmd|'/c calc'!A1"), 0, {}, y},
      {"a delimiter at the end of each line", "t.csv", good_table(",", ",\n"), 0, {"data.ignore           3"}, y},
      {"blanks around cells", "t.csv", good_table(" , "), 0, {}, y},
      {"numbers at the ends of what a double holds",
       "t.csv",
       good + "1e-400,1,x\n9007199254740993,1,z\n12345678901234567890,1,x\n",
       0,
       {},
       y},
      {"an infinite number", "t.csv", with_cells("1e400"), 0, {"infinite"}, y},
      {"a word among numbers", "t.csv", with_cells("0x1g"), 0, {"\"0x1g\""}, y},
      {"a cell of 1,000,000 characters", "t.csv", with_cells(std::string(1'000'000, 'a')), 0, {}, y},
      {"a cell of 1,000,000 digits", "t.csv", with_cells(std::string(1'000'000, '7')), 0, {"infinite"}, y},
      {"10,000 quotes in a cell", "t.csv", with_cells("\"" + repeated("\"\"", 10'000) + "\""), 0, {}, y},
      {"rows that are all the same",
       "t.csv",
       "a,y\n" + repeated("1,x\n", 40) + repeated("1,z\n", 40),
       65,
       {"every row has the same value"},
       y},
      {"a constant column", "t.csv", "a,b,y\n" + repeated("1,2,x\n1,3,z\n1,3,x\n", 40), 0, {"data.ignore           a"}, y},
      {"3,000 columns",
       "t.csv",
       named(3'000) + tall(3'000),
       0,
       {},
       y + " --set update.optimizer.learning_rate=0.00001",
       "",
       600,
       20},
  };
}

std::vector<Case> refused_tables() {
  const std::string y = "--target y", good = good_table();
  return {
      {"an empty file", "t.csv", "", 65, {"t.csv: an empty file"}, y},
      {"only a byte order mark", "t.csv", "\xef\xbb\xbf", 65, {"an empty file"}, y},
      {"only line ends", "t.csv", "\n\r\n\r\r\n", 65, {"an empty file"}, y},
      {"a header and no rows", "t.csv", "a,b,y\n", 65, {"a header and no rows"}, y},
      {"one row", "t.csv", "a,b,y\n1,2,x\n", 65, {}, y},
      {"a NUL byte at the start", "t.csv", "\0"s + good, 65, {"line 1", "NUL"}, y},
      {"a NUL byte in a cell", "t.csv", with_cells("\0"s), 65, {"line 3", "NUL"}, y},
      {"a quote without an end", "t.csv", good + "\"1,2,x\n", 65, {"line 42", "never closed"}, y},
      {"a quote without an end in the first cell of 5 MB",
       "t.csv",
       "\"" + repeated(good, 10'000),
       65,
       {"line 1", "never closed"},
       y},
      {"a quote without an end after 10,000 quotes",
       "t.csv",
       "a,y\n\"" + repeated("\"\"", 10'000),
       65,
       {"line 2", "never closed"},
       y},
      {"a row with a cell more", "t.csv", good + "1,2,3,x\n", 65, {"line 42: 4 cells; wanted 3"}, y},
      {"a row with a cell less", "t.csv", good + "1,x\n", 65, {"line 42: 2 cells; wanted 3"}, y},
      {"a column name twice", "t.csv", "a,a,y\n" + good.substr(6), 65, {"\"a\" twice"}, y},
      {"column names that blanks make different", "t.csv", "a, a ,y\n" + good.substr(6), 65, {"\"a\" twice"}, y},
      {"half a unit of UTF-16", "t.csv", utf_16(good, false) + "1", 65, {"UTF-16"}, y},
      {"half a pair of UTF-16", "t.csv", utf_16(good, false) + "\x00\xd8"s + utf_16("1", false).substr(2), 65, {"UTF-16"}, y},
      {"Latin-1 that no setting names", "t.csv", with_cells("\xfc"), 65, {"line 3", "UTF-8", "latin-1"}, y},
      {"a slash in two bytes of UTF-8", "t.csv", with_cells("\xc0\xaf"), 65, {"line 3", "UTF-8"}, y},
      {"half a surrogate in UTF-8", "t.csv", with_cells("\xed\xa0\x80"), 65, {"line 3", "UTF-8"}, y},
      {"one column", "t.csv", "y\n" + repeated("x\nz\n", 40), 2, {"no column is left"}, y},
      {"one class", "t.csv", "a,y\n" + repeated("1,x\n", 40), 65, {"\"x\""}, y},
      {"no target in any row", "t.csv", "a,y\n" + repeated("1,?\n", 40), 65, {"no row whose target is known"}, y},
      {"words in the target of a regression", "t.csv", good, 2, {"target"}, y + " --task regression"},
      {"a word among the numbers of the target",
       "t.csv",
       "a,y\n" + repeated("1,2.5\n2,3.25\n3,4.75\n4,9.5\n5,7.125\n", 10) + "1,abc\n",
       65,
       {"\"abc\"", "line 52"},
       y},
      {"a target that is not there", "t.csv", good, 2, {"\"z\"", "a"}, "--target z"},
      {"one line of 64 MB", "t.csv", std::string(64 << 20, 'a'), 65, {"t.csv"}, "--target 0", "", 500},
      {"1,000,000 columns in a line", "t.csv", std::string(1'000'000, ','), 65, {"t.csv"}, "--target 0", "", 500, 10},
      {"1,000,000 columns and two rows",
       "t.csv",
       named(1'000'000) + wide(1'000'000, "1") + wide(1'000'000, "2"),
       65,
       {"t.csv"},
       y,
       "",
       1200,
       20},
      {"1,000,000 columns and a cell more",
       "t.csv",
       named(1'000'000) + wide(1'000'001, "1"),
       65,
       {"line 2", "1000002 cells"},
       y,
       "",
       500,
       10},
      {"1,000,000 column names that repeat", "t.csv", wide(1'000'000, "a"), 65, {"column"}, "--target 0", "", 500, 10},
      {"a picture with a table's name", "t.csv", test::png(1, 2, 0, "ab"), 65, {"t.csv"}, y},
      {"a Parquet file with a table's name", "t.csv", "PAR1abcdPAR1", 65, {"Parquet", "DuckDB"}, y},
      {"an old Excel workbook", "t.csv", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 65, {"Excel", "CSV"}, y},
      {"a new Excel workbook", "t.csv", test::zip({{"[Content_Types].xml", "<Types/>"}}), 65, {"Excel", "CSV"}, y},
      {"gzip that ends too early", "t.csv.gz", test::gzip(good).substr(0, 40), 65, {"too early"}, y},
      {"gzip with bytes after its end", "t.csv.gz", test::gzip(good) + "more", 65, {"after the end"}, y},
      {"a gzip bomb of 400 MB",
       "t.csv.gz",
       "",
       65,
       {"200 times"},
       y,
       "head -c 400000000 /dev/zero | tr '\\0' 1 | gzip -6 > t.csv.gz",
       400},
      {"an xz bomb of 400 MB",
       "t.csv.xz",
       "",
       65,
       {"MiB"},
       y,
       "python3 -c \"import lzma; lzma.open('t.csv.xz', 'wb', preset=0).write(b'1' * 400000000)\"",
       400},
      {"a bzip2 bomb of 400 MB",
       "t.csv.bz2",
       "",
       65,
       {"MiB"},
       y,
       "python3 -c \"import bz2; bz2.open('t.csv.bz2', 'wb', compresslevel=1).write(b'1' * 400000000)\"",
       400,
       10},
      {"a pipe", "t.csv", "", 66, {"t.csv"}, y, "mkfifo t.csv"},
      {"a file that may not be listed or is no file", "d.csv", "", 65, {"d.csv"}, y, "mkdir d.csv"},
  };
}

}  // namespace

std::vector<Case> tables() {
  std::vector<Case> all = legal_tables();
  for (Case& c : refused_tables()) all.push_back(std::move(c));
  return all;
}

}  // namespace tend::hostile

#include "tend/data/table/table_text.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/data/test_files.h"

namespace tend::table_text_test {
namespace {

using namespace test;

const std::string table = "x,y\n1,a\n2,b\n";
// The table, packed by bzip2 and by xz.
const char bzip2[] =
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xda\xc0\xab\x3c\x00\x00\x05\x59\x80\x00\x10\x00\x04\x30"
    "\x00\x30\x00\x00\x60\x20\x00\x21\xa6\x8c\x21\x0c\x08\xae\x39\x60\xa0\x9f\x17\x72\x45\x38\x50\x90"
    "\xda\xc0\xab\x3c";
const char xz[] =
    "\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3"
    "\x01\x00\x0b\x78\x2c\x79\x0a\x31\x2c\x61\x0a\x32\x2c\x62\x0a\x00\x92\x25\xb2\x1c\x68\x4c\x08\x9f"
    "\x00\x01\x24\x0c\xa6\x18\xd8\xd8\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a";

std::string refusal(const std::string& path) {
  try {
    TableFile(path, {});
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(TableText, packed_tables_are_unpacked) {
  const Folder folder;
  EXPECT_EQ(table_text(folder.write("t.csv", table)).view(), table);
  EXPECT_EQ(table_text(folder.write("t.csv.gz", gzip(table))).view(), table);
  EXPECT_EQ(table_text(folder.write("t.csv.bz2", std::string(bzip2, sizeof bzip2 - 1))).view(), table);
  EXPECT_EQ(table_text(folder.write("t.csv.xz", std::string(xz, sizeof xz - 1))).view(), table);
  EXPECT_EQ(table_text(folder.write("t.zip", zip({{"__MACOSX/._t.csv", "x"}, {"folder/t.csv", table}}))).view(), table);
}
TEST(TableText, an_archive_of_several_tables_and_foreign_formats_are_refused_with_the_remedy) {
  const Folder folder;
  EXPECT_NE(refusal(folder.write("t.zip", zip({{"a.csv", table}, {"b.csv", table}}))).find("2 files: a.csv, b.csv"),
            std::string::npos);
  EXPECT_NE(refusal(folder.write("t.xlsx", zip({{"[Content_Types].xml", "x"}, {"xl/workbook.xml", "x"}})))
                .find("save the sheet as CSV"),
            std::string::npos);
  EXPECT_NE(refusal(folder.write("t.json", "[{\"x\": 1}]")).find("JSON lines: one object on each line"), std::string::npos);
  EXPECT_NE(refusal(folder.write("t.parquet", "PAR1....")).find("a Parquet file"), std::string::npos);
}
TEST(TableText, damaged_packed_tables_are_refused) {
  const Folder folder;
  const std::string whole(xz, sizeof xz - 1);
  for (std::size_t length = 6; length < whole.size(); ++length)
    EXPECT_NE(refusal(folder.write("t.csv.xz", whole.substr(0, length))), "") << length;
}
TEST(TableText, utf_16_becomes_utf_8) {
  const Folder folder;
  // "ä,𝄞" in both byte orders: one code unit, and a pair of surrogates
  EXPECT_EQ(table_text(folder.write("l.csv", std::string("\xff\xfe\xe4\0,\0\x34\xd8\x1e\xdd", 10))).view(),
            "\xc3\xa4,\xf0\x9d\x84\x9e");
  EXPECT_EQ(table_text(folder.write("b.csv", std::string("\xfe\xff\0\xe4\0,\xd8\x34\xdd\x1e", 10))).view(),
            "\xc3\xa4,\xf0\x9d\x84\x9e");
  EXPECT_NE(refusal(folder.write("cut.csv", std::string("\xff\xfe\xe4\0,", 5))).find("damaged UTF-16"), std::string::npos);
  EXPECT_NE(refusal(folder.write("lone.csv", std::string("\xff\xfe\x34\xd8,\0", 6))).find("damaged UTF-16"), std::string::npos);
}

}  // namespace
}  // namespace tend::table_text_test

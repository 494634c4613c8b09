#include "tend/data/readers/csv.h"

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::csv_test {
namespace {

TEST(Csv, a_table_is_read_from_a_file_also_out_of_gzip) {
  const test::Folder folder;
  folder.write("t.csv", "a,b\n1,x\n2,y\n");
  folder.write("t.csv.gz", test::gzip("a,b\n1,x\n") + test::gzip("2,y\n"));
  folder.write("t.tsv", "a\tb, c\n1\tx\n2\ty\n");
  folder.write("no_suffix", "a,b\n1,x\n2,y\n");
  for (const char* name : {"t.csv", "t.csv.gz", "t.tsv", "no_suffix"}) {
    const Dataset d = read_dataset(name, {}, {folder.path(), {}});
    EXPECT_EQ(d.rows(), 2) << name;
    EXPECT_EQ(d.classes, (std::vector<std::string>{"x", "y"})) << name;
    EXPECT_EQ(d.x.as<double>()[1], 2) << name;
  }
  EXPECT_EQ(column_names("t.tsv", {}, {folder.path(), {}}), (std::vector<std::string>{"a", "b, c"}));
}
TEST(Csv, parquet_is_refused_by_name) {
  const test::Folder folder;
  folder.write("t.parquet", "PAR1xxxx");
  try {
    read_dataset("t.parquet", {}, {folder.path(), {}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("Parquet"), std::string::npos);
  }
}
TEST(Csv, the_census_table_has_the_rows_and_levels_that_others_count) {
  const std::string shared = TEND_SOURCE_DIR "/../shared/data/tables";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "no shared data";
  DataSettings s;
  s.target = "income";
  const Dataset d = read_dataset("adult.csv", s, {shared, {}});
  EXPECT_EQ(d.rows(), 48842);
  EXPECT_EQ(d.columns.size(), 14u);
  EXPECT_EQ(d.columns[1].levels.size(), 8u);    // workclass
  EXPECT_EQ(d.columns[13].levels.size(), 41u);  // native_country
  EXPECT_EQ(d.classes, (std::vector<std::string>{"<=50K", ">50K"}));
}

}  // namespace
}  // namespace tend::csv_test

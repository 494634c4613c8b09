#include "tend/data/readers/text.h"

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::text_test {
namespace {

using test::Folder;

Dataset read(const Folder& folder, const std::string& name, std::int64_t window, const Dataset* like = nullptr) {
  DataSettings settings;
  settings.window = window;
  return read_dataset(name, settings, {folder.path(), {}}, like);
}
std::vector<double> doubles(const Array& a) { return {a.as<double>(), a.as<double>() + a.shape().count()}; }

TEST(Text, rows_are_windows_of_letters_and_targets_the_letters_that_follow) {
  const Folder folder;
  folder.write("a.txt", "cabbac\na");
  const Dataset d = read(folder, "a.txt", 3);
  EXPECT_EQ(d.classes, (std::vector<std::string>{"\n", "a", "b", "c"}));
  EXPECT_EQ(doubles(d.x), (std::vector<double>{3, 1, 2, 2, 1, 3}));
  EXPECT_EQ(doubles(d.y), (std::vector<double>{1, 2, 2, 1, 3, 0}));
  EXPECT_EQ(d.x.shape(), (Shape{2, 3}));
  EXPECT_TRUE(d.is_text);
}

TEST(Text, letters_are_code_points_in_their_order) {
  const Folder folder;
  folder.write("a.txt", "z\u00fca\u20ac\u00fc");
  EXPECT_EQ(read(folder, "a.txt", 4).classes, (std::vector<std::string>{"a", "z", "\u00fc", "\u20ac"}));
  EXPECT_EQ(doubles(read(folder, "a.txt", 4).x), (std::vector<double>{1, 2, 0, 3}));
}

TEST(Text, another_text_has_the_codes_and_the_window_of_the_first) {
  const Folder folder;
  folder.write("a.txt", "abcabc");
  folder.write("b.txt", "bcbcb");
  folder.write("c.txt", "abx");
  const Dataset a = read(folder, "a.txt", 2);
  EXPECT_EQ(doubles(read(folder, "b.txt", 128, &a).x), (std::vector<double>{1, 2, 1, 2}));
  try {
    read(folder, "c.txt", 2, &a);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.got.find("\"x\" as number 3"), std::string::npos) << e.what();
  }
}

TEST(Text, that_fills_no_window_or_is_not_utf_8_is_refused) {
  const Folder folder;
  folder.write("short.txt", "abc");
  folder.write("empty.txt", "");
  folder.write("bytes.txt", "abc\xff");
  for (const char* name : {"short.txt", "empty.txt", "bytes.txt"}) EXPECT_THROW(read(folder, name, 3), Error) << name;
}

TEST(Text, whose_lines_have_as_many_delimiters_each_is_a_table) {
  const Folder folder;
  folder.write("table.txt", "a,b,target\n1,2,0\n3,4,1\n");
  EXPECT_FALSE(read(folder, "table.txt", 3).is_text);
  folder.write("only.txt", "sep=");
  EXPECT_TRUE(read(folder, "only.txt", 3).is_text);
  folder.write("sep.txt", "sep=;\na;b;target\n1;2;0\n3;4;1\n");
  EXPECT_FALSE(read(folder, "sep.txt", 3).is_text);
  folder.write("prose.txt", "one, two\nthree, four, five\nsix\n");
  EXPECT_TRUE(read(folder, "prose.txt", 3).is_text);
}

TEST(Text, parts_are_cut_from_its_end_in_order) {
  const Folder folder;
  folder.write("a.txt", "0123456789abcdefghijk");
  DataSettings settings;
  settings.window = 2;
  settings.validation = 0.2;
  settings.test = 0.1;
  const DataPlaces places{folder.path(), {}};
  const SplitData split = split_dataset(read_dataset("a.txt", settings, places), settings, places, 1);
  EXPECT_EQ(doubles(split.train.x), (std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}));
  EXPECT_EQ(doubles(split.validation.x), (std::vector<double>{14, 15, 16, 17}));
  EXPECT_EQ(doubles(split.test.x), (std::vector<double>{18, 19}));
}

}  // namespace
}  // namespace tend::text_test

#include "tend/data/disk/file.h"

#include <gtest/gtest.h>

#include "tend/data/disk/archive.h"
#include "tend/data/test_files.h"

namespace tend::file_test {
namespace {

using namespace test;

std::string refusal(const std::string& path) {
  try {
    read_file(path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(File, gzip_members_one_after_the_other_are_one_text) {
  const Folder folder;
  EXPECT_EQ(read_file(folder.write("a", gzip("abc") + gzip("") + gzip("def"))), "abcdef");
  EXPECT_EQ(read_file(folder.write("b", "plain")), "plain");
  EXPECT_EQ(read_file(folder.write("c", "")), "");
}
TEST(File, damaged_gzip_is_refused) {
  const Folder folder;
  const std::string whole = gzip("abcdefgh");
  for (std::size_t n = 11; n < whole.size(); ++n)
    EXPECT_NE(refusal(folder.write("cut", whole.substr(0, n))).find("too early"), std::string::npos) << n;
  std::string wrong = whole;
  wrong[17] ^= 1;
  EXPECT_NE(refusal(folder.write("wrong", wrong)).find("damaged"), std::string::npos);
  EXPECT_NE(refusal(folder.write("more", whole + "xyz")).find("after the end"), std::string::npos);
}
TEST(File, what_is_not_there_or_no_file_is_missing) {
  const Folder folder;
  for (const std::string& path : {folder.path("nothing"), folder.path(), std::string("/dev/null")}) {
    try {
      read_file(path);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.trouble, Trouble::missing);
    }
  }
}
TEST(Archive, names_are_names_and_only_files_are_walked) {
  const Folder folder;
  Archive archive(folder.write("a.tar", tar({{"../../up.txt", "1"}, {"/abs.txt", "22"}, {"x/y.txt", "333"}})));
  std::vector<std::string> all;
  while (archive.next()) all.push_back(archive.name() + "=" + archive.read_all(100));
  EXPECT_EQ(all, (std::vector<std::string>{"../../up.txt=1", "/abs.txt=22", "x/y.txt=333"}));
  Archive again(folder.path("a.tar"));
  again.next(), again.next(), again.next();
  EXPECT_THROW(again.read_all(2), Error);
}
TEST(Archive, a_tar_is_told_by_name_or_content) {
  const Folder folder;
  EXPECT_TRUE(looks_like_tar(folder.write("x.tar.gz", "")));
  EXPECT_TRUE(looks_like_tar(folder.write("anything", tar({{"a", "b"}}))));
  EXPECT_FALSE(looks_like_tar(folder.write("t.csv", "a,b\n")));
}

}  // namespace
}  // namespace tend::file_test

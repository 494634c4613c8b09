#include <gtest/gtest.h>

#include "tend/data/reader.h"
#include "tend/data/settings.h"
#include "tend/data/test_files.h"

namespace tend::read_test {
namespace {

std::string refusal(const Value& source, const DataPlaces& places, Trouble trouble) {
  try {
    read_dataset(source, {}, places);
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, trouble) << e.what();
    return e.what();
  }
  return "";
}

TEST(Read, a_name_without_a_slash_is_looked_up_where_data_are_registered) {
  const test::Folder folder;
  folder.write("shelf/t.csv", "a,b\n1,2\n");
  const DataPlaces places{folder.path(), {folder.path("nothing"), folder.path("shelf")}};
  EXPECT_EQ(read_dataset("t.csv", {}, places).rows(), 1);
  EXPECT_EQ(read_dataset("shelf/t.csv", {}, places).rows(), 1);
  EXPECT_EQ(read_dataset(folder.path("shelf/t.csv"), {}, places).rows(), 1);
  const std::string text = refusal("t.cvs", places, Trouble::missing);
  EXPECT_NE(text.find("did you mean \"t.csv\"?"), std::string::npos) << text;
  EXPECT_NE(refusal("digit", places, Trouble::missing).find("digits"), std::string::npos);
}
TEST(Read, what_is_no_source_is_refused) {
  refusal({}, {}, Trouble::usage);
  refusal(std::int64_t{3}, {}, Trouble::usage);
  refusal("", {}, Trouble::usage);
  refusal(Value::array(), {}, Trouble::usage);
}

}  // namespace
}  // namespace tend::read_test

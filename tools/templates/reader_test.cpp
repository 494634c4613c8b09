#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, claims_its_own_files_alone) {
  EXPECT_EQ(@Type@{}.claims({.head = "@name@ 1.0\n"}), Claim::by_content);
  EXPECT_EQ(@Type@{}.claims({.head = "something else"}), Claim::none);
}

TEST(@Type@, reads_the_rows_written_by_hand) {
  FAIL() << "write a small file by hand here, read it, compare every number, then take this line out";
}

}  // namespace tend::@name@_test

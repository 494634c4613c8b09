#include "tend/data/readers/digits.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tend/data/test_files.h"

namespace tend::digits_test {
namespace {

TEST(Digits, are_bundled_as_small_images_of_ten_classes) {
  const Dataset d = read_dataset("digits", {}, {"/nowhere", {}});
  EXPECT_EQ(d.x.shape(), (Shape{1797, 8, 8, 1}));
  EXPECT_EQ(d.classes.size(), 10u);
  const std::uint8_t* x = d.x.as<std::uint8_t>();
  EXPECT_LE(*std::max_element(x, x + d.x.shape().count()), 16);
  EXPECT_EQ(x[2], 5);  // the first row starts with 0 0 5 13 and is a zero
  EXPECT_EQ(x[3], 13);
  EXPECT_EQ(d.y.as<double>()[0], 0);
}
TEST(Digits, a_file_of_that_name_comes_first) {
  const test::Folder folder;
  folder.write("digits", "a,b\n1,2\n");
  EXPECT_EQ(read_dataset("digits", {}, {folder.path(), {}}).rows(), 1);
}

}  // namespace
}  // namespace tend::digits_test

#include "tend/data/digits/digits.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tend::digits_test {

TEST(BundledDigits, are_1797_rows_under_a_header) {
  const std::string_view text = bundled_digits();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1798);
  EXPECT_EQ(text.substr(0, 9), "p0,p1,p2,");
  EXPECT_EQ(text.back(), '\n');
}

TEST(BundledDigits, begin_with_the_first_row_of_the_source) {
  const std::string_view text = bundled_digits();
  const std::string_view row = text.substr(text.find('\n') + 1);
  EXPECT_EQ(
      row.substr(0, row.find('\n')),
      "0,0,5,13,9,1,0,0,0,0,13,15,10,15,5,0,0,3,15,2,0,11,8,0,0,4,12,0,0,8,8,0,0,5,8,0,0,9,8,0,0,4,11,0,1,12,7,0,0,2,14,5,10,12,0,0,"
      "0,0,6,13,10,0,0,0,0");
}

}  // namespace tend::digits_test

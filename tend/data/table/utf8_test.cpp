#include "tend/data/table/utf8.h"

#include <gtest/gtest.h>

namespace tend::utf8_test {
namespace {

TEST(Utf8, valid_text_of_one_to_four_bytes_a_character_passes) {
  EXPECT_EQ(first_invalid_utf8("plain ascii of more than eight bytes, \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80 and on"),
            std::string_view::npos);
  EXPECT_EQ(first_invalid_utf8(""), std::string_view::npos);
}
TEST(Utf8, the_first_bad_byte_is_found) {
  EXPECT_EQ(first_invalid_utf8("12345678\xff"), 8u);
  EXPECT_EQ(first_invalid_utf8("ab\xc3"), 2u);             // cut off
  EXPECT_EQ(first_invalid_utf8("a\xc0\x80"), 1u);          // overlong
  EXPECT_EQ(first_invalid_utf8("a\xed\xa0\x80"), 1u);      // surrogate
  EXPECT_EQ(first_invalid_utf8("a\xf4\x90\x80\x80"), 1u);  // beyond the last code point
  EXPECT_EQ(first_invalid_utf8("a\x80"), 1u);
}
TEST(Utf8, latin_1_becomes_two_bytes_above_127) { EXPECT_EQ(latin_1_to_utf8("a\xfc"), "a\xc3\xbc"); }

}  // namespace
}  // namespace tend::utf8_test

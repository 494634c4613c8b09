#include "tend/base/error.h"

#include <gtest/gtest.h>

namespace tend::error_test {
namespace {

TEST(Error, says_where_got_wanted_and_what_to_do_in_one_sentence) {
  const Error e(Trouble::usage, "train.epochs", "the number 0", "a whole number >= 1", "see --help");
  EXPECT_STREQ(e.what(), "train.epochs: the number 0; wanted a whole number >= 1; see --help");
}

TEST(Error, leaves_out_what_is_empty) {
  EXPECT_STREQ(Error(Trouble::data, "a.csv", "no rows").what(), "a.csv: no rows");
  EXPECT_STREQ(Error(Trouble::data, "a.csv", "", "rows").what(), "a.csv: wanted rows");
  EXPECT_STREQ(Error(Trouble::data, "a.csv", "no rows", "", "add some").what(), "a.csv: no rows; add some");
}

TEST(Error, keeps_its_parts) {
  const Error e(Trouble::missing, "a", "b", "c", "d");
  EXPECT_EQ(e.trouble, Trouble::missing);
  EXPECT_EQ(e.where + e.got + e.wanted + e.hint, "abcd");
}

TEST(ErrorDeathTest, a_broken_invariant_aborts_with_its_place) {
  EXPECT_DEATH(TEND_EXPECTS(1 + 1 == 3), "broken invariant: 1 \\+ 1 == 3 \\(.*error_test.cpp");
}

TEST(Error, parts_that_are_long_are_shortened_between_characters) {
  std::string name(999, 'a');
  for (int i = 0; i < 1000; ++i) name += "\xc3\xbc";
  const Error error(Trouble::usage, "e.toml", "the key " + name);
  EXPECT_EQ(error.got, "the key " + std::string(992, 'a') + " ... (3007 bytes)");
  EXPECT_LT(std::string(error.what()).size(), 1100u);
  EXPECT_EQ(Error(Trouble::usage, "e", std::string(991, 'a') + "\xc3\xbc" + "bcdefgh\xc3\xbc").got,
            std::string(991, 'a') +
                "\xc3\xbc"
                "bcdefgh ... (1002 bytes)");
}

}  // namespace
}  // namespace tend::error_test

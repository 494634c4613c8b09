#include "tend/base/value.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::value_test {
namespace {

TEST(Value, a_table_keeps_the_order_in_which_keys_were_added) {
  Value v;
  v["zebra"] = 1;
  v["ant"]["deep"] = "x";
  v["zebra"] = 2;
  ASSERT_EQ(v.items().size(), 2u);
  EXPECT_EQ(v.items()[0].first, "zebra");
  EXPECT_EQ(v.items()[0].second.integer(), 2);
  EXPECT_EQ(v.find("ant")->find("deep")->string(), "x");
  EXPECT_EQ(v.find("bee"), nullptr);
  EXPECT_EQ(Value(3).find("bee"), nullptr);
  EXPECT_TRUE(v.erase("zebra"));
  EXPECT_FALSE(v.erase("zebra"));
}

TEST(Value, an_integer_is_a_number_and_a_number_is_no_integer) {
  EXPECT_TRUE(Value(3).is_integer() && Value(3).is_number());
  EXPECT_EQ(Value(3).number(), 3.0);
  EXPECT_TRUE(Value(3.0).is_number() && !Value(3.0).is_integer());
  EXPECT_FALSE(Value(3) == Value(3.0));
  EXPECT_TRUE(Value("3").is_string());
  EXPECT_TRUE(Value(true).is_bool() && !Value(true).is_number());
}

TEST(Value, lines_do_not_count_in_comparisons) {
  Value a = 3, b = 3;
  a.line = 7;
  EXPECT_EQ(a, b);
}

TEST(Value, describes_itself_for_messages) {
  EXPECT_EQ(Value().describe(), "nothing");
  EXPECT_EQ(Value(true).describe(), "true");
  EXPECT_EQ(Value(0.5).describe(), "the number 0.5");
  EXPECT_EQ(Value("adam").describe(), "the text \"adam\"");
  EXPECT_EQ(Value(Value::Array{1, 2}).describe(), "a list of 2");
  EXPECT_EQ(Value::table().describe(), "a table");
}

TEST(NumberText, has_the_fewest_digits_that_read_back_the_same) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1.0), "1.0");
  EXPECT_EQ(number_text(7), "7");
  EXPECT_EQ(number_text(1e-7), "1e-07");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(number_text(std::nan("")), "nan");
  for (const double x : {1.0 / 3, 0.00392156862, 1e300, 5e-324, -123456.789, 9007199254740993.0})
    EXPECT_EQ(std::strtod(number_text(x).c_str(), nullptr), x);
}

}  // namespace
}  // namespace tend::value_test

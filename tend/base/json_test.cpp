#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/base/value.h"

namespace tend::json_test {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_json(text, "e.json");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Json, is_read_in_order_with_types_told_apart) {
  const Value v = parse_json(R"({"z": 1, "a": [1.5, null, true, "x\u00e9"], "t": {"b": -9223372036854775808}})", "e.json");
  EXPECT_EQ(v.items()[0].first, "z");
  EXPECT_TRUE(v.find("z")->is_integer());
  EXPECT_EQ(v.find("a")->array_items()[0].number(), 1.5);
  EXPECT_TRUE(v.find("a")->array_items()[1].is_null());
  EXPECT_EQ(v.find("a")->array_items()[3].string(), "x\xC3\xA9");
  EXPECT_EQ(v.find("t")->find("b")->integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_json("18446744073709551615", "e.json").number(), 18446744073709551615.0);
}

TEST(Json, errors_name_file_line_and_column) {
  EXPECT_EQ(error_of("{\n \"a\": 1,\n \"b\" 2}").substr(0, 12), "e.json:3:6: ");
  EXPECT_EQ(error_of("").substr(0, 10), "e.json:1:1");
  EXPECT_NE(error_of("{\"a\": 1} trailing"), "");
  EXPECT_NE(error_of("{\"a\": NaN}"), "");
  EXPECT_NE(error_of("[1,]"), "");
  EXPECT_NE(error_of("[\"\xff\"]"), "");
}

TEST(Json, a_repeated_key_is_an_error) {
  EXPECT_NE(error_of("{\"a\": 1, \"a\": 2}").find("\"a\" twice"), std::string::npos);
  EXPECT_EQ(error_of("{\"a\": {\"a\": 2}}"), "");
}

TEST(Json, nesting_is_bounded) {
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_NE(error_of(std::string(65, '[') + std::string(65, ']')).find("64 levels"), std::string::npos);
  EXPECT_NE(error_of(std::string(1000000, '[')), "");
}

TEST(ToJson, numbers_that_are_not_finite_become_null) {
  Value v;
  v["a"] = std::nan("");
  v["b"] = -std::numeric_limits<double>::infinity();
  v["c"] = 0.1;
  EXPECT_EQ(to_json(v, -1), R"({"a":null,"b":null,"c":0.1})");
}

TEST(ToJson, is_indented_or_on_one_line) {
  const Value v = parse_json(R"({"a": [1, {}], "b": {"c": []}})", "e.json");
  EXPECT_EQ(to_json(v, -1), R"({"a":[1,{}],"b":{"c":[]}})");
  EXPECT_EQ(to_json(v), "{\n \"a\": [\n  1,\n  {}\n ],\n \"b\": {\n  \"c\": []\n }\n}");
}

TEST(ToJson, what_is_written_reads_back_the_same) {
  Value v;
  v["texts"] = Value(Value::Array{"quote \" \n \x01 \xE2\x82\xAC", ""});
  v["numbers"] = Value(Value::Array{1, 1.0, 1e-300, 1.0 / 3});
  EXPECT_EQ(parse_json(to_json(v), "again"), v);
}

TEST(ToJson, bytes_that_are_no_utf_8_do_not_break_the_document) {
  EXPECT_EQ(error_of(to_json(Value("a\xff"
                                   "b"))),
            "");
}

}  // namespace
}  // namespace tend::json_test

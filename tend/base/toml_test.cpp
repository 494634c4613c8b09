#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/base/value.h"

namespace tend::toml_test {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_toml(text, "e.toml");
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage);
    return e.what();
  }
  return "";
}

TEST(Toml, keys_keep_the_order_of_the_file_and_know_their_lines) {
  const Value v = parse_toml("seed = 1\n\n[train]\nshuffle = true\nepochs = 10   # enough\n[data]\nsource = \"a.csv\"\n",
                             "e.toml");
  EXPECT_EQ(v.items()[0].first, "seed");
  EXPECT_EQ(v.items()[1].first, "train");
  EXPECT_EQ(v.items()[2].first, "data");
  EXPECT_EQ(v.find("train")->items()[0].first, "shuffle");
  EXPECT_EQ(v.find("train")->find("epochs")->line, 5);
  EXPECT_EQ(v.find("data")->find("source")->line, 7);
}

TEST(Toml, types_are_told_apart) {
  const Value v = parse_toml(
      "a = 1\nb = 1.0\nc = 1e-3\nd = true\ne = 'x'\nf = [1, \"two\", { three = 3 }]\ng = inf\nh = nan\ni = 0x10", "e.toml");
  EXPECT_TRUE(v.find("a")->is_integer());
  EXPECT_FALSE(v.find("b")->is_integer());
  EXPECT_EQ(v.find("c")->number(), 1e-3);
  EXPECT_TRUE(v.find("d")->boolean());
  EXPECT_EQ(v.find("e")->string(), "x");
  EXPECT_EQ(v.find("f")->array_items()[2].find("three")->integer(), 3);
  EXPECT_TRUE(std::isinf(v.find("g")->number()));
  EXPECT_TRUE(std::isnan(v.find("h")->number()));
  EXPECT_EQ(v.find("i")->integer(), 16);
}

TEST(Toml, an_inline_table_keeps_the_order_of_its_keys) {
  const Value v = parse_toml("layer = { zeta = 1, dense = 32, alpha = 2 }", "e.toml");
  EXPECT_EQ(to_inline_toml(*v.find("layer")), "{ zeta = 1, dense = 32, alpha = 2 }");
}

TEST(Toml, errors_name_file_line_and_column) {
  EXPECT_EQ(error_of("a = 1\nb = = 2\n").substr(0, 10), "e.toml:2:5");
  EXPECT_EQ(error_of("a = 1\na = 2\n").substr(0, 9), "e.toml:2:");
  EXPECT_EQ(error_of("[a]\n[a]\n").substr(0, 9), "e.toml:2:");
  EXPECT_NE(error_of("a = 2020-01-01"), "");
  EXPECT_NE(error_of("a = \"\xff\""), "");
  EXPECT_NE(error_of("a = 99999999999999999999"), "");
}

TEST(Toml, nesting_is_bounded) {
  EXPECT_EQ(error_of("a = " + std::string(40, '[') + std::string(40, ']')), "");
  EXPECT_NE(error_of("a = " + std::string(100, '[') + std::string(100, ']')), "");
  EXPECT_NE(error_of("a = " + std::string(100000, '[')), "");
}

TEST(TomlValue, a_bare_word_is_a_text) {
  EXPECT_EQ(parse_toml_value("adam", "--set").string(), "adam");
  EXPECT_EQ(parse_toml_value("two words", "--set").string(), "two words");
  EXPECT_EQ(parse_toml_value("data/a.csv", "--set").string(), "data/a.csv");
  EXPECT_EQ(parse_toml_value("", "--set").string(), "");
  EXPECT_EQ(parse_toml_value("1e-3", "--set").number(), 1e-3);
  EXPECT_EQ(parse_toml_value("12", "--set").integer(), 12);
  EXPECT_TRUE(parse_toml_value("true", "--set").boolean());
  EXPECT_EQ(parse_toml_value("\"12\"", "--set").string(), "12");
  EXPECT_EQ(parse_toml_value("1\nb = 2", "--set").string(), "1\nb = 2");
}

TEST(TomlValue, what_is_meant_as_toml_must_be_toml) {
  EXPECT_EQ(parse_toml_value("[\"relu\", { dense = 3 }]", "--set").array_items().size(), 2u);
  EXPECT_THROW(parse_toml_value("[1, 2", "--set"), Error);
  EXPECT_THROW(parse_toml_value("{ name = adam }", "--set"), Error);
}

TEST(TomlValue, points_at_no_line) {
  const Value v = parse_toml_value("[{ dense = 3 }]", "--set");
  EXPECT_EQ(v.line, 0);
  EXPECT_EQ(v.array_items()[0].find("dense")->line, 0);
}

TEST(ToToml, writes_sections_and_one_layer_a_line_where_they_are_many) {
  Value v;
  v["seed"] = 3;
  v["network"]["layers"] = Value::array();
  for (int i = 0; i < 5; ++i) {
    Value layer;
    layer["conv2d"] = 32;
    layer["padding"] = "same";
    v["network"]["layers"].push_back(layer);
  }
  v["update"]["optimizer"]["name"] = "adam";
  v["update"]["nothing"] = Value();
  EXPECT_EQ(
      to_toml(v),
      "seed = 3\n\n[network]\nlayers = [\n  { conv2d = 32, padding = \"same\" },\n  { conv2d = 32, padding = \"same\" },\n  { conv2d = 32, padding = \"same\" },\n"
      "  { conv2d = 32, padding = \"same\" },\n  { conv2d = 32, padding = \"same\" },\n]\n\n[update]\noptimizer = { name = \"adam\" }\n");
}

TEST(ToToml, what_is_written_reads_back_the_same) {
  Value v;
  v["numbers"] = Value(Value::Array{1, 0.1, -2.5e-300, 1.0, 4611686018427387904});
  v["texts"] = Value(Value::Array{"", "quote \" slash \\ tab \t line \n bell \a", "\xC3\xA9t\xC3\xA9"});
  v["odd key \""]["a.b"] = true;
  v["deep"]["table"]["of"]["tables"] = 1;
  EXPECT_EQ(parse_toml(to_toml(v), "again"), v);
}

}  // namespace
}  // namespace tend::toml_test

#include "tend/base/settings.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::settings_test {
namespace {

struct Filter {
  int kernel = 3;
  double rate = 0.5;
  bool bias = true;
  std::string padding = "valid";
  std::optional<double> l2;
  std::vector<std::string> names;
  std::vector<double> numbers;
  static constexpr auto fields = std::tuple{
      field_of<Filter>("kernel", &Filter::kernel, at_least(1), "pixels", "size of the window"),
      field_of<Filter>("rate", &Filter::rate, part_of_one()),
      field_of<Filter>("bias", &Filter::bias),
      field_of<Filter>("padding", &Filter::padding, {}, "", "around the image", "valid same"),
      field_of<Filter>("l2", &Filter::l2, at_least(0)),
      field_of<Filter>("names", &Filter::names),
      field_of<Filter>("numbers", &Filter::numbers)};
};

std::string error_of(const std::string& toml) {
  try {
    read_fields<Filter>(parse_toml(toml, "e.toml"), "layer");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Settings, are_read_by_name) {
  const Filter f = read_fields<Filter>(
      parse_toml("kernel = 5\nrate = 0\nbias = false\npadding = 'same'\nl2 = 1\nnames = ['a']\nnumbers = [1, 2.5]", "e"),
      "layer");
  EXPECT_EQ(f.kernel, 5);
  EXPECT_EQ(f.rate, 0);
  EXPECT_FALSE(f.bias);
  EXPECT_EQ(f.padding, "same");
  EXPECT_EQ(f.l2, 1);
  EXPECT_EQ(f.names, std::vector<std::string>{"a"});
  EXPECT_EQ(f.numbers, (std::vector<double>{1, 2.5}));
}

TEST(Settings, a_whole_number_may_be_written_as_a_float) {
  EXPECT_EQ(read_fields<Filter>(parse_toml("kernel = 5.0", "e"), "layer").kernel, 5);
  EXPECT_EQ(error_of("kernel = 5.5"), "layer.kernel (line 1): the number 5.5; wanted a whole number >= 1");
}

TEST(Settings, out_of_range_says_what_was_wanted) {
  EXPECT_EQ(error_of("kernel = 0"), "layer.kernel (line 1): the number 0; wanted a whole number >= 1");
  EXPECT_EQ(error_of("\nrate = 1"), "layer.rate (line 2): the number 1; wanted a number >= 0 and < 1");
  EXPECT_EQ(error_of("kernel = 99999999999"), "layer.kernel (line 1): the number 99999999999; wanted a whole number >= 1");
  EXPECT_NE(error_of("rate = nan"), "");
  EXPECT_NE(error_of("l2 = -1e-9"), "");
}

TEST(Settings, a_number_too_small_for_its_type_is_refused) {
  int out = 0;
  EXPECT_THROW(read_value(Value(std::int64_t{-99999999999}), out, {}, "", "seed"), Error);
  std::int64_t wide = 0;
  read_value(Value(std::int64_t{-99999999999}), wide, {}, "", "seed");
  EXPECT_EQ(wide, -99999999999);
}

TEST(Settings, another_type_says_what_was_wanted) {
  EXPECT_EQ(error_of("bias = 1"), "layer.bias (line 1): the number 1; wanted true or false");
  EXPECT_EQ(error_of("rate = 'x'"), "layer.rate (line 1): the text \"x\"; wanted a number >= 0 and < 1");
  EXPECT_EQ(error_of("names = 'x'"), "layer.names (line 1): the text \"x\"; wanted a list of texts");
  EXPECT_EQ(error_of("numbers = [1, true]"), "layer.numbers (line 1): true; wanted a number");
}

TEST(Settings, words_are_checked_with_a_suggestion) {
  EXPECT_EQ(error_of("padding = 'Same'"),
            "layer.padding (line 1): the text \"Same\"; wanted one of: valid, same; did you mean \"same\"?");
}

TEST(Settings, an_unknown_key_names_all_and_the_nearest) {
  EXPECT_EQ(
      error_of("kernal = 3"),
      "layer: unknown key \"kernal\"; wanted one of: kernel, rate, bias, padding, l2, names, numbers; did you mean \"kernel\"?");
  EXPECT_NE(error_of("kernel_size = 3").find("did you mean \"kernel\"?"), std::string::npos);
  EXPECT_NE(error_of("activation = 'relu'").find("an entry of its own"), std::string::npos);
  EXPECT_EQ(error_of("xyzzy = 3").find("did you mean"), std::string::npos);
}

TEST(Settings, are_written_whole_or_without_defaults) {
  Filter f;
  f.kernel = 7;
  EXPECT_EQ(to_inline_toml(write_fields(f, false)), "{ kernel = 7 }");
  const Value whole = write_fields(f, true);
  EXPECT_EQ(whole.items().size(), 7u);
  EXPECT_TRUE(whole.find("l2")->is_null());
}

TEST(Settings, describe_themselves) {
  const auto all = describe_fields<Filter>();
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[0].name, "kernel");
  EXPECT_EQ(all[0].type, "integer");
  EXPECT_EQ(all[0].unit, "pixels");
  EXPECT_EQ(all[0].text, "size of the window");
  EXPECT_EQ(all[0].fallback, Value(3));
  EXPECT_EQ(all[3].words, "valid same");
  EXPECT_EQ(all[4].type, "number");
}

TEST(WantedText, states_open_and_closed_bounds) {
  EXPECT_EQ(wanted_text("number", any_number(), ""), "a number");
  EXPECT_EQ(wanted_text("number", above(0), ""), "a number > 0");
  EXPECT_EQ(wanted_text("integer", between(1, 9), ""), "a whole number >= 1 and <= 9");
  EXPECT_EQ(wanted_text("number", part_of_one(), ""), "a number >= 0 and < 1");
}

TEST(Nearest, finds_slips_and_beginnings_and_nothing_far) {
  const std::vector<std::string> known{"train", "epochs", "learning_rate", "relu", "sgd"};
  EXPECT_EQ(nearest("trian", known), "train");  // two neighbouring letters swapped
  EXPECT_EQ(nearest("epoch", known), "epochs");
  EXPECT_EQ(nearest("learning", known), "learning_rate");
  EXPECT_EQ(nearest("RELU", known), "relu");
  EXPECT_EQ(nearest("sdg", known), "sgd");
  EXPECT_EQ(nearest("momentum", known), "");
  EXPECT_EQ(nearest("", known), "");
}

}  // namespace
}  // namespace tend::settings_test

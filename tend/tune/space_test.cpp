#include "tend/tune/space.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::space_test {

SearchSpace space_of(const std::string& text) { return read_search_space(parse_toml(text, "study.toml")); }

std::string message_of(const std::string& text) {
  try {
    space_of(text);
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage);
    return e.what();
  }
  return "";
}

TEST(Space, the_middle_of_a_log_range_is_the_geometric_mean_of_its_bounds) {
  const auto p = space_of("rate = { log_uniform = [1e-4, 1.0] }").parameters.at(0);
  EXPECT_NEAR(p.at(0.5).number(), 1e-2, 1e-12);
  EXPECT_EQ(p.at(0).number(), 1e-4);
  EXPECT_EQ(p.at(1).number(), 1.0);
}

TEST(Space, a_logit_range_is_symmetric_about_one_half) {
  const auto p = space_of("keep = { logit = [0.01, 0.99] }").parameters.at(0);
  EXPECT_NEAR(p.at(0.5).number(), 0.5, 1e-12);
  EXPECT_NEAR(p.at(0.25).number() + p.at(0.75).number(), 1.0, 1e-12);
}

TEST(Space, whole_numbers_include_both_bounds_and_are_equally_likely) {
  const auto p = space_of("units = { int = [3, 6] }").parameters.at(0);
  ASSERT_EQ(p.levels(), 4u);
  int counts[4] = {};
  for (int i = 0; i < 400; ++i) ++counts[p.at((i + 0.5) / 400).integer() - 3];
  for (int count : counts) EXPECT_EQ(count, 100);
}

TEST(Space, steps_start_at_the_lower_bound_and_stay_in_the_range) {
  const auto units = space_of("units = { int = [32, 100], step = 32 }").parameters.at(0);
  EXPECT_EQ(units.levels(), 3u);
  EXPECT_EQ(units.at(1).integer(), 96);
  const auto rate = space_of("rate = { uniform = [0.0, 0.3], step = 0.1 }").parameters.at(0);
  EXPECT_EQ(rate.levels(), 4u);
  EXPECT_EQ(rate.at(1).number(), 0.3);
}

TEST(Space, every_value_is_found_again_at_its_place) {
  const auto space = space_of(
      "a = { uniform = [-2.0, 3.0] }\nb = { log_uniform = [1e-6, 1e3] }\nc = { logit = [0.001, 0.9] }\n"
      "d = { int = [-5, 5] }\ne = { ordinal = [16, 32, 64] }\nf = { choice = [\"relu\", \"tanh\", true] }\n"
      "g = { uniform = [0.0, 1.0], step = 0.3 }");
  for (const SearchParameter& p : space.parameters)
    for (int i = 0; i <= 50; ++i) {
      const Value v = p.at(i / 50.0), again = p.at(p.place_of(v));
      if (p.levels() > 0) EXPECT_EQ(v, again) << p.name;
      else EXPECT_NEAR(v.number(), again.number(), 1e-12 * (1 + std::abs(v.number()))) << p.name;
    }
}

TEST(Space, places_outside_the_range_give_its_bounds) {
  const auto p = space_of("a = { uniform = [1.0, 2.0] }").parameters.at(0);
  EXPECT_EQ(p.at(-3).number(), 1.0);
  EXPECT_EQ(p.at(7).number(), 2.0);
  EXPECT_EQ(p.at(std::nan("")).number(), 1.5);
}

TEST(Space, a_point_has_one_value_for_each_parameter_in_the_order_of_the_file) {
  const Value point = space_of("b = { int = [1, 2] }\na = { choice = [\"x\"] }").at({0.9, 0.1});
  EXPECT_EQ(to_json(point, -1), R"({"b":2,"a":"x"})");
}

TEST(Space, errors_name_the_parameter_and_what_was_expected) {
  const std::string zero = message_of("rate = { log_uniform = [0.0, 1.0] }");
  EXPECT_NE(zero.find("tune.parameters.rate.log_uniform"), std::string::npos) << zero;
  EXPECT_NE(zero.find("two numbers > 0"), std::string::npos) << zero;
  EXPECT_NE(message_of("rate = { log_unifrom = [0.1, 1.0] }").find("log_uniform"), std::string::npos);
}

TEST(Space, wrong_ranges_and_values_are_errors) {
  for (const char* text : {"",
                           "a = 3",
                           "a = {}",
                           "a = { uniform = [1.0, 1.0] }",
                           "a = { uniform = [2.0, 1.0] }",
                           "a = { uniform = [1.0] }",
                           "a = { uniform = [nan, 1.0] }",
                           "a = { uniform = [-1.7e308, 1.7e308] }",
                           "a = { logit = [0.0, 0.5] }",
                           "a = { int = [0.5, 2] }",
                           "a = { choice = [] }",
                           "a = { choice = [1, 1] }",
                           "a = { choice = [nan] }",
                           "a = { ordinal = [inf] }",
                           "a = { ordinal = [[1]] }",
                           "a = { step = 1 }",
                           "a = { uniform = [0, 1], int = [0, 1] }",
                           "a = { log_uniform = [1, 2], step = 1 }",
                           "a = { int = [0, 9], step = 0 }",
                           "a = { int = [0, 9], step = 0.5 }",
                           "a = { uniform = [0, 1], step = 1e-12 }"})
    EXPECT_NE(message_of(text), "") << text;
}

TEST(Space, a_parameter_with_a_condition_is_there_only_where_it_holds) {
  const SearchSpace space = space_of(
      "optimizer = { choice = [\"sgd\", \"adam\", { name = \"momentum\" }] }\n"
      "momentum = { uniform = [0.0, 1.0], when = { optimizer = [\"sgd\", { name = \"momentum\" }] } }\n"
      "nesterov = { choice = [true, false], when = { momentum = 0.5, optimizer = \"sgd\" } }");
  EXPECT_EQ(to_json(space.at({0.1, 0.25, 0.1}), -1), R"({"optimizer":"sgd","momentum":0.25})");
  EXPECT_EQ(to_json(space.at({0.1, 0.5, 0.1}), -1), R"({"optimizer":"sgd","momentum":0.5,"nesterov":true})");
  EXPECT_EQ(to_json(space.at({0.5, 0.5, 0.1}), -1), R"({"optimizer":"adam"})");
  EXPECT_EQ(space.at({0.9, 0.25, 0.1}).items().size(), 2U);
  std::vector<double> units{0.5, 0.3, 0.9};
  space.settle(units);
  EXPECT_EQ(units, (std::vector{0.5, 0.5, 0.5}));
}

TEST(Space, wrong_conditions_are_errors) {
  for (const char* when : {"{}", "3", "{ c = 1 }", "{ a = 3 }", "{ b = 0.1 }", "{ a = [] }"})
    EXPECT_NE(message_of("a = { choice = [1, 2] }\nb = { uniform = [0.0, 1.0], when = " + std::string(when) + " }"), "") << when;
}

TEST(Space, a_value_outside_the_space_has_no_place) {
  const auto p = space_of("a = { int = [1, 4] }").parameters.at(0);
  EXPECT_THROW(p.place_of(9), Error);
  EXPECT_THROW(p.place_of("x"), Error);
  EXPECT_THROW(p.place_of(2.5), Error);
  const auto wide = space_of("a = { int = [32, 100], step = 32 }").parameters.at(0);
  EXPECT_THROW(wide.place_of(33), Error);
  EXPECT_THROW(wide.place_of(100), Error);
  EXPECT_NO_THROW(wide.place_of(96));
}

}  // namespace tend::space_test

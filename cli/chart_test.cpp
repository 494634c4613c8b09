#include "chart.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::chart_test {
namespace {

Curve line(const std::string& name, int count, double (*f)(double)) {
  Curve curve{.name = name, .points = {}};
  for (int i = 1; i <= count; ++i) {
    const double v = f(i);
    curve.points.push_back({.x = static_cast<double>(i), .low = v, .mean = v, .high = v});
  }
  return curve;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& l : lines) text += l + "\n";
  return text;
}

TEST(Chart, a_rising_line_goes_from_the_lower_left_to_the_upper_right) {
  const std::vector<std::string> lines = chart("loss", "epoch", {line("a", 5, [](double x) { return x; })},
                                               {.width = 40, .height = 5});
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[0], "  loss");
  EXPECT_NE(lines[1].find("5 +"), std::string::npos) << joined(lines);
  EXPECT_EQ(lines[1].back(), '*');
  EXPECT_EQ(lines[1].size(), 39u);                     // a column stays free
  EXPECT_EQ(lines[5].find('*'), 5u) << joined(lines);  // next to the axis
  EXPECT_NE(lines[7].find("4  epoch"), std::string::npos) << joined(lines);
  for (const std::string& l : lines) EXPECT_LE(l.size(), 48u) << l;
}

TEST(Chart, is_logarithmic_where_values_span_more_than_two_decades) {
  const auto power = [](double x) { return std::pow(10, -x); };
  const std::string text = joined(chart("loss", "epoch", {line("a", 4, power)}, {}));
  EXPECT_NE(text.find("logarithmic"), std::string::npos);
  for (const char* tick : {"0.1 +", "0.01 +", "0.001 +", "0.0001 +"}) EXPECT_NE(text.find(tick), std::string::npos) << text;
  EXPECT_EQ(joined(chart("loss", "epoch", {line("a", 2, power)}, {})).find("logarithmic"), std::string::npos);
  const auto negative = [](double x) { return x - 500; };
  EXPECT_EQ(joined(chart("loss", "epoch", {line("a", 600, negative)}, {})).find("logarithmic"), std::string::npos);
}

TEST(Chart, several_curves_have_a_mark_each_and_a_legend) {
  const std::string text = joined(
      chart("loss", "epoch",
            {line("train", 9, [](double x) { return x; }), line("validation", 9, [](double x) { return 10 - x; })}, {}));
  EXPECT_NE(text.find("* train  o validation"), std::string::npos) << text;
  EXPECT_NE(text.find("oo"), std::string::npos);
}

TEST(Chart, braille_draws_eight_dots_to_a_character) {
  const std::vector<std::string> lines = chart("loss", "step", {line("a", 1000, [](double) { return 1.0; })},
                                               {.width = 60, .height = 4, .has_braille = true});
  const std::string text = joined(lines);
  EXPECT_EQ(text.find('*'), std::string::npos);
  EXPECT_NE(text.find("\xe2\xa0"), std::string::npos) << text;
  EXPECT_NE(text.find("┬"), std::string::npos);
}

TEST(Chart, values_that_are_not_finite_are_gaps_and_counted) {
  const auto breaks = [](double x) { return x < 5 ? x : std::nan(""); };
  const std::string text = joined(chart("loss", "step", {line("a", 8, breaks)}, {}));
  EXPECT_NE(text.find("4 of 8 points are not finite, the first at step 5"), std::string::npos) << text;
  EXPECT_TRUE(chart("loss", "step", {}, {}).empty());
  const auto nothing = [](double) { return std::nan(""); };
  EXPECT_EQ(chart("loss", "step", {line("a", 3, nothing)}, {}).size(), 2u);
  const auto constant = [](double) { return 0.0; };
  EXPECT_NE(joined(chart("loss", "step", {line("a", 1, constant)}, {})).find('*'), std::string::npos);
}

TEST(Chart, the_rounding_of_a_constant_is_not_drawn) {
  Curve curve{.name = "a", .points = {}};
  for (int i = 1; i < 100; ++i) curve.points.push_back({.x = 1.0 * i, .low = 0.01 - 1e-10, .mean = 0.01, .high = 0.01 + 1e-10});
  std::size_t lines = 0;
  for (const std::string& l : chart("rate", "step", {curve}, {.height = 5})) lines += l.find('*') != std::string::npos;
  EXPECT_EQ(lines, 1u);
}

TEST(Chart, a_spike_among_many_points_stays_visible) {
  Curve curve{.name = "a", .points = {}};
  for (int i = 0; i < 100000; ++i) {
    const double high = i == 50000 ? 50 : 1;
    curve.points.push_back({.x = static_cast<double>(i), .low = 1, .mean = 1, .high = high});
  }
  const std::vector<std::string> lines = chart("loss", "step", {curve}, {});
  EXPECT_NE(lines[1].find('*'), std::string::npos) << joined(lines);
}

}  // namespace
}  // namespace tend::chart_test

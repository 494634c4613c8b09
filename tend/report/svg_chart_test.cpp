#include "tend/report/svg_chart.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::svg_chart_test {

TEST(ChartAxis, is_logarithmic_where_positive_values_span_decades) {
  const ChartAxis wide = ChartAxis::of({0.001, 1, 10, NAN}), narrow = ChartAxis::of({1, 2, 3}),
                  negative = ChartAxis::of({-1, 1000});
  EXPECT_TRUE(wide.is_log);
  EXPECT_FALSE(narrow.is_log);
  EXPECT_FALSE(negative.is_log);
  EXPECT_NEAR(wide.place(0.1), 0.5, 1e-12);
  EXPECT_NEAR(narrow.place(2), 0.5, 1e-12);
  EXPECT_EQ(narrow.place(9), 1);
  EXPECT_EQ(narrow.place(NAN), 1);
  EXPECT_FALSE(wide.ticks().empty());
}

TEST(ChartAxis, of_one_value_or_none_has_a_length) {
  EXPECT_GT(ChartAxis::of({5}).high, ChartAxis::of({5}).low);
  EXPECT_GT(ChartAxis::of({}).high, ChartAxis::of({}).low);
}

TEST(ChartAxis, a_value_comes_back_from_its_place) {
  for (const ChartAxis& axis : {ChartAxis::of({0.001, 1, 10}), ChartAxis::of({-1, 3})})
    EXPECT_NEAR(axis.value(axis.place(2)), 2, 1e-12);
  ChartAxis named;
  named.names = {{0.25, "a"}, {0.75, "b"}};
  EXPECT_EQ(named.value(0.75), 0.75);
}

TEST(SvgChart, each_mark_carries_its_numbers_for_the_script) {
  const ChartAxis x{.low = 0, .high = 10, .is_count = true}, y = ChartAxis::of({0.01, 100});
  SvgChart chart("t", x, y, "step", "");
  chart.dot(0.5, 0.5, "best", "");
  chart.line({{0, 0}, {1, 1}}, "train");
  chart.band({{0, 0, 0.5}, {1, 0.5, 1}}, "");
  chart.box(0, 0, 0.5, 0.5, "", "");
  chart.label(0.1, 0.25, "l");
  chart.mark(0.2, "used");
  const std::string text = chart.text();
  for (const char* part : {"data-x=\"0 10 count\"", "data-y=\"0.01 100 log\"", "data-frame=\"60 12 26 40\"", "data-v=\"5,1\"",
                           "data-v=\"0,0.01 10,100 \"", "data-v=\"0,0.01,1 10,1,100 \"", "data-v=\"0,0.01 5,1\"",
                           "data-v=\"1,0.1\"", "data-v=\"2,0.01\">used"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(SvgChart, has_axes_and_what_was_drawn_and_escapes_texts) {
  SvgChart chart("a <title>", ChartAxis{}, ChartAxis{}, "x & y", "value");
  chart.dot(0.5, 0.5, "best", "trial 3 \"good\"");
  chart.line({{0, 0}, {1, 1}}, "train");
  chart.band({{0, 0, 0.1}, {1, 0.5, 0.6}}, "");
  const std::string text = chart.text();
  for (const char* part :
       {"<svg", "a &lt;title&gt;", "x &amp; y", "<circle", "<polyline", "<polygon", "&quot;good&quot;", "</svg>"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

}  // namespace tend::svg_chart_test

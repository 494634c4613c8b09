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

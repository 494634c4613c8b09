#include "tend/report/plane_chart.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::plane_chart_test {
namespace {

PagePlane bowl() {
  PagePlane plane{.title = "a <bowl>",
                  .x_name = "x",
                  .y_name = "y",
                  .low_x = -1,
                  .high_x = 1,
                  .low_y = -1,
                  .high_y = 1,
                  .columns = 41,
                  .rows = 41};
  for (std::size_t r = 0; r < plane.rows; ++r)
    for (std::size_t c = 0; c < plane.columns; ++c)
      plane.values.push_back(std::pow(static_cast<double>(c) / 20 - 1, 2) + std::pow(static_cast<double>(r) / 20 - 1, 2));
  plane.path = {{-0.5, 0.5}, {0, 0}};
  return plane;
}

TEST(PlaneChart, the_level_line_of_a_bowl_is_a_circle) {
  const auto pieces = level_line(bowl(), 0.25);
  EXPECT_GT(pieces.size(), 40U);
  for (const auto& [x1, y1, x2, y2] : pieces) {
    EXPECT_NEAR(std::hypot(2 * x1 - 1, 2 * y1 - 1), 0.5, 0.01);
    EXPECT_LT(std::hypot(x1 - x2, y1 - y2), 0.04);
  }
}

TEST(PlaneChart, draws_lines_and_the_path_and_escapes_names) {
  const std::string svg = plane_chart(bowl());
  EXPECT_NE(svg.find("a &lt;bowl&gt;"), svg.npos);
  EXPECT_NE(svg.find("class=\"level\""), svg.npos);
  EXPECT_NE(svg.find("<polyline class=\"way\" points=\"108.5,86.5 171.0,149.0 \"/>"), svg.npos) << svg;
  PagePlane plain = bowl();
  plain.values.clear(), plain.path = {{NAN, 0}};
  EXPECT_EQ(plane_chart(plain).find("polyline"), std::string::npos);
}

TEST(PlaneChart, histograms_have_a_bar_for_each_bin_with_values) {
  const std::string svg = histogram_strip("outputs", -1, 1, {{.name = "tanh_1", .counts = {0, 4, 2}}});
  EXPECT_NE(svg.find("tanh_1"), svg.npos);
  EXPECT_NE(svg.find("v-60.0"), svg.npos) << svg;
  EXPECT_NE(svg.find("v-30.0"), svg.npos) << svg;
}

TEST(PlaneChart, pictures_have_a_path_for_each_level_of_grey) {
  const std::string svg = picture_strip("weights", {{.name = "unit 1", .height = 1, .width = 2, .values = {0, 1}}});
  EXPECT_NE(svg.find("<path fill=\"#000\" d=\"M0 0h1v1h-1z\"/>"), svg.npos) << svg;
  EXPECT_NE(svg.find("<path fill=\"#fff\" d=\"M1 0h1v1h-1z\"/>"), svg.npos) << svg;
}

}  // namespace
}  // namespace tend::plane_chart_test

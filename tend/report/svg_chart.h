#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tend/report/page.h"

namespace tend {

/// An axis of a chart: where a value lies, and its ticks.
struct ChartAxis {
  double low = 0, high = 1;
  bool is_log = false, is_count = false;                   ///< is_count: only whole numbers have ticks
  std::vector<std::pair<double, std::string>> names = {};  ///< place in [0, 1] and name, where values are not numbers

  /// An axis of these values, those that are not finite aside; logarithmic where positive ones span more than two decades.
  static ChartAxis of(const std::vector<double>& values);
  double place(double v) const;      ///< 0 at low, 1 at high; outside values are moved to the nearest end
  double value(double place) const;  ///< where place() comes from; the place itself where there are names
  std::vector<std::pair<double, std::string>> ticks() const;  ///< place and text
};

/// One chart as an SVG element, with axes, a title and what is drawn into it. Places are in [0, 1], y upwards. Each mark carries
/// its numbers, from which the script of page_style draws it again when a reader zooms.
class SvgChart {
 public:
  SvgChart(std::string title, ChartAxis x, ChartAxis y, std::string x_name, std::string y_name, int width = 460,
           int height = 260);
  void dot(double x, double y, const std::string& kind, const std::string& hint);
  void line(const std::vector<std::pair<double, double>>& places, const std::string& kind, const std::string& hint = "");
  /// The area between two curves: x, low, high.
  void band(const std::vector<std::array<double, 3>>& places, const std::string& kind);
  void box(double x, double y, double width, double height, const std::string& style, const std::string& hint);
  void label(double x, double y, const std::string& text);
  void mark(double x, const std::string& text);  ///< a vertical line with a name at its upper end
  std::string text() const;

 private:
  double at_x(double place) const;
  double at_y(double place) const;
  std::string pair(double x, double y) const;
  static std::string data(const std::string& numbers);
  std::string grid_line(double x1, double x2, double y1, double y2) const;
  std::string title_, x_name_, y_name_, inside_;
  ChartAxis x_, y_;
  int width_, height_, marks_ = 0;
};

}  // namespace tend

#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace tend {

/// The style of all pages, for the head of an HTML document: light and dark by the reader's setting, printable, and without
/// outside requests. Curves differ in dashes, too, for readers without colour.
extern const char* const page_style;

/// Text with &, <, > and quotes replaced, for HTML and SVG.
std::string escaped(const std::string& text);

/// An axis of a chart: where a value lies, and its ticks.
struct ChartAxis {
  double low = 0, high = 1;
  bool is_log = false, is_count = false;                   ///< is_count: only whole numbers have ticks
  std::vector<std::pair<double, std::string>> names = {};  ///< place in [0, 1] and name, where values are not numbers

  /// An axis of these values, those that are not finite aside; logarithmic where positive ones span more than two decades.
  static ChartAxis of(const std::vector<double>& values);
  double place(double v) const;  ///< 0 at low, 1 at high; outside values are moved to the nearest end
  std::vector<std::pair<double, std::string>> ticks() const;  ///< place and text
};

/// One chart as an SVG element, with axes, a title and what is drawn into it. Places are in [0, 1], y upwards.
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
  std::string text() const;

 private:
  double at_x(double place) const;
  double at_y(double place) const;
  std::string title_, x_name_, y_name_, inside_;
  ChartAxis x_, y_;
  int width_, height_;
};

}  // namespace tend

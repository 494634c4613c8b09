#include <algorithm>
#include <cmath>

#include "tend/report/run_page.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

/// The style of a curve; a legend names those of a chart with more than train and validation.
std::string style_of(const PageCurve& curve, std::size_t i) {
  if (curve.name.empty()) return "train";
  return curve.name == "train" || curve.name == "validation" ? curve.name : "of" + std::to_string(i % 8);
}

std::string legend_of(const PageChart& chart) {
  std::string text;
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    if (const std::string style = style_of(chart.curves[i], i); style.starts_with("of"))
      text += "<span><svg width=\"24\" height=\"8\" aria-hidden=\"true\"><polyline class=\"" + style +
              "\" points=\"0,4 24,4\"/></svg> " + escaped(chart.curves[i].name) + "</span> ";
  return text.empty() ? "" : "<p class=\"legend\">" + text + "</p>\n";
}

}  // namespace

std::string page_chart(const PageChart& chart) {
  std::vector<double> xs, ys;
  for (const auto& [at, unused] : chart.marks)
    if (std::isfinite(at) && (at > 0 || !chart.is_log_x)) xs.push_back(at);
  for (const PageCurve& curve : chart.curves)
    for (const auto& [x, low, mean, high] : curve.points) {
      xs.push_back(x);
      for (const double v : {low, mean, high}) ys.push_back(v);
    }
  if (std::none_of(ys.begin(), ys.end(), [](double v) { return std::isfinite(v); })) return "";
  ChartAxis x = ChartAxis::of(xs);
  x.is_log = chart.is_log_x, x.is_count = !chart.is_log_x;
  const ChartAxis y = ChartAxis::of(ys);
  std::string names;
  for (const PageCurve& curve : chart.curves)
    if (curve.name == "train" || curve.name == "validation")
      names += (names.empty() ? ": " : ", ") + curve.name + (curve.name == "validation" ? " (dashed)" : "");
  SvgChart svg(chart.title + names + (y.is_log ? ", logarithmic" : ""), x, y, chart.x_name, "");
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const PageCurve& curve = chart.curves[i];
    std::vector<std::array<double, 3>> band;
    std::vector<std::pair<double, double>> line;
    for (const auto& [at, low, mean, high] : curve.points) {
      if (low < high) band.push_back({x.place(at), y.place(low), y.place(high)});
      if (std::isfinite(mean)) line.emplace_back(x.place(at), y.place(mean));
    }
    svg.band(band, "");
    if (line.size() == 1) svg.dot(line[0].first, line[0].second, style_of(curve, i), curve.name);
    svg.line(line, style_of(curve, i), curve.name);
  }
  for (const auto& [at, name] : chart.marks)
    if (std::isfinite(at) && at >= x.low && at <= x.high) svg.mark(x.place(at), name);
  return "<div>" + svg.text() + legend_of(chart) + "</div>\n";
}

}  // namespace tend

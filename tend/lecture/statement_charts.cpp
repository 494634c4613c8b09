#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/lecture/measures.h"
#include "tend/report/plane_chart.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

bool is_path(const std::string& chart) { return chart == "path"; }
bool is_of_trials(const std::string& chart) { return chart.starts_with("trials: "); }

std::string x_name_of(const std::string& chart) {
  if (chart.starts_with("start.") || chart.starts_with("end.")) return "activation";
  if (chart.ends_with(" by second")) return "second";
  if (chart.starts_with("difference ")) return "-log10(h)";
  return chart == "loss" ? "step" : chart == "best" ? "training" : "epoch";
}

std::vector<std::array<double, 2>> curve_of(const Measures& m, const std::string& chart) {
  const auto found = m.curves.find(chart);
  return found == m.curves.end() ? std::vector<std::array<double, 2>>() : found->second;
}

std::string path_picture(const LecturePoints& of) {
  PagePlane plane{.title = "path of the first two weights: " + of.run, .x_name = "first weight", .y_name = "second weight"};
  plane.path = of.points;
  if (of.surface && !of.surface->values.empty()) {
    const LectureSurface& s = *of.surface;
    plane.low_x = s.low_x, plane.high_x = s.high_x, plane.low_y = s.low_y, plane.high_y = s.high_y;
    plane.columns = s.columns, plane.rows = s.rows, plane.values = s.values;
  }
  return plane_chart(plane);
}

/// The values of a search's trials at a parameter; `like`: all of this chart, whose axes are the same.
std::string trials_picture(const LecturePoints& of, const std::vector<LecturePoints>& like) {
  std::vector<double> xs, ys;
  for (const LecturePoints& other : like)
    if (other.chart == of.chart)
      for (const auto& [x, y] : other.points) xs.push_back(x), ys.push_back(y);
  double least = HUGE_VAL;
  for (const double v : ys)
    if (v > 0) least = std::min(least, v);
  std::erase_if(ys, [&](double v) { return v > 100 * least; });  // exploded losses lie at the upper end
  const ChartAxis x = ChartAxis::of(xs), y = ChartAxis::of(ys);
  SvgChart svg(of.run + ": value of each trial", x, y, of.chart.substr(8) + (x.is_log ? ", logarithmic" : ""), "");
  for (const auto& [at, value] : of.points)
    if (std::isfinite(value)) svg.dot(x.place(at), y.place(value), "completed", short_number(at) + ": " + short_number(value));
  return svg.text();
}

void add_histograms(std::vector<std::string>& pictures, const std::string& run, const Measures& m) {
  for (const char* when : {"start", "end"}) {
    std::vector<PageHistogram> strip;
    const LectureHistogram* any = nullptr;
    for (const LectureHistogram& h : m.histograms)
      if (h.when == when) strip.push_back({.name = h.layer, .counts = h.counts}), any = &h;
    if (any) pictures.push_back(histogram_strip(run + ", " + when + ": outputs of each activation", any->low, any->high, strip));
  }
}

void add_pictures(std::vector<std::string>& pictures, const std::string& run, const Measures& m) {
  for (const char* when : {"start", "end"}) {
    std::vector<StripPicture> strip;
    for (const LecturePicture& p : m.pictures)
      if (p.when == when)
        strip.push_back({.name = p.name, .height = p.height, .width = p.width, .channels = p.channels, .values = p.values});
    if (!strip.empty()) pictures.push_back(picture_strip(run + ", " + when + ": weights of the first layer", strip));
  }
}

}  // namespace

std::vector<PageChart> charts_of(const LectureStatement& statement, const StatementResult& result) {
  std::vector<PageChart> charts;
  for (const std::string& name : statement.charts) {
    if (is_path(name) || is_of_trials(name)) continue;
    PageChart chart{.title = name, .x_name = x_name_of(name), .curves = {}};
    for (std::size_t i = 0; i < statement.runs.size(); ++i) {
      PageCurve curve{.name = statement.runs[i].name, .points = {}};
      bool is_finite = true;
      for (const auto& [x, y] : curve_of(result.runs[i], name)) {
        curve.points.push_back({x, y, y, y});
        is_finite = is_finite && std::isfinite(y);
      }
      if (!is_finite) curve.name += " (not finite at the end)";
      chart.curves.push_back(std::move(curve));
    }
    charts.push_back(std::move(chart));
  }
  return charts;
}

std::vector<LecturePoints> points_of(const LectureStatement& statement, const StatementResult& result) {
  std::vector<LecturePoints> all;
  for (const std::string& name : statement.charts) {
    if (!is_path(name) && !is_of_trials(name)) continue;
    for (std::size_t i = 0; i < statement.runs.size(); ++i)
      all.push_back({.chart = name,
                     .run = statement.runs[i].name,
                     .is_path = is_path(name),
                     .points = curve_of(result.runs[i], name),
                     .surface = &result.runs[i].surface});
  }
  return all;
}

std::vector<std::string> pictures_of(const LectureStatement& statement, const StatementResult& result) {
  std::vector<std::string> pictures;
  const std::vector<LecturePoints> points = points_of(statement, result);
  for (const LecturePoints& of : points)
    if (!of.points.empty()) pictures.push_back(of.is_path ? path_picture(of) : trials_picture(of, points));
  for (const PageChart& chart : charts_of(statement, result))
    if (std::string svg = page_chart(chart); !svg.empty()) pictures.push_back(std::move(svg));
  for (std::size_t i = 0; i < statement.runs.size(); ++i) {
    add_histograms(pictures, statement.runs[i].name, result.runs[i]);
    add_pictures(pictures, statement.runs[i].name, result.runs[i]);
  }
  return pictures;
}

}  // namespace tend

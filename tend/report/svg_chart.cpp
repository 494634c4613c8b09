#include "tend/report/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr double left = 60, right = 12, top = 26, bottom = 40;
constexpr const char* frame = "60 12 26 40";  // for the script

std::string pixel(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

std::string digits(double v, int count) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", count, v);
  return text;
}

/// What the script reads about an axis.
std::string axis_text(const ChartAxis& axis) {
  if (!axis.names.empty()) return "0 1 names";
  return digits(axis.low, 9) + " " + digits(axis.high, 9) + (axis.is_log ? " log" : axis.is_count ? " count" : " linear");
}

std::string title_of(const std::string& hint) { return hint.empty() ? "" : "<title>" + escaped(hint) + "</title>"; }

}  // namespace

ChartAxis ChartAxis::of(const std::vector<double>& values) {
  ChartAxis axis{.low = INFINITY, .high = -INFINITY};
  for (const double v : values)
    if (std::isfinite(v)) axis.low = std::min(axis.low, v), axis.high = std::max(axis.high, v);
  if (!std::isfinite(axis.low)) return {};
  if (axis.low == axis.high) axis.high += std::max(1e-9, std::fabs(axis.high) / 10);
  axis.is_log = axis.low > 0 && axis.high / axis.low > 100;
  return axis;
}

double ChartAxis::place(double v) const {
  const double at = is_log ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
  return std::isnan(at) ? 1 : std::clamp(at, 0.0, 1.0);
}

double ChartAxis::value(double place) const {
  if (!names.empty()) return place;
  return is_log ? low * std::pow(high / low, place) : low + place * (high - low);
}

std::vector<std::pair<double, std::string>> ChartAxis::ticks() const {
  if (!names.empty()) return names;
  std::vector<std::pair<double, std::string>> all;
  if (is_log) {
    const double decades = std::log10(high / low), step = std::max(1.0, std::ceil(decades / 6));
    for (double t = std::ceil(std::log10(low) - 1e-9); t <= std::log10(high) + 1e-9; t += step)
      all.emplace_back(place(std::pow(10, t)), short_number(std::pow(10, t)));
    if (all.size() > 1) return all;
    all.clear();
  }
  if (is_count) {
    const double step = std::max(1.0, std::ceil((high - low) / 5));
    for (double v = std::ceil(low); v <= high; v += step) all.emplace_back(place(v), short_number(v));
    return all;
  }
  for (int i = 0; i <= 4; ++i) {
    const double v = is_log ? low * std::pow(high / low, i / 4.0) : low + (high - low) * i / 4;
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", v);
    all.emplace_back(i / 4.0, text);
  }
  return all;
}

SvgChart::SvgChart(std::string title, ChartAxis x, ChartAxis y, std::string x_name, std::string y_name, int width, int height)
    : title_(std::move(title)),
      x_name_(std::move(x_name)),
      y_name_(std::move(y_name)),
      x_(std::move(x)),
      y_(std::move(y)),
      width_(width),
      height_(height) {}

double SvgChart::at_x(double place) const { return left + place * (width_ - left - right); }
double SvgChart::at_y(double place) const { return height_ - bottom - place * (height_ - top - bottom); }

std::string SvgChart::pair(double x, double y) const { return digits(x_.value(x), 7) + "," + digits(y_.value(y), 5); }
std::string SvgChart::data(const std::string& numbers) { return " data-v=\"" + numbers + "\""; }

void SvgChart::dot(double x, double y, const std::string& kind, const std::string& hint) {
  inside_ += "<circle class=\"" + kind + "\" cx=\"" + pixel(at_x(x)) + "\" cy=\"" + pixel(at_y(y)) + "\" r=\"3\"" +
             data(pair(x, y)) + ">" + title_of(hint) + "</circle>\n";
}

void SvgChart::line(const std::vector<std::pair<double, double>>& places, const std::string& kind, const std::string& hint) {
  if (places.empty()) return;
  std::string points, numbers;
  for (const auto& [x, y] : places) {
    points += pixel(at_x(x)) + "," + pixel(at_y(y)) + " ";
    numbers += pair(x, y) + " ";
  }
  inside_ += "<polyline class=\"" + kind + "\" points=\"" + points + "\"" + data(numbers) + ">" + title_of(hint) +
             "</polyline>\n";
}

void SvgChart::band(const std::vector<std::array<double, 3>>& places, const std::string& kind) {
  if (places.size() < 2) return;
  std::string points, numbers;
  for (const auto& [x, low, high] : places) {
    points += pixel(at_x(x)) + "," + pixel(at_y(high)) + " ";
    numbers += pair(x, low) + "," + digits(y_.value(high), 5) + " ";
  }
  for (auto p = places.rbegin(); p != places.rend(); ++p) points += pixel(at_x((*p)[0])) + "," + pixel(at_y((*p)[1])) + " ";
  inside_ += "<polygon class=\"" + kind + "\" points=\"" + points + "\"" + data(numbers) + "/>\n";
}

void SvgChart::box(double x, double y, double width, double height, const std::string& style, const std::string& hint) {
  inside_ += "<rect style=\"" + style + "\" x=\"" + pixel(at_x(x)) + "\" y=\"" + pixel(at_y(y + height)) + "\" width=\"" +
             pixel(std::max(1.0, at_x(x + width) - at_x(x))) + "\" height=\"" + pixel(std::max(1.0, at_y(y) - at_y(y + height))) +
             "\"" + data(pair(x, y) + " " + pair(x + width, y + height)) + ">" + title_of(hint) + "</rect>\n";
}

void SvgChart::label(double x, double y, const std::string& text) {
  inside_ += "<text class=\"name\" x=\"" + pixel(at_x(x)) + "\" y=\"" + pixel(at_y(y)) + "\"" + data(pair(x, y)) + ">" +
             escaped(text) + "</text>\n";
}

void SvgChart::mark(double x, const std::string& text) {
  const double below = 10.0 * static_cast<double>(marks_++ % 4);
  const bool is_right = x > 0.7;
  inside_ += "<line class=\"mark\" x1=\"" + pixel(at_x(x)) + "\" x2=\"" + pixel(at_x(x)) + "\" y1=\"" + pixel(at_y(0)) +
             "\" y2=\"" + pixel(at_y(1)) + "\"" + data(pair(x, 0)) + "/>\n<text class=\"name mark\" text-anchor=\"" +
             (is_right ? "end" : "start") + "\" dx=\"" + (is_right ? "-3" : "3") + "\" x=\"" + pixel(at_x(x)) + "\" y=\"" +
             pixel(at_y(1) + 9 + below) + "\"" + data(pair(x, 0)) + ">" + escaped(text) + "</text>\n";
}

std::string SvgChart::grid_line(double x1, double x2, double y1, double y2) const {
  return "<line class=\"grid\" x1=\"" + pixel(at_x(x1)) + "\" x2=\"" + pixel(at_x(x2)) + "\" y1=\"" + pixel(at_y(y1)) +
         "\" y2=\"" + pixel(at_y(y2)) + "\"/>";
}

std::string SvgChart::text() const {
  std::string out = "<svg class=\"chart\" viewBox=\"0 0 " + std::to_string(width_) + " " + std::to_string(height_) +
                    "\" role=\"img\" aria-label=\"" + escaped(title_) + "\" data-frame=\"" + frame + "\" data-x=\"" +
                    axis_text(x_) + "\" data-y=\"" + axis_text(y_) + "\" data-name=\"" + escaped(x_name_) +
                    "\">\n<text class=\"title\" x=\"" + pixel(left) + "\" y=\"16\">" + escaped(title_) +
                    "</text>\n<g class=\"x-ticks\">\n";
  for (const auto& [place, name] : x_.ticks())
    out += grid_line(place, place, 0, 1) + "<text class=\"tick\" text-anchor=\"middle\" x=\"" + pixel(at_x(place)) + "\" y=\"" +
           pixel(at_y(0) + 14) + "\"" + data(digits(place, 5)) + ">" + escaped(name) + "</text>\n";
  out += "</g>\n<g class=\"y-ticks\">\n";
  for (const auto& [place, name] : y_.ticks())
    out += grid_line(0, 1, place, place) + "<text class=\"tick\" text-anchor=\"end\" x=\"" + pixel(left - 5) + "\" y=\"" +
           pixel(at_y(place) + 4) + "\"" + data(digits(place, 5)) + ">" + escaped(name) + "</text>\n";
  out += "</g>\n<g class=\"marks\">\n" + inside_ + "</g>\n<text class=\"name\" text-anchor=\"middle\" x=\"" + pixel(at_x(0.5)) +
         "\" y=\"" + pixel(height_ - 6) + "\">" + escaped(x_name_) + "</text>\n";
  if (!y_name_.empty())
    out += "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(12," + pixel(at_y(0.5)) + ") rotate(-90)\">" +
           escaped(y_name_) + "</text>\n";
  return out + "</svg>\n";
}

}  // namespace tend

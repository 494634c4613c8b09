#include "tend/report/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr double left = 60, right = 12, top = 26, bottom = 40;

std::string pixel(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

std::string title_of(const std::string& hint) { return hint.empty() ? "" : "<title>" + escaped(hint) + "</title>"; }

}  // namespace

const char* const page_style = R"(<style>
:root { --ink: #1c2733; --faint: #d5dbe1; --paper: #fff; --best: #c2410c; --done: #2563eb; --wait: #94a3b8; --stop: #dc2626; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --faint: #334155; --paper: #0f172a; --best: #fb923c; --done: #60a5fa; --wait: #64748b; --stop: #f87171; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1000px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin-top: 2em; }
.charts { display: flex; flex-wrap: wrap; gap: 16px; } .charts svg { width: 460px; max-width: 100%; } svg.wide { width: 100%; }
.title { font-size: 13px; font-weight: 600; fill: var(--ink); } .tick, .name { font-size: 10px; fill: var(--ink); }
.grid { stroke: var(--faint); stroke-width: .5; } polyline { fill: none; stroke: var(--wait); stroke-width: 1; opacity: .5; }
polyline.best { stroke: var(--best); stroke-width: 2; opacity: 1; } polyline.good { stroke: var(--done); }
circle.completed { fill: var(--done); } circle.waiting, circle.running { fill: var(--wait); } circle.stopped { fill: var(--stop); }
polyline.train { stroke: var(--done); stroke-width: 1.5; opacity: 1; } polyline.validation { stroke: var(--best); stroke-width: 1.5; opacity: 1; stroke-dasharray: 5 2; }
polygon { fill: var(--done); opacity: .2; } .fail, .critical { color: var(--stop); font-weight: 600; } .warn, .warning { color: var(--best); font-weight: 600; }
td.text, th.text { text-align: left; } code { font-size: 13px; } @media print { body { max-width: none; } }
polyline.of0 { stroke: #2563eb; } polyline.of1 { stroke: #c2410c; stroke-dasharray: 6 2; } polyline.of2 { stroke: #15803d; stroke-dasharray: 2 2; }
polyline.of3 { stroke: #9333ea; stroke-dasharray: 8 2 2 2; } polyline.of4 { stroke: #0891b2; } polyline.of5 { stroke: #be185d; stroke-dasharray: 6 2; }
polyline.of6 { stroke: #a16207; stroke-dasharray: 2 2; } polyline.of7 { stroke: #64748b; stroke-dasharray: 8 2 2 2; }
polyline[class^="of"] { stroke-width: 1.5; opacity: 1; } .legend svg { width: 24px; } .legend { margin: 0; max-width: 460px; font-size: 12px; } .legend span { white-space: nowrap; margin-right: 1em; }
circle.best { fill: var(--best); } .frame { fill: none; stroke: var(--faint); } .level { fill: none; stroke: var(--wait); stroke-width: .7; }
polyline.way { stroke: var(--best); stroke-width: 1.5; opacity: 1; } rect.end { fill: var(--best); } .bars { fill: var(--done); } table { border-collapse: collapse; font-size: 13px; }
td, th { padding: 2px 8px; border-bottom: 1px solid var(--faint); text-align: right; } .scroll { overflow-x: auto; }
</style>
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

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

void SvgChart::dot(double x, double y, const std::string& kind, const std::string& hint) {
  inside_ += "<circle class=\"" + kind + "\" cx=\"" + pixel(at_x(x)) + "\" cy=\"" + pixel(at_y(y)) + "\" r=\"3\">" +
             title_of(hint) + "</circle>\n";
}

void SvgChart::line(const std::vector<std::pair<double, double>>& places, const std::string& kind, const std::string& hint) {
  if (places.empty()) return;
  inside_ += "<polyline class=\"" + kind + "\" points=\"";
  for (const auto& [x, y] : places) inside_ += pixel(at_x(x)) + "," + pixel(at_y(y)) + " ";
  inside_ += "\">" + title_of(hint) + "</polyline>\n";
}

void SvgChart::band(const std::vector<std::array<double, 3>>& places, const std::string& kind) {
  if (places.size() < 2) return;
  inside_ += "<polygon class=\"" + kind + "\" points=\"";
  for (const auto& [x, low, high] : places) inside_ += pixel(at_x(x)) + "," + pixel(at_y(high)) + " ";
  for (auto p = places.rbegin(); p != places.rend(); ++p) inside_ += pixel(at_x((*p)[0])) + "," + pixel(at_y((*p)[1])) + " ";
  inside_ += "\"/>\n";
}

void SvgChart::box(double x, double y, double width, double height, const std::string& style, const std::string& hint) {
  inside_ += "<rect style=\"" + style + "\" x=\"" + pixel(at_x(x)) + "\" y=\"" + pixel(at_y(y + height)) + "\" width=\"" +
             pixel(std::max(1.0, at_x(x + width) - at_x(x))) + "\" height=\"" + pixel(std::max(1.0, at_y(y) - at_y(y + height))) +
             "\">" + title_of(hint) + "</rect>\n";
}

void SvgChart::label(double x, double y, const std::string& text) {
  inside_ += "<text class=\"name\" x=\"" + pixel(at_x(x)) + "\" y=\"" + pixel(at_y(y)) + "\">" + escaped(text) + "</text>\n";
}

std::string SvgChart::text() const {
  std::string out = "<svg viewBox=\"0 0 " + std::to_string(width_) + " " + std::to_string(height_) +
                    "\" role=\"img\" aria-label=\"" + escaped(title_) + "\">\n<text class=\"title\" x=\"" + pixel(left) +
                    "\" y=\"16\">" + escaped(title_) + "</text>\n";
  for (const auto& [place, name] : x_.ticks())
    out += "<line class=\"grid\" x1=\"" + pixel(at_x(place)) + "\" x2=\"" + pixel(at_x(place)) + "\" y1=\"" + pixel(at_y(0)) +
           "\" y2=\"" + pixel(at_y(1)) + "\"/><text class=\"tick\" text-anchor=\"middle\" x=\"" + pixel(at_x(place)) + "\" y=\"" +
           pixel(at_y(0) + 14) + "\">" + escaped(name) + "</text>\n";
  for (const auto& [place, name] : y_.ticks())
    out += "<line class=\"grid\" x1=\"" + pixel(at_x(0)) + "\" x2=\"" + pixel(at_x(1)) + "\" y1=\"" + pixel(at_y(place)) +
           "\" y2=\"" + pixel(at_y(place)) + "\"/><text class=\"tick\" text-anchor=\"end\" x=\"" + pixel(left - 5) + "\" y=\"" +
           pixel(at_y(place) + 4) + "\">" + escaped(name) + "</text>\n";
  out += inside_;
  out += "<text class=\"name\" text-anchor=\"middle\" x=\"" + pixel(at_x(0.5)) + "\" y=\"" + pixel(height_ - 6) + "\">" +
         escaped(x_name_) + "</text>\n";
  if (!y_name_.empty())
    out += "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(12," + pixel(at_y(0.5)) + ") rotate(-90)\">" +
           escaped(y_name_) + "</text>\n";
  return out + "</svg>\n";
}

}  // namespace tend

#include "tend/report/plane_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "tend/base/text.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

constexpr double plane_size = 250, plane_left = 46, plane_top = 24, plane_bottom = 36;

std::string place_text(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

std::string opening(const std::string& title, double width, double height) {
  return "<svg viewBox=\"0 0 " + place_text(width) + " " + place_text(height) + "\" role=\"img\" aria-label=\"" + escaped(title) +
         "\">\n<text class=\"title\" x=\"4\" y=\"15\">" + escaped(title) + "</text>\n";
}

std::string label_at(double x, double y, const char* anchor, const std::string& text) {
  return "<text class=\"tick\" text-anchor=\"" + std::string(anchor) + "\" x=\"" + place_text(x) + "\" y=\"" + place_text(y) +
         "\">" + escaped(text) + "</text>\n";
}

/// Places in the plane, in pixels.
struct PlaneScale {
  const PagePlane& plane;
  double x(double v) const { return plane_left + share_x(v) * plane_size; }
  double y(double v) const { return plane_top + (1 - share_y(v)) * plane_size; }
  double share_x(double v) const { return std::clamp((v - plane.low_x) / (plane.high_x - plane.low_x), 0.0, 1.0); }
  double share_y(double v) const { return std::clamp((v - plane.low_y) / (plane.high_y - plane.low_y), 0.0, 1.0); }
};

std::string level_lines(const PagePlane& plane) {
  if (plane.values.empty()) return "";
  const auto [low, high] = std::minmax_element(plane.values.begin(), plane.values.end());
  std::string text;
  for (int k = 1; k < 10; ++k) {
    std::string pieces;
    for (const auto& [x1, y1, x2, y2] : level_line(plane, *low + (*high - *low) * std::pow(k / 10.0, 3)))
      pieces += "M" + place_text(plane_left + x1 * plane_size) + " " + place_text(plane_top + (1 - y1) * plane_size) + "L" +
                place_text(plane_left + x2 * plane_size) + " " + place_text(plane_top + (1 - y2) * plane_size);
    if (!pieces.empty()) text += "<path class=\"level\" d=\"" + pieces + "\"/>\n";
  }
  return text;
}

std::string path_line(const PagePlane& plane) {
  const PlaneScale scale{plane};
  std::string points;
  for (const auto& [x, y] : plane.path)
    if (std::isfinite(x) && std::isfinite(y)) points += place_text(scale.x(x)) + "," + place_text(scale.y(y)) + " ";
  if (points.empty()) return "";
  const auto is_finite = [](const std::array<double, 2>& p) { return std::isfinite(p[0]) && std::isfinite(p[1]); };
  const auto& first = *std::find_if(plane.path.begin(), plane.path.end(), is_finite);  // there is one: points has it
  const auto& last = plane.path.back();
  std::string text = "<polyline class=\"way\" points=\"" + points + "\"/>\n<circle class=\"completed\" r=\"4\" cx=\"" +
                     place_text(scale.x(first[0])) + "\" cy=\"" + place_text(scale.y(first[1])) +
                     "\"><title>start</title></circle>\n";
  if (std::isfinite(last[0]) && std::isfinite(last[1]))
    text += "<rect class=\"end\" width=\"8\" height=\"8\" x=\"" + place_text(scale.x(last[0]) - 4) + "\" y=\"" +
            place_text(scale.y(last[1]) - 4) + "\"><title>end</title></rect>\n";
  return text;
}

}  // namespace

std::vector<std::array<double, 4>> level_line(const PagePlane& plane, double level) {
  std::vector<std::array<double, 4>> pieces;
  const auto at = [&](std::size_t r, std::size_t c) { return plane.values[r * plane.columns + c]; };
  for (std::size_t r = 0; r + 1 < plane.rows; ++r)
    for (std::size_t c = 0; c + 1 < plane.columns; ++c) {
      // The corners around the cell, and where the level crosses the sides between them.
      const double corners[4] = {at(r, c), at(r, c + 1), at(r + 1, c + 1), at(r + 1, c)};
      constexpr double places[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
      std::vector<std::array<double, 2>> crossings;
      for (std::size_t k = 0; k < 4; ++k) {
        const double from = corners[k], to = corners[(k + 1) % 4];
        if ((from < level) == (to < level) || !std::isfinite(from) || !std::isfinite(to)) continue;
        const double share = (level - from) / (to - from);
        const double *a = places[k], *b = places[(k + 1) % 4];
        crossings.push_back({(static_cast<double>(c) + a[0] + share * (b[0] - a[0])) / static_cast<double>(plane.columns - 1),
                             (static_cast<double>(r) + a[1] + share * (b[1] - a[1])) / static_cast<double>(plane.rows - 1)});
      }
      for (std::size_t k = 0; k + 1 < crossings.size(); k += 2)
        pieces.push_back({crossings[k][0], crossings[k][1], crossings[k + 1][0], crossings[k + 1][1]});
    }
  return pieces;
}

std::string plane_chart(const PagePlane& plane) {
  const double right = plane_left + plane_size, base = plane_top + plane_size;
  std::string text = opening(plane.title, right + 14, base + plane_bottom) + level_lines(plane) + "<rect class=\"frame\" x=\"" +
                     place_text(plane_left) + "\" y=\"" + place_text(plane_top) + "\" width=\"" + place_text(plane_size) +
                     "\" height=\"" + place_text(plane_size) + "\"/>\n" + path_line(plane);
  for (const double share : {0.0, 0.5, 1.0}) {
    text += label_at(plane_left + share * plane_size, base + 13, "middle",
                     short_number(plane.low_x + share * (plane.high_x - plane.low_x)));
    text += label_at(plane_left - 5, base - share * plane_size + 4, "end",
                     short_number(plane.low_y + share * (plane.high_y - plane.low_y)));
  }
  text += label_at(plane_left + plane_size / 2, base + 28, "middle", plane.x_name);
  text += "<text class=\"tick\" text-anchor=\"middle\" transform=\"translate(12," + place_text(plane_top + plane_size / 2) +
          ") rotate(-90)\">" + escaped(plane.y_name) + "</text>\n";
  return text + "</svg>\n";
}

std::string histogram_strip(const std::string& title, double low, double high, const std::vector<PageHistogram>& histograms) {
  constexpr double each = 86, gap = 10, height = 60, top = 26;
  std::string text = opening(title, static_cast<double>(histograms.size()) * (each + gap) + gap, top + height + 30);
  double left = gap / 2;
  for (const PageHistogram& h : histograms) {
    const auto most = static_cast<double>(std::max<std::int64_t>(1, *std::max_element(h.counts.begin(), h.counts.end())));
    const double width = each / static_cast<double>(h.counts.size());
    std::string bars;
    for (std::size_t i = 0; i < h.counts.size(); ++i) {
      const double size = static_cast<double>(h.counts[i]) / most * height;
      if (size > 0)
        bars += "M" + place_text(left + static_cast<double>(i) * width) + " " + place_text(top + height) + "v" +
                place_text(-size) + "h" + place_text(width) + "v" + place_text(size) + "z";
    }
    text += "<path class=\"bars\" d=\"" + bars + "\"/>\n" + label_at(left, top + height + 12, "start", short_number(low)) +
            label_at(left + each, top + height + 12, "end", short_number(high)) +
            label_at(left + each / 2, top + height + 25, "middle", h.name);
    left += each + gap;
  }
  return text + "</svg>\n";
}

std::string picture_strip(const std::string& title, const std::vector<StripPicture>& pictures) {
  constexpr double each = 64, gap = 8, top = 26;
  double tallest = 0;
  for (const StripPicture& p : pictures)
    tallest = std::max(tallest, each * static_cast<double>(p.height) / static_cast<double>(std::max<std::int64_t>(1, p.width)));
  std::string text = opening(title, static_cast<double>(pictures.size()) * (each + gap) + gap, top + tallest + 18);
  double left = gap / 2;
  for (const StripPicture& p : pictures) {
    std::map<std::string, std::string> by_colour;  // 16 levels of each channel
    for (std::int64_t y = 0; y < p.height; ++y)
      for (std::int64_t x = 0; x < p.width; ++x) {
        std::string colour = "#";
        for (std::int64_t c = 0; c < 3; ++c) {
          const float v = p.values[static_cast<std::size_t>((y * p.width + x) * p.channels + std::min(c, p.channels - 1))];
          colour +=
              "0123456789abcdef"[std::isfinite(v) ? static_cast<std::size_t>(std::lround(std::clamp(v, 0.0F, 1.0F) * 15)) : 0];
        }
        by_colour[colour] += "M" + std::to_string(x) + " " + std::to_string(y) + "h1v1h-1z";
      }
    const double scale = each / static_cast<double>(std::max<std::int64_t>(1, p.width));
    text += "<g transform=\"translate(" + place_text(left) + "," + place_text(top) + ") scale(" + short_number(scale) +
            ")\" shape-rendering=\"crispEdges\">";
    for (const auto& [colour, pixels] : by_colour) text += "<path fill=\"" + colour + "\" d=\"" + pixels + "\"/>";
    text += "</g>\n" + label_at(left + each / 2, top + tallest + 12, "middle", p.name);
    left += each + gap;
  }
  return text + "</svg>\n";
}

}  // namespace tend

#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// A path in a plane over level lines of a surface.
struct PagePlane {
  std::string title = {}, x_name = {}, y_name = {};
  double low_x = 0, high_x = 1, low_y = 0, high_y = 1;
  std::size_t columns = 0, rows = 0;
  std::vector<double> values = {};               ///< of the surface: [rows, columns], rows upwards from low_y; empty: no lines
  std::vector<std::array<double, 2>> path = {};  ///< from its first place (a circle) to its last (a square)
};
/// One SVG element; no script draws it again. Level lines lie closer where the surface is low: at (k / 10)^3 of its height.
std::string plane_chart(const PagePlane& plane);

/// The level line of a surface: pieces x1, y1, x2, y2 in [0, 1], by marching squares.
std::vector<std::array<double, 4>> level_line(const PagePlane& plane, double level);

/// Histograms beside each other, all with the same range.
struct PageHistogram {
  std::string name = {};
  std::vector<std::int64_t> counts = {};
};
std::string histogram_strip(const std::string& title, double low, double high, const std::vector<PageHistogram>& histograms);

/// Small pictures beside each other; values in [0, 1], row by row, 1 or 3 channels.
struct StripPicture {
  std::string name = {};
  std::int64_t height = 0, width = 0, channels = 1;
  std::vector<float> values = {};
};
std::string picture_strip(const std::string& title, const std::vector<StripPicture>& pictures);

}  // namespace tend

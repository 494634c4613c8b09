#include "text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tend {

std::string figure(double v) {
  if (std::isnan(v)) return "nan";  // printf would show the sign bit
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "";
  const double s = std::max(0.0, seconds);
  if (s < 1) return figure(s) + " s";
  if (s < 10) return figure(std::round(10 * s) / 10) + " s";
  if (s < 120) return std::to_string(std::lround(s)) + " s";
  if (s < 2 * 3600) return std::to_string(std::lround(s / 60)) + " min";
  if (s < 48 * 3600) return std::to_string(std::lround(s / 3600)) + " h";
  return std::to_string(std::lround(s / 86400)) + " days";
}

std::vector<std::string> aligned(std::vector<std::vector<std::string>> rows, const std::vector<bool>& right, std::size_t most) {
  std::vector<std::size_t> widths;
  for (auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].size() > most) row[c] = row[c].substr(0, most - 3) + "...";
      if (c == widths.size()) widths.push_back(0);
      widths[c] = std::max(widths[c], row[c].size());
    }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(widths[c] - row[c].size(), ' ');
      const bool is_right = c < right.size() && right[c];
      line += (c ? "  " : "") + (is_right ? blanks + row[c] : c + 1 < row.size() ? row[c] + blanks : row[c]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace tend

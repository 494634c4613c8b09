#include "chart.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include <sys/ioctl.h>
#include <unistd.h>

#include "text.h"

namespace tend {

namespace {

constexpr double decades_of_log_scale = 2;
constexpr const char* colours[] = {"36", "33", "35", "32", "34", "31", "37", "90"};
constexpr char marks[] = {'*', 'o', '+', 'x', '#', '@', '=', '%'};
constexpr int styles = 8;

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about `parts`.
double tick_step(double span, double parts) {
  const double raw = span / std::max(parts, 1.0), power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw * 0.999) return factor * power;
  return 10 * power;
}

/// "250", "20k", "1.5M".
std::string count_text(double v) {
  if (std::fabs(v) >= 1e6) return figure(v / 1e6) + "M";
  if (std::fabs(v) >= 1e4) return figure(v / 1e3) + "k";
  return std::fabs(v) >= 1000 ? std::to_string(std::llround(v)) : figure(v);
}

/// An axis from low to high; value() and place() work on the logarithm where it is logarithmic.
struct Axis {
  double low = 0, high = 1;
  bool is_log = false, is_count = false;
  double of(double v) const { return is_log ? std::log10(v) : v; }
  /// 0 at low, 1 at high.
  double place(double v) const { return (of(v) - of(low)) / (of(high) - of(low)); }
  std::vector<double> ticks(double parts) const {
    std::vector<double> all;
    const double first = of(low), last = of(high), span = last - first;
    double step = tick_step(span, parts);
    if (is_log || is_count) step = std::max(1.0, std::round(step));
    for (double t = std::ceil(first / step - 1e-9) * step; t <= last + 1e-9 * span; t += step)
      all.push_back(is_log ? std::pow(10, t) : std::fabs(t) < 1e-9 * span ? 0 : t);
    return all;
  }
};

Axis y_axis(const std::vector<Curve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve& curve : curves)
    for (const CurvePoint& p : curve.points)
      for (const double v : {p.low, p.mean, p.high})
        if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  Axis axis{low, high, low > 0 && std::log10(high / low) > decades_of_log_scale};
  const double size = std::max(std::fabs(low), std::fabs(high));
  if (high - low <= 1e-6 * size)
    axis.low -= std::max(size, 1e-9) / 10, axis.high += std::max(size, 1e-9) / 10;  // rounding apart, a constant
  return axis;
}

Axis x_axis(const std::vector<Curve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve& curve : curves)
    if (!curve.points.empty()) low = std::min(low, curve.points.front().x), high = std::max(high, curve.points.back().x);
  return {.low = low, .high = low == high ? low + 1 : high, .is_count = true};
}

/// Cells of dots: 2 x 4 in a braille character, otherwise 1 x 1.
class Canvas {
 public:
  Canvas(int columns, int rows, bool has_braille)
      : columns_(columns), across_(has_braille ? 2 : 1), down_(has_braille ? 4 : 1), has_braille_(has_braille) {
    bits_.resize(static_cast<std::size_t>(columns * rows)), owners_.resize(bits_.size(), -1);
    rows_ = rows;
  }
  int width() const { return columns_ * across_; }
  int height() const { return rows_ * down_; }
  void dot(int x, int y, int owner) {
    if (x < 0 || y < 0 || x >= width() || y >= height()) return;
    constexpr std::uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const auto cell = static_cast<std::size_t>(y / down_ * columns_ + x / across_);
    bits_[cell] |= has_braille_ ? bit[y % 4][x % 2] : 1;
    owners_[cell] = owner;
  }
  std::string row(int y, const ChartStyle& style) const {
    std::string line;
    int colour = -1;
    for (int x = 0; x < columns_; ++x) {
      const auto cell = static_cast<std::size_t>(y * columns_ + x);
      const int owner = bits_[cell] ? owners_[cell] % styles : -1;
      if (style.has_colour && owner != colour) line += owner < 0 ? "\033[0m" : "\033[" + std::string(colours[owner]) + "m";
      colour = owner;
      if (!bits_[cell]) line += ' ';
      else if (!has_braille_) line += marks[owner];
      else line += {'\xe2', static_cast<char>(0xa0 + (bits_[cell] >> 6)), static_cast<char>(0x80 + (bits_[cell] & 0x3f))};
    }
    if (style.has_colour && colour >= 0) line += "\033[0m";
    else line.erase(line.find_last_not_of(' ') + 1);
    return line;
  }

 private:
  int columns_, rows_ = 0, across_, down_;
  bool has_braille_;
  std::vector<std::uint8_t> bits_;
  std::vector<int> owners_;
};

void draw(Canvas& canvas, const Curve& curve, int owner, const Axis& x, const Axis& y) {
  const auto column = [&](double v) { return static_cast<int>(std::lround(x.place(v) * (canvas.width() - 1))); };
  const auto row = [&](double v) { return static_cast<int>(std::lround((1 - y.place(v)) * (canvas.height() - 1))); };
  const auto vertical = [&](int at, int a, int b) {
    for (int r = std::min(a, b); r <= std::max(a, b); ++r) canvas.dot(at, r, owner);
  };
  int last_column = -1, last_row = 0;
  for (const CurvePoint& p : curve.points) {
    if (std::isfinite(p.low) && std::isfinite(p.high)) vertical(column(p.x), row(p.high), row(p.low));
    if (!std::isfinite(p.mean)) {
      last_column = -1;
      continue;
    }
    const int c = column(p.x), r = row(p.mean);
    if (last_column < 0) canvas.dot(c, r, owner);
    // A straight line from the last point; in the same column a vertical one.
    int before = last_row;
    for (int at = last_column < 0 ? c + 1 : std::min(last_column + 1, c); at <= c; ++at) {
      const int there = last_column == c ? r : last_row + (r - last_row) * (at - last_column) / (c - last_column);
      vertical(at, there + (before > there) - (before < there), there);
      if (std::abs(before - there) > 1) vertical(at, before, there);
      before = there;
    }
    last_column = c, last_row = r;
  }
}

/// The line of x ticks and the line of their labels; `left`: characters before the axis.
void add_x_axis(std::vector<std::string>& lines, const Axis& x, const std::string& name, int left, int columns,
                bool has_braille) {
  std::string labels(static_cast<std::size_t>(left + columns + 1), ' ');
  std::vector<bool> has_tick(static_cast<std::size_t>(columns));
  std::size_t free = 0;
  for (const double tick : x.ticks(columns / 12.0)) {
    const auto at = static_cast<std::size_t>(std::lround(x.place(tick) * (columns - 1)));
    const std::string text = x.is_count ? count_text(tick) : figure(tick);
    std::size_t start = static_cast<std::size_t>(left) + 1 + at;
    start -= std::min(start, text.size() / 2);
    start = std::min(start, labels.size() - text.size());
    if (start < free) continue;
    has_tick[at] = true;
    labels.replace(start, text.size(), text);
    free = start + text.size() + 1;
  }
  std::string line(static_cast<std::size_t>(left), ' ');
  line += has_braille ? "└" : "+";
  for (const bool has : has_tick) line += has_braille ? (has ? "┬" : "─") : has ? "+" : "-";
  labels.erase(labels.find_last_not_of(' ') + 1);
  lines.push_back(line);
  lines.push_back(labels + "  " + name);
}

std::string title_line(const std::string& title, const std::vector<Curve>& curves, bool is_log, const ChartStyle& style) {
  std::string line = "  " + title + (is_log ? " (logarithmic scale)" : "");
  if (curves.size() < 2) return line;
  line += ":";
  for (std::size_t i = 0; i < curves.size(); ++i)
    line += style.has_colour ? "  \033[" + std::string(colours[i % styles]) + "m" + curves[i].name + "\033[0m"
                             : "  " + std::string(1, marks[i % styles]) + " " + curves[i].name;
  return line;
}

/// "3 of 200 values are not finite, the first at step 198", or "".
std::string gap_text(const std::vector<Curve>& curves, const std::string& x_name) {
  std::size_t gaps = 0, all = 0;
  double first = std::nan("");
  for (const Curve& curve : curves)
    for (const CurvePoint& p : curve.points) {
      ++all;
      if (std::isfinite(p.mean)) continue;
      if (gaps++ == 0 || p.x < first) first = p.x;
    }
  return gaps == 0 ? ""
                   : "  " + std::to_string(gaps) + " of " + std::to_string(all) + " points are not finite, the first at " +
                         x_name + " " + std::to_string(std::llround(first));
}

}  // namespace

ChartStyle style_of_output(int file) {
  ChartStyle style;
  winsize size{};
  const char* columns = std::getenv("COLUMNS");
  if (columns && std::atoi(columns) > 0) style.width = std::atoi(columns);
  else if (::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
  style.width = std::clamp(style.width, 40, 400);
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* locale = std::getenv(name); locale && *locale) {
      std::string text = locale;
      std::transform(text.begin(), text.end(), text.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      style.has_braille = text.find("utf-8") != std::string::npos || text.find("utf8") != std::string::npos;
      break;
    }
  const char* plain = std::getenv("NO_COLOR");
  style.has_colour = ::isatty(file) && !(plain && *plain);
  return style;
}

namespace {

/// The area between the axes and what stands around it.
template <class Draw>
std::vector<std::string> with_axes(const std::string& title, const std::string& x_name, const Axis& x, const Axis& y,
                                   const ChartStyle& style, bool has_braille, Draw draw_points) {
  // Labels first: they decide how much room the curves have.
  std::vector<std::string> labels(static_cast<std::size_t>(style.height));
  std::size_t left = 0;
  for (const double tick : y.ticks(style.height / 3.0)) {
    const auto at = static_cast<std::size_t>(std::lround((1 - y.place(tick)) * (style.height - 1)));
    labels[at] = figure(tick);
    left = std::max(left, labels[at].size());
  }
  left += 3;
  const int columns = std::max(10, style.width - static_cast<int>(left) - 2);
  Canvas canvas(columns, style.height, has_braille);
  draw_points(canvas);
  std::vector<std::string> lines{title};
  for (int r = 0; r < style.height; ++r) {
    const std::string& label = labels[static_cast<std::size_t>(r)];
    const bool has_tick = !label.empty();
    lines.push_back(std::string(left - 1 - label.size(), ' ') + label + " " +
                    (style.has_braille ? (has_tick ? "┤" : "│")
                     : has_tick        ? "+"
                                       : "|") +
                    canvas.row(r, style));
  }
  add_x_axis(lines, x, x_name, static_cast<int>(left), columns, style.has_braille);
  return lines;
}

}  // namespace

std::vector<std::string> chart(const std::string& title, const std::string& x_name, const std::vector<Curve>& given,
                               const ChartStyle& style) {
  std::vector<Curve> curves;
  for (const Curve& curve : given)
    if (!curve.points.empty()) curves.push_back(curve);
  const std::string gaps = gap_text(curves, x_name);
  const Axis y = y_axis(curves), x = x_axis(curves);
  if (!std::isfinite(y.low)) return gaps.empty() ? std::vector<std::string>() : std::vector{"  " + title, gaps};
  const bool has_braille = style.has_braille && (style.has_colour || curves.size() == 1);
  std::vector<std::string> lines = with_axes(title_line(title, curves, y.is_log, style), x_name, x, y, style, has_braille,
                                             [&](Canvas& canvas) {
                                               for (std::size_t i = 0; i < curves.size(); ++i)
                                                 draw(canvas, curves[i], static_cast<int>(i), x, y);
                                             });
  if (!gaps.empty()) lines.push_back(gaps);
  return lines;
}

std::vector<std::string> scatter(const std::string& title, const std::string& x_name, std::vector<Curve> curves, bool is_log_x,
                                 const ChartStyle& style, bool is_plane) {
  std::erase_if(curves, [](const Curve& curve) { return curve.points.empty(); });
  for (Curve& curve : curves)
    std::sort(curve.points.begin(), curve.points.end(), [](const CurvePoint& a, const CurvePoint& b) { return a.x < b.x; });
  Axis y = y_axis(curves);
  if (!std::isfinite(y.low)) return {};
  if (is_plane) y.is_log = false;
  Axis x = x_axis(curves);
  x.is_log = is_log_x && x.low > 0;
  x.is_count = false;
  const bool has_braille = style.has_braille && (style.has_colour || curves.size() == 1);
  return with_axes(title_line(title, curves, y.is_log, style), x_name + (x.is_log ? " (logarithmic scale)" : ""), x, y, style,
                   has_braille, [&](Canvas& canvas) {
                     for (std::size_t i = 0; i < curves.size(); ++i)
                       for (const CurvePoint& p : curves[i].points)
                         if (std::isfinite(p.x) && std::isfinite(p.mean))
                           canvas.dot(static_cast<int>(std::lround(x.place(p.x) * (canvas.width() - 1))),
                                      static_cast<int>(std::lround((1 - y.place(p.mean)) * (canvas.height() - 1))),
                                      static_cast<int>(i));
                   });
}

namespace {

/// A mark of one character for a share in [0, 1], from those of the locale.
template <std::size_t n, std::size_t m>
std::string mark_of(double share, const ChartStyle& style, const char* const (&fine)[n], const char* const (&plain)[m]) {
  const double at = std::clamp(share, 0.0, 1.0);
  return style.has_braille ? fine[static_cast<std::size_t>(at * static_cast<double>(n - 1) + 0.5)]
                           : plain[static_cast<std::size_t>(at * static_cast<double>(m - 1) + 0.5)];
}

}  // namespace

std::vector<std::string> picture_lines(const std::vector<TextPicture>& pictures, const ChartStyle& style) {
  constexpr const char* fine[] = {" ", "░", "▒", "▓", "█"};
  constexpr const char* plain[] = {" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"};
  std::vector<std::string> lines;
  std::size_t left = 2;
  for (const TextPicture& picture : pictures) {
    if (picture.width == 0 || left + 2 * picture.width > static_cast<std::size_t>(style.width)) break;
    const std::size_t rows = picture.values.size() / picture.width;
    lines.resize(std::max(lines.size(), rows));
    for (std::size_t r = 0; r < lines.size(); ++r) {
      lines[r] += "  ";
      for (std::size_t c = 0; c < picture.width; ++c) {
        const std::string mark = r < rows && std::isfinite(picture.values[r * picture.width + c])
                                     ? mark_of(picture.values[r * picture.width + c], style, fine, plain)
                                     : " ";
        lines[r] += mark + mark;
      }
    }
    left += 2 * picture.width + 2;
  }
  return lines;
}

}  // namespace tend

#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// One point of a curve; low and high where it stands for several values.
struct CurvePoint {
  double x = 0, low = 0, mean = 0, high = 0;
};
struct Curve {
  std::string name;
  std::vector<CurvePoint> points;  ///< in the order of x; values that are not finite leave a gap
};

struct ChartStyle {
  int width = 80, height = 12;  ///< characters of a whole line; lines of the area with the curves
  bool has_braille = false, has_colour = false;
};
/// For standard output, or another file of the process: its width (COLUMNS, the terminal, otherwise 80), braille in a UTF-8
/// locale, colours on a terminal without NO_COLOR.
ChartStyle style_of_output(int file = 1);

/// Draws curves over each other: lines of text with a title, axes and their ticks. The y axis is logarithmic where positive
/// values span more than two decades. Several curves without colour are drawn with a letter each.
std::vector<std::string> chart(const std::string& title, const std::string& x_name, const std::vector<Curve>& curves,
                               const ChartStyle& style);

/// Draws points, in any order: one line of text for each row, with title, axes and ticks. The y axis as in chart(), or linear.
std::vector<std::string> scatter(const std::string& title, const std::string& x_name, std::vector<Curve> curves, bool is_log_x,
                                 const ChartStyle& style, bool is_plane = false);
/// Pictures beside each other, as many as fit, two characters for each pixel; values in [0, 1], row by row.
struct TextPicture {
  std::size_t width = 0;
  std::vector<double> values;
};
std::vector<std::string> picture_lines(const std::vector<TextPicture>& pictures, const ChartStyle& style);

}  // namespace tend

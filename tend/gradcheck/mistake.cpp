#include "tend/gradcheck/mistake.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tend {

namespace {

struct Pairs {
  std::vector<double> analytic, numeric;
  std::vector<std::int64_t> place;
};

std::string text_of(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return text;
}

/// Returns analytic / numeric if it is the same everywhere, otherwise NaN.
double common_ratio(const Pairs& p, double tolerance) {
  double above = 0, below = 0;
  for (std::size_t i = 0; i < p.numeric.size(); ++i) above += p.analytic[i] * p.numeric[i], below += p.numeric[i] * p.numeric[i];
  if (below == 0) return NAN;
  const double ratio = above / below;
  for (std::size_t i = 0; i < p.numeric.size(); ++i)
    if (relative_error(p.analytic[i], ratio * p.numeric[i], std::sqrt(below / static_cast<double>(p.numeric.size())) * 1e-3) >
        20 * tolerance)
      return NAN;
  return ratio;
}

double common_difference(const Pairs& p, double tolerance) {
  double mean = 0, size = 0;
  for (std::size_t i = 0; i < p.numeric.size(); ++i)
    mean += p.analytic[i] - p.numeric[i], size = std::max(size, std::abs(p.numeric[i]));
  mean /= static_cast<double>(p.numeric.size());
  for (std::size_t i = 0; i < p.numeric.size(); ++i)
    if (std::abs(p.analytic[i] - p.numeric[i] - mean) > 20 * tolerance * std::max(size, std::abs(mean))) return NAN;
  return mean;
}

/// Whether element i of a tensor equals element place(i) of another tensor, for all i.
template <class Place>
bool is_moved(const std::vector<double>& analytic, const std::vector<double>& numeric, double tolerance, Place place) {
  double size = 0;
  for (double n : numeric) size = std::max(size, std::abs(n));
  for (std::size_t i = 0; i < analytic.size(); ++i)
    if (!(relative_error(analytic[i], numeric[place(i)], 1e-3 * size) <= 20 * tolerance)) return false;
  return true;
}

std::string moved_how(const std::vector<double>& a, const std::vector<double>& n, const Shape& shape, double tolerance) {
  if (shape.rank() < 1 || a.size() < 2) return "";
  if (shape.rank() >= 2) {
    const auto columns = static_cast<std::size_t>(shape[-1]), rows = a.size() / columns;
    if (rows > 1 && columns > 1 && is_moved(a, n, tolerance, [&](std::size_t i) { return i % rows * columns + i / rows; }))
      return "it is transposed";
  }
  if (is_moved(a, n, tolerance, [&](std::size_t i) { return n.size() - 1 - i; })) return "its elements stand in reverse";
  for (int axis = 0; axis < shape.rank(); ++axis) {
    std::size_t inner = 1;
    for (int k = axis + 1; k < shape.rank(); ++k) inner *= static_cast<std::size_t>(shape[k]);
    const auto length = static_cast<std::size_t>(shape[axis]);
    if (length < 2) continue;
    for (std::size_t by : {std::size_t{1}, length - 1})
      if (is_moved(a, n, tolerance,
                   [&](std::size_t i) { return i - i / inner % length * inner + (i / inner + by) % length * inner; }))
        return "it is shifted by one along axis " + std::to_string(axis);
  }
  return "";
}

/// Whether place `i` is at the first or last index of one of the axes that look spatial (all but the last two of four, all but
/// the last of three).
bool at_border(std::int64_t i, const Shape& shape) {
  const int spatial = shape.rank() >= 4 ? 2 : shape.rank() == 3 ? 2 : 1, first = shape.rank() >= 4 ? shape.rank() - 3 : 0;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    const std::int64_t at = i % shape[axis];
    i /= shape[axis];
    if (axis >= first && axis < first + spatial && (at == 0 || at == shape[axis] - 1)) return true;
  }
  return false;
}

std::string where_wrong(const Pairs& p, const Shape& shape, double tolerance, double floor) {
  std::int64_t wrong = 0, wrong_inside = 0, inside = 0, wrong_zero = 0;
  for (std::size_t i = 0; i < p.numeric.size(); ++i) {
    const bool is_inside = shape.rank() >= 3 && !at_border(p.place[i], shape);
    const bool is_wrong = !(relative_error(p.analytic[i], p.numeric[i], floor) <= tolerance);
    inside += is_inside, wrong += is_wrong, wrong_inside += is_wrong && is_inside, wrong_zero += is_wrong && p.analytic[i] == 0;
  }
  const std::string share = std::to_string(wrong) + " of " + std::to_string(p.numeric.size()) + " elements";
  if (inside > 0 && wrong_inside == 0 && wrong > 0) return "only at the border: look at padding (" + share + ")";
  if (wrong_zero == wrong) return share + " are 0 and should not be: part of it is missing";
  if (2 * wrong < static_cast<std::int64_t>(p.numeric.size())) return "only " + share + " are wrong";
  return "a term is wrong or missing (" + share + ")";
}

}  // namespace

double relative_error(double analytic, double numeric, double floor) {
  if (analytic == numeric) return 0;
  const double size = std::max({std::abs(analytic), std::abs(numeric), floor});
  const double error = std::abs(analytic - numeric) / size;
  return std::isnan(error) ? INFINITY : error;
}

std::string kind_of_mistake(const std::vector<double>& analytic, const std::vector<double>& numeric, const Shape& shape,
                            double tolerance) {
  Pairs p;
  double size = 0;
  for (std::size_t i = 0; i < numeric.size(); ++i) {
    if (std::isnan(numeric[i])) continue;
    p.analytic.push_back(analytic[i]), p.numeric.push_back(numeric[i]), p.place.push_back(static_cast<std::int64_t>(i));
    size = std::max(size, std::abs(numeric[i]));
  }
  const double floor = 1e-4 * size;
  const auto is_right = [&](std::size_t i) { return relative_error(p.analytic[i], p.numeric[i], floor) <= tolerance; };
  std::size_t right = 0, nan = 0, zero = 0;
  for (std::size_t i = 0; i < p.numeric.size(); ++i)
    right += is_right(i), nan += !std::isfinite(p.analytic[i]), zero += p.analytic[i] == 0;
  if (right == p.numeric.size()) return "";
  if (nan == p.numeric.size()) return "it is never written";
  if (nan > 0)
    return std::to_string(nan) + " of " + std::to_string(p.numeric.size()) + " elements are never written, or not finite";
  if (zero == p.numeric.size()) return "it is 0 everywhere: a term is missing";
  if (size == 0) return "it should be 0 everywhere";
  if (const double ratio = common_ratio(p, tolerance); !std::isnan(ratio)) {
    if (std::abs(ratio + 1) < 1e-3) return "the sign is wrong";
    return std::string(ratio < 0 ? "the sign is wrong, and " : "") + "a factor of " + text_of(std::abs(ratio)) + " too much";
  }
  if (p.numeric.size() > 1)
    if (const double more = common_difference(p, tolerance); !std::isnan(more))
      return text_of(more) + " is added to every element";
  if (p.numeric.size() == numeric.size())
    if (const std::string moved = moved_how(analytic, numeric, shape, tolerance); !moved.empty()) return moved;
  return where_wrong(p, shape, tolerance, floor);
}

}  // namespace tend

#include "tend/check/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/check/setup.h"

namespace tend {

namespace {

constexpr double multiplications = 3e8;
constexpr std::int64_t most_pooled = 1024, fewest_rows = 30, least_affordable = 200, most_validation = 1000, tile = 16;
constexpr float most_deviations = 5;

/// [H, W, C] -> [H / 2, W / 2, C]: means of squares; a last odd row or column is left out.
std::vector<float> halved(const std::vector<float>& x, std::int64_t rows, std::int64_t h, std::int64_t w, std::int64_t c) {
  std::vector<float> out(static_cast<std::size_t>(rows * (h / 2) * (w / 2) * c));
  float* o = out.data();
  for (std::int64_t n = 0; n < rows; ++n)
    for (std::int64_t i = 0; i < h / 2; ++i)
      for (std::int64_t j = 0; j < w / 2; ++j)
        for (std::int64_t k = 0; k < c; ++k) {
          const float* p = x.data() + ((n * h + 2 * i) * w + 2 * j) * c + k;
          *o++ = 0.25f * (p[0] + p[c] + p[w * c] + p[w * c + c]);
        }
  return out;
}

std::vector<float> pooled(std::vector<float> x, std::int64_t rows, const Shape& shape) {
  if (shape.rank() != 3) return x;
  std::int64_t h = shape[0], w = shape[1];
  const std::int64_t c = shape[2];
  for (; h * w * c > most_pooled && h > 3 && w > 3; h /= 2, w /= 2) x = halved(x, rows, h, w, c);
  return x;
}

/// Standardizes each column by its mean and deviation on the training rows; values that are not finite become the mean.
void standardize(std::vector<float>& train, std::vector<float>& validation, std::int64_t size, bool is_table) {
  const auto n = static_cast<std::int64_t>(train.size()) / size;
  for (std::int64_t f = 0; f < size; ++f) {
    double sum = 0, squares = 0, seen = 0;
    for (std::int64_t r = 0; r < n; ++r) {
      const auto v = static_cast<double>(train[static_cast<std::size_t>(r * size + f)]);
      if (!std::isfinite(v)) continue;
      sum += v;
      squares += v * v;
      ++seen;
    }
    const double mean = seen ? sum / seen : 0, deviation = seen ? std::sqrt(std::max(0.0, squares / seen - mean * mean)) : 0;
    const double factor = !is_table ? 1 : deviation > 1e-6 * std::fabs(mean) && std::isfinite(deviation) ? 1 / deviation : 0;
    const float bound = is_table ? most_deviations : std::numeric_limits<float>::max();
    for (std::vector<float>* part : {&train, &validation})
      for (std::size_t at = static_cast<std::size_t>(f); at < part->size(); at += static_cast<std::size_t>(size)) {
        const auto v = static_cast<float>((static_cast<double>((*part)[at]) - mean) * factor);
        (*part)[at] = std::isfinite(v) ? std::clamp(v, -bound, bound) : 0;
      }
  }
}

std::vector<float> squared_sizes(const std::vector<float>& x, std::int64_t size) {
  std::vector<float> out;
  for (std::size_t r = 0; r < x.size(); r += static_cast<std::size_t>(size)) {
    float sum = 0;
    for (std::int64_t f = 0; f < size; ++f) sum += x[r + static_cast<std::size_t>(f)] * x[r + static_cast<std::size_t>(f)];
    out.push_back(sum);
  }
  return out;
}

using Lanes = float __attribute__((vector_size(tile * sizeof(float))));
struct Tile {
  Lanes x{};
};

/// Rows laid out so that `tile` of them are multiplied at once: [tiles][size] of lanes, padded with zeros.
std::vector<Tile> tiled(const std::vector<float>& x, std::int64_t rows, std::int64_t size) {
  std::vector<Tile> out(static_cast<std::size_t>((rows + tile - 1) / tile * size));
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t f = 0; f < size; ++f)
      out[static_cast<std::size_t>(r / tile * size + f)].x[r % tile] = x[static_cast<std::size_t>(r * size + f)];
  return out;
}

struct Search {
  const std::vector<float>&of, &among, &of_sizes, &among_sizes;
  std::vector<Tile> tiles;
  std::int64_t size;
  bool is_same;  ///< a row is no neighbour of its own
  NearestRows out;

  void distances(std::int64_t row, std::vector<float>& d) const {
    const float* a = of.data() + row * size;
    for (std::int64_t t = 0; t * tile < out.among; ++t) {
      Lanes even{}, odd{};  // two sums: an addition need not wait for the one before
      const Tile* b = tiles.data() + t * size;
      std::int64_t f = 0;
      for (; f + 2 <= size; f += 2) {
        even += a[f] * b[f].x;
        odd += a[f + 1] * b[f + 1].x;
      }
      if (f < size) even += a[f] * b[f].x;
      even += odd;
      for (std::int64_t j = 0; j < std::min(tile, out.among - t * tile); ++j) {
        const std::int64_t other = t * tile + j;
        const float sizes = of_sizes[static_cast<std::size_t>(row)] + among_sizes[static_cast<std::size_t>(other)];
        d[static_cast<std::size_t>(other)] = std::max(0.0f, sizes - 2 * even[j]);
      }
    }
    if (is_same) d[static_cast<std::size_t>(row)] = std::numeric_limits<float>::infinity();
  }

  void find(std::int64_t row, std::vector<float>& d, std::vector<std::int32_t>& order) {
    distances(row, d);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
    const auto is_nearer = [&](std::int32_t a, std::int32_t b) {
      return std::pair(d[static_cast<std::size_t>(a)], a) < std::pair(d[static_cast<std::size_t>(b)], b);
    };
    std::nth_element(order.begin(), order.begin() + out.kept - 1, order.end(), is_nearer);
    std::sort(order.begin(), order.begin() + out.kept, is_nearer);
    for (std::int64_t k = 0; k < out.kept; ++k) {
      out.rows[static_cast<std::size_t>(row * out.kept + k)] = order[static_cast<std::size_t>(k)];
      out.squares[static_cast<std::size_t>(row * out.kept + k)] = d[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
    }
  }
};

NearestRows nearest(const std::vector<float>& of, const std::vector<float>& among, std::int64_t size, Executor& executor) {
  const bool is_same = &of == &among;
  const std::vector<float> of_sizes = squared_sizes(of, size), among_sizes = squared_sizes(among, size);
  const auto rows = static_cast<std::int64_t>(among_sizes.size());
  Search search{of, among, of_sizes, among_sizes, tiled(among, rows, size), size, is_same, {}};
  search.out.count = static_cast<std::int64_t>(of_sizes.size());
  search.out.among = rows;
  search.out.kept = std::min(Neighbours::kept, rows - (is_same ? 1 : 0));
  search.out.rows.resize(static_cast<std::size_t>(search.out.count * search.out.kept));
  search.out.squares.resize(search.out.rows.size());
  constexpr std::int64_t rows_at_once = 32;
  const auto body = [](void* context, int block, int) {
    Search& s = *static_cast<Search*>(context);
    std::vector<float> d(static_cast<std::size_t>(s.out.among));
    std::vector<std::int32_t> order(d.size());
    for (std::int64_t r = block * rows_at_once; r < std::min(s.out.count, (block + 1) * rows_at_once); ++r) s.find(r, d, order);
  };
  executor.run(static_cast<int>((search.out.count + rows_at_once - 1) / rows_at_once), body, &search);
  return std::move(search.out);
}

/// The largest squared distance between copies: that of rounding errors, or of a twentieth of the usual distance.
float square_of_copies(const NearestRows& nearest, const std::vector<float>& x) {
  std::vector<float> first;
  for (std::int64_t r = 0; r < nearest.count; ++r) first.push_back(nearest.squares[static_cast<std::size_t>(r * nearest.kept)]);
  std::nth_element(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(first.size() / 2), first.end());
  double size = 0;
  for (float v : x) size += static_cast<double>(v) * static_cast<double>(v);
  const double rounding = 1e-5 * size / static_cast<double>(nearest.count);
  return std::max(first[first.size() / 2] / 400, static_cast<float>(rounding));
}

/// The most frequent of some codes; the earliest among equals.
double most_frequent(const std::vector<double>& codes) {
  std::ptrdiff_t most = 0;
  double best = std::nan("");
  for (double code : codes) {
    const std::ptrdiff_t times = std::count(codes.begin(), codes.end(), code);
    if (times > most) {
      most = times;
      best = code;
    }
  }
  return best;
}

}  // namespace

Neighbours Neighbours::of(const Setup& setup, const SampleRows& v) {
  Neighbours n;
  const SampleRows& t = setup.training_sample();
  if (setup.has_codes() || setup.plan().coding().places > 1 || t.count() < fewest_rows) return n;
  const Shape shape = setup.plan().pipeline().row_shape();
  const auto first = [&](const SampleRows& s, std::int64_t rows) {
    return pooled({s.x.begin(), s.x.begin() + rows * s.row_size}, rows, shape);
  };
  n.row_size = static_cast<std::int64_t>(first(t, 1).size());
  const auto affordable = static_cast<std::int64_t>(std::sqrt(multiplications / static_cast<double>(n.row_size)));
  const std::int64_t rows = std::min(t.count(), std::max(least_affordable, affordable));
  n.train = first(t, rows);
  const std::int64_t held_out = std::min({v.count(), most_validation, std::max(least_affordable, affordable / 2)});
  if (held_out > 0) n.validation = first(v, held_out);
  standardize(n.train, n.validation, n.row_size, shape.rank() == 1);
  Executor& executor = setup.run().executor();
  n.within_train = nearest(n.train, n.train, n.row_size, executor);
  n.copy_square = square_of_copies(n.within_train, n.train);
  if (held_out > 0) n.from_validation = nearest(n.validation, n.train, n.row_size, executor);
  if (held_out >= fewest_rows) n.within_validation = nearest(n.validation, n.validation, n.row_size, executor);
  return n;
}

std::vector<double> predicted_by_neighbours(const NearestRows& nearest, const SampleRows& among, bool is_classes, std::int64_t k,
                                            float least_square) {
  const std::int64_t targets = among.targets;
  std::vector<double> told(static_cast<std::size_t>(nearest.count * targets)), values;
  for (std::int64_t r = 0; r < nearest.count; ++r)
    for (std::int64_t t = 0; t < targets; ++t) {
      values.clear();
      for (std::int64_t j = 0; j < nearest.kept && static_cast<std::int64_t>(values.size()) < k; ++j) {
        const auto at = static_cast<std::size_t>(r * nearest.kept + j);
        if (nearest.squares[at] > least_square)
          values.push_back(among.y[static_cast<std::size_t>(nearest.rows[at] * targets + t)]);
      }
      double sum = 0;
      for (double v : values) sum += v;
      const double mean = values.empty() ? std::nan("") : sum / static_cast<double>(values.size());
      told[static_cast<std::size_t>(r * targets + t)] = is_classes ? most_frequent(values) : mean;
    }
  return told;
}

}  // namespace tend

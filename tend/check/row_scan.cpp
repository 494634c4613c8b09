#include "tend/check/row_scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tend {

namespace {

constexpr std::int64_t rows_at_once = 256;
constexpr std::size_t most_named = 5;

template <class Body>
void each_row(std::int64_t rows, Executor& executor, const Body& body) {
  struct Work {
    const Body& body;
    std::int64_t rows;
  } work{body, rows};
  const auto block = [](void* context, int b, int) {
    const Work& w = *static_cast<const Work*>(context);
    for (std::int64_t r = b * rows_at_once; r < std::min(w.rows, (b + 1) * rows_at_once); ++r) w.body(r);
  };
  executor.run(static_cast<int>((rows + rows_at_once - 1) / rows_at_once), block, &work);
}

/// How many of n numbers are not finite. A finite number minus itself is 0, any other is NaN: one sum shows whether all are
/// finite.
template <class T>
std::int64_t count_not_finite(const T* v, std::int64_t n) {
  T rest[8] = {};
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int j = 0; j < 8; ++j) rest[j] += v[i + j] - v[i + j];
  for (; i < n; ++i) rest[0] += v[i] - v[i];
  T all = 0;
  for (T r : rest) all += r;
  return all == 0 ? 0 : std::count_if(v, v + n, [](T x) { return !std::isfinite(x); });
}

template <class T>
BadCells not_finite_of(const T* values, std::int64_t rows, std::int64_t size, std::int64_t last_axis, Executor& executor) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(rows));
  each_row(rows, executor,
           [&](std::int64_t r) { counts[static_cast<std::size_t>(r)] = count_not_finite(values + r * size, size); });
  BadCells bad;
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t count = counts[static_cast<std::size_t>(r)];
    if (count == 0) continue;
    bad.count += count;
    ++bad.rows;
    bad.infinite += std::count_if(values + r * size, values + (r + 1) * size, [](T v) { return std::isinf(v); });
    if (bad.first_rows.size() < most_named) bad.first_rows.push_back(r);
    for (std::int64_t i = 0; i < size && bad.columns.size() < most_named; ++i)
      if (!std::isfinite(values[r * size + i]) &&
          std::find(bad.columns.begin(), bad.columns.end(), i % last_axis) == bad.columns.end())
        bad.columns.push_back(i % last_axis);
  }
  return bad;
}

std::uint64_t hash_of(const std::byte* bytes, std::size_t n) {
  std::uint64_t h[4] = {0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u, n};
  std::uint64_t words[4];
  for (std::size_t at = 0; at < n; at += sizeof words) {
    if (n - at < sizeof words) std::memset(words, 0, sizeof words);
    std::memcpy(words, bytes + at, std::min(sizeof words, n - at));
    for (int lane = 0; lane < 4; ++lane) {
      h[lane] = (h[lane] ^ words[lane]) * 0x9FB21C651E98DF25u;
      h[lane] ^= h[lane] >> 32;
    }
  }
  std::uint64_t all = 0;
  for (std::uint64_t lane : h) {
    all = (all ^ lane) * 0xD6E8FEB86659FD93u;
    all ^= all >> 29;
  }
  return all;
}

}  // namespace

BadCells not_finite(const Array& values, Executor& executor) {
  if (values.empty() || values.type() == ElementType::uint8) return {};
  const std::int64_t rows = values.rows(), size = values.row_size(),
                     last = std::max<std::int64_t>(1, values.shape().rank() > 1 ? values.shape()[-1] : 1);
  if (values.type() == ElementType::float32) return not_finite_of(values.as<float>(), rows, size, last, executor);
  return not_finite_of(values.as<double>(), rows, size, last, executor);
}

std::vector<std::uint64_t> row_hashes(const Array& x, Executor& executor) {
  if (x.empty()) return {};
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(x.rows()));
  const auto bytes = static_cast<std::size_t>(x.row_size()) * static_cast<std::size_t>(size_of(x.type()));
  const auto* data = static_cast<const std::byte*>(x.data());
  each_row(x.rows(), executor, [&](std::int64_t r) {
    hashes[static_cast<std::size_t>(r)] = hash_of(data + static_cast<std::size_t>(r) * bytes, bytes);
  });
  return hashes;
}

std::vector<std::uint64_t> with_targets(std::vector<std::uint64_t> hashes, const Array& y, Executor& executor) {
  const std::vector<std::uint64_t> of_targets = row_hashes(y, executor);
  for (std::size_t i = 0; i < std::min(hashes.size(), of_targets.size()); ++i)
    hashes[i] = (hashes[i] ^ of_targets[i]) * 0xD6E8FEB86659FD93u;
  return hashes;
}

Copies copies_within(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  Copies c{static_cast<std::int64_t>(hashes.size()), 0};
  for (std::size_t i = 0; i < hashes.size(); ++i)
    c.copied += (i > 0 && hashes[i] == hashes[i - 1]) || (i + 1 < hashes.size() && hashes[i] == hashes[i + 1]);
  return c;
}

Copies copies_of(const std::vector<std::uint64_t>& hashes, std::vector<std::uint64_t> among) {
  std::sort(among.begin(), among.end());
  Copies c{static_cast<std::int64_t>(hashes.size()), 0};
  for (std::uint64_t h : hashes) c.copied += std::binary_search(among.begin(), among.end(), h);
  return c;
}

LeakTest test_leak(const Copies& within_training, const Copies& held_out) {
  if (within_training.rows == 0 || held_out.rows == 0 || held_out.share() <= within_training.share()) return {};
  const auto n = static_cast<double>(within_training.rows), m = static_cast<double>(held_out.rows);
  const double usual = within_training.share(), difference = held_out.share() - usual;
  const double pooled = static_cast<double>(within_training.copied + held_out.copied) / (n + m);
  const double variance = 3 * pooled * (1 - pooled) * (1 / n + 1 / m);
  return {difference / (1 - usual), variance > 0 ? difference / std::sqrt(variance) : HUGE_VAL};
}

}  // namespace tend

#include "tend/prepare/steps/whiten.h"

#include <algorithm>
#include <cmath>

#include "tend/prepare/eigen.h"

namespace tend {
namespace {

std::int64_t values_of(const Frame& rows) { return rows.row_shape().count(); }

/// Copies a row as doubles.
void take_row(const Frame& rows, std::int64_t i, double* out) {
  const std::int64_t n = values_of(rows), channels = rows.channels();
  for (std::int64_t k = 0; k < n; ++k)
    out[k] = rows.is_table()      ? rows.table()[i * n + k]
             : rows.holds_bytes() ? rows.value_of_byte(rows.x().as<std::uint8_t>()[i * n + k], k % channels)
                                  : static_cast<double>(rows.x().as<float>()[i * n + k]);
}

bool has_nan(const std::vector<double>& row) {
  return std::any_of(row.begin(), row.end(), [](double v) { return std::isnan(v); });
}

/// Adds to the upper triangle of sum (x - mean)^T (x - mean), eight rows at a time, to read the matrix an eighth as often.
void add_products(const std::vector<double>& rows, std::int64_t count, std::int64_t n, std::vector<double>& sum) {
  for (std::int64_t i = 0; i < n; ++i) {
    double* to = sum.data() + i * n;
    for (std::int64_t r = 0; r < count; ++r) {
      const double* row = rows.data() + r * n;
      const double v = row[i];
      for (std::int64_t j = i; j < n; ++j) to[j] += v * row[j];
    }
  }
}

std::vector<double> covariance(const Frame& train, std::vector<double>& mean) {
  const std::int64_t n = values_of(train);
  constexpr std::int64_t together = 8;
  std::vector<double> row(static_cast<std::size_t>(n)), some(static_cast<std::size_t>(n * together)),
      sum(static_cast<std::size_t>(n * n), 0.0);
  mean.assign(row.size(), 0.0);
  std::int64_t known = 0, waiting = 0;
  for (std::int64_t i = 0; i < train.rows(); ++i) {
    take_row(train, i, row.data());
    if (has_nan(row)) continue;
    ++known;
    for (std::size_t k = 0; k < row.size(); ++k) mean[k] += row[k];
  }
  for (double& m : mean) m /= static_cast<double>(std::max<std::int64_t>(known, 1));
  for (std::int64_t i = 0; i < train.rows(); ++i) {
    take_row(train, i, row.data());
    if (has_nan(row)) continue;
    for (std::size_t k = 0; k < row.size(); ++k) some[static_cast<std::size_t>(waiting * n) + k] = row[k] - mean[k];
    if (++waiting < together) continue;
    add_products(some, waiting, n, sum);
    waiting = 0;
  }
  add_products(some, waiting, n, sum);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = i; j < n; ++j) {
      double& v = sum[static_cast<std::size_t>(i * n + j)];
      v /= static_cast<double>(std::max<std::int64_t>(known, 1));
      sum[static_cast<std::size_t>(j * n + i)] = v;
    }
  return sum;
}

}  // namespace

void Whiten::check(const Frame& rows) const {
  if (rows.is_table())
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
      if (rows.waits(static_cast<std::int64_t>(c)))
        throw Error(Trouble::usage, "prepare.whiten", "the column \"" + rows.columns[c].name + "\" of categories", "numbers",
                    "put one_hot before whiten");
  if (values_of(rows) > most_values)
    throw Error(Trouble::usage, "prepare.whiten", std::to_string(values_of(rows)) + " values a row",
                "at most " + std::to_string(most_values), "resize or grayscale images first");
}

void Whiten::fit(const Frame& train) {
  check(train);
  const std::int64_t n = values_of(train);
  std::vector<double> vectors = covariance(train, mean), values;
  if (!symmetric_eigen(vectors, n, values))
    throw Error(Trouble::data, "prepare.whiten", "values that are not finite", "finite numbers",
                "impute or clean the data first");
  matrix.assign(static_cast<std::size_t>(n * n), 0.0);
  for (std::int64_t k = 0; k < n; ++k) {
    const double factor = 1 / std::sqrt(std::max(values[static_cast<std::size_t>(k)], 0.0) + epsilon);
    for (std::int64_t i = 0; i < n; ++i) {
      const double v = vectors[static_cast<std::size_t>(i * n + k)] * factor;
      double* row = matrix.data() + i * n;
      if (method == "pca") row[n - 1 - k] = v;
      else
        for (std::int64_t j = 0; j < n; ++j) row[j] += v * vectors[static_cast<std::size_t>(j * n + k)];
    }
  }
}

void Whiten::apply(Frame& rows) const {
  check(rows);
  const std::int64_t n = values_of(rows);
  if (n != static_cast<std::int64_t>(mean.size()))
    throw Error(Trouble::data, "prepare.whiten", std::to_string(n) + " values a row",
                std::to_string(mean.size()) + ", as it was fitted to");
  std::vector<double> row(mean.size()), out(mean.size());
  double* table = rows.is_table() ? rows.table() : nullptr;
  float* floats = table ? nullptr : rows.floats();
  for (std::int64_t i = 0; i < rows.rows(); ++i) {
    take_row(rows, i, row.data());
    std::fill(out.begin(), out.end(), 0.0);
    for (std::int64_t k = 0; k < n; ++k) {
      const double v = row[static_cast<std::size_t>(k)] - mean[static_cast<std::size_t>(k)];
      const double* w = matrix.data() + k * n;
      for (std::int64_t j = 0; j < n; ++j) out[static_cast<std::size_t>(j)] += v * w[j];
    }
    for (std::int64_t j = 0; j < n; ++j) {
      if (table) table[i * n + j] = out[static_cast<std::size_t>(j)];
      else floats[i * n + j] = static_cast<float>(out[static_cast<std::size_t>(j)]);
    }
  }
  if (!table) return;
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    rows.columns[c].levels.clear();
    if (method == "pca") rows.columns[c].name = "component_" + std::to_string(c);
  }
}

Value Whiten::learnt() const {
  Value v = Value::table();
  v["mean"] = numbers_to_value(mean);
  v["matrix"] = numbers_to_value(matrix);
  return v;
}

void Whiten::restore(const Value& v, const std::string& where) {
  const Value *m = v.find("mean"), *w = v.find("matrix");
  if (!m || !w) throw Error(Trouble::data, where, v.describe(), "mean and matrix");
  mean = numbers_of_value(*m, where + ".mean");
  matrix = numbers_of_value(*w, where + ".matrix");
  if (mean.size() > static_cast<std::size_t>(most_values) || matrix.size() != mean.size() * mean.size())
    throw Error(Trouble::data, where, std::to_string(matrix.size()) + " numbers of the matrix",
                "the square of " + std::to_string(mean.size()));
}

}  // namespace tend

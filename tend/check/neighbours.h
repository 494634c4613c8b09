#pragma once
#include <cstdint>
#include <vector>

namespace tend {

class Setup;
struct SampleRows;

/// Each row's nearest others, nearest first: of `count` rows among `among` rows, Euclidean.
struct NearestRows {
  std::int64_t count = 0, among = 0, kept = 0;
  std::vector<std::int32_t> rows;  ///< [count, kept]
  std::vector<float> squares;      ///< [count, kept]: squared distances
};

/// Neighbours among the first rows of the samples of a Setup. Columns of tables count by their deviation, at most 5 deviations
/// each; images are averaged over squares of places until they have at most 1,024 numbers. How many rows take part follows from
/// the numbers in a row alone: 3e8 multiplications among training rows.
struct Neighbours {
  std::int64_t row_size = 0;
  std::vector<float> train, validation;  ///< what was measured: [rows, row_size]
  NearestRows within_train;              ///< of training rows among the other training rows
  NearestRows from_validation;           ///< of validation rows among training rows
  NearestRows within_validation;
  float copy_square = 0;  ///< rows no further apart are copies of each other: a twentieth of the usual way to the nearest
  static constexpr std::int64_t kept = 16;
  bool empty() const { return within_train.count == 0; }  ///< rows mean nothing by distance (codes, text), or are fewer than 30
  static Neighbours of(const Setup& setup);
};

/// What the `k` nearest others further away than `least_square` say of each row's targets [count, targets], `among` having the
/// targets of those others: the class that most of them have, the nearest of them where they are even; their mean value else. A
/// row without neighbours is told NaN.
std::vector<double> told_by_neighbours(const NearestRows& nearest, const SampleRows& among, bool is_classes, std::int64_t k,
                                       float least_square = -1);

}  // namespace tend

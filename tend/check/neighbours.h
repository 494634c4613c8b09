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
/// each; images are averaged over squares of places until they have at most 1,024 numbers. The number of rows depends only on the
/// size of a row: 3e8 multiplications among training rows.
struct Neighbours {
  std::int64_t row_size = 0;
  std::vector<float> train, validation;  ///< what was measured: [rows, row_size]
  NearestRows within_train;              ///< of training rows among the other training rows
  NearestRows from_validation;           ///< of validation rows among training rows
  NearestRows within_validation;
  float copy_square = 0;  ///< rows no further apart are copies: a twentieth of the usual distance to the nearest row
  static constexpr std::int64_t kept = 16;
  bool empty() const {
    return within_train.count == 0;
  }  ///< distances are not meaningful (codes, text), or there are fewer than 30 rows
  /// `held_out`: the sample that is called validation rows above.
  static Neighbours of(const Setup& setup, const SampleRows& held_out);
};

/// Predicts each row's targets [count, targets] from its `k` nearest others that are further away than `least_square`; `among`
/// has the targets of those others. Classes: the most frequent one, the nearest of several. Otherwise the mean value. NaN for a
/// row without neighbours.
std::vector<double> predicted_by_neighbours(const NearestRows& nearest, const SampleRows& among, bool is_classes, std::int64_t k,
                                            float least_square = -1);

}  // namespace tend

#pragma once
#include <cstdint>
#include <vector>

namespace tend {

/// A few values far from all others, found by statistics that few values do not change: the median, and a spread. The spread is
/// 1.4826 times the median distance from the median (a normal deviation); for outliers the middle nine tenths / 3.29 where that
/// is more.
///   outliers  at most a twentieth of the values (one may always be), above 20 spreads, at least 5 times as far as the next
///   a code    one value, not 0, 3 times or more and in at most 3 of 10 rows, above 10 spreads, 3 times as far as any other: -999
struct FarValues {
  std::int64_t count = 0, of = 0;
  double low = 0, high = 0;  ///< of the far values
  double median = 0, spread = 0;
  double usual_low = 0, usual_high = 0;  ///< of the others
  bool is_code = false;
  double share_of_squares = 0;                         ///< of the sum of all squared distances from the median
  static FarValues among(std::vector<double> values);  ///< count == 0: none, or fewer than 10 different values
};

}  // namespace tend

#pragma once
#include <vector>

#include "tend/prepare/frame.h"

namespace tend {

/// A column has at least so many values, and so many rows for a value on average, to be judged.
inline constexpr std::size_t fewest_names = 17;
inline constexpr std::int64_t rows_of_a_name = 4;

/// Do the values of a column of whole numbers act as names? Each value that is repeated has a mean target of its own. It is
/// compared with the one that its neighbours in size suggest, on rows that took no part in the means (five parts in turn).
/// Returned is the part of the targets' variance that the own means explain in addition; 0 where that is less than a hundredth or
/// less than five standard errors, where there are at most 16 different values (bins tell them apart), or fewer than 4 rows for a
/// value on average. Classes, at most 64, count as one target each, of 0 and 1; several targets count alike.
double gain_of_names(const Frame& train, std::int64_t column);
/// The values that at least two rows have, in rising order.
std::vector<double> repeated_values(const Frame& train, std::int64_t column);

}  // namespace tend

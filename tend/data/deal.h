#pragma once
#include <cstdint>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

/// The rows of the three parts, each in the source's order.
struct DealtRows {
  std::vector<std::int64_t> train, validation, test;
};

/// Deals the first `count` rows of `all` to the parts: ceil(fraction count) rows each, all others to train; a negative fraction
/// stands for a part with its own source. The order is that of data.time, else of the source where data.split is "last" or the
/// rows are windows of a text, else drawn from the seed; test rows come from its end, validation rows from the end of the rest.
/// With data.split = "stratified" each part gets the same shares of the classes. Rows of one group (Dataset::groups) stay
/// together; sizes are then as near as the groups allow. With data.folds = k, fold data.fold (1 if absent) is the test part: one
/// of k equal shares of the order; with data.time, share fold + 1 of k + 1, after which no row is used. Throws Error{usage,
/// data}.
DealtRows deal_rows(const Dataset& all, const DataSettings& settings, std::int64_t count, double validation, double test,
                    std::uint64_t seed);

}  // namespace tend

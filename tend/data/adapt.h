#pragma once
#include "tend/data/settings.h"

namespace tend {

/// Makes of a table that was read with `then` the one that reading with `now` would give, which ignores more columns and may join
/// rare values. Returns false, and leaves the table as it is, if the source must be read again. Requires that no other Dataset
/// shares the table's numbers.
bool adapt(Dataset& data, const DataSettings& then, const DataSettings& now);

}  // namespace tend

#pragma once
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// @Type@: factor = 1 - (1 - final_fraction) done.   Paper: authors (year), equation. Default: and where it comes from.
struct @Type@ {
  double final_fraction = 0;

  static constexpr auto fields =
      std::tuple{field_of<@Type@>("final_fraction", &@Type@::final_fraction, fraction(), "", "The fraction of the learning rate that remains at the last step.")};

  double factor(const Progress& p) const { return 1 - (1 - final_fraction) * p.done; }
};

}  // namespace tend

#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do the rows of places end in padding that a recurrent layer with `last = true` reads after the values? Its state then has to
/// survive all padded places. warn, data-quality: in half of the rows more than half of the places, at their end, have the value
/// that ends most rows, and no more than `most_before` of them at their start.
struct Padding {
  double most_before = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<Padding>("most_before", &Padding::most_before, part_of_one(), "",
                        "share of places that may be padded at the start of the median row")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 3;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend

#pragma once
#include <tuple>

#include "tend/lecture/probe.h"
#include "tend/train/run.h"

namespace tend {

/// @Type@: what it measures, and where that is described. Paper: authors (year), "title".
struct @Type@ {
  static constexpr std::string_view about = "One sentence with the names of its measures: @name@.steps.";
  static constexpr auto fields = std::tuple{};

  void at_end(const Training& training, Measures& m) const {
    m.values["@name@.steps"] = static_cast<double>(training.engine().counters().step);
  }
};

}  // namespace tend

#pragma once
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// @Type@: when it stops a trial, and why that is right. Paper: authors (year), "title".
struct @Type@ {
  static constexpr std::string_view about = "One sentence that says when it stops a trial.";
  static constexpr auto fields = std::tuple{};

  std::size_t pause(const Study&, const SearchTrial& trial) const { return trial.steps() + 1; }
  std::string cause(const Study& study, const SearchTrial& trial) const {
    return trial.steps() > 0 && study.cost(trial.values.back()) > 1e9 ? "@name@" : "";
  }
};

}  // namespace tend

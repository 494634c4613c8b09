#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Numbers in place of cells that have none.
struct ImputedCells {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "data-quality numerics";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const { return {imputed_inputs(run)}; }
};

}  // namespace tend

#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// So many epochs that the run makes 300 updates, or 1,000; twice as many where it makes those already.
struct MoreEpochs {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "epochs learning-rate-low";
  static constexpr int place = 20;

  std::vector<Changes> propose(const TrialContext& run) const {
    const std::int64_t epochs = run.experiment().train.epochs, steps = run.plan().total_steps();
    std::vector<Changes> all;
    for (const std::int64_t wanted : {300, 1000})
      if (steps < wanted) all.push_back(set_to((epochs * wanted + steps - 1) / steps));
    if (all.empty()) all.push_back(set_to(2 * epochs));
    return all;
  }

 private:
  static Changes set_to(std::int64_t epochs) { return {{.path = "train.epochs", .value = epochs}}; }
};

}  // namespace tend

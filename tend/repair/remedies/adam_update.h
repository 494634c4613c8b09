#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Adam in place of the optimizer, at the rate .16 / (units of the widest hidden layer), between .001 and .01: the rate that
/// suits Adam falls with the width as 1 / width (Yang and Hu, 2021), and falls to 0 with a cosine; and at its usual .001,
/// constant.
struct AdamUpdate {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "optimizer learning-rate-low learning-rate-high";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const {
    constexpr double usual = 0.001;
    return {adam(run, rate_for(run.network()), "cosine"), adam(run, usual, "constant")};
  }

 private:
  static double rate_for(const Network& network) {
    std::int64_t width = 1, last = 1;
    for (const Node& node : network.nodes())
      if (!node.layout.parameters.empty() && node.traits.is_product) width = std::max(width, last), last = node.layout.output[-1];
    return rounded(std::clamp(0.16 / static_cast<double>(width), 0.001, 0.01), 1);
  }
  static Changes adam(const TrialContext& run, double rate, const char* schedule) {
    const Value adam = Value::Table{{"name", Value("adam")}, {"learning_rate", Value(rate)}};
    Changes changes{{.path = "update.optimizer", .value = adam}};
    if (!(run.experiment().update.schedule == Value(schedule))) changes.push_back({.path = "update.schedule", .value = schedule});
    return changes;
  }
};

}  // namespace tend

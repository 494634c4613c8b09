#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// The run ended while its loss still fell quickly. info, epochs.
struct StillLearning {
  double fall = 0.1;
  static constexpr auto fields = std::tuple{field_of<StillLearning>(
      "fall", &StillLearning::fall, part_of_one(), "", "The relative fall of the loss in the last fifth of the epochs.")};
  static constexpr int place = 60;

  std::vector<Finding> find(const History& h) const {
    if (h.status != "completed" || h.epochs.size() < 5) return {};
    const std::size_t last = h.epochs.size() - 1, before = last - std::max<std::size_t>(1, h.epochs.size() / 5);
    const bool has_validation = !h.epochs[0].validation.empty();
    const auto loss = [&](std::size_t e) {
      return metric_of(has_validation ? h.epochs[e].validation : h.epochs[e].train, "loss");
    };
    double lowest = loss(0);
    for (std::size_t e = 1; e < last; ++e) lowest = std::min(lowest, loss(e));
    if (!(loss(before) > 0 && loss(last) < lowest && loss(last) < (1 - fall) * loss(before))) return {};
    Finding f{.first_step = h.epochs[before].steps};
    f.causes = ranked({{"epochs", 0.8}, {"learning-rate-low", 0.2}});
    f.evidence = {{"loss_before", loss(before)}, {"loss_at_end", loss(last)}, {"threshold", fall}};
    f.message = std::string("The run ended while the ") + (has_validation ? "validation" : "training") +
                " loss still fell, from " + short_number(loss(before)) + " to " + short_number(loss(last)) + " since " +
                at_epoch(h, before) + ".";
    f.advice = h.parameters.empty() ? "Train for longer."  // a log of another program
                                    : "Train further: tend resume RUN --epochs " + std::to_string(2 * h.planned_epochs) + ".";
    return {f};
  }
};

}  // namespace tend

#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Nearly all outputs of a bounded activation are at the ends of its range, where its slope is close to 0, so hardly any gradient
/// passes (CS231n, lecture 6: sigmoid and tanh). warning where the training loss has not fallen either, otherwise info.
struct SaturatedUnits {
  double most = 0.95, fall = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<SaturatedUnits>("most", &SaturatedUnits::most, part_of_one(), "",
                               "The share of outputs within 5 % of the ends of the range."),
      field_of<SaturatedUnits>("fall", &SaturatedUnits::fall, part_of_one(), "",
                               "The relative fall of the training loss of a network that learns.")};
  static constexpr int place = 21;

  std::vector<Finding> find(const History& h) const {
    std::vector<Finding> found;
    if (!h.has_ended || h.status != "completed") return found;
    const double before = metric_of(h.initial, "loss"), now = metric_of(h.train, "loss");
    for (const LayerState& layer : h.layers) {
      if (layer.units < 8 || layer.at_ends < most) continue;
      Finding f{.severity = now > (1 - fall) * before ? Severity::warning : Severity::info, .layer = layer.name};
      f.first_step = first_step(h, layer.name);
      f.causes = ranked({{"init", 0.35}, {"learning-rate-high", 0.3}, {"data-scale", 0.2}, {"activation-hidden", 0.15}});
      f.evidence = {{"at_ends", layer.at_ends}, {"threshold", most}};
      f.message = percent_text(layer.at_ends) + " of the outputs of " + layer.name +
                  " are at the ends of its range, where its slope is close to 0" +
                  (f.severity == Severity::warning ? ", and the training loss hardly fell." : ".");
      f.changes = lower_rate(h);
      found.push_back(std::move(f));
    }
    return found;
  }

 private:
  /// The first look that saw it; 1 where it was so at the first one, 0 where none saw it.
  std::int64_t first_step(const History& h, const std::string& layer) const {
    for (const LayersLook& look : h.looks)
      for (const LayerState& state : look.layers)
        if (state.name == layer && state.at_ends >= most) return &look == &h.looks.front() ? 1 : look.step;
    return 0;
  }
};

}  // namespace tend

#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Nearly all outputs of a bounded activation are at the ends of its range, where its slope is close to 0, so hardly any gradient
/// passes (CS231n, lecture 6: sigmoid and tanh). warning where the network has hardly learned anything either, otherwise info.
struct SaturatedUnits {
  double most = 0.95;
  std::int64_t least_steps = 50;
  static constexpr auto fields = std::tuple{field_of<SaturatedUnits>("most", &SaturatedUnits::most, part_of_one(), "",
                                                                     "The share of outputs within 5 % of the ends of the range."),
                                            field_of<SaturatedUnits>("least_steps", &SaturatedUnits::least_steps, at_least(1),
                                                                     "steps", "Shorter runs are not judged.")};
  static constexpr int place = 21;

  std::vector<Finding> find(const History& h) const {
    std::vector<Finding> found;
    if (!has_run_to_an_end(h) || h.steps < least_steps) return found;
    for (const LayerState& layer : h.layers) {
      if (layer.units < 8 || !(layer.at_ends >= most)) continue;
      Finding f{.severity = has_hardly_learned(h) ? Severity::warning : Severity::info, .layer = layer.name};
      f.first_step = first_step(h, layer.name);
      f.causes = ranked({{"init", 0.35}, {"learning-rate-high", 0.3}, {"data-scale", 0.2}, {"activation-hidden", 0.15}});
      f.evidence = {{"at_ends", layer.at_ends}, {"threshold", most}};
      f.message = percent_text(layer.at_ends) + " of the outputs of " + layer.name +
                  " are at the ends of its range, where its slope is close to 0" +
                  (f.severity == Severity::warning ? ", and the network has hardly learned anything." : ".");
      if (f.first_step > 1) f.changes = lower_rate(h);  // it became so while it learned
      else f.advice = "Scale the inputs, use smaller initial weights (xavier), or put a normalization before it.";
      found.push_back(std::move(f));
    }
    return found;
  }

 private:
  /// The first look that saw it; 1 where the first look of the training did, 0 where it is not known.
  std::int64_t first_step(const History& h, const std::string& layer) const {
    for (const LayersLook& look : h.looks)
      for (const LayerState& state : look.layers)
        if (state.name == layer && state.at_ends >= most)
          return &look == &h.looks.front() && !h.windows.empty() && h.windows.front().first == 1 ? 1 : look.step;
    return 0;
  }
};

}  // namespace tend

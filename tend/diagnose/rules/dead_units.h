#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Units that are 0 for every one of some hundred rows: they get no gradient, and stay so. Not the share of zeros, which is high
/// in every healthy rectifier. warning if nearly a whole layer is dead, info from a half on. In flight only the warning, where
/// the units of a layer were dead in three looks one after another.
struct DeadUnits {
  double whole_layer = 0.95, half = 0.5;
  static constexpr auto fields = std::tuple{
      field_of<DeadUnits>("whole_layer", &DeadUnits::whole_layer, part_of_one(), "",
                          "The share of dead units that is a warning."),
      field_of<DeadUnits>("half", &DeadUnits::half, part_of_one(), "", "The share of dead units that is worth knowing.")};
  static constexpr int place = 20;

  std::vector<Finding> find(const History& h) const {
    std::vector<Finding> found;
    for (const LayerState& layer : h.has_ended ? h.layers : dead_for_long(h)) {
      if (layer.units < 8 || layer.dead_fraction < half) continue;
      Finding f{.severity = layer.dead_fraction >= whole_layer ? Severity::warning : Severity::info, .layer = layer.name};
      f.causes = ranked({{"learning-rate-high", 0.6}, {"init", 0.3}, {"activation-hidden", 0.1}});
      f.evidence = {{"dead_fraction", layer.dead_fraction}, {"threshold", f.severity == Severity::warning ? whole_layer : half}};
      f.message = percent_text(layer.dead_fraction) + " of the " + std::to_string(layer.units) + " units of " + layer.name +
                  " are 0 for every row, so they do not learn any more.";
      f.changes = lower_rate(h);
      found.push_back(std::move(f));
    }
    return found;
  }

 private:
  std::vector<LayerState> dead_for_long(const History& h) const {
    constexpr std::size_t looks = 3;
    std::vector<LayerState> dead;
    if (h.looks.size() < looks) return dead;
    for (std::size_t i = 0; i < h.looks.back().layers.size(); ++i) {
      bool are_all = true;
      for (auto look = h.looks.end() - looks; look != h.looks.end(); ++look)
        are_all = are_all && i < look->layers.size() && look->layers[i].dead_fraction >= whole_layer;
      if (are_all) dead.push_back(h.looks.back().layers[i]);
    }
    return dead;
  }
};

}  // namespace tend

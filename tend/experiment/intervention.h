#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/base/settings.h"

namespace tend {

/// A planned change of the state in the middle of a run, which leaves the network and its Programs as they are: an entry of
/// train.interventions. It is a function of the state before it and of the seed, so a run with it has the same bits each time.
struct Intervention {
  std::int64_t step = -1;
  bool revive_units = false;
  std::vector<std::string> redraw_layers = {};
  bool reset_optimizer = false;
  double rate_factor = 1;
  static constexpr auto fields = std::tuple{
      field_of<Intervention>("step", &Intervention::step, at_least(0), "steps",
                             "After how many steps of the run it is made. One after the end of the run is not made."),
      field_of<Intervention>("revive_units", &Intervention::revive_units, {}, "",
                             "Whether hidden units that are 0 for each of 512 training rows get new weights and biases "
                             "(Sokar et al., 2023, \"The dormant neuron phenomenon\")."),
      field_of<Intervention>("redraw_layers", &Intervention::redraw_layers, {}, "",
                             "The names of layers whose parameters are drawn anew, such as [\"dense_2\"]."),
      field_of<Intervention>(
          "reset_optimizer", &Intervention::reset_optimizer, {}, "",
          "Whether the optimizer forgets its moments and begins anew; it does so too where weights are drawn."),
      field_of<Intervention>("rate_factor", &Intervention::rate_factor, above(0), "",
                             "By which number the learning rate is multiplied from this step on.")};

  bool draws() const { return revive_units || !redraw_layers.empty(); }
  /// What it does, as the end of a sentence: "the optimizer begins anew, the learning rate is multiplied by 0.1".
  std::string text() const;
};

/// The entries of train.interventions in the order of their steps. Throws Error{usage} if one is not as `fields` says, or has no
/// effect.
std::vector<Intervention> interventions_of(const Value& list);
/// The list with one more entry; a null `list` is empty.
Value with_intervention(const Value& list, const Intervention& more);

}  // namespace tend

#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// Remedies that several checks advise, as changes of the context's experiment. A list is empty where the experiment has the
/// remedy already, or where it does not apply. Whole layers are replaced from the last to the first, so that the paths of the
/// others still hold when somebody applies the changes one after another.
using Changes = std::vector<Change>;

/// The step "standardize" after all steps that change rows, before those that augment them. Empty where inputs are codes.
Changes standardized_inputs(const TrialContext& context);
/// The step "impute" before all others; where it is there already, another one after all steps that change rows.
Changes imputed_inputs(const TrialContext& context);

/// Layers whose weights are drawn unlike the initializer that suits what follows draws them (other deviation or mean), or whose
/// biases are drawn above 1 in size, get the initializers that suit. `only`: places of nodes to look at; empty: all.
Changes suitable_weights(const TrialContext& context, const std::vector<std::size_t>& only = {});
/// The places of activations that are not linear and have a layer with weights below them.
std::vector<std::size_t> hidden_activations(const Network& network);
/// This activation in place of those at these places, and weights that suit the network as it is then, of the layers at the
/// places `weights`; empty: of all.
Changes activations_at(const TrialContext& context, const std::vector<std::size_t>& places, const std::string& kind,
                       const std::vector<std::size_t>& weights = {});
/// "batch_norm" before each activation that has a layer with weights above it and another below. Empty where this is not
/// possible.
Changes normalized_activations(const TrialContext& context);

/// The network without this node, which leaves shapes as they are; where another layer names it, "linear" in its place.
Change without(const TrialContext& context, const Node& node);
/// Another activation in the place of this one, under its own name if the file gives it one.
Change replaced(const TrialContext& context, const Node& node, const std::string& kind);
/// This layer before the node. Empty where the node does not read the layer above it.
Changes inserted_before(const TrialContext& context, const Node& node, const Value& layer);
/// The width of a layer with weights: "network.layers.dense_1.dense". Empty where its kind has none.
Changes width_of(const Node& node, std::int64_t units);

/// Whether the run is in the middle of its training, and one network: only then its state can be changed by an intervention.
bool takes_interventions(const TrialContext& context);
/// One more entry in train.interventions: a change of the state of a running training.
/// Its step is that of the run.
Changes intervened(const TrialContext& context, Intervention intervention);
/// Whether the changes are made to the state of a running training, which then goes on; others begin it anew.
bool is_intervention(const Changes& changes);

/// The first list that is not empty.
Changes first_of(std::initializer_list<Changes> lists);
/// The changes of both, in this order; of several that set the same key outside the layers, the last one.
Changes joined(Changes first, const Changes& second);
/// To this many figures: a number that people read and paste.
double rounded(double v, int figures = 3);

}  // namespace tend

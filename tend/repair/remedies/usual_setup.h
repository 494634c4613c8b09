#pragma once
#include "tend/repair/remedies/adam_update.h"
#include "tend/repair/remedies/fewer_layers.h"
#include "tend/repair/remedies/less_regularization.h"
#include "tend/repair/remedies/matching_output.h"
#include "tend/repair/remedies/mean_reduction.h"
#include "tend/repair/remedies/relu_hidden.h"
#include "tend/repair/remedies/standardize_data.h"
#include "tend/repair/remedies/tanh_hidden.h"
#include "tend/repair/remedies/usual_batch.h"

namespace tend {

/// What nearly always trains, all at once: standardized numbers, the output and the loss that match the targets, Adam at its
/// usual rate, a usual batch, nothing that holds weights back, usual activations, at most four blocks that leave the shape.
/// Faults that hide one another are repaired so; where a smaller change does as well, that is taken.
struct UsualSetup {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes =
      "data-scale init activation-hidden activation-output loss-choice loss-reduction learning-rate-high learning-rate-low optimizer "
      "batch-size regularization capacity depth architecture numerics";
  static constexpr int place = 5;

  std::vector<Changes> propose(const TrialContext& run) const {
    Changes update = joined(first_of(AdamUpdate{}.propose(run)), last_of(MeanReduction{}.propose(run)));
    if (run.plan().batch_size() < 8 || run.plan().batch_size() > 128)
      update = joined(std::move(update), first_of(UsualBatch{}.propose(run)));
    const Changes around = joined(last_of(MatchingOutput{}.propose(run)),
                                  joined(last_of(StandardizeData{}.propose(run)), update));
    std::vector<Changes> networks = FewerLayers{}.propose(run);  // the last two: four blocks, tanh or relu
    if (networks.size() > 2) networks.erase(networks.begin(), networks.end() - 2);
    else networks = {last_of(TanhHidden{}.propose(run)), last_of(ReluHidden{}.propose(run))};
    const Changes free = last_of(LessRegularization{}.propose(run));
    std::vector<Changes> all{around};
    for (const Changes& network : networks) all.push_back(joined(around, network));
    for (std::size_t i = 0, end = free.empty() ? 0 : all.size(); i < end; ++i) all.push_back(joined(all[i], free));
    return all;
  }

 private:
  static Changes first_of(const std::vector<Changes>& all) { return all.empty() ? Changes{} : all.front(); }
  /// The last that changes something.
  static Changes last_of(const std::vector<Changes>& all) {
    const auto last = std::find_if(all.rbegin(), all.rend(), [](const Changes& c) { return !c.empty(); });
    return last == all.rend() ? Changes{} : *last;
  }
};

}  // namespace tend

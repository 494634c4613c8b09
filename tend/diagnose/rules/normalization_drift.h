#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Training and inference differ: the batches' losses, with statistics of the batch, are far below the loss of the training rows
/// with running statistics (Ioffe and Szegedy, 2015, sec. 3.1). In the last two epochs, by a factor and by a share of the loss at
/// the start: a healthy training has the lower loss in inference, since the weights are newer. warning; info
/// where nearly all training rows are answered rightly in inference all the same.
struct NormalizationDrift {
  double factor = 2, share = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<NormalizationDrift>("factor", &NormalizationDrift::factor, above(1), "",
                                   "The loss in inference over that of the batches."),
      field_of<NormalizationDrift>("share", &NormalizationDrift::share, above(0), "",
                                   "Their difference, as a part of the loss before the first step.")};
  static constexpr int place = 25;

  std::vector<Finding> find(const History& h) const {
    if (!has_run_to_an_end(h) || !h.normalizes_over_rows || h.epochs.size() < 2) return {};
    const double start = metric_of(h.initial, "loss");
    for (std::size_t e = h.epochs.size() - 2; e < h.epochs.size(); ++e) {
      const double inference = metric_of(h.epochs[e].train, "loss"), batches = h.epochs[e].batch_loss;
      if (!(inference > factor * batches && inference - batches > share * start)) return {};
    }
    const double inference = metric_of(h.epochs.back().train, "loss"), batches = h.epochs.back().batch_loss;
    constexpr double nearly_all = 0.9;
    Finding f{.severity = learned_part(h) > nearly_all ? Severity::info : Severity::warning,
              .first_step = h.epochs[h.epochs.size() - 2].steps};
    f.causes = ranked({{"architecture", 0.6}, {"batch-size", 0.3}, {"data-order", 0.1}});
    f.evidence = {{"loss_in_inference", inference}, {"loss_of_batches", batches}, {"factor", factor}};
    f.message = "The running statistics of the normalization do not fit: the loss of the training rows is " +
                short_number(inference) + " in inference, but that of the batches in the last epoch was " +
                short_number(batches) + ".";
    f.advice = "Let the statistics follow faster (momentum = 0.9 of batch_norm), make more steps, or use larger batches.";
    return {f};
  }
};

}  // namespace tend

#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// The validation loss is below half of the training loss in all of the last epochs: info. Dropout, augmentation and penalties
/// raise the training loss; without them, validation rows are too easy or are also training rows. The training loss of an epoch
/// is a mean over its steps, so each validation loss is compared with the training loss of the epoch after it.
struct ValidationBelowTraining {
  std::int64_t least_epochs = 3;
  double most_ratio = 0.5;
  static constexpr auto fields = std::tuple{
      field_of<ValidationBelowTraining>("least_epochs", &ValidationBelowTraining::least_epochs, at_least(1), "epochs",
                                        "How many epochs must agree; a quarter of the run where that is more."),
      field_of<ValidationBelowTraining>("most_ratio", &ValidationBelowTraining::most_ratio, part_of_one(), "",
                                        "A validation loss below this share of the training loss is far below it.")};
  static constexpr int place = 52;

  std::vector<Finding> find(const History& h) const {
    const std::size_t n = h.epochs.size(), judged = std::max<std::size_t>(static_cast<std::size_t>(least_epochs), n / 4);
    if (h.status == "diverged" || h.not_finite.step > 0 || n < judged + 1) return {};
    double train = 0, validation = 0;
    for (std::size_t e = n - 1 - judged; e + 1 < n; ++e) {
      validation = metric_of(h.epochs[e].validation, "loss"), train = metric_of(h.epochs[e + 1].train, "loss");
      if (!(validation >= 0 && validation < most_ratio * train)) return {};
    }
    Finding f{.first_step = h.epochs[n - 1 - judged].steps};
    f.causes = ranked({{"regularization", 0.55}, {"data-leak", 0.45}});
    f.evidence = {{"validation_loss", validation}, {"training_loss", train}, {"threshold", most_ratio}};
    f.message = "The validation loss is far below the training loss: " + short_number(validation) + " and " +
                short_number(train) + " at the end.";
    f.advice =
        "Strong dropout, augmentation or penalties explain it. Otherwise look for validation rows that are also training rows.";
    return {f};
  }
};

}  // namespace tend

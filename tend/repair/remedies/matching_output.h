#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// The loss that suits the task, and an output without an activation: cross-entropy of logits, or the squared error.
struct MatchingOutput {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "activation-output loss-choice numerics";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    const TargetCoding& coding = run.plan().coding();
    const bool has_classes = run.task() == Task::classification && coding.outputs > 1;
    const char* loss = run.task() == Task::regression ? "mean_squared_error"
                       : has_classes                  ? "softmax_cross_entropy"
                                                      : "sigmoid_cross_entropy";
    Changes changes{{.path = "loss.name", .value = loss}};
    if (const Node* output = output_activation(run.network())) changes.push_back(without(run, *output));
    return {changes};
  }
};

}  // namespace tend

#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>

#include "tend/loss/loss_registry.h"
#include "tend/network/compile.h"
#include "tend/train/targets.h"
#include "tend/update/optimizer_registry.h"

namespace tend {

/// How the outputs of a pack are joined, by the kind of the loss (loss/loss.h).
Join join_of(const std::string& kind);

/// What the Programs of one network are compiled from. Settings that are inputs of a step (rates, penalties, optimizer constants)
/// are ignored.
struct ProgramParts {
  std::shared_ptr<const Network> network;
  std::shared_ptr<const LossEntry> loss;
  TargetCoding coding;
  const Backend* backend = nullptr;
  std::shared_ptr<const OptimizerEntry> optimizer;  ///< nullptr: no training
  std::int64_t target_width = 1;                    ///< of the targets used in training; takes_codes: they are codes
  bool takes_codes = false, mean = true, is_weighted = false, has_averages = false;
  int weight_sets = 1;
};

/// The Programs of one network. Each is compiled at its first use, then kept and shared by all runs. Only this class assembles
/// CompileOptions for training and inference. May be used from many threads at once.
class Programs {
 public:
  explicit Programs(ProgramParts parts, const std::vector<CounterSpec>& counters = {});
  Programs(const Programs&) = delete;

  const ProgramParts& parts() const { return parts_; }
  const Network& network() const { return *parts_.network; }
  const StateLayout& layout() const { return layout_; }
  const TargetCoding& coding() const { return parts_.coding; }

  /// A step of training: forward, loss, backward, update.
  const Program& training(std::int64_t rows) const { return of(Use::training, rows, -1); }
  /// Predictions and losses in inference.
  const Program& evaluation(std::int64_t rows) const { return of(Use::evaluation, rows, -1); }
  /// A step of training without update and without fusion, on targets as they are reported, so that its traces can be read.
  const Program& inspection(std::int64_t rows) const { return of(Use::inspection, rows, -1); }
  /// The outputs of each member of a pack in inference, [members, rows, outputs].
  const Program& members(std::int64_t rows) const { return of(Use::members, rows, -1); }
  /// The forward pass up to a node, whose output is the Program's output, without fusion; in inference or as in training.
  const Program& up_to(int node, bool training, std::int64_t rows) const {
    return of(training ? Use::forward_training : Use::forward, rows, node);
  }
  /// True if every layer, activation, loss and kind of optimizer means the same in both, so that they can share Programs and
  /// states.
  static bool are_alike(const ProgramParts& a, const ProgramParts& b);

 private:
  enum class Use { training, evaluation, members, inspection, forward, forward_training };
  const Program& of(Use use, std::int64_t rows, int last) const;
  CompileOptions options_of(Use use, std::int64_t rows, int last) const;

  ProgramParts parts_;
  StateLayout layout_;
  LossFunctions loss_, learnt_loss_;
  SweepFunctions sweep_;
  mutable std::mutex mutex_;
  mutable std::map<std::tuple<Use, std::int64_t, int>, std::unique_ptr<const Program>> made_;
};

}  // namespace tend

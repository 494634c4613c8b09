#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tend/base/executor.h"
#include "tend/kernels/backend.h"
#include "tend/loss/loss_registry.h"
#include "tend/network/network.h"
#include "tend/network/program.h"
#include "tend/prepare/pipeline.h"
#include "tend/train/inference.h"
#include "tend/train/loader.h"
#include "tend/train/targets.h"
#include "tend/train/training.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// The metric that decides what is best: part "validation" or "train".
struct Watched {
  std::string part, metric;
};

/// What a Training is made of.
struct Training::Inside {
  Inside(const Experiment& experiment, const Dataset& data, TrainingOptions options);

  bool step();
  void run_to_end();
  void end_epoch();
  void finish(const std::string& status, const std::string& reason);
  void close();
  void check_early_stop(bool is_better);
  void set_step_inputs(double rate);
  void compile_programs();
  void make_data(const Experiment& experiment, const Dataset& data);
  void note(const std::string& text) const;
  void tell(const Event& event) const {
    if (options.on_event) options.on_event(event);
  }
  Metrics metrics_of(const Part& part, const Array& targets, const std::vector<std::int64_t>* which) {
    take_averages(state, shown);
    return inference->metrics((layout->averages.empty() ? state : shown).data(), part, targets, which, *executor);
  }
  Model model() const;

  Experiment experiment;
  TrainingOptions options;
  std::unique_ptr<Executor> executor;
  const Backend& backend;
  Dataset like;
  Parts parts;
  Pipeline pipeline;
  std::shared_ptr<const LossEntry> loss;
  std::shared_ptr<const OptimizerEntry> optimizer;
  std::unique_ptr<LearningRate> rate;
  std::unique_ptr<Network> network;
  TargetCoding coding;
  Array train_targets, validation_targets, test_targets;
  TrainingTargets learnt;              ///< what the loss compares with in training, where it differs from train_targets
  std::unique_ptr<StateLayout> layout;
  Block state, best, good;             ///< now; at the best epoch; at the end of the last epoch that stayed finite
  Block shown;                         ///< with the weights' moving averages in their places; where there are any
  AlignedBytes gradient;
  std::unique_ptr<Program> whole, ragged;
  std::unique_ptr<Workspace> workspace;
  std::unique_ptr<Inference> inference;
  std::unique_ptr<Loader> loader;
  std::vector<std::int64_t> sample;    ///< training rows whose metrics are reported
  Watched watched;
  std::optional<EarlyStopping> stopping;
  Summary summary;
  std::vector<float> step_seconds, loading_seconds;
  std::vector<double> fixed_inputs;
  std::int64_t batch_size = 1, total_steps = 0, step_count = 0, rows_seen = 0, waited = 0;
  double began = 0, training_seconds = 0, epoch_loss = 0, best_value = 0;
  std::int64_t epoch_steps = 0;
  bool has_ended = false, is_closed = false, has_best = false, keeps_best = false;
};

}  // namespace tend

#pragma once
#include "tend/base/executor.h"
#include "tend/kernels/backend.h"
#include "tend/network/network.h"
#include "tend/network/program.h"
#include "tend/prepare/pipeline.h"
#include "tend/train/targets.h"
#include "tend/train/training.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// What a Training is made of, for whoever looks at it: checks, forks. Everything lives as long as the Training, which may go on.
struct TrainingView {
  const Experiment& experiment;
  const Dataset& like;  ///< the data without rows: task, classes, columns
  const Parts& parts;   ///< as prepared
  const Pipeline& pipeline;
  const Network& network;
  const StateLayout& layout;
  const Block& state;  ///< now
  const LossEntry& loss;
  const OptimizerEntry& optimizer;
  const LearningRate& rate;
  const TargetCoding& coding;
  const Array &train_targets, &validation_targets;  ///< coded, [N, coding.width]
  const TrainingTargets& learnt;
  const Program& program;  ///< of a whole batch
  const Backend& backend;
  Executor& executor;
  const Shelves& shelves;
  std::int64_t batch_size, steps_per_epoch, total_steps;
};

}  // namespace tend

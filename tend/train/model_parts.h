#pragma once
#include <memory>

#include "tend/prepare/pipeline.h"
#include "tend/train/inference.h"
#include "tend/train/model.h"

namespace tend {

/// The parts of a Model.
struct Model::Inside {
  Inside(const Network& network, Value loss_value, std::shared_ptr<const LossEntry> loss, const TargetCoding& coding,
         Pipeline pipeline, Dataset like);

  Value loss_value;
  Pipeline pipeline;
  Dataset like;       ///< no rows: columns, classes, task, target names, the shape of raw rows
  Programs programs;  ///< for inference only: no optimizer slots
  Block state;
  mutable Inference inference;

  const Network& network() const { return programs.network(); }
  const TargetCoding& coding() const { return programs.coding(); }
};

}  // namespace tend

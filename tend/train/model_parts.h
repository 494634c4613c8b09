#pragma once
#include <memory>

#include "tend/prepare/pipeline.h"
#include "tend/train/inference.h"
#include "tend/train/model.h"

namespace tend {

/// What a Model is made of.
struct Model::Inside {
  Inside(const Network& network, Value loss_value, std::shared_ptr<const LossEntry> loss, const TargetCoding& coding,
         Pipeline pipeline, Dataset like);

  Value loss_value;
  Pipeline pipeline;
  Dataset like;       ///< no rows: columns, classes, task, target names, the shape of raw rows
  Programs programs;  ///< nothing is trained: no optimizer slots
  Block state;
  mutable Inference inference;

  const Network& network() const { return programs.network(); }
  const TargetCoding& coding() const { return programs.coding(); }
};

}  // namespace tend

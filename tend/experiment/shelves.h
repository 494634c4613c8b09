#pragma once
#include "tend/loss/loss_registry.h"
#include "tend/network/network.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// Everything that an experiment may name. To add its own entries, a program copies it (`shelves.layers.add<LayerModel, Gate>()`)
/// and passes the copy to Training and Model::load. examine_layers(shelves.layers) and the similar functions (tend/exam/exam.h)
/// examine the new entries.
struct Shelves : NetworkShelves {
  Registry<LossEntry> losses = builtin_losses();
  Registry<OptimizerEntry> optimizers = builtin_optimizers();
  Registry<ScheduleEntry> schedules = builtin_schedules();
};
const Shelves& builtin_shelves();

}  // namespace tend

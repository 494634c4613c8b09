#pragma once
#include "tend/loss/loss_registry.h"
#include "tend/network/network.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// Everything that an experiment may name. A program copies it, adds entries of its own
/// (`shelves.layers.add<LayerModel, Gate>()`), and gives the copy to Training and Model::load; examine_layers(shelves.layers) and
/// its like (tend/exam/exam.h) make the new entries sit the exam.
struct Shelves : NetworkShelves {
  Registry<LossEntry> losses = builtin_losses();
  Registry<OptimizerEntry> optimizers = builtin_optimizers();
  Registry<ScheduleEntry> schedules = builtin_schedules();
};
const Shelves& builtin_shelves();

}  // namespace tend

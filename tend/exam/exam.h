#pragma once
#include <string>
#include <vector>

#include "tend/exam/examiner.h"
#include "tend/kernels/backend.h"
#include "tend/loss/loss_registry.h"
#include "tend/network/activation_registry.h"
#include "tend/network/initializer_registry.h"
#include "tend/network/layer.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

/// The back ends of the exam. `exact` (plain loops in double) is the reference for gradients and for all the others.
struct ExamBackends {
  const Backend* exact = &reference_backend(ElementType::float64);
  std::vector<const Backend*> others;  ///< float32, plain and fast

  ExamBackends();  ///< takes all back ends of this machine
};

/// Every entry of a shelf takes the same exam. Tolerances come only from the element type. An outside program passes its own
/// registry: the built-in one with its entries added. An exam takes seconds and runs on up to 4 threads.
ShelfResult examine_layers(const LayerRegistry& layers = builtin_layers(), const ExamBackends& backends = {});
ShelfResult examine_activations(const Registry<ActivationEntry>& activations = builtin_activations());
ShelfResult examine_initializers(const Registry<InitializerEntry>& initializers = builtin_initializers());
ShelfResult examine_losses(const Registry<LossEntry>& losses = builtin_losses());
ShelfResult examine_optimizers(const Registry<OptimizerEntry>& optimizers = builtin_optimizers());
ShelfResult examine_schedules(const Registry<ScheduleEntry>& schedules = builtin_schedules());

/// Examines all built-in shelves.
std::vector<ShelfResult> examine_everything();

/// Returns one line for the shelf and one for each fault.
std::string text_of(const ShelfResult& result);

}  // namespace tend

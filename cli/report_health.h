#pragma once
#include "shown_run.h"
#include "tend/report/run_page.h"

namespace tend {

/// Adds charts of the gradients, the updates and the weights of the parameters over the steps, a table of the parameters, and a
/// table of the activations at the end.
void add_health(RunPage& page, const ShownRun& shown);

}  // namespace tend

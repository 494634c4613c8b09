#pragma once
#include "shown_run.h"
#include "tend/report/run_page.h"

namespace tend {

PageCurve page_curve(const Curve& curve);

/// Adds charts of the gradients, the updates and the weights of the parameters, of the activations and of the noise of the
/// gradient over the steps, a table of the parameters, and a table of the activations at the end.
void add_health(RunPage& page, const ShownRun& shown);
/// Adds the weights of the first layer as pictures, where the model of the run sees pictures of one or three channels.
void add_first_weights(RunPage& page, const std::string& run);

}  // namespace tend

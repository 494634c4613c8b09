#pragma once
#include <optional>
#include <vector>

#include "tend/monitor/history.h"
#include "tend/train/run.h"

namespace tend {

/// Two gradients cost two steps without their updates: half a percent of the operations of so many steps.
inline constexpr std::int64_t steps_between_noise_looks = 400;

/// Measures the noise of the gradient at the present weights, from two batches of other rows. Changes no bit of the run.
/// `parameters` has the windows of the last steps, from which the size of updates is known. Nothing where a batch has more than
/// half of the rows.
///
/// Signal and noise: the two estimates without bias of McCandlish et al., 2018, appendix A.1, for batches of B and 2 B rows,
/// which with two gradients a and b of B rows are a.b and |a - b|^2 / 2. Cost: with updates of r times the gradient, the loss of
/// a quadratic bowl of any curvature stays r / 4 times the variance of the gradient above its lowest (Mandt, Hoffman and Blei,
/// 2017, Stochastic Gradient Descent as Approximate Bayesian Inference, eq. 13: H C + C H = r V; the excess is tr(H C) / 2). r is
/// measured for each parameter as norm of update over norm of gradient. With momentum successive updates add up, so that the
/// cost is then a lower bound.
std::optional<NoiseLook> gradient_noise(const Run& run, const std::vector<ParameterHistory>& parameters);

}  // namespace tend

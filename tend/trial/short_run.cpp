#include "tend/trial/short_run.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tend {

namespace {

constexpr double too_much = 100;  // a first step may throw the loss far up and still be the beginning of a good run

}  // namespace

ShortRun run_short(Trial& trial, double learning_rate, std::int64_t steps, double start_loss) {
  ShortRun run;
  const std::int64_t window = std::max<std::int64_t>(1, steps / 5);
  double last = 0;
  for (std::int64_t s = 0; s < steps; ++s) {
    const double loss = trial.step(learning_rate);
    if (!std::isfinite(loss) || loss > too_much * std::max(start_loss, 1e-6) * (1 + start_loss)) {
      run.has_exploded = true;
      run.loss = std::numeric_limits<double>::infinity();
      return run;
    }
    if (s >= steps - window) last += loss / static_cast<double>(window);
  }
  run.loss = last;
  return run;
}

}  // namespace tend

#include "tend/study/trial_cost.h"

#include <algorithm>
#include <cmath>

#include "tend/base/clock.h"
#include "tend/train/memory_use.h"
#include "tend/train/run.h"

namespace tend {

namespace {

// A usual machine: one thread's operations and bytes in a second, and the seconds of a call besides its arithmetic.
constexpr double usual_flops = 2e10, usual_bytes = 6e9, seconds_of_call = 4e-7, seconds_of_start = 2e-4, seconds_of_epoch = 2e-5;
constexpr double try_seconds = 5e-3, longest_step = 0.1;
constexpr std::size_t ratios_kept = 31, ratios_to_judge = 5;

double nominal_seconds(const Program& program, int threads) {
  double seconds = 0;
  for (const Call& call : program.calls()) {
    const double workers = std::min(threads, std::max(call.kernel->blocks(), 1));
    seconds += seconds_of_call + std::max(call.kernel->flops() / usual_flops, call.kernel->bytes() / usual_bytes) / workers;
  }
  return seconds;
}

}  // namespace

TrialCost cost_of(const Plan& plan, int threads) {
  const auto steps = static_cast<double>(plan.steps_per_epoch());
  const Program& step = plan.program();
  TrialCost cost{.flops = steps * step.flops(),
                 .nominal = seconds_of_epoch +
                            steps * (nominal_seconds(step, threads) + 2 * static_cast<double>(step.batch_bytes()) / usual_bytes),
                 .memory_bytes = memory_of_run(plan, threads)};
  if (const std::int64_t measured = plan.folds() > 1 ? plan.parts().train.rows() : plan.parts().validation.rows(); measured > 0) {
    const Program& evaluation = plan.programs().evaluation(
        std::min(Inference::most_rows(plan.coding()), plan.parts().train.rows()));
    const double times = static_cast<double>(measured) / static_cast<double>(evaluation.rows());
    cost.flops += times * evaluation.flops();
    cost.nominal += times * nominal_seconds(evaluation, threads);
  }
  return cost;
}

void TrialClock::try_steps(const std::shared_ptr<const Plan>& plan, int threads) {
  const double nominal = nominal_seconds(plan->program(), threads);
  if (nominal > longest_step) return;
  const std::unique_ptr<Executor> executor = make_pool(threads);
  Run run(plan, *executor);
  run.step();  // the first one also touches new memory
  const double began = seconds_now();
  int steps = 0;
  for (; steps == 0 || (seconds_now() - began < try_seconds && steps < 50); ++steps) run.step();
  const std::lock_guard lock(mutex_);
  tried_ = std::sqrt((seconds_now() - began) / steps / nominal);  // between a usual machine and this network, which is only one
}

void TrialClock::learn(const TrialCost& cost, double epochs, double seconds) {
  if (epochs < 1 || seconds <= 0) return;
  const double ratio = seconds / (seconds_of_start + epochs * cost.nominal);
  const std::lock_guard lock(mutex_);
  if (ratios_.size() < ratios_kept) ratios_.push_back(ratio);
  else ratios_[oldest_++ % ratios_kept] = ratio;
}

/// Of the ratios; what was tried counts as one of them.
double TrialClock::quantile(double share) const {
  const std::lock_guard lock(mutex_);
  std::vector<double> all = ratios_;
  if (all.size() < ratios_to_judge) all.push_back(tried_);
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1) + 0.5);
  std::nth_element(all.begin(), at, all.end());
  return all.size() < ratios_to_judge && share < 0.5 ? *at / 2 : *at;
}

double TrialClock::seconds(const TrialCost& cost, double epochs) const {
  return quantile(0.5) * (seconds_of_start + epochs * cost.nominal);
}

double TrialClock::least_seconds(const TrialCost& cost, double epochs) const {
  return quantile(0.1) * (seconds_of_start + epochs * cost.nominal);
}

}  // namespace tend

#include "tend/check/checks/resources.h"

#include "tend/train/memory_use.h"
#include "tend/trial/advice.h"

namespace tend {

namespace {

std::string bytes_text(double bytes) {
  const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  return short_number(bytes) + " " + units[unit];
}

/// A batch whose step fits beside what does not depend on it. Empty where not even one row does.
Changes smaller_batch(const Plan& plan, double needed, double most) {
  const Program& step = plan.program();
  const double of_batch = static_cast<double>(step.arena_bytes() + fewest_batches_ahead * step.batch_bytes()),
               rest = needed - of_batch;
  const auto rows = static_cast<std::int64_t>(static_cast<double>(plan.batch_size()) * (most - rest) / of_batch);
  if (rows < 1 || rows >= plan.batch_size()) return {};
  std::int64_t batch = 1;
  while (2 * batch <= rows) batch *= 2;
  return {{.path = "train.batch_size", .value = batch}};
}

}  // namespace

std::int64_t Resources::needed_bytes(const Run& run) { return memory_of_run(run.plan(), run.executor().threads()); }

std::vector<CheckResult> Resources::judge(const Setup& setup, std::int64_t free_bytes) const {
  const Plan& plan = setup.plan();
  const std::int64_t needed = needed_bytes(setup.run());
  const double flops = plan.program().flops() * static_cast<double>(plan.total_steps());
  const std::string memory = bytes_text(static_cast<double>(needed)) + " of memory besides its data";
  if (free_bytes > 0 && static_cast<double>(needed) > share * static_cast<double>(free_bytes))
    return {CheckResult::alarm(Verdict::warn, "batch-size",
                               "The run needs more memory than is free: it needs " + memory + ", and " +
                                   bytes_text(static_cast<double>(free_bytes)) + " are free.",
                               smaller_batch(plan, static_cast<double>(needed), share * static_cast<double>(free_bytes)),
                               "Use a smaller network, or a machine with more memory.")
                .with(static_cast<double>(needed), static_cast<double>(free_bytes))};
  CheckResult r = CheckResult::pass("The run needs " + memory + " and computes " + short_number(flops / 1e9) + " GFLOP in " +
                                    counted(plan.total_steps(), "step") + ".");
  r.value = static_cast<double>(needed);
  if (free_bytes > 0) r.expected = static_cast<double>(free_bytes);
  return {std::move(r)};
}

}  // namespace tend

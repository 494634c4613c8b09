#include "tend/trial/context.h"

#include <algorithm>

namespace tend {

namespace {

constexpr std::int64_t most_rows = 2000, most_numbers = 4'000'000, rows_looked_at = 128, fewest_looked_at = 8,
                       most_look_bytes = 256 << 20;

}  // namespace

SampleRows TrialContext::sample_of(const Part& part, std::uint64_t purpose) const {
  SampleRows s;
  const std::int64_t n = part.rows();
  s.row_size = n ? part.x.row_size() : 0;
  s.targets = n ? std::max<std::int64_t>(1, part.y.row_size()) : 1;
  const std::int64_t wanted = std::min(
      n, std::min(most_rows, std::max<std::int64_t>(64, most_numbers / std::max<std::int64_t>(1, s.row_size))));
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  order_of_epoch(experiment().seed + purpose, 0, true, order);
  s.rows.assign(order.begin(), order.begin() + wanted);
  s.x.resize(static_cast<std::size_t>(wanted * s.row_size));
  if (wanted) part.gather(s.rows.data(), 0, wanted, s.x.data());
  for (std::int64_t row : s.rows)
    for (std::int64_t t = 0; t < s.targets; ++t) s.y.push_back(part.y.as<double>()[row * s.targets + t]);
  return s;
}

const SampleRows& TrialContext::training_sample() const {
  if (!training_sample_) training_sample_ = std::make_unique<SampleRows>(sample_of(plan().parts().train, 101));
  return *training_sample_;
}

const SampleRows& TrialContext::validation_sample() const {
  if (!validation_sample_) validation_sample_ = std::make_unique<SampleRows>(sample_of(plan().parts().validation, 103));
  return *validation_sample_;
}

std::vector<std::int64_t> TrialContext::few_rows(std::int64_t most) const {
  const SampleRows& s = training_sample();
  return {s.rows.begin(), s.rows.begin() + std::min(most, s.count())};
}

const Look& TrialContext::start() const {
  if (!start_) {
    Trial still(run_);
    still.set(".rate", 0);
    // A row's share of the arena, twice, as the look keeps some of what passes.
    const std::int64_t each = 2 * plan().program().arena_bytes() / plan().batch_size() + 1;
    start_ = std::make_unique<Look>(
        look_inside(still, few_rows(std::clamp(most_look_bytes / each, fewest_looked_at, rows_looked_at))));
    for (std::size_t i = 0; i < start_->nodes.size(); ++i)
      start_->nodes[i].node = &network().nodes()[i];  // which outlives the trial
  }
  return *start_;
}

std::int64_t TrialContext::affordable_steps(const Trial& trial, double flops, std::int64_t least, std::int64_t most) {
  // A kernel call costs some thousand FLOPs' time however little it computes.
  const double each = trial.plan().program().flops() + 2e4 * static_cast<double>(trial.plan().program().calls().size());
  return std::clamp(static_cast<std::int64_t>(flops / each), least, most);
}

}  // namespace tend

#include "tend/trial/rate_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/trial/short_run.h"

namespace tend {

namespace {

constexpr std::int64_t fewest_steps = 30, most_steps = 200, fewest_dear_steps = 10, most_batch = 2048;
constexpr std::size_t most_held_out = 500;
constexpr double runs_expected = 10, middle = 1e-3, lowest = 1e-7, highest = 11, next_to_nothing = 0.02, dear = 3e11,
                 too_dear = 1e12, share_of_run = 0.1, half_decade = 3.1622776601683795;

/// A large batch measures a rate as well as a batch of all rows.
TrialOptions options_of(const TrialContext& context) {
  TrialOptions options;
  options.batch_size = std::min(context.plan().batch_size(), most_batch);
  return options;
}

}  // namespace

RateRuns::RateRuns(const TrialContext& context, double flops) : context_(context), trial_(context.run(), options_of(context)) {
  const auto affordable = [&](int seeds) {
    return TrialContext::affordable_steps(trial_, flops / (runs_expected * seeds), 1, most_steps);
  };
  if (affordable(2) < fewest_steps) seeds_ = 1;
  const double whole_run = trial_.plan().program().flops() * static_cast<double>(context.plan().total_steps());
  const double bearable = std::clamp(share_of_run * whole_run, dear, too_dear);
  const std::int64_t fewest = TrialContext::affordable_steps(trial_, bearable / runs_expected, fewest_dear_steps, fewest_steps);
  steps_ = std::min(context.plan().total_steps(), std::max(affordable(seeds_), fewest));
  start_ = loss(0);
}

const RateRuns::Figures& RateRuns::figures(double rate, int seed) {
  const auto found = figures_.find({rate, seed});
  if (found != figures_.end()) return found->second;
  const double before = rate == 0 ? context_.start().loss : loss(0, seed);
  if (seed == 0) trial_.restart();
  else trial_.restart(context_.experiment().seed + 1000 + static_cast<std::uint64_t>(seed));
  Figures f;
  f.held_out = f.loss = run_short(trial_, rate, steps_, before).loss;
  std::vector<std::int64_t> rows = context_.validation_sample().rows;
  rows.resize(std::min<std::size_t>(rows.size(), most_held_out));
  if (!rows.empty() && std::isfinite(f.loss) && !context_.network().mixes_rows()) {
    f.held_out = metric_of(trial_.measure(PartName::validation, rows), "loss");
    if (!std::isfinite(f.held_out)) f.held_out = std::numeric_limits<double>::infinity();
  }
  return figures_[{rate, seed}] = f;
}

double RateRuns::loss(double rate, int seed) { return figures(rate, seed).loss; }
double RateRuns::held_out(double rate, int seed) { return figures(rate, seed).held_out; }

double RateRuns::held_out(double rate) {
  double sum = 0;
  for (int seed = 0; seed < seeds_; ++seed) sum += held_out(rate, seed) / seeds_;
  return sum;
}

double RateRuns::loss(double rate) {
  double sum = 0;
  for (int seed = 0; seed < seeds_; ++seed) sum += loss(rate, seed) / seeds_;
  return sum;
}

double RateRuns::share_of(double loss) const {
  const auto found = figures_.find({best_, 0});
  if (found == figures_.end()) return 0;
  double lowest_loss = 0;
  for (int seed = 0; seed < seeds_; ++seed) lowest_loss += figures_.at({best_, seed}).loss / seeds_;
  return start_ > lowest_loss ? (start_ - loss) / (start_ - lowest_loss) : 0;
}

double RateRuns::gain(double rate, int seed) {
  const double from = loss(0, seed), lowest_loss = loss(best_, seed);
  return from > lowest_loss ? (from - loss(rate, seed)) / (from - lowest_loss) : 0;
}

void RateRuns::walk() {
  const auto take = [&](double rate) {
    rates_.push_back(rate);
    if (best_ == 0 || loss(rate) < loss(best_)) best_ = rate;
  };
  take(middle);
  int above = loss(middle) > start_;
  for (double rate = middle * half_decade; rate < highest && above < 2; rate *= half_decade) {
    take(rate);
    above = loss(rate) < start_ ? 0 : above + 1;
  }
  int still = 0;
  for (double rate = middle / half_decade; rate > lowest && still < 2; rate /= half_decade) {
    take(rate);
    still = rate < best_ && gain(rate) < next_to_nothing ? still + 1 : 0;
  }
  std::sort(rates_.begin(), rates_.end());
}

double RateRuns::gain_between(double rate) {
  if (rate <= rates_.front()) return gain(rates_.front());
  for (std::size_t i = 1; i < rates_.size(); ++i)
    if (rate <= rates_[i]) {
      const double share = std::log(rate / rates_[i - 1]) / std::log(rates_[i] / rates_[i - 1]);
      return (1 - share) * gain(rates_[i - 1]) + share * gain(rates_[i]);
    }
  return gain(rates_.back());
}

}  // namespace tend

#include "tend/trial/rate_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tend {

namespace {

constexpr std::int64_t fewest_steps = 30, most_steps = 200, fewest_dear_steps = 10, most_batch = 2048;
constexpr std::size_t most_held_out = 500;
constexpr int middle = -6, lowest = -13, highest = 2;  // places of half decades: 1e-3, 3e-7, 10
constexpr double runs_expected = 10, next_to_nothing = 0.02, far_above = 0.5, dear = 3e11, too_dear = 1e12, share_of_run = 0.1;

/// Whole decades are the numbers that people write, so that a run's own rate is one of those walked.
double half_decade(int place) { return std::pow(10.0, place / 2.0); }

/// The last fifth of the steps, whose mean loss is the figure of a run.
std::int64_t steps_of_end(std::int64_t steps) { return std::max<std::int64_t>(1, steps / 5); }

/// Mean of the batches' losses over the last `window` steps; +inf where a loss is not finite or far above `start_loss`: the run
/// ends there. A first step may throw the loss far up and still be the beginning of a good run.
double loss_after(Trial& trial, double learning_rate, std::int64_t steps, std::int64_t window, double start_loss) {
  constexpr double too_much = 100;
  double last = 0;
  for (std::int64_t s = 0; s < steps; ++s) {
    const double loss = trial.step(learning_rate);
    if (!std::isfinite(loss) || loss > too_much * std::max(start_loss, 1e-6) * (1 + start_loss))
      return std::numeric_limits<double>::infinity();
    if (s >= steps - window) last += loss / static_cast<double>(window);
  }
  return last;
}

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
  is_dear_ = affordable(2) < fewest_steps;
  if (is_dear_) seeds_ = 1;
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
  const std::int64_t last = steps_of_end(steps_);
  if (rate == 0) trial_.skip(steps_ - last);  // weights do not change until then
  Figures f;
  f.held_out = f.loss = loss_after(trial_, rate, rate == 0 ? last : steps_, last, before);
  std::vector<std::int64_t> rows = context_.validation_sample().rows;
  rows.resize(std::min<std::size_t>(rows.size(), most_held_out));
  if (!rows.empty() && std::isfinite(f.loss) && !context_.network().mixes_rows()) {
    f.held_out = metric_of(trial_.measure(PartName::validation, rows), "loss");
    if (!std::isfinite(f.held_out)) f.held_out = std::numeric_limits<double>::infinity();
  }
  return figures_[{rate, seed}] = f;
}

double RateRuns::loss(double rate, int seed) { return figures(rate, seed).loss; }

bool RateRuns::one_seed_tells(double rate) {
  if (rate == 0 || best_ == 0 || rate == best_) return false;
  return !(loss(rate, 0) - loss(0, 0) < far_above * std::max(0.0, loss(0, 0) - loss(best_, 0)));
}

double RateRuns::held_out(double rate, int seed) {
  if (seed > 0 && one_seed_tells(rate)) return held_out(rate, 0) + held_out(0, seed) - held_out(0, 0);
  return figures(rate, seed).held_out;
}

double RateRuns::held_out(double rate) {
  double sum = 0;
  for (int seed = 0; seed < seeds_; ++seed) sum += held_out(rate, seed) / seeds_;
  return sum;
}

double RateRuns::loss(double rate) {
  if (one_seed_tells(rate)) return loss(rate, 0) + start_ - loss(0, 0);
  double sum = 0;
  for (int seed = 0; seed < seeds_; ++seed) sum += loss(rate, seed) / seeds_;
  return sum;
}

double RateRuns::gain(double rate) {
  const double lowest_loss = loss(best_);
  return start_ > lowest_loss ? (start_ - loss(rate)) / (start_ - lowest_loss) : 0;
}

double RateRuns::gain(double rate, int seed) {
  const double from = loss(0, seed), lowest_loss = loss(best_, seed);
  return from > lowest_loss ? (from - loss(rate, seed)) / (from - lowest_loss) : 0;
}

void RateRuns::walk() {
  const int stride = is_dear_ ? 2 : 1;
  int best_place = middle;
  const auto take = [&](int place) {
    rates_.push_back(half_decade(place));
    if (best_ == 0 || loss(half_decade(place)) < loss(best_)) best_ = half_decade(place), best_place = place;
  };
  take(middle);
  int above = loss(half_decade(middle)) > start_ ? stride : 0;
  for (int place = middle + stride; place <= highest && above < 2; place += stride) {
    take(place);
    above = loss(half_decade(place)) < start_ ? 0 : above + stride;
  }
  int still = 0;
  for (int place = middle - stride; place >= lowest && still < 2; place -= stride) {
    take(place);
    still = place < best_place && gain(half_decade(place)) < next_to_nothing ? still + stride : 0;
  }
  for (const int between : {best_place - 1, best_place + 1})
    if (stride > 1 && between > lowest && between < highest) take(between);
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

double RateRuns::calm_below(double rate) {
  double calm = 0;
  for (double lower : rates_)
    if (lower < rate && loss(lower) <= start_) calm = lower;
  return calm;
}

}  // namespace tend

#include "tend/check/checks/learning_rate_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/check/advice.h"
#include "tend/trial/rate_runs.h"

namespace tend {

namespace {

constexpr double moves = 0.1;  // the gain that counts as moving
constexpr int seeds_that_agree = 3;

struct Rates {
  double own = 0;         ///< the highest of the schedule
  double compressed = 0;  ///< the sum of all steps' rates, for each of a short run's steps
};

Rates rates_of(const Plan& plan, std::int64_t steps) {
  Rates r;
  for (std::int64_t s = 0; s < plan.total_steps(); ++s) {
    const double rate = plan.rate().at(s, plan.steps_per_epoch(), plan.total_steps());
    r.own = std::max(r.own, rate);
    r.compressed += rate / static_cast<double>(steps);
  }
  return r;
}

/// Of the walked rates the one in the middle, or just below it, of the lowest that gains enough of what the best gains on
/// held-out rows, and that best one; of a seed, or (seed < 0) of the means.
double suggestion_of(RateRuns& runs, double enough, int seed) {
  const auto loss = [&](double rate) { return seed < 0 ? runs.held_out(rate) : runs.held_out(rate, seed); };
  const double start = loss(0);
  double best = runs.best(), lowest = loss(best);
  for (double rate : runs.rates())
    if (loss(rate) < lowest) best = rate, lowest = loss(rate);
  double lower = best;
  for (double rate : runs.rates())
    if (rate < lower && start - loss(rate) >= enough * (start - lowest)) lower = rate;
  double suggestion = lower;
  for (double rate : runs.rates())
    if (rate <= 1.001 * std::sqrt(lower * best)) suggestion = std::max(lower, rate);
  return suggestion;
}

double confidence_of(RateRuns& runs, double enough, double suggestion) {
  int agree = 0;
  for (int seed = 0; seed < runs.seeds(); ++seed) {
    const double own = suggestion_of(runs, enough, seed);
    agree += own > suggestion / 10.1 && own < suggestion * 10.1;
  }
  return static_cast<double>(agree) / runs.seeds();
}

/// Where the curve falls most from one rate to the next: the upper of the two.
double knee_of(RateRuns& runs) {
  double knee = runs.rates().front(), most = 0;
  for (std::size_t i = 1; i < runs.rates().size(); ++i) {
    const double fall = runs.loss(runs.rates()[i - 1]) - runs.loss(runs.rates()[i]);
    if (fall > most) most = fall, knee = runs.rates()[i];
  }
  return knee;
}

/// The lower rate that gains the most, on every seed more than `margin` above the own rate; 0 where there is none.
double better_below(RateRuns& runs, double own, double margin) {
  for (double rate : {own / 10, own / 100, own / 1000}) {
    bool is_better = runs.gain(rate) > runs.gain(own) + margin;
    for (int seed = 0; is_better && seed < seeds_that_agree; ++seed)
      is_better = runs.gain(rate, seed) > runs.gain(own, seed) + margin;
    if (is_better) return rate;
  }
  return 0;
}

Value record_of(RateRuns& runs, const Rates& rates) {
  Value record = Value::table();
  record["curve"] = Value::array();
  record["held_out"] = Value::array();
  for (double rate : runs.rates()) {
    Value point = Value::array();
    point.push_back(rate);
    point.push_back(std::isfinite(runs.loss(rate)) ? Value(runs.loss(rate)) : Value());
    record["curve"].push_back(std::move(point));
    record["held_out"].push_back(std::isfinite(runs.held_out(rate)) ? Value(runs.held_out(rate)) : Value());
  }
  record["held_out_start"] = runs.held_out(0);
  record["start"] = runs.start();
  record["steps"] = runs.steps();
  record["seeds"] = runs.seeds();
  record["own"] = rates.own;
  return record;
}

/// The optimizer's rate with which the highest of the schedule is the one that is suggested.
Changes suggested(const Plan& plan, double own, double suggestion) {
  const double rate = own > 0 ? suggestion * plan.optimizer().learning_rate() / own : suggestion;
  return {{.path = "update.optimizer.learning_rate", .value = rounded(rate)}};
}

std::string loss_text(double loss) { return std::isfinite(loss) ? short_number(loss) : "overflow"; }

}  // namespace

std::vector<CheckResult> LearningRateRange::run(const Setup& setup) const {
  if (!std::isfinite(setup.start().loss)) return {CheckResult::skipped("The loss is not finite before the first step.")};
  RateRuns runs(setup, flops);
  runs.walk();
  const Rates rates = rates_of(setup.plan(), runs.steps());
  Value record = record_of(runs, rates);
  const std::string after = " after " + std::to_string(runs.steps()) + " steps";
  if (!(runs.start() - runs.best_loss() > visible * runs.start())) {
    record["why"] = "no rate moves the loss";
    CheckResult r = CheckResult::skipped("No rate takes more than " + short_number(100 * visible) + " % off the loss of " +
                                         short_number(runs.start()) + after + ": there is nothing to suggest a rate by.");
    r.record = record;
    return {r};
  }
  const double suggestion = suggestion_of(runs, enough, -1);
  double low = suggestion, high = suggestion;
  for (double rate : runs.rates()) {
    if (rate < low && runs.gain(rate) >= moves) low = rate;
    if (rate > high && runs.loss(rate) < runs.start()) high = rate;
  }
  if (const auto above = std::upper_bound(runs.rates().begin(), runs.rates().end(), high); above != runs.rates().end())
    high = *above;
  low *= static_cast<double>(runs.steps()) / static_cast<double>(setup.plan().total_steps());
  record["low"] = low;
  record["high"] = high;
  record["knee"] = knee_of(runs);
  record["suggestion"] = suggestion;
  record["confidence"] = confidence_of(runs, enough, suggestion);
  const std::string bracket = "it moves from " + short_number(low) + " on and explodes near " + short_number(high) + "; " +
                              short_number(suggestion) + " is suggested";
  CheckResult r;
  const double compressed = runs.gain_between(std::min(rates.compressed, runs.best()));
  if (const double below = better_below(runs, rates.own, margin); below > 0) {
    r = CheckResult::alarm(runs.gain(rates.own) <= 0 ? Verdict::fail : Verdict::warn, "learning-rate-high",
                           "At the rate " + short_number(rates.own) + " the loss goes from " + short_number(runs.start()) +
                               " to " + loss_text(runs.loss(rates.own)) + after + ", at " + short_number(below) + " to " +
                               loss_text(runs.loss(below)) + ": too high; " + bracket + ".",
                           suggested(setup.plan(), rates.own, suggestion));
  } else if (rates.own < suggestion && compressed < least) {
    r = CheckResult::alarm(compressed < least / 20 ? Verdict::fail : Verdict::warn, "learning-rate-low",
                           "All " + std::to_string(setup.plan().total_steps()) + " steps at the rate " + short_number(rates.own) +
                               " go as far as " + std::to_string(runs.steps()) + " at " + short_number(rates.compressed) +
                               ", which gain " + short_number(100 * std::max(0.0, compressed)) +
                               " % of what the best rate gains: too low; " + bracket + ".",
                           suggested(setup.plan(), rates.own, suggestion));
  } else {
    r = CheckResult::pass("The rate " + short_number(rates.own) + " takes the loss from " + short_number(runs.start()) + " to " +
                          loss_text(runs.loss(rates.own)) + after + "; " + bracket + ".");
  }
  r.record = record;
  return {std::move(r).with(rates.own, suggestion)};
}

}  // namespace tend

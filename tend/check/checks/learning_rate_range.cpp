#include "tend/check/checks/learning_rate_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/trial/advice.h"
#include "tend/trial/rate_runs.h"

namespace tend {

namespace {

constexpr double moves = 0.1;  // the gain that counts as moving
constexpr int seeds_that_agree = 3;
constexpr double nearly = 0.9;   // of the loss of a constant answer
constexpr double far_above = 3;  // times the loss before training, or that of a constant guess

struct Rates {
  double own = 0;         ///< the highest of the schedule
  double lowest = 0;      ///< of the schedule; below 0 only by mistake
  double first = 0;       ///< the highest of the first steps, as many as a short run has
  double compressed = 0;  ///< the sum of all steps' rates, for each of a short run's steps
};

Rates rates_of(const Plan& plan, std::int64_t steps) {
  Rates r;
  for (std::int64_t s = 0; s < plan.total_steps(); ++s) {
    const double rate = plan.rate().at(s, plan.steps_per_epoch(), plan.total_steps());
    r.own = s == 0 ? rate : std::max(r.own, rate);
    r.lowest = s == 0 ? rate : std::min(r.lowest, rate);
    if (s < steps) r.first = std::max(r.first, rate);
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

/// Of the two neighbouring rates between which the loss falls most, the upper one.
double knee_of(RateRuns& runs) {
  const auto fall_to = [&](std::size_t i) { return runs.loss(runs.rates()[i - 1]) - runs.loss(runs.rates()[i]); };
  std::size_t knee = 0;
  for (std::size_t i = 1; i < runs.rates().size(); ++i)
    if (fall_to(i) > (knee == 0 ? 0 : fall_to(knee))) knee = i;
  return runs.rates()[knee];
}

/// A rate 10, 100 or 1000 times lower that gains more than the own one, by more than `margin` on every seed; 0 if there is none.
double better_below(RateRuns& runs, double own, double margin) {
  for (double rate : {own / 10, own / 100, own / 1000}) {
    const bool is_walked_past = rate >= runs.rates().front() && rate <= runs.rates().back();
    if (is_walked_past && !(runs.gain_between(rate) > runs.gain(own) + margin / 2)) continue;
    bool is_better = runs.gain(rate) > runs.gain(own) + margin;
    for (int seed = 0; is_better && seed < seeds_that_agree; ++seed)
      is_better = runs.gain(rate, seed) > runs.gain(own, seed) + margin;
    if (is_better) return rate;
  }
  return 0;
}

/// Does the loss overflow, or end far above that before training, on two seeds of three?
bool diverges(RateRuns& runs, double rate, double chance) {
  int times = 0, seed = 0;
  for (; times < 2 && seed - times < 2; ++seed)
    times += !(runs.loss(rate, seed) <= far_above * std::max(runs.loss(0, seed), chance));
  return times == 2;
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

const char* const scale_first = "Scale the inputs and the targets first: no lower learning rate that was tried lowers the loss.";

/// The optimizer's rate with which the highest of the schedule is the one that is suggested.
Changes suggested(const Plan& plan, double own, double suggestion) {
  if (suggestion == 0) return {};
  const double rate = own > 0 ? suggestion * plan.optimizer().learning_rate() / own : suggestion;
  return {{.path = "update.optimizer.learning_rate", .value = rounded(rate)}};
}

/// A schedule with negative rates, or of zeros: nothing that a run could tell.
CheckResult not_positive(const Setup& setup, const Rates& rates, double suggestion) {
  const double written = setup.plan().optimizer().learning_rate();
  const bool is_of_optimizer = written <= 0;  // otherwise the schedule makes it so
  const Changes changes = is_of_optimizer ? Changes{{.path = "update.optimizer.learning_rate", .value = rounded(suggestion)}}
                                          : Changes{};
  const std::string text = rates.lowest == 0 ? "The learning rate is 0: training does not change the weights."
                           : is_of_optimizer
                               ? "The learning rate is negative (" + short_number(written) + "): each step raises the loss."
                               : "The schedule makes the learning rate negative (" + short_number(rates.lowest) +
                                     "): such steps raise the loss.";
  return CheckResult::alarm(Verdict::fail, "learning-rate-low", text, changes,
                            "Correct update.schedule: the rates of all steps should be above 0.")
      .with(is_of_optimizer ? written : rates.lowest, suggestion);
}

/// The rates between which the loss falls visibly: `low`: the whole run goes as far as a short run that gains a tenth; `highest`
/// that ends below the start; `high`: the walked rate above it.
struct Bracket {
  double low = 0, highest = 0, high = 0;
};

Bracket bracket_of(RateRuns& runs, const Plan& plan, double suggestion) {
  Bracket b{.low = suggestion, .highest = suggestion, .high = suggestion};
  for (double rate : runs.rates()) {
    if (rate < b.low && runs.gain(rate) >= moves) b.low = rate;
    if (rate > b.highest && runs.loss(rate) < runs.start()) b.highest = rate;
  }
  const auto above = std::upper_bound(runs.rates().begin(), runs.rates().end(), b.highest);
  b.high = above != runs.rates().end() ? *above : b.highest;
  b.low *= static_cast<double>(runs.steps()) / static_cast<double>(plan.total_steps());
  return b;
}

std::string words_of(double highest, double suggestion) {
  return " Rates up to about " + short_number(highest) + " lower the loss; the suggested rate is " + short_number(suggestion) +
         ".";
}

/// Where no rate lowers the loss visibly: only a rate that raises it can be judged.
CheckResult judge_without_fall(const Setup& setup, RateRuns& runs, const Rates& rates, double visible) {
  const std::string within = " in " + counted(runs.steps(), "step");
  if (diverges(runs, rates.own, setup.chance_loss().value_or(0)))
    return CheckResult::alarm(Verdict::fail, "learning-rate-high",
                              "The learning rate " + short_number(rates.own) + " is too high: the loss " +
                                  course_of(runs.start(), runs.loss(rates.own)) + within + ".",
                              suggested(setup.plan(), rates.own, runs.calm_below(rates.own)), scale_first);
  return CheckResult::skipped("no learning rate lowers the loss of " + short_number(runs.start()) + " by more than " +
                              percent(visible) + within + ", so none can be suggested.");
}

}  // namespace

CheckResult LearningRateRange::judged(const Setup& setup, RateRuns& runs, double suggestion, double highest) const {
  const Plan& plan = setup.plan();
  const Rates rates = rates_of(plan, runs.steps());
  const std::string within = " in " + counted(runs.steps(), "step");
  const double compressed = runs.gain_between(std::min(rates.compressed, runs.best()));
  const bool has_diverged = diverges(runs, rates.own, setup.chance_loss().value_or(0));
  // A rate that the schedule reaches little by little may be higher than one from the first step on: only divergence is judged.
  const bool rises = rates.first < rates.own / 2;
  double below = rises ? 0 : better_below(runs, rates.own, margin);
  if (below > 0 || has_diverged) {
    const double lower = suggestion < rates.own ? suggestion : below > 0 ? below : runs.calm_below(rates.own);
    if (!(below > 0 && runs.loss(below) < runs.start())) below = lower;
    const double constant = setup.chance_loss().value_or(0);
    std::string instead = ".";
    if (lower > 0 && !(runs.loss(lower) >= runs.loss(rates.own)))  // true also for an own loss that overflows
      instead = ", but at the suggested rate " + short_number(lower) + " it " + course_of(runs.start(), runs.loss(lower)) +
                (runs.loss(lower) > nearly * constant && constant > 0
                     ? "; a constant answer has " + short_number(constant) + ": look at the scale of the data first."
                     : ".");
    else if (lower > 0)
      instead = ", but at rate " + short_number(below) + " it " + course_of(runs.start(), runs.loss(below)) +
                ". The suggested rate for all " + counted(plan.total_steps(), "step") + " is " + short_number(lower) + ".";
    return CheckResult::alarm(has_diverged || runs.gain(rates.own) <= 0 ? Verdict::fail : Verdict::warn, "learning-rate-high",
                              "The learning rate " + short_number(rates.own) + " is too high: the loss " +
                                  course_of(runs.start(), runs.loss(rates.own)) + within + instead,
                              suggested(plan, rates.own, lower), scale_first);
  }
  if (rates.own < suggestion && compressed < least)
    return CheckResult::alarm(compressed < least / 20 ? Verdict::fail : Verdict::warn, "learning-rate-low",
                              "The learning rate " + short_number(rates.own) + " is too low: the " +
                                  counted(plan.total_steps(), "step") + " of the whole run lower the loss only by about " +
                                  percent(std::max(0.0, compressed)) + " of what the best rate achieves" + within + "." +
                                  words_of(highest, suggestion),
                              suggested(plan, rates.own, suggestion));
  if (rises && runs.gain(rates.own) <= 0)
    return CheckResult::pass("The schedule reaches its highest learning rate, " + short_number(rates.own) +
                             ", little by little. From the first step on, the loss " +
                             course_of(runs.start(), runs.loss(rates.own)) + within + " at that rate, but does not diverge.");
  return CheckResult::pass("The learning rate " + short_number(rates.own) + " is suitable for a run of " +
                           counted(plan.total_steps(), "step") + ": the loss " + course_of(runs.start(), runs.loss(rates.own)) +
                           within + ". Rates up to about " + short_number(std::max(highest, rates.own)) + " lower the loss.");
}

std::vector<CheckResult> LearningRateRange::run(const Setup& setup) const {
  constexpr double usual = 1e-3;  // a suggestion without any evidence
  const Plan& plan = setup.plan();
  const Rates of_plan = rates_of(plan, 1);
  const bool has_wrong_rates = of_plan.own <= 0 || of_plan.lowest < 0;
  if (!std::isfinite(setup.start().loss))
    return {has_wrong_rates ? not_positive(setup, of_plan, usual)
                            : CheckResult::skipped("the loss is not finite before the first step.")};
  RateRuns runs(setup, flops);
  runs.walk();
  const Rates rates = rates_of(plan, runs.steps());
  Value record = record_of(runs, rates);
  CheckResult r;
  if (!(runs.start() - runs.best_loss() > visible * runs.start())) {
    record["why"] = "no rate moves the loss";
    r = has_wrong_rates ? not_positive(setup, rates, usual) : judge_without_fall(setup, runs, rates, visible);
    r.record = record;
    return {r};
  }
  const double suggestion = suggestion_of(runs, enough, -1);
  const Bracket bracket = bracket_of(runs, plan, suggestion);
  record["low"] = bracket.low;
  record["high"] = bracket.high;
  record["knee"] = knee_of(runs);
  record["suggestion"] = suggestion;
  record["confidence"] = confidence_of(runs, enough, suggestion);
  r = has_wrong_rates ? not_positive(setup, rates, suggestion)
                      : judged(setup, runs, suggestion, bracket.highest).with(rates.own, suggestion);
  r.record = record;
  return {std::move(r)};
}

}  // namespace tend

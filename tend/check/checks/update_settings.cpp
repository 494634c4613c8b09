#include "tend/check/checks/update_settings.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"

namespace tend {

namespace {

constexpr double least_left = 1e-3, most_remembered = 500, least_epsilon = 1e-15, most_epsilon = 1;
constexpr double hardly = 1e-3, most_idle = 0.5;  // shares of the highest rate, and of the steps
constexpr std::int64_t usual_batch = 32, enough_over_few = 10;

double setting(const Plan& plan, const char* name, double absent) {
  const Value written = plan.optimizer().to_value();
  const Value* v = written.find(name);
  return v && v->is_number() ? v->number() : absent;
}

void judge_length(const Setup& setup, std::int64_t few, std::vector<CheckResult>& told) {
  const Plan& plan = setup.plan();
  if (plan.total_steps() >= few || plan.optimizer().for_full_batches()) return;
  const bool is_batch = plan.steps_per_epoch() <= 2 && plan.batch_size() >= 256;
  const std::int64_t batch = is_batch ? usual_batch : plan.batch_size(),
                     steps = std::max<std::int64_t>(1, plan.parts().train.rows() / batch);
  Changes changes;
  if (is_batch) changes.push_back({.path = "train.batch_size", .value = usual_batch});
  if (const std::int64_t enough = enough_over_few * few; steps * plan.experiment().train.epochs < few)
    changes.push_back({.path = "train.epochs", .value = (enough + steps - 1) / steps});
  told.push_back(CheckResult::alarm(Verdict::warn, is_batch ? "batch-size" : "epochs",
                                    "The run makes too few updates to learn much: " + counted(plan.total_steps(), "update") +
                                        " in total, " + std::to_string(plan.steps_per_epoch()) + " in each epoch.",
                                    std::move(changes))
                     .with(static_cast<double>(plan.total_steps()), static_cast<double>(few)));
}

void judge_clipping(const Setup& setup, std::vector<CheckResult>& told) {
  const UpdateSettings& update = setup.experiment().update;
  if (update.clip_norm <= 0 || !setup.plan().optimizer().grows_with_gradient()) return;
  double squares = 0;
  for (const ParameterLook& p : setup.start().parameters) squares += p.gradient_norm * p.gradient_norm;
  const double norm = std::sqrt(squares), left = update.clip_norm / norm;
  if (!(left < least_left)) return;
  told.push_back(CheckResult::alarm(Verdict::warn, "optimizer",
                                    "Gradient clipping is too strong: the gradient norm before training is " +
                                        short_number(norm) + ", and clip_norm = " + short_number(update.clip_norm) + " keeps " +
                                        percent(left) + " of it.",
                                    {{.path = "update.clip_norm", .value = rounded(norm)}})
                     .with(update.clip_norm, norm));
}

void judge_optimizer(const Setup& setup, std::vector<CheckResult>& told) {
  const Plan& plan = setup.plan();
  const double momentum = setting(plan, "momentum", 0), remembered = momentum < 1 ? 1 / (1 - momentum) : HUGE_VAL,
               epsilon = setting(plan, "epsilon", 1);
  if (plan.optimizer().grows_with_gradient() && remembered > most_remembered)
    told.push_back(CheckResult::alarm(Verdict::warn, "optimizer",
                                      "The momentum is too high: " + short_number(momentum) + " sums about " +
                                          short_number(remembered) +
                                          " gradients, which multiplies the effective learning rate by as much.",
                                      {{.path = "update.optimizer.momentum", .value = 0.9}})
                       .with(momentum, 0.9));
  if (epsilon < least_epsilon)
    told.push_back(CheckResult::alarm(Verdict::warn, "optimizer",
                                      "The epsilon of the optimizer is too small: with " + short_number(epsilon) +
                                          ", gradients that have almost vanished still cause full steps.",
                                      {{.path = "update.optimizer.epsilon", .value = 1e-8}})
                       .with(epsilon, 1e-8));
}

/// Much above what the second moments come to: the steps of Adam are then those of plain gradient descent at rate / epsilon.
void judge_large_epsilon(const Setup& setup, std::vector<CheckResult>& told) {
  const double epsilon = setting(setup.plan(), "epsilon", 0);
  if (!(epsilon > most_epsilon)) return;
  told.push_back(CheckResult::alarm(Verdict::warn, "optimizer",
                                    "The epsilon of the optimizer is too large: with " + short_number(epsilon) +
                                        ", the steps no longer follow the usual size of each gradient.",
                                    {{.path = "update.optimizer.epsilon", .value = 1e-8}})
                     .with(epsilon, most_epsilon));
}

double highest_rate(const Plan& plan) {
  double highest = 0;
  for (std::int64_t s = 0; s < plan.total_steps(); ++s) highest = std::max(highest, plan.learning_rate_at(s));
  return highest;
}

/// A schedule that never comes near the learning rate, or goes far above it.
void judge_reach(const Setup& setup, double highest, std::int64_t few, std::vector<CheckResult>& told) {
  constexpr double low = 0.1, high = 100;
  const Plan& plan = setup.plan();
  const std::int64_t steps = plan.total_steps();
  const double rate = plan.optimizer().learning_rate();
  if (steps < few || !(rate > 0 && highest > 0) || (highest >= low * rate && highest <= high * rate)) return;
  const Value& schedule = setup.experiment().update.schedule;
  const bool has_warmup = schedule.is_table() && schedule.find("warmup_steps");
  const bool is_low = highest < rate;
  told.push_back(CheckResult::alarm(Verdict::warn, is_low ? "learning-rate-low" : "learning-rate-high",
                                    std::string(is_low ? "The schedule never comes near the learning rate of the optimizer"
                                                       : "The schedule goes far above the learning rate of the optimizer") +
                                        ": it is " + short_number(highest) + " at most in the " + counted(steps, "step") +
                                        " of the run, and learning_rate is " + short_number(rate) + "." +
                                        (is_low && has_warmup ? " A warmup that is longer than the run does so." : ""),
                                    {{.path = "update.schedule", .value = "constant"}})
                     .with(highest / rate, is_low ? low : high));
}

/// Interventions that leave the learning rate far above or, for half of the run, far below that of the schedule.
void judge_interventions(const Setup& setup, std::vector<CheckResult>& told) {
  constexpr double high = 100, low = 1e-3;
  const Plan& plan = setup.plan();
  for (const Intervention& one : plan.interventions()) {
    const double factor = plan.rate_factor_at(one.step);
    const bool is_high = factor > high;
    if (one.step >= plan.total_steps() || !(is_high || (factor < low && one.step < plan.total_steps() / 2))) continue;
    told.push_back(CheckResult::alarm(Verdict::warn, is_high ? "learning-rate-high" : "learning-rate-low",
                                      "train.interventions multiply the learning rate by " + short_number(factor) +
                                          " from step " + std::to_string(one.step) + " on.",
                                      {{.path = "train.interventions", .value = {}, .kind = Change::Kind::remove}})
                       .with(factor, is_high ? high : low));
    return;
  }
}

/// A schedule that soon takes the rate so low that most steps hardly change the weights.
void judge_schedule(const Setup& setup, double highest, std::vector<CheckResult>& told) {
  const Plan& plan = setup.plan();
  const std::int64_t steps = plan.total_steps();
  std::int64_t end = steps;  // from here on the rate is low
  while (end > 0 && plan.learning_rate_at(end - 1) <= hardly * highest) --end;
  const double idle = static_cast<double>(steps - end) / static_cast<double>(std::max<std::int64_t>(1, steps));
  if (!(highest > 0) || idle <= most_idle) return;
  told.push_back(CheckResult::alarm(Verdict::warn, "learning-rate-low",
                                    "The schedule lowers the learning rate too fast: it is " + short_number(highest) +
                                        " at most, and a thousandth of that or less after step " + std::to_string(end) + " of " +
                                        std::to_string(steps) + ", so the weights hardly change in " + percent(idle) +
                                        " of the steps.",
                                    {{.path = "update.schedule", .value = "constant"}})
                     .with(idle, most_idle));
}

}  // namespace

std::vector<CheckResult> UpdateSettingsCheck::run(const Setup& setup) const {
  std::vector<CheckResult> told;
  const double highest = highest_rate(setup.plan());
  judge_clipping(setup, told);
  judge_optimizer(setup, told);
  judge_large_epsilon(setup, told);
  judge_length(setup, few_updates, told);
  judge_reach(setup, highest, few_updates, told);
  judge_schedule(setup, highest, told);
  judge_interventions(setup, told);
  if (told.empty())
    told.push_back(CheckResult::pass("The update settings are usual: " + std::string(setup.plan().optimizer().name()) +
                                     " makes " + counted(setup.plan().total_steps(), "update") + " on batches of " +
                                     counted(setup.plan().batch_size(), "row") + "."));
  return told;
}

}  // namespace tend

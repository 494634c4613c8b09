#include "tend/trial/fit.h"

#include <algorithm>
#include <cmath>

namespace tend {

namespace {

void measure_outputs(const TrialContext& context, Trial& trial, const std::vector<std::int64_t>& rows, bool sees_inputs,
                     Fit& fit) {
  std::vector<float> x(static_cast<std::size_t>(fit.rows * context.training_sample().row_size), 0);
  if (sees_inputs) context.plan().parts().train.gather(rows.data(), 0, fit.rows, x.data());
  const std::vector<float> out = trial.outputs(x.data(), fit.rows);
  const SpreadOfRows spread = spread_of_rows(out.data(), fit.rows, static_cast<std::int64_t>(out.size()) / fit.rows);
  fit.output_size = spread.size;
  fit.output_differences = spread.differences;
}

Experiment fitted(const TrialContext& context, const Experiment& changed, const FitOptions& options) {
  Experiment e = changed;
  const OptimizerEntry& given = context.plan().optimizer();
  Value optimizer = Value::table();
  optimizer["name"] = given.decoupled_decay() ? "adamw" : "adam";
  optimizer["learning_rate"] = options.rate;
  const double decay = e.update.weight_decay.value_or(given.default_weight_decay());
  if (!options.has_own_update) {
    e.update = UpdateSettings{};
    e.update.optimizer = std::move(optimizer);
  }
  e.update.schedule = "constant";
  e.update.weight_decay = options.has_penalties ? decay : 0;
  e.loss.label_smoothing = 0;
  e.loss.class_weights = Value();
  e.loss.uses_row_weights = false;
  e.loss.reduction = "mean";
  if (context.task() == Task::regression) e.prepare.target = "standardize";
  return e;
}

}  // namespace

Experiment with_plain_update(const Experiment& experiment, const char* optimizer, double rate) {
  Experiment e = experiment;
  e.update = UpdateSettings{};
  e.update.optimizer = Value::table();
  e.update.optimizer["name"] = optimizer;
  e.update.optimizer["learning_rate"] = rate;
  e.update.weight_decay = 0;
  e.loss.label_smoothing = 0;
  e.loss.class_weights = Value();
  e.loss.uses_row_weights = false;
  e.loss.reduction = "mean";
  return e;
}

Fit fit_few_rows(const TrialContext& context, const Experiment& changed, const FitOptions& options) {
  const Experiment e = fitted(context, changed, options);
  constexpr double dear = 1e10;  // of all steps: fewer rows, as batch_norm and the like still bear
  const double each = context.plan().program().flops() / static_cast<double>(context.plan().batch_size()) *
                      static_cast<double>(options.least_steps);
  TrialOptions rows;
  rows.feed.rows = context.few_rows(
      std::clamp(static_cast<std::int64_t>(dear / each), std::min<std::int64_t>(8, options.rows), options.rows));
  rows.batch_size = static_cast<std::int64_t>(rows.feed.rows.size());
  rows.feed.is_plain = true;
  rows.is_fresh = options.is_fresh;
  const auto trial = context.trial(e, rows);
  if (!options.sees_inputs) trial->scale_inputs(0);
  if (options.seed > 0) trial->restart(context.experiment().seed + static_cast<std::uint64_t>(options.seed));
  for (const char* penalty : {".l2", ".l1"})
    if (!options.has_penalties) trial->set(penalty, 0);
  if (!options.has_dropout) trial->set(".rate", 0);
  Fit fit;
  fit.rows = rows.batch_size;
  fit.steps = TrialContext::affordable_steps(*trial, options.flops, options.least_steps, options.most_steps);
  for (std::int64_t step = 0; step < fit.steps; ++step) {
    const double loss = trial->step();
    if (step == 0) fit.first = loss;
  }
  trial->set(".rate", 0);
  fit.last = trial->training_loss();
  measure_outputs(context, *trial, rows.feed.rows, options.sees_inputs, fit);
  return fit;
}

}  // namespace tend

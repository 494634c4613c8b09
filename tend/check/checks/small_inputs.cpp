#include "tend/check/checks/small_inputs.h"

#include <algorithm>
#include <numeric>

#include "tend/check/checks/data_statistics.h"
#include "tend/trial/advice.h"

namespace tend {

namespace {

constexpr double flops_of_fold = 2e9;
constexpr std::int64_t folds = 3;

/// A fifth of the training sample is held out; the other training rows are learnt, from weights of a seed.
struct Fold {
  std::uint64_t seed = 0;
  std::vector<std::int64_t> learnt, held_out;
};

Fold fold_of(const Setup& setup, std::int64_t k) {
  Fold fold;
  fold.seed = setup.experiment().seed + static_cast<std::uint64_t>(k);
  const std::vector<std::int64_t>& rows = setup.training_sample().rows;
  const std::int64_t fifth = setup.training_sample().count() / 5;
  fold.held_out.assign(rows.begin() + k * fifth, rows.begin() + (k + 1) * fifth);
  std::vector<bool> is_held(static_cast<std::size_t>(setup.plan().parts().train.rows()), false);
  for (std::int64_t row : fold.held_out) is_held[static_cast<std::size_t>(row)] = true;
  for (std::size_t row = 0; row < is_held.size(); ++row)
    if (!is_held[row]) fold.learnt.push_back(static_cast<std::int64_t>(row));
  return fold;
}

/// Mean loss of training rows in inference, with the inputs multiplied.
double loss_of(const Setup& setup, Trial& trial, const std::vector<std::int64_t>& rows, float factor) {
  const Plan& plan = setup.plan();
  const auto n = static_cast<std::int64_t>(rows.size()), width = plan.train_targets().row_size(), places = plan.coding().places;
  std::vector<float> x(static_cast<std::size_t>(n * plan.parts().train.x.row_size())), t;
  plan.parts().train.gather(rows.data(), 0, n, x.data());
  for (float& v : x) v *= factor;
  const std::vector<float> out = trial.outputs(x.data(), n);
  const float* targets = plan.train_targets().as<float>();
  for (std::int64_t row : rows) t.insert(t.end(), targets + row * width, targets + (row + 1) * width);
  const LossFunctions loss = plan.loss().functions(ElementType::float32, Isa::reference, plan.coding().takes_codes);
  std::vector<double> values(static_cast<std::size_t>(n * places));
  loss.rows(loss.self, out.data(), t.data(), nullptr, n * places, plan.coding().outputs, 1, values.data(), nullptr);
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Losses of held-out rows: at the start, after the steps as the file has them, after steps with inputs of unit size.
struct Losses {
  double first = 0, own = 0, unit = 0;
  std::int64_t steps = 0;
};

double loss_after(const Setup& setup, Trial& trial, std::int64_t steps, const Fold& fold, double factor) {
  trial.restart(fold.seed);
  trial.scale_inputs(static_cast<float>(factor));
  for (std::int64_t i = 0; i < steps; ++i) trial.step();
  return loss_of(setup, trial, fold.held_out, static_cast<float>(factor));
}

/// Means over the folds: a few rows far off, or a lucky start, decide one of them.
Losses tried(const Setup& setup, double size) {
  Losses mean;
  const std::int64_t all = setup.plan().total_steps();
  for (std::int64_t k = 0; k < folds; ++k) {
    const Fold fold = fold_of(setup, k);
    TrialOptions options;
    options.feed.rows = fold.learnt;
    const std::unique_ptr<Trial> trial = setup.trial(setup.experiment(), options);
    mean.steps = Setup::affordable_steps(*trial, flops_of_fold, std::min<std::int64_t>(20, all), all);
    mean.first += loss_of(setup, *trial, fold.held_out, 1) / folds;
    mean.own += loss_after(setup, *trial, mean.steps, fold, 1) / folds;
    mean.unit += loss_after(setup, *trial, mean.steps, fold, 1 / size) / folds;
  }
  return mean;
}

}  // namespace

std::vector<CheckResult> SmallInputs::run(const Setup& setup) const {
  const double size = largest_size(setup);
  if (size == 0 || size >= small) return {CheckResult::pass("The inputs are not too small, or their size has no effect.")};
  if (setup.has_alarm("data-scale")) return {CheckResult::skipped("another check already reports the size of the inputs.")};
  const std::optional<double> chance = setup.chance_loss();
  if (!chance || setup.training_sample().count() / 5 < Setup::enough_held_out)
    return {CheckResult::skipped("the inputs are small (root mean square " + short_number(size) +
                                 "), but the rows are too few to measure the effect.")};
  const Losses l = tried(setup, size);
  // At the end of the run, where its steps are not all affordable, did the loss fall on as fast.
  const double end = l.first - (l.first - l.own) * static_cast<double>(setup.plan().total_steps()) / static_cast<double>(l.steps);
  const std::string losses = " (root mean square " + short_number(size) + "): after " + counted(l.steps, "step") +
                             " the loss on held-out rows is " + short_number(l.own) + ", with inputs scaled to unit size " +
                             short_number(l.unit) + ".";
  if (!(end > most * l.unit && end - l.unit > worth * *chance))
    return {CheckResult::pass("The inputs are small, but this does no harm" + losses).with(l.own, l.unit)};
  return {CheckResult::alarm(Verdict::warn, "data-scale", "The inputs are too small, so the network learns slowly" + losses,
                             standardized_inputs(setup))
              .with(l.own, l.unit)};
}

}  // namespace tend

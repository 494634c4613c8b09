#include "tend/check/checks/shuffled_labels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr std::size_t label_orders = 5;
constexpr std::int64_t most_steps_of_run = 1000;
constexpr double flops_of_run = 5e9;

/// The entropy of the classes: the cross-entropy of a network that predicts only class frequencies.
double entropy(const Setup& setup, const std::vector<double>& codes) {
  std::vector<double> counts(static_cast<std::size_t>(setup.classes()), 0);
  for (double code : codes) ++counts[static_cast<std::size_t>(code)];
  double sum = 0;
  for (double count : counts)
    if (count > 0) sum -= count / static_cast<double>(codes.size()) * std::log(count / static_cast<double>(codes.size()));
  return sum;
}

/// Is the loss a cross-entropy of probabilities that sum to 1? Otherwise a constant prediction may have a lower loss than the
/// entropy.
bool costs_probabilities(const Setup& setup) {
  if (!setup.plan().loss().takes_smooth_targets() || (setup.is_binary_output() && setup.classes() != 2)) return false;
  if (setup.plan().loss().kind().starts_with("logits")) return true;
  const Node* output = output_activation(setup.network());
  if (!output || !setup.is_binary_output()) return output && output->traits.output == OutputKind::probabilities;
  return output->activation && output->traits.is_probability() && output->activation->kinks().empty();  // not clipped to 0 and 1
}

/// A trial after some steps on shuffled targets.
ShuffledRun learn_shuffled(const Setup& setup, std::uint32_t order) {
  TrialOptions options;
  options.feed.targets_of.resize(static_cast<std::size_t>(setup.plan().parts().train.rows()));
  std::iota(options.feed.targets_of.begin(), options.feed.targets_of.end(), std::int64_t{0});
  Random(setup.experiment().seed, purpose("shuffled_labels"), order)
      .shuffle(options.feed.targets_of.data(), options.feed.targets_of.size());
  const std::unique_ptr<Trial> trial = setup.trial(setup.experiment(), options);
  const auto measured = [&] {
    return metric_of(trial->measure(PartName::validation, setup.validation_sample().rows),
                     setup.task() == Task::regression ? "r2" : "loss");
  };
  ShuffledRun run;
  run.steps = Setup::affordable_steps(*trial, flops_of_run, 20, std::min(most_steps_of_run, setup.plan().total_steps()));
  run.before = measured();
  for (std::int64_t i = 0; i < run.steps; ++i) run.losses.push_back(trial->step());
  run.after = measured();
  return run;
}

}  // namespace

bool ShuffledLabels::knows(const ShuffledRun& run, double unknown, bool is_values) const {
  // Weights may be lucky before they learn.
  return is_values ? run.after > std::max(run.before, 0.0) + 1 - least : run.after < least * std::min(run.before, unknown);
}

CheckResult ShuffledLabels::judged(const std::vector<ShuffledRun>& runs, double unknown, bool is_values) const {
  const ShuffledRun& last = runs.back();
  const std::string memorized = "in " + counted(last.steps, "step") + " the training loss on shuffled labels " +
                                course_of(last.losses.front(), last.losses.back()) + ".";
  if (!std::isfinite(last.after) || !std::isfinite(last.losses.back()))
    return CheckResult::skipped("training on shuffled labels diverged: " + memorized);
  const std::string seen = (is_values ? "the R2" : "the loss") + std::string(" on held-out rows is ") + short_number(last.after) +
                           ", that of a constant prediction at best " + short_number(unknown);
  const bool all_know = std::all_of(runs.begin(), runs.end(), [&](const ShuffledRun& r) { return knows(r, unknown, is_values); });
  CheckResult result =
      all_know
          ? CheckResult::alarm(Verdict::fail, "data-leak",
                               "The targets leak into the inputs: a network trained on shuffled labels predicts held-out rows "
                               "better than a constant, in each of " +
                                   counted(static_cast<std::int64_t>(runs.size()), "random order") +
                                   " of the labels. In the last one " + seen + ".",
                               "Remove the inputs that contain the target from data.source.")
          : CheckResult::pass("A network trained on shuffled labels does not predict held-out rows, as it should be: " + seen +
                              "; " + memorized);
  result.record = Value::array();
  for (double loss : last.losses) result.record.push_back(loss);
  return std::move(result).with(last.after, unknown);
}

std::vector<CheckResult> ShuffledLabels::run(const Setup& setup) const {
  const SampleRows& held_out = setup.validation_sample();
  const bool is_values = setup.task() == Task::regression;
  if (held_out.count() < Setup::enough_held_out) return {CheckResult::skipped("there are fewer than 30 validation rows.")};
  if (setup.plan().like().is_text || setup.plan().coding().places > 1 || setup.task() == Task::multilabel ||
      (!is_values && !costs_probabilities(setup)))
    return {CheckResult::skipped("the loss of a constant prediction is not known for this task and this loss function.")};
  if (!std::all_of(held_out.y.begin(), held_out.y.end(), [](double y) { return std::isfinite(y); }))
    return {CheckResult::skipped("some validation targets are not finite.")};
  const double unknown = is_values ? 0 : entropy(setup, held_out.y);
  std::vector<ShuffledRun> runs;
  do runs.push_back(learn_shuffled(setup, static_cast<std::uint32_t>(runs.size())));
  while (runs.size() < label_orders && knows(runs.back(), unknown, is_values));
  return {judged(runs, unknown, is_values)};
}

}  // namespace tend

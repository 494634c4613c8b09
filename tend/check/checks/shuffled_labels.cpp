#include "tend/check/checks/shuffled_labels.h"

#include <cmath>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr std::uint32_t orders = 5;
constexpr std::int64_t enough_held_out = 30, most_steps = 1000;
constexpr double flops = 5e9;

/// What the classes of these rows cost outputs that know their shares and nothing else.
double entropy(const Setup& setup, const std::vector<double>& codes) {
  std::vector<double> counts(static_cast<std::size_t>(setup.classes()), 0);
  for (double code : codes) ++counts[static_cast<std::size_t>(code)];
  double sum = 0;
  for (double count : counts)
    if (count > 0) sum -= count / static_cast<double>(codes.size()) * std::log(count / static_cast<double>(codes.size()));
  return sum;
}

/// Is the loss the cost of probabilities that sum to 1? Else outputs that know nothing may be cheap.
bool costs_probabilities(const Setup& setup) {
  if (!setup.training().loss.name().ends_with("cross_entropy") || (setup.is_binary_output() && setup.classes() != 2))
    return false;
  if (setup.training().loss.kind().starts_with("logits")) return true;
  const Node* output = output_activation(setup.network());
  return output && kind_of(*output) == (setup.is_binary_output() ? "sigmoid" : "softmax");
}

double metric(const Metrics& metrics, std::string_view name) {
  for (const auto& [n, value] : metrics)
    if (n == name) return value;
  return std::nan("");
}

/// A fork after some steps on shuffled targets.
struct Learnt {
  Metrics before, held_out;  ///< of held-out rows
  std::int64_t steps = 0;
  double first = 0, last = 0;  ///< loss on the shuffled targets
  Value curve = Value::array();
};

Learnt learn_shuffled(const Setup& setup, std::uint32_t order) {
  ForkOptions options;
  options.targets_of.resize(static_cast<std::size_t>(setup.training().parts.train.rows()));
  std::iota(options.targets_of.begin(), options.targets_of.end(), std::int64_t{0});
  Random(setup.experiment().seed, purpose("shuffled_labels"), order)
      .shuffle(options.targets_of.data(), options.targets_of.size());
  const std::unique_ptr<Fork> fork = setup.fork(setup.experiment(), options);
  Learnt learnt;
  learnt.steps = Setup::affordable_steps(*fork, flops, 20, std::min(most_steps, setup.training().total_steps));
  learnt.before = fork->measure(setup.training().parts.validation, setup.validation_sample().rows);
  for (std::int64_t i = 0; i < learnt.steps; ++i) {
    learnt.last = fork->step();
    if (i == 0) learnt.first = learnt.last;
    learnt.curve.push_back(learnt.last);
  }
  learnt.held_out = fork->measure(setup.training().parts.validation, setup.validation_sample().rows);
  return learnt;
}

}  // namespace

std::vector<CheckResult> ShuffledLabels::run(const Setup& setup) const {
  const SampleRows& held_out = setup.validation_sample();
  const bool is_values = setup.task() == Task::regression;
  if (held_out.count() < enough_held_out) return {CheckResult::skipped("There are fewer than 30 validation rows to look at.")};
  if (setup.training().like.is_text || setup.training().coding.places > 1 || setup.task() == Task::multilabel ||
      (!is_values && !costs_probabilities(setup)))
    return {CheckResult::skipped("What targets cost without any knowledge is not known for this task and loss.")};
  const double unknown = is_values ? 0 : entropy(setup, held_out.y);
  bool knows = true;
  std::string seen, by_heart;
  CheckResult result;
  for (std::uint32_t order = 0; order < orders && knows; ++order) {
    Learnt learnt = learn_shuffled(setup, order);
    const double known = metric(learnt.held_out, is_values ? "r2" : "loss");
    by_heart = "in " + std::to_string(learnt.steps) + " steps the loss on shuffled labels went from " +
               short_number(learnt.first) + " to " + short_number(learnt.last);
    seen = (is_values ? "R2" : "the loss") + std::string(" of held-out rows is ") + short_number(known) + ", " +
           short_number(unknown) + " at best without knowledge";
    if (!std::isfinite(known) || !std::isfinite(learnt.last))
      return {CheckResult::skipped("Training on shuffled labels did not stay finite: " + by_heart + ".")};
    const double start = metric(learnt.before, is_values ? "r2" : "loss");  // weights may be lucky before they learn
    knows = is_values ? known > std::max(start, 0.0) + 1 - least : known < least * std::min(start, unknown);
    result = CheckResult().with(known, unknown);
    result.record = std::move(learnt.curve);
  }
  if (knows) {
    result.verdict = Verdict::fail;
    result.cause = "data-leak";
    result.field = "data.source";
    result.change = "inputs without the target in them";
  }
  result.message = knows ? "Shuffled labels teach what held-out rows are, in each of " + std::to_string(orders) +
                               " orders: " + seen + ". Targets reach the network beside the features."
                         : "Shuffled labels teach nothing about held-out rows: " + seen + "; " + by_heart + ".";
  return {std::move(result)};
}

}  // namespace tend

#include "tend/check/checks/label_alignment.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/check/dependence.h"

namespace tend {

namespace {

constexpr std::int64_t k_nearest = 7, k_nearer = 2, enough_rows = 100, rows_of_a_class = 5, few_beside = 30;
constexpr double flops_of_trial = 2e9, least_gap = 5;

/// How well neighbours predict the targets of some rows: the mean score over rows (over classes of equal weight), and its
/// variance.
struct Rightness {
  double mean = 0, variance = 0;
};

/// The sample with its values as ranks among the training sample's, 0 .. 1.
SampleRows ranked(const SampleRows& sample, const SampleRows& train) {
  SampleRows out;
  out.targets = sample.targets;
  out.rows = sample.rows;
  out.y = sample.y;
  for (std::int64_t t = 0; t < train.targets; ++t) {
    std::vector<double> sorted;
    for (std::size_t at = static_cast<std::size_t>(t); at < train.y.size(); at += static_cast<std::size_t>(train.targets))
      sorted.push_back(train.y[at]);
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t at = static_cast<std::size_t>(t); at < out.y.size(); at += static_cast<std::size_t>(train.targets)) {
      const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), out.y[at]);
      out.y[at] = static_cast<double>((low - sorted.begin()) + (high - sorted.begin())) / 2 / static_cast<double>(sorted.size());
    }
  }
  return out;
}

bool are_finite(const SampleRows& s) {
  return std::all_of(s.y.begin(), s.y.end(), [](double v) { return std::isfinite(v); });
}

/// The mean over groups of rows of their scores' means.
Rightness mean_of_groups(const std::vector<std::vector<double>>& groups) {
  Rightness all;
  for (const std::vector<double>& scores : groups) {
    const auto n = static_cast<double>(scores.size());
    const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
    double squares = 0;
    for (double s : scores) squares += (s - mean) * (s - mean);
    all.mean += mean / static_cast<double>(groups.size());
    all.variance += squares / n / n / std::pow(static_cast<double>(groups.size()), 2);
  }
  return all;
}

/// How well the nearest training rows predict the labels of training rows, and of validation rows.
struct Comparison {
  Rightness training, validation;
  double chance = 0;
  double wrong_share() const { return (validation.mean - training.mean) / (validation.mean - chance); }
  double z() const { return (validation.mean - training.mean) / std::sqrt(training.variance + validation.variance); }
};

/// Scores by group: one for each class; one for all labels or values.
std::vector<std::vector<double>> scores_of(const Setup& setup, const SampleRows& rows, const std::vector<double>& told,
                                           double spread) {
  const bool is_classes = setup.task() == Task::classification;
  std::vector<std::vector<double>> groups(is_classes ? static_cast<std::size_t>(setup.classes()) : 1);
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!std::isfinite(told[i])) continue;
    const double error = told[i] - rows.y[i];
    const double score = setup.task() == Task::regression ? 1 - error * error / spread : error == 0;
    groups[is_classes ? static_cast<std::size_t>(rows.y[i]) : 0].push_back(score);
  }
  return groups;
}

std::optional<Comparison> compare(const Setup& setup) {
  const Neighbours& near = setup.neighbours();
  const SampleRows &t = setup.training_sample(), &v = setup.validation_sample();
  if (near.from_validation.count < Setup::enough_held_out || !are_finite(t) || !are_finite(v)) return {};
  const bool is_values = setup.task() == Task::regression;
  const SampleRows train = is_values ? ranked(t, t) : t, validation = is_values ? ranked(v, t) : v;
  const auto scores = [&](const NearestRows& nearest, const SampleRows& rows) {
    return scores_of(setup, rows, predicted_by_neighbours(nearest, train, !is_values, k_nearest, near.copy_square),
                     1.0 / 12);  // of ranks 0 .. 1
  };
  std::vector<std::vector<double>> of_training = scores(near.within_train, train),
                                   of_validation = scores(near.from_validation, validation);
  Comparison c;
  std::vector<std::vector<double>> first, second;
  for (std::size_t g = 0; g < of_training.size(); ++g)
    if (of_training[g].size() >= rows_of_a_class && of_validation[g].size() >= rows_of_a_class) {
      first.push_back(of_training[g]);
      second.push_back(of_validation[g]);
    }
  if (first.empty()) return {};
  c.training = mean_of_groups(first);
  c.validation = mean_of_groups(second);
  if (setup.task() == Task::classification) c.chance = 1 / static_cast<double>(first.size());
  if (setup.task() == Task::multilabel) c.chance = 0.5;
  return c;
}

/// Does the experiment itself learn something about rows that it has not seen? Accuracy more than 4 standard errors above the
/// share of the most frequent class, or R2 above 0.1.
bool learns(const Setup& setup) {
  const SampleRows &t = setup.training_sample(), &v = setup.validation_sample();
  Tested tested = tested_of(setup, v, v.count());
  const bool has_validation = static_cast<std::int64_t>(tested.rows.size()) >= Setup::enough_held_out;
  const std::int64_t held_out = t.count() / 5;
  TrialOptions options;
  if (!has_validation) {
    options.feed.rows.assign(t.rows.begin() + held_out, t.rows.end());
    tested = tested_of(setup, t, held_out);
  }
  const std::unique_ptr<Trial> trial = setup.trial(setup.experiment(), options);
  const std::int64_t steps = Setup::affordable_steps(*trial, flops_of_trial, 20,
                                                     std::min<std::int64_t>(2000, setup.plan().total_steps()));
  for (std::int64_t i = 0; i < steps; ++i) trial->step();
  const Metrics metrics = trial->measure(has_validation ? PartName::validation : PartName::train, tested.rows);
  if (setup.task() == Task::regression) return metric_of(metrics, "r2") > 0.1;
  const double most = tested.majority;
  return metric_of(metrics, "accuracy") > most + 4 * std::sqrt(most * (1 - most) / static_cast<double>(tested.rows.size()));
}

std::int64_t rows_beside_the_largest_class(const Setup& setup) {
  const SampleRows& t = setup.training_sample();
  if (setup.task() != Task::classification) return t.count();
  std::vector<std::int64_t> counts(static_cast<std::size_t>(setup.classes()), 0);
  for (double code : t.y) ++counts[static_cast<std::size_t>(code)];
  return t.count() - *std::max_element(counts.begin(), counts.end());
}

std::string predicted(const Setup& setup, const Comparison& c) {
  return "A prediction from the nearest training rows has " +
         std::string(setup.task() == Task::regression ? "an R2 (of ranks)" : "an accuracy") + " of " +
         short_number(c.training.mean) + " on training rows and " + short_number(c.validation.mean) + " on validation rows.";
}

CheckResult nothing_shown(const Setup& setup, const PermutationTest& neighbours, const PermutationTest& columns, double z) {
  const Neighbours& near = setup.neighbours();
  const std::int64_t rows = near.within_train.count;
  const std::string numbers = " In " + std::to_string(rows) +
                              " training rows, similar rows agree in their targets no more than with shuffled targets (z = " +
                              short_number(neighbours.z()) +
                              "), and neither does any input column correlate with the target (z = " + short_number(columns.z()) +
                              "); |z| > " + short_number(z) + " would show a dependence.";
  if (rows_beside_the_largest_class(setup) < few_beside)
    return CheckResult::skipped(
        "too few training rows are of another class than the most frequent one to test whether labels depend on inputs.");
  if (near.within_validation.count >= Setup::enough_held_out && are_finite(setup.validation_sample())) {
    const TargetVectors targets = TargetVectors::of(setup.validation_sample(), near.within_validation.count, setup.task(),
                                                    setup.classes());
    const PermutationTest held_out = test_neighbours(near.within_validation, targets, k_nearest, setup.experiment().seed);
    if (held_out.z() > z)
      return CheckResult::alarm(Verdict::fail, "data-label",
                                "The training labels do not belong to their rows, but the validation labels do (z = " +
                                    short_number(held_out.z()) + "): features and labels of the training part are misaligned." +
                                    numbers,
                                "Correct data.source: each row needs its own label.")
          .with(neighbours.value, held_out.value);
  }
  if (rows < enough_rows)
    return CheckResult::skipped(std::to_string(rows) + " training rows are too few to test whether targets depend on inputs." +
                                numbers);
  if (learns(setup))
    return CheckResult::pass("The targets depend on the inputs: a short training predicts them better than a constant guess." +
                             numbers);
  return CheckResult::alarm(
             Verdict::warn, "data-label",
             "The inputs do not predict the target: a short training is not better than a constant guess." + numbers,
             "Check in data.source that each row has its own label, and that the inputs are related to the target.")
      .with(neighbours.value, neighbours.mean);
}

}  // namespace

Tested tested_of(const Setup& setup, const SampleRows& s, std::int64_t most) {
  Tested tested;
  const auto targets = static_cast<std::size_t>(s.targets);
  std::vector<std::vector<double>> counts(
      targets, std::vector<double>(static_cast<std::size_t>(std::max<std::int64_t>(setup.classes(), 2)), 0));
  for (std::size_t r = 0; r < static_cast<std::size_t>(std::min(most, s.count())); ++r) {
    const double* y = s.y.data() + r * targets;
    if (!std::all_of(y, y + targets, [](double v) { return std::isfinite(v); })) continue;
    tested.rows.push_back(s.rows[r]);
    if (setup.task() != Task::regression)
      for (std::size_t t = 0; t < targets; ++t) ++counts[t][static_cast<std::size_t>(y[t])];
  }
  for (const std::vector<double>& of_target : counts)
    tested.majority += *std::max_element(of_target.begin(), of_target.end()) / static_cast<double>(tested.rows.size() * targets);
  return tested;
}

std::vector<CheckResult> LabelAlignment::run(const Setup& setup) const {
  const Neighbours& near = setup.neighbours();
  if (near.empty())
    return {CheckResult::skipped(
        "distances between rows mean nothing here: the inputs are codes, or there are fewer than 30 training rows.")};
  if (!are_finite(setup.training_sample())) return {CheckResult::skipped("some targets are not finite.")};
  const std::uint64_t seed = setup.experiment().seed;
  const TargetVectors targets = TargetVectors::of(setup.training_sample(), near.within_train.count, setup.task(),
                                                  setup.classes());
  PermutationTest neighbours = test_neighbours(near.within_train, targets, k_nearest, seed);
  if (std::fabs(neighbours.z()) <= z) {
    const PermutationTest nearer = test_neighbours(near.within_train, targets, k_nearer, seed);
    if (std::fabs(nearer.z()) > z) neighbours = nearer;
  }
  if (neighbours.deviation == 0)
    return {CheckResult::skipped(
        "the targets of similar rows agree equally in every order of the rows: all targets are the same, or all differ.")};
  double by_columns = 0;
  if (std::fabs(neighbours.z()) <= z) {
    const PermutationTest columns = test_columns(near.train, near.row_size, targets, seed);
    if (columns.z() <= z) return {nothing_shown(setup, neighbours, columns, z)};
    by_columns = columns.z();
  }
  const std::optional<Comparison> c = compare(setup);
  if (c && c->validation.mean > c->chance && c->z() > least_gap && c->wrong_share() > most_wrong)
    return {
        CheckResult::alarm(Verdict::warn, "data-label",
                           "About " + percent(std::min(1.0, c->wrong_share())) + " of the training labels are probably wrong. " +
                               predicted(setup, *c),
                           "Correct the labels in data.source. Until then, loss.label_smoothing and few epochs limit the harm.")
            .with(c->training.mean, c->validation.mean)};
  const std::string text = std::fabs(neighbours.z()) <= z
                               ? "an input column correlates with them (z = " + short_number(by_columns) + ")"
                               : "similar rows have " + std::string(neighbours.z() > 0 ? "similar" : "different") +
                                     " targets (z = " + short_number(neighbours.z()) + " compared with shuffled targets)";
  return {CheckResult::pass("The targets depend on the inputs: " + text + "." + (c ? " " + predicted(setup, *c) : ""))
              .with(neighbours.value, neighbours.mean)};
}

}  // namespace tend

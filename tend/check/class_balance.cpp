#include "tend/check/class_balance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tend {

namespace {

constexpr std::size_t many_classes = 20;
constexpr double surely = 1e-4, deviations = 5, times_rarer = 10, least_share = 0.02, largest_share = 0.99, handful = 30,
                 most_apart = 0.4;

double sum_of(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

/// Names of the classes k for which is_one(k), at most five.
template <class IsOne>
std::string names(const Setup& setup, std::size_t classes, const IsOne& is_one) {
  std::string text;
  int told = 0;
  for (std::size_t k = 0; k < classes; ++k)
    if (is_one(k)) {
      if (++told > 5) return text + " ...";
      text += (text.empty() ? "" : ", ") + setup.plan().like().classes[k];
    }
  return text;
}

bool is_split_by_order(const Setup& setup) {
  return setup.experiment().data.split == "last" && setup.experiment().data.validation.is_number();
}

CheckResult parts_differ(const Setup& setup, Verdict verdict, const std::string& what) {
  if (is_split_by_order(setup))
    return CheckResult::alarm(verdict, "data-order",
                              what + ". The rows are ordered, and data.split = \"last\" takes the last ones.",
                              "Set data.split to \"stratified\" or \"shuffle\".");
  return CheckResult::alarm(verdict, "class-imbalance", what + ".", "Add training rows of every class to data.source.");
}

/// Classes that only held-out rows have, with so many rows that a random split would have put some into training.
std::optional<CheckResult> never_trained_on(const Setup& setup, const std::vector<double>& t, const std::vector<double>& v,
                                            double n, double m) {
  double rows = 0;
  bool is_sure = false;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (t[k] == 0 && v[k] > 0) {
      rows += v[k];
      is_sure |= std::pow(m / (n + m), v[k]) < surely;
    }
  if (!is_sure || rows < least_share * m) return {};
  return parts_differ(setup, Verdict::fail,
                      "Some classes have no training rows (" +
                          names(setup, t.size(), [&](std::size_t k) { return t[k] == 0 && v[k] > 0; }) +
                          "): " + short_number(rows) + " of " + short_number(m) + " held-out rows are of these classes")
      .with(rows / m, 0);
}

std::optional<CheckResult> rarer_in_training(const Setup& setup, const std::vector<double>& t, const std::vector<double>& v,
                                             double n, double m) {
  const double share = m / (n + m);
  const auto is_rarer = [&](std::size_t k) {
    const double all = t[k] + v[k];
    return t[k] > 0 && v[k] / m >= times_rarer * t[k] / n &&
           v[k] - all * share > deviations * std::sqrt(all * share * (1 - share));
  };
  double rows = 0, trained = 0;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (is_rarer(k)) {
      rows += v[k];
      trained += t[k];
    }
  if (rows < least_share * m || rows == 0) return {};
  return CheckResult::alarm(Verdict::warn, "class-imbalance",
                            "Some classes have too few training rows (" + names(setup, t.size(), is_rarer) + "): they make up " +
                                percent(trained / n) + " of the training rows, but " + percent(rows / m) +
                                " of the held-out rows.",
                            "Add training rows of these classes to data.source.")
      .with(trained / n, rows / m);
}

/// Parts that were split by order and whose class frequencies differ, or held-out rows of only one class.
std::optional<CheckResult> other_mix(const Setup& setup, const std::vector<double>& t, const std::vector<double>& v, double n,
                                     double m) {
  double apart = 0, by_chance = 0, alone = 0;
  for (std::size_t k = 0; k < t.size(); ++k) {
    apart += std::fabs(t[k] / n - v[k] / m) / 2;
    by_chance += 0.4 * std::sqrt(t[k] / n * (1 - t[k] / n) * (1 / m + 1 / n));  // mean size of a normal: .8 deviations, halved
    if (v[k] == m) alone = std::pow(t[k] / n, m);
  }
  const bool is_alone = alone > 0 && alone < surely * surely;
  if (!is_alone && !(is_split_by_order(setup) && apart > most_apart + 2 * by_chance)) return {};
  return parts_differ(setup, Verdict::warn,
                      is_alone ? "All " + short_number(m) + " held-out rows are of one class, but the training rows have several"
                               : "The class frequencies of the held-out rows differ from those of the training rows: " +
                                     percent(apart) + " of the held-out rows would need another class to agree")
      .with(apart, by_chance);
}

}  // namespace

std::vector<double> class_counts(const Part& part, std::int64_t classes) {
  std::vector<double> counts(static_cast<std::size_t>(classes), 0);
  if (part.rows() == 0) return counts;
  for (std::int64_t i = 0; i < part.y.shape().count(); ++i) {
    const double code = part.y.as<double>()[i];
    if (code >= 0 && code < static_cast<double>(classes)) ++counts[static_cast<std::size_t>(code)];
  }
  return counts;
}

namespace {

/// Classes with one or two rows in all, among many rows: they can hardly be learned, and not be measured.
std::optional<CheckResult> nearly_empty(const Setup& setup) {
  constexpr double most_rows = 2, many_rows = 100;
  const Parts& parts = setup.plan().parts();
  std::vector<double> counts = class_counts(parts.train, setup.classes());
  for (const Part* part : {&parts.validation, &parts.test}) {
    const std::vector<double> more = class_counts(*part, setup.classes());
    for (std::size_t k = 0; k < counts.size(); ++k) counts[k] += more[k];
  }
  const auto is_empty = [&](std::size_t k) { return counts[k] > 0 && counts[k] <= most_rows; };
  double rows = 0;
  std::int64_t classes = 0;
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (is_empty(k)) rows += counts[k], ++classes;
  if (sum_of(counts) < many_rows || classes == 0 || 2 * classes > static_cast<std::int64_t>(counts.size())) return {};
  return CheckResult::alarm(
             Verdict::warn, "class-imbalance",
             (classes == 1 ? "One class has" : std::to_string(classes) + " classes have") + " only one or two rows (" +
                 names(setup, counts.size(), is_empty) + "): " + short_number(rows) + " of " + short_number(sum_of(counts)) +
                 " rows. The network can hardly learn them, and metrics that count classes alike, such as balanced_accuracy, "
                 "depend on single rows.",
             "Add rows of these classes to data.source, join them with another class, or leave them out.")
      .with(rows, most_rows);
}

/// Weights of classes that are written down: 0 for a class with rows, or much more uneven than the classes themselves.
std::optional<CheckResult> odd_weights(const Setup& setup, const std::vector<double>& t) {
  constexpr double most_uneven = 20;
  const Value& given = setup.experiment().loss.class_weights;
  if (!given.is_table()) return {};
  double least = HUGE_VAL, most = 0, fewest = HUGE_VAL, largest = 0;
  std::string of_least;
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (t[k] == 0) continue;
    const Value* v = given.find(setup.plan().like().classes[k]);
    const double weight = v && v->is_number() ? v->number() : 1;
    if (weight < least) least = weight, of_least = setup.plan().like().classes[k];
    most = std::max(most, weight), fewest = std::min(fewest, t[k]), largest = std::max(largest, t[k]);
  }
  if (!(most > most_uneven * largest / fewest * least)) return {};
  return CheckResult::alarm(
             Verdict::warn, "class-imbalance",
             least == 0
                 ? "loss.class_weights gives the class " + of_least + " the weight 0: the network learns nothing of its rows."
                 : "The weights of the classes are too uneven: the largest is " + short_number(most / least) +
                       " times that of the class " + of_least + ", but the largest class has only " +
                       short_number(largest / fewest) + " times the rows of the smallest. The network gives up the others.",
             std::vector<Change>{{.path = "loss.class_weights", .value = "balanced"}})
      .with(least, most * fewest / (most_uneven * largest));
}

}  // namespace

std::vector<CheckResult> judge_classes(const Setup& setup, const std::vector<double>& t, const std::vector<double>& v) {
  const double n = sum_of(t), m = sum_of(v);
  std::vector<CheckResult> results;
  if (n == 0 || t.size() < 2) return results;
  const std::size_t largest = static_cast<std::size_t>(std::max_element(t.begin(), t.end()) - t.begin());
  const std::string name = setup.plan().like().classes[largest];
  if (t[largest] == n) {
    results.push_back(
        parts_differ(setup, Verdict::fail,
                     "All training rows are of the class " + name + ", so the network cannot learn to distinguish classes")
            .with(1, 0));
    return results;
  }
  const auto single = std::count_if(t.begin(), t.end(), [](double rows) { return rows == 1; });
  if (t.size() > many_classes && 2 * single > static_cast<std::ptrdiff_t>(t.size())) {
    results.push_back(
        CheckResult::alarm(Verdict::fail, "class-imbalance",
                           "Most classes have only one training row (" + std::to_string(single) + " of " +
                               std::to_string(t.size()) + "), so the network cannot learn what the rows of a class share.",
                           "If the target is a number, set data.task to \"regression\"; otherwise join classes in data.source.")
            .with(static_cast<double>(single), static_cast<double>(t.size()) / 2));
    return results;
  }
  if (m > 0) {
    for (const auto& judge : {never_trained_on, rarer_in_training, other_mix})
      if (const std::optional<CheckResult> found = judge(setup, t, v, n, m)) {
        results.push_back(*found);
        return results;
      }
  }
  if (const std::optional<CheckResult> found = odd_weights(setup, t)) results.push_back(*found);
  if (const std::optional<CheckResult> found = nearly_empty(setup)) results.push_back(*found);
  else if (t[largest] > largest_share * n && n - t[largest] < handful && setup.experiment().loss.class_weights.is_null())
    results.push_back(CheckResult::alarm(Verdict::warn, "class-imbalance",
                                         "Almost all training rows are of the class " + name + " (" + short_number(t[largest]) +
                                             " of " + short_number(n) +
                                             "): a network that predicts it for every row is right for " +
                                             percent(t[largest] / n) + " of them.",
                                         std::vector<Change>{{.path = "loss.class_weights", .value = "balanced"}})
                          .with(t[largest] / n, 1 / static_cast<double>(t.size())));
  return results;
}

}  // namespace tend

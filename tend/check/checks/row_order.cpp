#include "tend/check/checks/row_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tend {

namespace {

constexpr std::size_t tenths = 10;

/// A class for each training row, in order: its own, or the tenth of the values that it lies in.
std::vector<std::size_t> kinds_of_rows(const Setup& setup) {
  const Array& y = setup.plan().parts().train.y;
  const std::int64_t n = y.rows(), targets = y.row_size();
  std::vector<std::size_t> kinds(static_cast<std::size_t>(n));
  if (setup.task() == Task::classification) {
    for (std::int64_t r = 0; r < n; ++r) kinds[static_cast<std::size_t>(r)] = static_cast<std::size_t>(y.as<double>()[r]);
    return kinds;
  }
  std::vector<std::size_t> order(kinds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto value = [&](std::size_t r) { return y.as<double>()[static_cast<std::int64_t>(r) * targets]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  for (std::size_t i = 0; i < order.size(); ++i)
    kinds[order[i]] = i > 0 && value(order[i]) == value(order[i - 1]) ? kinds[order[i - 1]] : i * tenths / order.size();
  return kinds;
}

double distance_of_batches(const std::vector<std::size_t>& kinds, std::size_t count, std::size_t batch) {
  std::vector<double> whole(count, 0), part(count);
  for (std::size_t k : kinds) whole[k] += 1 / static_cast<double>(kinds.size());
  double sum = 0;
  for (std::size_t first = 0; first < kinds.size(); first += batch) {
    const std::size_t rows = std::min(batch, kinds.size() - first);
    std::fill(part.begin(), part.end(), 0);
    for (std::size_t r = first; r < first + rows; ++r) part[kinds[r]] += 1 / static_cast<double>(rows);
    double apart = 0;
    for (std::size_t k = 0; k < count; ++k) apart += std::fabs(part[k] - whole[k]) / 2;
    sum += apart * static_cast<double>(rows) / static_cast<double>(kinds.size());
  }
  return sum;
}

bool has_finite_targets(const Array& y) {
  return std::all_of(y.as<double>(), y.as<double>() + y.shape().count(), [](double v) { return std::isfinite(v); });
}

}  // namespace

std::vector<CheckResult> RowOrder::run(const Setup& setup) const {
  const Plan& plan = setup.plan();
  if (plan.experiment().train.shuffle) return {CheckResult::pass("The rows are shuffled in every epoch.")};
  if (plan.coding().places > 1 || plan.like().is_text || setup.task() == Task::multilabel)
    return {CheckResult::skipped("each row has many targets, so the rows cannot be sorted by one target.")};
  if (!has_finite_targets(plan.parts().train.y)) return {CheckResult::skipped("some targets are not finite.")};
  std::vector<std::size_t> kinds = kinds_of_rows(setup);
  const std::size_t count = *std::max_element(kinds.begin(), kinds.end()) + 1,
                    batch = static_cast<std::size_t>(plan.batch_size());
  const double now = distance_of_batches(kinds, count, batch);
  std::vector<std::size_t> sorted = kinds;
  std::sort(sorted.begin(), sorted.end());
  Random(plan.experiment().seed, purpose("row_order")).shuffle(kinds.data(), kinds.size());
  const double shuffled = distance_of_batches(kinds, count, batch), worst = distance_of_batches(sorted, count, batch);
  if (worst - shuffled < 0.1)
    return {CheckResult::pass("The rows are not shuffled, but the batches are so large that the order does not matter.")};
  const double sortedness = (now - shuffled) / (worst - shuffled);
  const bool is_values = setup.task() == Task::regression;
  const std::string numbers = std::string(is_values ? "The distribution of target values" : "The class frequencies") +
                              " of a batch differ" + (is_values ? "s" : "") + " by " + percent(now) +
                              " from those of all rows; in random order they would differ by " + percent(shuffled) + ".";
  if (sortedness > most)
    return {CheckResult::alarm(Verdict::warn, "data-order",
                               "The rows are sorted by " + std::string(is_values ? "target value" : "class") +
                                   " and are not shuffled. " + numbers,
                               {{.path = "train.shuffle", .value = true}})
                .with(now, shuffled)};
  return {
      CheckResult::pass("The rows are not shuffled, but they are not sorted by target either. " + numbers).with(now, shuffled)};
}

}  // namespace tend

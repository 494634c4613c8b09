#include "tend/check/setup.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "tend/check/check_registry.h"

namespace tend {

namespace {

constexpr std::int64_t most_numbers = 4'000'000, usual_neighbours = 7;

/// The outputs of a constant guess: equal logits, equal probabilities, or the mean of the values.
std::vector<float> constant_outputs(const Plan& plan, const std::string& kind) {
  const auto outputs = static_cast<std::size_t>(plan.coding().outputs);
  if (kind == "probabilities_classes") return std::vector<float>(outputs, 1.0f / static_cast<float>(outputs));
  if (kind == "probabilities_binary") return std::vector<float>(outputs, 0.5f);
  std::vector<float> o(outputs, 0);
  if (kind != "values" || plan.coding().takes_codes || plan.coding().places > 1) return o;
  const std::int64_t n = plan.train_targets().rows(), width = plan.train_targets().row_size();
  std::vector<double> sum(outputs, 0);
  for (std::int64_t r = 0; r < n; ++r)
    for (std::int64_t t = 0; t < std::min<std::int64_t>(width, plan.coding().outputs); ++t)
      sum[static_cast<std::size_t>(t)] += static_cast<double>(plan.train_targets().as<float>()[r * width + t]);
  for (std::size_t t = 0; t < outputs; ++t) o[t] = static_cast<float>(sum[t] / static_cast<double>(n));
  return o;
}

}  // namespace

std::optional<double> Setup::chance_loss() const {
  const SampleRows& s = training_sample();
  const std::int64_t width = plan().train_targets().row_size(), places = plan().coding().places,
                     outputs = plan().coding().outputs;
  const std::vector<float> one = constant_outputs(plan(), plan().loss().kind());
  const LossFunctions loss = plan().loss().functions(ElementType::float32, Isa::reference, plan().coding().takes_codes);
  std::vector<float> o, t;
  const std::int64_t taken = std::clamp<std::int64_t>(most_numbers / (places * outputs), 1, s.count()), rows = taken * places;
  for (std::int64_t i = 0; i < rows; ++i) o.insert(o.end(), one.begin(), one.end());
  for (std::int64_t r = 0; r < taken; ++r) {
    const float* own = plan().train_targets().as<float>() + s.rows[static_cast<std::size_t>(r)] * width;
    t.insert(t.end(), own, own + width);
  }
  std::vector<double> values(static_cast<std::size_t>(rows));
  loss.rows(loss.self, o.data(), t.data(), nullptr, rows, outputs, 1, values.data(), nullptr);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(rows);
  return std::isfinite(mean) ? std::optional<double>(mean) : std::nullopt;
}

std::string Setup::constant_guess() const {
  const std::string kind = plan().loss().kind();
  if (kind == "values") return "the mean target";
  return kind.ends_with("binary") ? "probability 0.5" : "the same score for every class";
}

const Neighbours& Setup::neighbours() const {
  if (!neighbours_) neighbours_ = std::make_unique<Neighbours>(Neighbours::of(*this, validation_sample()));
  return *neighbours_;
}

std::optional<double> Setup::neighbour_skill() const {
  const NearestRows& nearest = neighbours().from_validation;
  if (nearest.count == 0) return {};
  const SampleRows &train = training_sample(), &validation = validation_sample();
  const bool is_values = task() == Task::regression;
  const std::vector<double> predicted = predicted_by_neighbours(nearest, train, !is_values, usual_neighbours);
  double right = 0, error = 0, spread = 0;
  const auto targets = static_cast<std::size_t>(train.targets);
  for (std::size_t t = 0; t < targets; ++t) {
    double mean = 0;
    for (std::size_t at = t; at < predicted.size(); at += targets) mean += validation.y[at] / static_cast<double>(nearest.count);
    for (std::size_t at = t; at < predicted.size(); at += targets) {
      right += predicted[at] == validation.y[at];
      error += (predicted[at] - validation.y[at]) * (predicted[at] - validation.y[at]);
      spread += (validation.y[at] - mean) * (validation.y[at] - mean);
    }
  }
  if (!is_values) return right / static_cast<double>(predicted.size());
  return std::isfinite(error / spread) ? std::optional<double>(1 - error / spread) : std::nullopt;
}

const CheckResult* Setup::alarm_about(std::string_view cause) const {
  const auto found = std::find_if(results_.begin(), results_.end(),
                                  [&](const auto& t) { return t.second.is_alarm() && t.second.cause == cause; });
  return found == results_.end() ? nullptr : &found->second;
}

std::optional<std::pair<std::string, CheckResult>> Setup::first_alarm_against_memory() const {
  constexpr std::array innocent{"data-label", "data-order", "data-leak", "class-imbalance", "epochs", "batch-size"};
  for (const Verdict verdict : {Verdict::fail, Verdict::warn})
    for (const auto& result : results_)
      if (result.second.verdict == verdict && std::find(innocent.begin(), innocent.end(), result.second.cause) == innocent.end())
        return result;
  return {};
}

std::string percent(double share) {
  if (share > 0 && share < 1e-4) return "less than 0.01 %";
  if (share > 0.9995 && share < 1) return "more than 99.9 %";
  return short_number(100 * share) + " %";
}

std::string course_of(double start, double end) {
  if (!std::isfinite(end)) return "rises from " + short_number(start) + " and overflows";
  const std::string from = short_number(start), to = short_number(end);
  return from == to ? "stays near " + from : (end < start ? "falls from " : "rises from ") + from + " to " + to;
}

}  // namespace tend

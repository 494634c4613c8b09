#include "tend/tune/model_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "tend/tune/sampling.h"

namespace tend {

namespace {

constexpr std::size_t step_factor = 3, random_candidates = 200, near_candidates = 100, searched_from = 3, most_sweeps = 5,
                      most_incumbents = 40;

/// The quantile function of the standard normal distribution, by bisection.
double normal_quantile(double p) {
  double low = -9, high = 9;
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

std::vector<bool> choices_of(const Study& study) {
  std::vector<bool> is_choice;
  for (const SearchParameter& p : study.space.parameters) is_choice.push_back(p.is_choice());
  if (study.steps > 1) is_choice.push_back(false);
  return is_choice;
}

using Places = std::vector<std::vector<double>>;

/// The places that differ from `place` in one parameter: all levels of it if they are few, otherwise some at about `reach`.
Places changed(const SearchSpace& space, const std::vector<double>& place, std::size_t parameter, double reach, Random& random) {
  const SearchParameter& p = space.parameters[parameter];
  Places all;
  const auto add = [&](double v) {
    all.push_back(place);
    all.back()[parameter] = v;
  };
  if (const std::size_t n = p.levels(); n > 0 && n <= 16) {
    for (std::size_t level = 0; level < n; ++level)
      if (level != p.level_of(place[parameter])) add(p.middle_of(level));
  } else {
    for (const double by : {-1.0, -0.3, 0.3, 1.0})
      add(std::clamp(place[parameter] + by * reach * (0.5 + random.uniform()), 0.0, 1.0));
  }
  return all;
}

/// Improves a place by changing one parameter at a time, while that raises its value. `values(places)` gives the value of each.
template <class Values>
std::pair<double, std::vector<double>> climbed(const SearchSpace& space, std::pair<double, std::vector<double>> start,
                                               Values values, Random& random) {
  auto& [best, place] = start;
  double reach = 0.1;
  for (std::size_t sweep = 0; sweep < most_sweeps && reach > 0.01; ++sweep) {
    bool better = false;
    for (std::size_t i = 0; i < place.size(); ++i) {
      const Places tried = changed(space, place, i, reach, random);
      const std::vector<double> found = values(tried);
      for (std::size_t k = 0; k < tried.size(); ++k)
        if (found[k] > best) best = found[k], place = tried[k], better = true;
    }
    if (!better) reach /= 3;
  }
  return start;
}

}  // namespace

std::vector<double> half_rank_warp(std::span<const double> costs) {
  const std::size_t n = costs.size();
  std::vector<double> warped(costs.begin(), costs.end());
  double largest = -std::numeric_limits<double>::infinity();
  for (const double c : costs)
    if (std::isfinite(c)) largest = std::max(largest, c);
  if (!std::isfinite(largest)) return std::vector<double>(n, 0);
  for (double& c : warped) c = std::isfinite(c) ? c : largest;
  std::vector<double> sorted = warped;
  std::sort(sorted.begin(), sorted.end());
  const double median = n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
  double squares = 0;
  std::size_t below = 0;
  for (const double c : sorted)
    if (c < median) squares += (c - median) * (c - median), ++below;
  const double unit = below > 0 ? std::sqrt(squares / static_cast<double>(below)) : 1;
  double mean = 0;
  for (double& c : warped) {
    if (c <= median) {
      c = (c - median) / unit;
    } else {  // the middle of the ranks of equal costs
      const auto [from, to] = std::equal_range(sorted.begin(), sorted.end(), c);
      const double rank = 0.5 * static_cast<double>((from - sorted.begin()) + (to - sorted.begin()));
      c = normal_quantile(rank / static_cast<double>(n));
    }
    mean += c / static_cast<double>(n);
  }
  double variance = 0;
  for (double& c : warped) c -= mean, variance += c * c / static_cast<double>(n);
  if (variance > 0)
    for (double& c : warped) c /= std::sqrt(variance);
  return warped;
}

void StudyModel::add_input(const std::vector<double>& place, std::size_t steps, std::vector<double>& to) const {
  for (std::size_t i = 0; i < place.size(); ++i) {  // equal levels are equal inputs
    const SearchParameter& p = study_->space.parameters[i];
    to.push_back(p.levels() > 0 ? p.middle_of(p.level_of(place[i])) : place[i]);
  }
  if (study_->steps > 1) to.push_back(std::log(static_cast<double>(steps)) / std::log(static_cast<double>(study_->steps)));
}

StudyModel::StudyModel(const Study& study) : study_(&study), process_(choices_of(study)) {
  std::vector<double> points, costs, pending;
  const auto observe = [&](const SearchTrial& trial, std::size_t steps) {
    add_input(trial.units, steps, points);
    costs.push_back(study.least_cost(trial, steps));
  };
  for (const SearchTrial& trial : study.trials) {
    if (trial.steps() == 0) {
      if (trial.state == TrialState::running) add_input(trial.units, study.steps, pending);
      continue;
    }
    for (std::size_t s = 1; s < trial.steps(); s *= step_factor) observe(trial, s);
    observe(trial, trial.steps());
  }
  observations_ = costs.size();
  if (observations_ == 0) return;
  const std::vector<double> targets = half_rank_warp(costs);
  process_.fit(points, targets, pending);
  Places best;
  for (const std::size_t number : study.ranking())
    if (best.size() < most_incumbents) best.push_back(study.trials[number].units);
  lowest_ = std::numeric_limits<double>::infinity();
  for (const GaussianPrediction& p : at(best)) lowest_ = std::min(lowest_, p.mean);
}

std::vector<GaussianPrediction> StudyModel::at(const std::vector<std::vector<double>>& places, std::size_t steps) const {
  std::vector<double> rows;
  for (const std::vector<double>& place : places) add_input(place, steps, rows);
  return process_.at(rows);
}

std::vector<double> suggest_by_model(const Study& study, std::size_t startup, Random& random) {
  const std::size_t d = study.space.parameters.size();
  if (startup == 0)
    startup = std::min<std::size_t>(std::max<std::size_t>(4, d + 1), std::max<std::size_t>(study.whole_trials() / 3, 2));
  std::size_t index = study.trials.size();
  const std::vector<std::size_t> order = study.ranking();
  if (index < startup || order.empty()) return new_place(study, [&] { return halton_place(study.space, study.seed, index++); });
  const StudyModel model(study);
  const auto values = [&](const Places& places) {
    std::vector<double> all;
    for (const GaussianPrediction& p : model.at(places)) all.push_back(log_expected_improvement(p, model.lowest()));
    for (std::size_t i = 0; i < places.size(); ++i)
      if (study.has(places[i])) all[i] = -std::numeric_limits<double>::infinity();
    return all;
  };
  Places candidates;
  for (std::size_t i = 0; i < random_candidates; ++i) candidates.push_back(uniform_place(study.space, random));
  for (std::size_t i = 0; i < near_candidates; ++i)
    candidates.push_back(near_place(study.space, study.trials[order[i % std::min<std::size_t>(order.size(), 5)]].units,
                                    1.5 / static_cast<double>(d), 0.1, random));
  const std::vector<double> found = values(candidates);
  std::vector<std::pair<double, std::vector<double>>> starts;
  for (std::size_t i = 0; i < candidates.size(); ++i) starts.emplace_back(found[i], std::move(candidates[i]));
  const auto is_better = [](const auto& a, const auto& b) { return a.first > b.first; };
  std::partial_sort(starts.begin(), starts.begin() + searched_from, starts.end(), is_better);
  std::pair<double, std::vector<double>> best = starts.front();
  for (std::size_t i = 0; i < searched_from; ++i)
    if (auto end = climbed(study.space, starts[i], values, random); end.first > best.first) best = std::move(end);
  if (!std::isfinite(best.first)) return new_place(study, [&] { return uniform_place(study.space, random); });
  return best.second;
}

}  // namespace tend

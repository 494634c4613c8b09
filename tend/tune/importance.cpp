#include "tend/tune/importance.h"

#include <algorithm>
#include <cmath>

namespace tend {

namespace {

constexpr std::size_t grid = 50;
constexpr double share_of_best = 0.1, smallest_bandwidth = 0.5 / 1.64;  // of a step of the grid
constexpr std::size_t fewest_trials = 4, fewest_best = 3;

std::size_t cell_of(const SearchParameter& p, double unit) {
  if (p.levels() > 0 && p.levels() <= grid) return p.level_of(unit);
  return std::min(grid - 1, static_cast<std::size_t>(std::clamp(unit, 0.0, 1.0) * grid));
}

/// A density over the cells of a parameter: Parzen windows with Scott's bandwidth where cells have an order, and one uniform
/// observation as the prior.
std::vector<double> density(const SearchParameter& p, const std::vector<std::size_t>& cells) {
  const std::size_t n = p.levels() > 0 && p.levels() <= grid ? p.levels() : grid;
  std::vector<double> sums(n, 1 / static_cast<double>(n));
  double mean = 0, squares = 0;
  for (const std::size_t c : cells) mean += static_cast<double>(c) / static_cast<double>(cells.size());
  for (const std::size_t c : cells) squares += (static_cast<double>(c) - mean) * (static_cast<double>(c) - mean);
  const auto count = static_cast<double>(cells.size());
  const double spread = cells.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  const double width = std::max(1.059 * spread * std::pow(count, -0.2), smallest_bandwidth);
  for (const std::size_t c : cells) {
    if (p.is_choice()) {
      sums[c] += 1;
      continue;
    }
    std::vector<double> kernel(n);
    double total = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const double z = (static_cast<double>(k) - static_cast<double>(c)) / width;
      total += kernel[k] = std::exp(-0.5 * z * z);
    }
    for (std::size_t k = 0; k < n; ++k) sums[k] += kernel[k] / total;
  }
  for (double& s : sums) s /= count + 1;
  return sums;
}

}  // namespace

std::vector<double> parameter_importance(const Study& study) {
  const std::vector<std::size_t> order = study.ranking();
  if (order.size() < fewest_trials) return {};
  const auto tenth = static_cast<std::size_t>(std::ceil(share_of_best * static_cast<double>(order.size())));
  const std::size_t best = std::min(std::max(tenth, fewest_best), order.size() - 1);
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t i = 0; i < study.space.parameters.size(); ++i) {
    const SearchParameter& p = study.space.parameters[i];
    std::vector<std::size_t> top, all;
    for (const SearchTrial& trial : study.trials)
      if (trial.steps() > 0 && study.space.is_active(i, trial.units)) all.push_back(cell_of(p, trial.units[i]));
    for (std::size_t k = 0; k < best; ++k)
      if (const SearchTrial& trial = study.trials[order[k]]; study.space.is_active(i, trial.units))
        top.push_back(cell_of(p, trial.units[i]));
    double divergence = 0;
    if (!top.empty() && !all.empty()) {
      const std::vector<double> of_top = density(p, top), of_all = density(p, all);
      for (std::size_t k = 0; k < of_all.size(); ++k)
        divergence += of_all[k] * (of_top[k] / of_all[k] - 1) * (of_top[k] / of_all[k] - 1);
    }
    shares.push_back(divergence);
    sum += divergence;
  }
  for (double& share : shares) share = sum > 0 ? share / sum : 1 / static_cast<double>(shares.size());
  return shares;
}

}  // namespace tend

#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "tend/tune/matrix_isa.h"
#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// Tpe: the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kegl, 2011; Watanabe, 2023, "Tree-structured Parzen
/// estimator"): of some candidates from the density of the best tenth of the trials the one with the largest ratio of that
/// density to the density of the others. `joint`: a kernel is a product over parameters (multivariate TPE), so that combinations
/// count. Otherwise a density is a product over parameters of mixtures of kernels (the form of 2011), which few trials are enough
/// for. A kernel's width in each parameter is the larger gap to its neighbours. The density of the others has at most
/// `most_kernels` of them, spread evenly over their ranks: the time of a suggestion hardly grows with the study.
struct Tpe {
  std::int64_t startup = 10, candidates = 24, most_kernels = 50;
  bool joint = true;
  static constexpr std::string_view about = "The most likely to be among the best, by densities of the good and the bad trials.";
  static constexpr auto fields = std::tuple{
      field_of<Tpe>("startup", &Tpe::startup, at_least(1), "trials", "The random trials before densities are used."),
      field_of<Tpe>("candidates", &Tpe::candidates, at_least(1), "", "The places that are compared for a trial."),
      field_of<Tpe>("most_kernels", &Tpe::most_kernels, at_least(10), "", "The most trials in the density of the others."),
      field_of<Tpe>("joint", &Tpe::joint, {}, "",
                    "Whether combinations of parameters count; false: each parameter has densities of its own.")};

  std::vector<double> suggest(const Study& study, Random& random) const {
    std::vector<std::size_t> order = study.ranking();
    if (order.size() < static_cast<std::size_t>(startup))
      return new_place(study, [&] { return uniform_place(study.space, random); });
    const auto tenth = static_cast<std::size_t>(std::ceil(0.1 * static_cast<double>(order.size())));
    const std::size_t below = std::min<std::size_t>(tenth, 25), above = order.size() - below;
    std::vector<std::size_t> good(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(below)), bad;
    const std::size_t kept = std::min(above, static_cast<std::size_t>(most_kernels));
    for (std::size_t i = 0; i < kept; ++i) bad.push_back(order[below + i * above / kept]);
    for (const SearchTrial& trial : study.trials)  // one that is being trained is no place to try again
      if (trial.state == TrialState::running && trial.steps() == 0) bad.push_back(trial.number);
    const Density l(study, good, joint), g(study, bad, joint);
    return new_place(study, [&] {
      std::vector<double> best, place;
      double most = -std::numeric_limits<double>::infinity();
      for (std::int64_t k = 0; k < candidates; ++k) {
        place = l.draw(random);
        const double ratio = l.log_density(place) - g.log_density(place);
        if (ratio > most || best.empty()) most = ratio, best = place;
      }
      return best;
    });
  }

 private:
  /// A mixture of truncated normal kernels, one for each trial, and a uniform prior of the same weight: of products over the
  /// parameters, or one mixture for each parameter.
  class Density {
   public:
    Density(const Study& study, const std::vector<std::size_t>& trials, bool is_joint)
        : study_(&study), count_(trials.size()), mixtures_(is_joint ? 1 : study.space.parameters.size()) {
      const std::size_t d = study.space.parameters.size();
      centres_.resize(d * count_), scales_.resize(d * count_), logs_.assign(mixtures_ * count_, 0);
      std::vector<std::pair<double, std::size_t>> sorted(count_);
      for (std::size_t i = 0; i < d; ++i) {
        const SearchParameter& p = study.space.parameters[i];
        for (std::size_t k = 0; k < count_; ++k) sorted[k] = {study.trials[trials[k]].units[i], k};
        if (p.is_choice()) add_choice(p, i, sorted);
        else add_range(p, i, sorted);
      }
    }

    std::vector<double> draw(Random& random) const {
      const std::size_t d = study_->space.parameters.size();
      std::size_t k = random.below(count_ + 1);
      std::vector<double> place(d);
      for (std::size_t i = 0; i < d; ++i) {
        const SearchParameter& p = study_->space.parameters[i];
        if (mixtures_ > 1 && i > 0) k = random.below(count_ + 1);
        place[i] = random.uniform();
        if (k == count_) continue;  // of the prior
        const double centre = centres_[i * count_ + k], scale = scales_[i * count_ + k];
        if (p.is_choice()) {
          if (random.uniform() < 1 - scale) place[i] = centre;
          continue;
        }
        for (int tries = 0; tries < 20; ++tries)
          if (const double v = centre + random.normal() / scale; v >= 0 && v <= 1) {
            place[i] = v;
            break;
          }
        if (p.levels() > 0) place[i] = p.middle_of(p.level_of(place[i]));
      }
      return place;
    }

    double log_density(const std::vector<double>& place) const {
      const std::size_t d = place.size(), each = d / mixtures_;  // parameters of a mixture
      double all = 0;
      for (std::size_t m = 0; m < mixtures_; ++m) {
        const auto first = logs_.begin() + static_cast<std::ptrdiff_t>(m * count_);
        std::vector<double> sums(first, first + static_cast<std::ptrdiff_t>(count_));
        for (std::size_t i = m * each; i < (m + 1) * each; ++i) add_kernels(i, place[i], sums);
        double largest = 0;  // of the prior, whose density is 1
        for (const double s : sums) largest = std::max(largest, s);
        double total = std::exp(-largest);
        for (const double s : sums)
          if (s > largest - 30) total += std::exp(s - largest);
        all += largest + std::log(total / static_cast<double>(count_ + 1));
      }
      return all;
    }

   private:
    /// Adds the logarithms of the kernels of parameter i at `unit`, without their constants.
    void add_kernels(std::size_t i, double unit, std::vector<double>& sums) const {
      const SearchParameter& p = study_->space.parameters[i];
      const double *centre = &centres_[i * count_], *scale = &scales_[i * count_];
      if (!p.is_choice()) return matrix_functions().take_normal(unit, centre, scale, sums.data(), count_);
      const std::size_t level = p.level_of(unit);
      for (std::size_t k = 0; k < count_; ++k) {
        const double other = scale[k] / static_cast<double>(p.levels());
        sums[k] += std::log((p.level_of(centre[k]) == level ? 1 - scale[k] + other : other) * static_cast<double>(p.levels()));
      }
    }

    /// The share of a kernel that is spread over all choices.
    void add_choice(const SearchParameter&, std::size_t i, const std::vector<std::pair<double, std::size_t>>& units) {
      for (const auto& [unit, k] : units) {
        centres_[i * count_ + k] = unit;
        scales_[i * count_ + k] = 1 / (1 + 1 / static_cast<double>(count_ + 1));
        scales_[i * count_ + k] = 1 - scales_[i * count_ + k];
      }
    }

    void add_range(const SearchParameter& p, std::size_t i, std::vector<std::pair<double, std::size_t>>& units) {
      if (p.levels() > 0)
        for (auto& [unit, k] : units) unit = p.middle_of(p.level_of(unit));
      std::sort(units.begin(), units.end());
      const double least = std::max(1 / std::min(100.0, 2 + static_cast<double>(count_)),
                                    p.levels() > 0 ? 0.5 / static_cast<double>(p.levels()) : 0.0);
      for (std::size_t r = 0; r < units.size(); ++r) {
        const double gap_below = r > 0 ? units[r].first - units[r - 1].first : 0;
        const double gap_above = r + 1 < units.size() ? units[r + 1].first - units[r].first : 0;
        const double width = std::clamp(count_ < 2 ? 1.0 : std::max(gap_below, gap_above), least, 1.0);
        const double centre = units[r].first;
        const std::size_t at = i * count_ + units[r].second;
        centres_[at] = centre;
        scales_[at] = 1 / width;
        double mass = 1;  // inside of the range
        if (std::min(centre, 1 - centre) < 5 * width)
          mass = 0.5 * (std::erf((1 - centre) / width * M_SQRT1_2) + std::erf(centre / width * M_SQRT1_2));
        logs_[(mixtures_ > 1 ? i * count_ : 0) + units[r].second] -= std::log(width * mass * root_of_two_pi);
      }
    }

    static constexpr double root_of_two_pi = 2.5066282746310002;
    const Study* study_;
    std::size_t count_, mixtures_;
    std::vector<double> centres_, scales_;  // by parameter, then by kernel
    std::vector<double> logs_;              // of the constant of each kernel, by mixture
  };
};

}  // namespace tend

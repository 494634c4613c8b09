#pragma once
#include <cmath>
#include <tuple>

#include "tend/tune/rungs.h"
#include "tend/tune/stopper.h"

namespace tend {

/// Hyperband: several ASHA at once (Li et al., 2018, "Hyperband"; 2020, "A system for massively parallel hyperparameter tuning"),
/// with first rungs of 1, eta, eta^2 ... steps, because it is not known how early bad trials can be seen. A trial's number
/// decides its bracket, in the shares of Hyperband: many trials in those that stop early. Trials are promoted, as by asha.
struct Hyperband {
  double eta = 3;
  static constexpr std::string_view about = "Several asha at once, which begin to decide after different numbers of steps.";
  static constexpr auto fields = std::tuple{
      field_of<Hyperband>("eta", &Hyperband::eta, above(1), "", "One of so many trials of a rung goes on to the next.")};

  std::size_t pause(const Study& study, const SearchTrial& trial) const {
    return rungs_of(study, bracket_of(study, trial.number)).next(study, trial);
  }
  std::string cause(const Study&, const SearchTrial&) const { return ""; }
  bool suspends(const Study& study, const SearchTrial& trial) const {
    return rungs_of(study, bracket_of(study, trial.number)).is_at_one(study, trial);
  }
  std::optional<std::size_t> promote(const Study& study) const {
    for (std::size_t b = brackets(study); b-- > 0;)
      if (const auto trial = rungs_of(study, b).promoted(study,
                                                         [&](const SearchTrial& t) { return bracket_of(study, t.number) == b; }))
        return trial;
    return std::nullopt;
  }

  std::size_t brackets(const Study& study) const {
    return static_cast<std::size_t>(std::floor(std::log(static_cast<double>(study.steps)) / std::log(eta) + 1e-9)) + 1;
  }
  /// Bracket b begins at eta^b steps; of all trials it has a share in proportion to ceil(n eta^s / (s + 1)), s = n - 1 - b.
  std::size_t bracket_of(const Study& study, std::size_t number) const {
    const std::size_t n = brackets(study);
    std::vector<std::size_t> counts;
    std::size_t all = 0;
    for (std::size_t b = 0; b < n; ++b) {
      const auto s = static_cast<double>(n - 1 - b);
      counts.push_back(static_cast<std::size_t>(std::ceil(static_cast<double>(n) * std::pow(eta, s) / (s + 1))));
      all += counts.back();
    }
    std::size_t place = number % all, bracket = 0;
    while (place >= counts[bracket]) place -= counts[bracket++];
    return bracket;
  }

 private:
  Rungs rungs_of(const Study&, std::size_t bracket) const {
    return {.eta = eta, .first = std::pow(eta, static_cast<double>(bracket))};
  }
};

}  // namespace tend

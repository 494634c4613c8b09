#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "tend/base/random.h"
#include "tend/tune/gaussian_process.h"
#include "tend/tune/study.h"

namespace tend {

/// Costs as targets with mean 0 and variance 1: those below the median keep their distances, those above it are replaced by the
/// normal quantiles of their ranks (the half-rank warp of Song et al., 2024, "The Vizier Gaussian process bandit algorithm").
/// Infinite costs count as the largest.
std::vector<double> half_rank_warp(std::span<const double> costs);

/// What is known of a study as a function of the place, and of the number of steps where trials have many: cost after 1, 3, 9 ...
/// steps. Nothing new is expected where a trial runs that has no value yet, so that trials which are asked for at once differ.
/// Deterministic in the study.
class StudyModel {
 public:
  explicit StudyModel(const Study& study);
  bool is_empty() const { return process_.inputs() == 0 || observations_ == 0; }
  /// Of the warped costs of whole trials at these places; or after `steps`.
  std::vector<GaussianPrediction> at(const std::vector<std::vector<double>>& places) const { return at(places, study_->steps); }
  std::vector<GaussianPrediction> at(const std::vector<std::vector<double>>& places, std::size_t steps) const;
  /// The lowest predicted cost of a whole trial at the places that have been tried.
  double lowest() const { return lowest_; }

 private:
  void add_input(const std::vector<double>& place, std::size_t steps, std::vector<double>& to) const;

  const Study* study_;
  GaussianProcess process_;
  std::size_t observations_ = 0;
  double lowest_ = 0;
};

/// A new place: by an even sequence for the first `startup` trials (0: by the number of parameters), then where the model
/// expects the largest improvement. Discrete parameters are searched by level.
std::vector<double> suggest_by_model(const Study& study, std::size_t startup, Random& random);

}  // namespace tend

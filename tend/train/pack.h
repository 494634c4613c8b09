#pragma once
#include <functional>
#include <vector>

#include "tend/train/run.h"
#include "tend/train/training.h"

namespace tend {

/// Copies members `which` (from 0) of a pack's state to the members of `to`, in this order: all tensors by name, and the counters
/// of the run. `to` is the state of a plan with which.size() members and the same layers.
void copy_members(const Network& pack, const Block& from, const std::vector<int>& which, const Network& network, Block& to);

/// Members whose average is the output of this state: those with a share. {0} for a single network.
std::vector<int> averaged_members(const Plan& plan, const Block& state);
/// The plan's network with only these members.
Network network_of(const Plan& plan, const std::vector<int>& members);

/// A run of one network: the run itself, or the first member of a pack by itself, with its present weights. What is proved of the
/// first member holds for the others, which differ only in seeds and in factors of their rates.
class FirstMember {
 public:
  /// `run` must outlive this object.
  explicit FirstMember(const Run& run);
  const Run& run() const { return own_ ? *own_ : run_; }

 private:
  const Run& run_;
  std::unique_ptr<Run> own_;
};

/// Runs a pack on its held-out rows in inference: the validation rows, or with folds the training rows, each by the members that
/// left it out. Calls take(row, member, outputs [outputs of one place]).
void each_held_out(const Plan& plan, const Block& state, Executor& executor,
                   const std::function<void(std::int64_t row, int member, const float* outputs)>& take);

/// Of a pack with folds: metrics of the training rows, each answered by the averaged members that left it out, at a temperature
/// of the probabilities (train/calibration.h). `answers`, if not null, gets the answers at temperature 1, [rows, answer_width].
Metrics metrics_of_folds(const Plan& plan, const Block& state, Executor& executor, double temperature = 1,
                         std::vector<double>* answers = nullptr, WantedMetrics wanted = {});

/// What became of each member of a pack in this state; empty for a single network.
std::vector<MemberReport> member_reports(const Plan& plan, const Block& state, Executor& executor);

/// Losses of averaged answers on held-out rows, for choosing members. A candidate is a member, or with folds the members that
/// have the same settings and leave out one fold each.
class Candidates {
 public:
  Candidates(const Plan& plan, const Block& state, Executor& executor);

  int count() const { return count_; }
  std::vector<int> members_of(int candidate) const;
  /// Mean loss of a candidate, and of several averaged: of classes and labels the negative logarithm of the probability of the
  /// target, of values the squared error in units of the target's scaling. NaN where answers are not finite.
  double loss_of(int candidate) const { return loss_of(std::vector<int>{candidate}); }
  double loss_of(const std::vector<int>& candidates) const;

  /// Candidates whose average has the lowest loss, in the order in which they were added (Caruana et al., 2004, without
  /// replacement): the best one first, then each time the one that lowers the loss of the average most or raises it least. Of all
  /// these averages the largest one is taken whose loss is within one standard error of the lowest: held-out rows are few, and
  /// large averages vary less.
  std::vector<int> chosen() const;

 private:
  std::vector<double> row_losses(const std::vector<double>& sums, double candidates) const;

  int count_ = 0, folds_ = 1;
  bool is_squared_ = false;
  std::int64_t rows_ = 0, width_ = 0;
  /// By candidate: [rows, width] probabilities of the targets, or differences from them.
  std::vector<std::vector<double>> errors_;
};

}  // namespace tend

#pragma once
#include <span>
#include <vector>

#include "tend/train/run.h"

namespace tend {

/// Copies members `which` (from 0) of a pack's state to the members of `to`, in this order: all tensors by name, and the counters
/// of the run. `to` is the state of a plan with which.size() members and the same layers.
void copy_members(const Network& pack, const Block& from, const std::vector<int>& which, const Network& network, Block& to);

/// Members whose average is the output of this state: those with a share. {0} for a single network.
std::vector<int> averaged_members(const Plan& plan, const Block& state);
/// The plan's network with only these members.
Network averaged_network(const Plan& plan, const Block& state);

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

/// Losses of averaged answers on held-out rows, for choosing members. It holds the answers of each member for each row.
class MemberAnswers {
 public:
  /// Runs the members on a part. `part` must have rows.
  MemberAnswers(const Plan& plan, const Block& state, PartName part, Executor& executor);

  /// Mean loss of each member, and of members averaged: of classes and labels the negative logarithm of the probability of the
  /// target, of values the squared error in units of the target's scaling. NaN where answers are not finite.
  double loss_of(int member) const { return loss_of(std::vector<int>{member}); }
  double loss_of(const std::vector<int>& members) const;

  /// Members whose average has the lowest loss, in the order in which they were added (Caruana et al., 2004, without
  /// replacement): the best one first, then each time the one that lowers the loss of the average most or raises it least. Of all
  /// these averages the largest one is taken whose loss is within one standard error of the lowest: held-out rows are few, and
  /// large averages vary less.
  std::vector<int> chosen() const;

 private:
  std::vector<double> row_losses(const std::vector<double>& sums, double members) const;

  int members_ = 0;
  bool is_squared_ = false;
  std::int64_t rows_ = 0, width_ = 0;
  /// By member: [rows, width] probabilities of the targets, or differences from them.
  std::vector<std::vector<double>> errors_;
};

}  // namespace tend

#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Can a network without a hidden layer that bends do what the data ask for? Its trial is trained until it stands still, and
/// compared on the validation rows with their nearest neighbours among the training rows, which follow any shape. warn, capacity:
/// the neighbours are right about `gap` more of the rows (of the variance, for values), and above what chance could make of so
/// few rows: four standard errors. Networks that bend are not judged here.
struct Capacity {
  double gap = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<Capacity>("gap", &Capacity::gap, fraction(), "", "of the rows that neighbours may know better")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 68;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend

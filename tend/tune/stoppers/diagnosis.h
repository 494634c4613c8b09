#pragma once
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// Diagnosis: stops a trial in which the rules that watch a training (tend/diagnose/rules) have found something wrong: dead
/// units, updates that are too large for the weights, a loss that does not fall. The cause is the name of the first finding.
struct Diagnosis {
  static constexpr bool wants_findings = true;
  static constexpr std::string_view about = "Stops a trial in which the watching rules find something wrong.";
  static constexpr auto fields = std::tuple{};

  std::size_t pause(const Study&, const SearchTrial& trial) const {
    return trial.steps() < 2 ? trial.steps() + 1 : 2 * trial.steps();
  }
  std::string cause(const Study&, const SearchTrial& trial) const { return trial.findings.empty() ? "" : trial.findings.front(); }
};

}  // namespace tend

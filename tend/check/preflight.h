#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tend/check/check_registry.h"
#include "tend/train/training.h"

namespace tend {

struct PreflightOptions {
  std::string level = "standard";                      ///< "none", "still", "standard", "thorough": which checks run
  std::vector<std::string> only;                       ///< names; where not empty only these run, whatever the level
  const Registry<CheckEntry>* checks = nullptr;        ///< nullptr: builtin_checks()
  std::function<void(std::string_view check)> before;  ///< told which check comes next
};

struct CheckLine {
  std::string check;
  double seconds = 0;  ///< of the whole check; the same on each of its lines
  CheckResult result;
};

/// What the checks came to, in the order in which they are told.
struct PreflightReport {
  std::vector<CheckLine> lines;
  double seconds = 0;
  bool has_failed() const;
  bool has_alarm() const;
  Value to_value() const;  ///< the array "checks" of interface.md
};

/// Runs checks on a training as it stands before its first step. The training is left as it is, to the bit. Throws Error{usage}
/// where `only` or `level` names what is not there; numbers that go wrong are results, never exceptions.
PreflightReport preflight(const Training& training, const PreflightOptions& options = {});

}  // namespace tend

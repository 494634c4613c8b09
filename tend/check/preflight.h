#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tend/check/check_registry.h"
#include "tend/train/training.h"

namespace tend {

struct PreflightOptions {
  std::string level = "standard";                ///< "none", "still", "standard", "thorough": which checks run
  std::vector<std::string> only;                 ///< names; where not empty only these run, whatever the level
  const Registry<CheckEntry>* checks = nullptr;  ///< nullptr: builtin_checks()
  double most_seconds = 0;                       ///< a check whose short trainings would take longer is skipped; 0: no limit
  std::function<void(std::string_view check)> before;  ///< called with the name of the check that comes next
};

struct CheckLine {
  std::string check;
  double seconds = 0;  ///< of the whole check; the same on each of its lines
  CheckResult result;
};

/// The results of the checks, in the order in which they ran.
struct PreflightReport {
  std::vector<CheckLine> lines;
  double seconds = 0;
  bool has_failed() const;
  bool has_alarm() const;
  Value to_value() const;  ///< the array "checks" of interface.md
};

/// Runs checks on a training before its first step, and does not change a bit of it. Throws Error{usage} where `only` or `level`
/// has an unknown name; numbers that go wrong are results, never exceptions.
PreflightReport preflight(const Training& training, const PreflightOptions& options = {});

}  // namespace tend

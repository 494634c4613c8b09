#pragma once
#include <cstdio>

#include "cli.h"
#include "tend/check/preflight.h"

namespace tend {

/// Prints a report with one line for each result; an alarm is followed by its cause and what to change. `only_alarms`: other
/// results are only counted.
void print_checks(std::FILE* out, const PreflightReport& report, bool only_alarms);

}  // namespace tend

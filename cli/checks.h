#pragma once
#include <cstdio>

#include "cli.h"
#include "tend/check/preflight.h"

namespace tend {

/// The table of a report, one line a result; alarms with their cause and with what to change. `only_alarms`: the others are
/// only counted.
void print_checks(std::FILE* out, const PreflightReport& report, bool only_alarms);

}  // namespace tend

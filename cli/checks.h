#pragma once
#include <cstdio>

#include "cli.h"
#include "tend/check/preflight.h"

namespace tend {

/// Which results of a report have a line; the others are only counted, and skipped ones named.
enum class ShownChecks { alarms, all };
/// Prints a report with one line for each result; an alarm is followed by its cause and what to change.
void print_checks(std::FILE* out, const PreflightReport& report, ShownChecks shown);

}  // namespace tend

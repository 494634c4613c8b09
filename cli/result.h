#pragma once
#include "cli.h"
#include "tend/record/run_directory.h"

namespace tend {

/// Prints how a run ended: its metrics beside a baseline, its speed, and the commands that come next.
void print_result(const Summary& summary, const Experiment& experiment, const RunDirectory& directory);

}  // namespace tend

#pragma once
#include "cli.h"
#include "tend/diagnose/diagnose.h"
#include "tend/record/run_directory.h"
#include "tend/watch/watched_training.h"

namespace tend {

/// Prints findings on stderr, each with the command that applies its remedy. `run`: the folder of the run.
void print_findings(const std::vector<Finding>& findings, const std::string& run);
/// Says on stderr what is in repaired.toml, if the run has one, and the command that uses it.
void print_repairs(const std::vector<Repair>& repairs, const std::string& run);

/// Prints how a run ended: its metrics beside a baseline, its speed, and the commands that come next.
void print_result(const Summary& summary, const Experiment& experiment, const RunDirectory& directory);

}  // namespace tend

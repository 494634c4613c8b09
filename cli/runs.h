#pragma once
#include <string>

#include "cli.h"
#include "tend/record/run_list.h"

namespace tend {

/// Prints what differs between two runs: configuration, results, curves; or one JSON document.
int compare_runs(const ListedRun& a, const ListedRun& b, const CommonFlags& common);

}  // namespace tend

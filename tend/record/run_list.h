#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tend/base/value.h"

namespace tend {

/// A run as a list of runs shows it. Numbers are NaN where there is none yet.
struct ListedRun {
  std::string path, name;  ///< name: below the folder that was listed: "a", "b/seed-0"
  /// completed, stopped, diverged, interrupted, failed; running: a process holds its lock; killed: it has no end, but no process
  /// holds it; damaged: its files cannot be read.
  std::string state;
  std::string data;    ///< of the experiment: "digits", "flowers.csv"
  std::string metric;  ///< that decides: "validation.loss"
  double best = std::numeric_limits<double>::quiet_NaN();
  std::int64_t best_epoch = 0, epochs = 0, steps = 0;
  double seconds = std::numeric_limits<double>::quiet_NaN(), started = 0;  ///< of training; since 1970, UTC
  std::vector<std::string> alarms;                                         ///< names of checks and of rules
  Value metrics;        ///< of the summary: {"train": {...}, "validation": {...}, "test": {...}}; null if there is none
  std::string trouble;  ///< why it is damaged

  bool has_ended() const { return state == "completed" || state == "stopped" || state == "diverged" || state == "failed"; }
};

/// Reads one run: its summary.json; the record and experiment.toml only if it has none.
ListedRun read_run(const std::string& path, const std::string& name);
/// The runs in a folder and those of seeds and folds one folder below, the newest first. Damaged runs are listed as such.
/// Throws Error{missing} if there is no such folder.
std::vector<ListedRun> list_runs(const std::string& folder);
/// Does a process hold the lock of this run? Does not disturb it.
bool is_running(const std::string& path);
/// Removes the files of a run, and its folder if nothing of others lies there. Returns the names of those files. Throws
/// Error{locked} while a process writes the run.
std::vector<std::string> remove_run(const std::string& path);

}  // namespace tend

#pragma once
#include <string>
#include <vector>

#include "tend/base/write_whole.h"
#include "tend/experiment/experiment.h"
#include "tend/train/training.h"

namespace tend {

/// The directory that a run leaves: experiment.toml (complete, literal), summary.json, metrics.csv (a line an epoch, written as
/// it ends), model.safetensors. While it is open, a lock of the kernel keeps other processes out. A directory that it made and in
/// which nothing was written goes with it.
class RunDirectory {
 public:
  /// Makes `path`, or where it is empty a new one under runs/ named by time. Throws Error{write} where it cannot be made,
  /// Error{usage} where it holds a run and that may not be replaced, Error{locked} while another process writes there. An
  /// earlier run is removed when the experiment of the new one is written.
  explicit RunDirectory(std::string path, bool may_replace = false);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string model_path() const { return path_ + "/model.safetensors"; }
  void write_experiment(const Experiment& experiment);
  /// The array "checks" of interface.md, for the summary.
  void keep_checks(Value checks) { checks_ = std::move(checks); }
  /// A line of metrics.csv. A full disk never ends a run: false where it could not be written (trouble() says why); lines that
  /// are missing are written with the next one.
  bool write_epoch(const EpochReport& report);
  const std::string& trouble() const { return trouble_; }
  /// The summary as interface.md has it: what summary.json holds and `train --json` prints.
  Value summary_value(const Summary& summary) const;
  void write_summary(const Summary& summary);

 private:
  std::string path_, trouble_, unwritten_;
  Value checks_ = Value::array();
  int lock_ = -1, metrics_ = -1;
  bool is_new_ = false, is_empty_ = true;
};

struct FoundRun {
  std::string path;  ///< of the folder
  std::string note;  ///< one sentence where "latest" passed over newer runs that did not finish; else ""
};
/// A run by path, by name under runs/, or "latest": the newest that finished (completed, or stopped early). Throws
/// Error{missing} naming what there is.
FoundRun find_run(const std::string& run);

/// What a user of the run's model must know: "" where it ended well, else one sentence (the run diverged: which state the model
/// is of).
std::string caution_about(const std::string& run);

}  // namespace tend

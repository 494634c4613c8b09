#pragma once
#include <string>
#include <vector>

#include "tend/base/write_whole.h"
#include "tend/experiment/experiment.h"
#include "tend/train/training.h"

namespace tend {

/// The directory of a run: experiment.toml (complete, literal), summary.json, metrics.csv (one line an epoch, written when the
/// epoch ends), model.safetensors; record.db and checkpoints/ are the Keeper's (keeper.h). While the object exists, a lock of the
/// kernel keeps other processes out. The destructor removes a directory that this object made if nothing was written there.
class RunDirectory {
 public:
  /// Makes `path`, or a new directory under runs/ named by time if `path` is empty. Throws Error{write} if it cannot be made,
  /// Error{usage} if it holds a run that may not be replaced, Error{locked} while another process writes there. An earlier run is
  /// removed when the experiment of the new one is written.
  explicit RunDirectory(std::string path, bool may_replace = false);
  /// Opens the folder of a run that goes on. Throws Error{missing} if it holds none, Error{locked}.
  static RunDirectory of_run(const std::string& path) { return RunDirectory(path, Existing{}); }
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string model_path() const { return path_ + "/model.safetensors"; }
  /// Removes the files of a run that is replaced.
  void clear();
  /// Writes experiment.toml: from now on the folder holds a run.
  void write_experiment(const Experiment& experiment);
  /// For a run that goes on: experiment.toml as it is from now on, metrics.csv with these epochs; removes the old summary.
  void go_on(const Experiment& experiment, const std::vector<EpochReport>& history);
  /// Writes metrics.csv with only these epochs. Throws Error{write}.
  void keep_epochs(const std::vector<EpochReport>& history);
  /// The array "checks" of interface.md, for the summary.
  void keep_checks(Value checks) { facts_.checks = std::move(checks); }
  /// The array "repairs" of interface.md.
  void keep_repairs(Value repairs) { facts_.repairs = std::move(repairs); }
  /// Writes repaired.toml: the experiment with changes that were made, or that are advised.
  void write_repaired(const Experiment& experiment);
  /// The array "findings" of interface.md.
  void keep_findings(Value findings) { facts_.findings = std::move(findings); }
  /// Writes a line of metrics.csv. A full disk never ends a run: returns false if the line could not be written (trouble() says
  /// why). Missing lines are written with the next one.
  bool write_epoch(const EpochReport& report);
  const std::string& trouble() const { return trouble_; }
  /// The summary as interface.md defines it: the content of summary.json and the output of `train --json`.
  Value summary_value(const Summary& summary) const;
  struct Facts {
    std::string data, metric;
    Value checks = Value::array(), findings = Value::array(), repairs = Value::array();
  };
  void write_summary(const Summary& summary);

 private:
  struct Existing {};
  RunDirectory(const std::string& path, Existing);
  void lock();
  void add_line(const EpochReport& report);

  std::string path_, trouble_, unwritten_, existing_;  // existing_: the nearest folder above that was there before
  Facts facts_;
  int lock_ = -1, metrics_ = -1;
  bool is_new_ = false, has_header_ = false;
};

/// Makes a new folder under runs/, named by the time. Throws Error{write}.
std::string make_folder_by_time();

struct FoundRun {
  std::string path;  ///< of the folder
  std::string note;  ///< one sentence if "latest" skipped newer runs that did not finish; otherwise ""
};
/// Finds a run by path, by name under runs/, or "latest": the newest that finished (completed, or stopped early); without
/// `must_have_finished` the newest that did not, otherwise the newest. Throws Error{missing} with the names of existing runs.
FoundRun find_run(const std::string& run, bool must_have_finished = true);

/// What a user of the run's model must know: "" if the run ended well, otherwise one sentence (the run diverged: to which state
/// the model belongs).
std::string caution_about(const std::string& run);

}  // namespace tend

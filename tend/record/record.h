#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tend/base/value.h"
#include "tend/monitor/history.h"
#include "tend/record/series.h"
#include "tend/train/training.h"

namespace tend {

class Database;

/// The record of a run: one SQLite file in its folder (docs/decisions/0005-one-record-for-each-run.md). Series are kept in blocks
/// of steps; where a series has more than about 65,000 points, older blocks are joined eight points to one by minimum, maximum
/// and mean, so that a file grows with the logarithm of the steps. Write-ahead log, BEGIN IMMEDIATE, synchronous = FULL: what was
/// committed is there after a power failure. For one thread; other processes may read at the same time.
class Record {
 public:
  enum class Mode { read, write, create };
  /// The file of a run's record: FOLDER/record.db.
  static std::string path_in(const std::string& folder) { return folder + "/record.db"; }
  Record(const std::string& path, Mode mode);
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  struct Note {
    std::int64_t step = 0;
    double seconds = 0;  ///< since 1970-01-01, UTC
    std::string kind, text;
  };
  /// The parameters that windows from step `since` on are of; their own lists of windows are empty.
  struct Parameters {
    std::int64_t since = 1;
    std::vector<ParameterHistory> all;
  };
  /// One window of each parameter, over the same steps.
  using Windows = std::vector<ParameterWindow>;
  struct File {
    std::string name, sha256;
    std::int64_t bytes = 0;
  };
  /// What is written in one transaction: all or nothing.
  struct Batch {
    std::vector<StepBlock> steps = {};
    std::vector<EpochReport> epochs = {};
    std::vector<Note> notes = {};
    std::vector<Parameters> parameters = {};
    std::vector<Windows> windows = {};
    std::vector<LayersLook> looks = {};
    std::vector<NoiseLook> noise = {};
    std::vector<File> files = {};
    std::vector<std::pair<std::string, Value>> about = {};  ///< key, value
    bool empty() const {
      return steps.empty() && epochs.empty() && notes.empty() && parameters.empty() && windows.empty() && looks.empty() &&
             noise.empty() && files.empty() && about.empty();
    }
  };
  /// `decimates_to`: steps up to this one may be joined; later ones stay as they are, since a resumed run may cut them.
  void write(const Batch& batch, std::int64_t decimates_to);
  /// Removes everything after a step, for a run that goes on from there.
  void cut_after(std::int64_t step);
  /// Puts the whole record into the one file, without a log beside it.
  void close_log();

  Value about(const std::string& key) const;  ///< null if there is none
  std::vector<std::string> series_names() const;
  /// The points of a series, in the order of steps, joined so that there are at most `most` (0: all that are kept).
  std::vector<SeriesPoint> series(const std::string& name, std::size_t most = 0) const;
  std::vector<EpochReport> epochs() const;
  std::vector<Note> notes() const;
  /// Each parameter that the run has had, with its windows in the order of steps. Empty in records of earlier versions.
  std::vector<ParameterHistory> parameters() const;
  /// The activations from time to time, in the order of steps. Empty in records of earlier versions.
  std::vector<LayersLook> looks() const;
  /// The noise of the gradient from time to time, likewise.
  std::vector<NoiseLook> noise() const;
  std::vector<File> files() const;
  std::int64_t last_step() const;  ///< 0 if there is none
  /// What is wrong with the file: damaged pages, steps that are missing or there twice. Empty if it is whole.
  std::vector<std::string> troubles() const;

 private:
  void write_block(const StepBlock& block);
  void decimate(std::int64_t to);
  void create_window_tables();
  void write_windows(const Batch& batch);
  void cut_windows_after(std::int64_t step);
  std::unique_ptr<Database> database_;
};

}  // namespace tend

#pragma once
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tend/experiment/experiment.h"
#include "tend/prepare/pipeline.h"
#include "tend/train/targets.h"

namespace tend {

/// The targets of all parts in the form that a loss takes.
struct CodedTargets {
  TargetCoding coding;
  Array train, validation, test;  ///< [N, coding.width] float32: for reported losses
  TrainingTargets learnt;         ///< smoothed, weighted: targets of training, if they differ
};

enum class PartName { train, validation, test };

/// Data ready for training: split, prepared, coded. Made once, and shared by all plans on the same data. Immutable; may be used
/// from many threads at once.
class Prepared {
 public:
  /// Splits `data`, the whole source, as experiment.data says, and fits experiment.prepare on the training rows. Memory that
  /// `data` borrows must outlive this object. Throws Error{usage, data}.
  static std::shared_ptr<const Prepared> make(const Dataset& data, const Experiment& experiment, const DataPlaces& places = {});
  /// The same rows in the same parts with other steps, and those that data.target_range allows; `from` itself if both are the
  /// same.
  static std::shared_ptr<const Prepared> with_steps(const std::shared_ptr<const Prepared>& from, const Experiment& experiment);

  const Dataset& like() const { return like_; }  ///< the data without rows: task, classes, columns
  const Parts& parts() const { return parts_; }
  const Pipeline& pipeline() const { return pipeline_; }
  const Dataset& source() const { return source_; }  ///< all rows as they were read
  /// The place of each row of a part among the rows of the source; empty for a part of another source.
  const std::vector<std::int64_t>& source_rows(PartName part) const {
    return part == PartName::train ? train_rows_ : part == PartName::validation ? validation_rows_ : test_rows_;
  }
  /// The number of each row of a part in its own source, which may be another one than that of the training rows.
  const std::vector<std::int64_t>& row_numbers(PartName part) const { return row_numbers_[static_cast<std::size_t>(part)]; }
  /// Where people find a row of a part: "line 17 of flowers.csv", "row 15 of the data (counted from 0)", or, of another source,
  /// "row 15 of the test part (counted from 0)".
  std::string place_of_row(PartName part, std::int64_t row) const;
  const DataNotes& notes() const { return notes_; }  ///< of reading, splitting and preparing
  /// Training rows whose metrics are reported: at most 10,000 (for rows of places, 100,000 places), drawn from the seed, in their
  /// order.
  const std::vector<std::int64_t>& sample(std::int64_t places) const;

  /// Says whether other data are the same: rows, row shape and SHA-256 of each part's inputs and targets as prepared, names of
  /// columns and classes. Computed at the first call.
  const Value& fingerprint() const;

  /// Targets coded for a network's output and a loss. Made at the first call, then kept. Throws Error{usage} if they do not fit.
  std::shared_ptr<const CodedTargets> targets(const Shape& output, const LossEntry& loss, const LossSettings& settings,
                                              const std::string& scaling) const;

 private:
  Prepared() = default;

  Dataset source_, like_;  // source_ shares its arrays with the caller's
  DataSettings settings_;
  DataPlaces places_;
  Value steps_;
  std::uint64_t seed_ = 0;
  Parts parts_;
  Pipeline pipeline_;
  std::vector<std::int64_t> train_rows_, validation_rows_, test_rows_;
  std::array<std::vector<std::int64_t>, 3> row_numbers_;
  DataNotes notes_;
  mutable std::mutex mutex_, fingerprint_mutex_;
  mutable Value fingerprint_;
  mutable std::map<std::string, std::shared_ptr<const CodedTargets>> targets_;
  mutable std::map<std::int64_t, std::vector<std::int64_t>> samples_;
};

}  // namespace tend

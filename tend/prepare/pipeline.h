#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

class Step;  ///< a fitted step (prepare/step.h)
class Frame;

/// Images of different sizes cannot share one array. If the steps contain a resize, this tells the readers to resize images while
/// they are read. Call it before read_dataset.
void ask_for_size(const Value& steps, DataSettings& settings);

/// The steps of [prepare], fitted only on training rows, applied to any rows and saved with the model.
class Pipeline {
 public:
  Pipeline() = default;

  /// Fits the steps and prepares the parts. `raw` has the datasets of the parts (validation and test may have no rows); `steps`
  /// is the array prepare.steps. Steps that spoil data on purpose act only here and are not kept.
  struct Raw {
    Dataset train, validation, test;
  };
  static Pipeline fit(const Value& steps, Raw raw, std::uint64_t seed, Parts& prepared, DataNotes& notes);

  /// Prepares new rows, read with this pipeline's columns, as input of the network.
  Part apply(const Dataset& raw) const;
  /// The same, but steps that learnt the targets of training rows know none of these rows: for training rows that are to be
  /// judged as if they were new.
  Pipeline for_new_rows() const;
  Shape row_shape() const { return row_shape_; }                   ///< of prepared rows
  const std::vector<Column>& columns() const { return columns_; }  ///< of raw rows; empty for images and arrays

  /// Changes training rows at random, in place: prepared images [H, W, C] of floats. The result is a function of (seed, epoch,
  /// row) and does not depend on the batch.
  bool augments() const;
  void augment(float* row, std::uint64_t seed, std::int64_t epoch, std::int64_t training_row) const;

  Value to_value() const;  ///< the whole pipeline, to be saved
  static Pipeline from_value(const Value& v, const std::string& where);

 private:
  void run_steps(Frame& rows) const;

  std::vector<std::shared_ptr<const Step>> steps_;
  std::vector<Column> columns_;
  Shape raw_shape_, row_shape_;
};

}  // namespace tend

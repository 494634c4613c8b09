#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

class Step;  ///< a fitted step (prepare/step.h)
class Frame;

/// Images of different sizes have no common array: where the steps hold a resize, tells the readers to bring them to its size
/// while they are read. Call it before read_dataset.
void ask_for_size(const Value& steps, DataSettings& settings);

/// The steps of [prepare], fitted on training rows alone, applied to any rows, saved with the model.
class Pipeline {
 public:
  Pipeline() = default;

  /// Splits' rows in, prepared parts out. `raw` has the datasets of the parts (validation and test may have no rows); `steps`
  /// is the array prepare.steps; where is "prepare.steps". Steps that spoil data on purpose act here and are not kept.
  struct Raw {
    Dataset train, validation, test;
  };
  static Pipeline fit(const Value& steps, Raw raw, std::uint64_t seed, Parts& prepared, std::vector<std::string>& notes);

  /// New rows, as read with this pipeline's columns: what the network sees.
  Part apply(const Dataset& raw) const;
  Shape row_shape() const { return row_shape_; }                   ///< of what comes out
  const std::vector<Column>& columns() const { return columns_; }  ///< of what goes in; empty for images and arrays

  /// Changes training rows at random, in place: image [H, W, C] of floats as prepared. A function of (seed, epoch, row), whatever
  /// batch the row is in.
  bool augments() const;
  void augment(float* row, std::uint64_t seed, std::int64_t epoch, std::int64_t training_row) const;

  Value to_value() const;  ///< everything, to be saved
  static Pipeline from_value(const Value& v, const std::string& where);

 private:
  void run_steps(Frame& rows) const;

  std::vector<std::shared_ptr<const Step>> steps_;
  std::vector<Column> columns_;
  Shape raw_shape_, row_shape_;
};

}  // namespace tend

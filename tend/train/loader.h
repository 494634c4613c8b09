#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "tend/prepare/pipeline.h"
#include "tend/tensor/block.h"

namespace tend {

/// A batch in the memory that a Program reads: inputs as floats, targets behind them, then the rows' weights where there are any.
struct Batch {
  std::byte* data = nullptr;
  std::int64_t rows = 0, epoch = 0;          ///< epoch from 0
  const std::int64_t* which = nullptr;       ///< the training rows in it
  bool ends_epoch = false;
};

struct LoaderPlan {
  std::uint64_t seed = 0;
  std::int64_t batch_size = 1, epochs = 1, batch_bytes = 0, target_offset = 0, ragged_target_offset = 0;
  bool shuffle = true;
  bool drops_single_row = false;             ///< a last batch of one row is left out (batch_norm)
  const float* weights = nullptr;            ///< one a training row; nullptr: none
  std::int64_t weight_offset = 0, ragged_weight_offset = 0;
  bool augments = true;                      ///< as the pipeline says; false: rows as they are
  bool slides = false;                       ///< rows follow each other in one text: each starts some places later, anew in every epoch
};

/// Writes batches: which rows are in one is the caller's business, everything else is a function of (seed, epoch, step).
struct BatchWriter {
  const Part& part;
  const Array& targets;       ///< [N, width] float32
  const Pipeline& pipeline;
  LoaderPlan plan;
  void write(const std::int64_t* which, std::int64_t rows, std::int64_t epoch, std::int64_t step, std::byte* data) const;

 private:
  void slide_windows(const std::int64_t* which, std::int64_t rows, std::int64_t epoch, float* x, float* t) const;
};

/// Assembles training batches ahead on a thread of its own. Which rows come when, and how they are augmented, depends on the seed
/// alone. next() and done() are for one thread.
class Loader {
 public:
  /// `targets` [N, width] float32. Everything must outlive the loader.
  Loader(const Part& part, const Array& targets, const Pipeline& pipeline, const LoaderPlan& plan);
  ~Loader();

  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  /// The next batch, or rows == 0 when all epochs are through. Valid until done().
  Batch next();
  void done();   ///< gives the batch back

  /// How many places after its own start a window of a text begins: below `places`, a function of (seed, epoch, row).
  static std::int64_t slide(std::uint64_t seed, std::int64_t epoch, std::int64_t row, std::int64_t places);
  /// The order of the rows in an epoch: a function of (seed, epoch).
  static void order(std::uint64_t seed, std::int64_t epoch, bool shuffle, std::vector<std::int64_t>& rows);

 private:
  struct Place {
    AlignedBytes data;
    Batch batch;
    std::vector<std::int64_t> which;
  };
  void work();
  void fill(Place& place, std::int64_t first, std::int64_t rows, std::int64_t epoch, std::int64_t step);

  BatchWriter writer_;
  const LoaderPlan& plan_ = writer_.plan;
  std::int64_t steps_per_epoch_ = 0;
  std::vector<Place> ring_;
  std::vector<std::int64_t> order_;
  std::atomic<std::int64_t> made_{0}, used_{0};   // batches filled, batches given back
  std::atomic<std::int64_t> room_{0};             // changes when the maker may go on
  std::atomic<bool> stop_{false};
  std::jthread thread_;
};

}  // namespace tend

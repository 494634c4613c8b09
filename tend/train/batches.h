#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "tend/prepare/pipeline.h"
#include "tend/tensor/block.h"

namespace tend {

/// Where a batch begins: the epoch, counted from 0, and the number of the epoch's rows before the batch.
struct BatchPlace {
  std::int64_t epoch = 0, row = 0;
  bool operator==(const BatchPlace&) const = default;
};

/// A batch in the memory that a Program reads: inputs as floats, then targets, then the rows' weights if there are any.
struct Batch {
  std::byte* data = nullptr;
  std::int64_t rows = 0;
  const std::int64_t* which = nullptr;  ///< the training rows of the batch
  BatchPlace place, next;               ///< where this batch begins, and where the next one does
};

/// Which training rows a run uses, and how it reads them.
struct Feed {
  std::vector<std::int64_t> rows;        ///< training rows; empty: all
  std::vector<std::int64_t> targets_of;  ///< for each training row: the row whose targets are used for it; empty: its own
  bool is_plain = false;                 ///< rows are not augmented, and text windows are not shifted
  bool drops_rest = false;               ///< an epoch's rows after its last whole batch are skipped
  float input_factor = 1;                ///< multiplies every input; with 0 the network receives nothing of a row
};

/// The training batches of a run. Each is a function of the seed, the epoch and the place in the epoch, not of earlier calls.
/// Immutable; what it points to must outlive it.
struct BatchSource {
  const Part* part = nullptr;
  const Array* targets = nullptr;  ///< [N, width] float32
  const float* weights = nullptr;  ///< one per training row; nullptr: none
  /// More than 1: a batch has a set of weights for each fold, in which the rows of the fold have weight 0; fold_of: by training
  /// row.
  int folds = 1;
  const std::int32_t* fold_of = nullptr;
  const Pipeline* pipeline = nullptr;
  const Feed* feed = nullptr;
  std::uint64_t seed = 0;
  std::int64_t batch_size = 1, batch_bytes = 0;
  bool shuffle = true;
  bool drops_single_row = false;  ///< a last batch of one row is left out (batch_norm)
  bool slides = false;            ///< rows are windows of one text: each starts some places later, drawn anew in every epoch

  std::int64_t rows() const { return feed->rows.empty() ? part->rows() : static_cast<std::int64_t>(feed->rows.size()); }
  std::int64_t steps_per_epoch() const;
  /// Rows of the batch at a place (at most batch_size), and the place of the next batch.
  std::int64_t rows_at(BatchPlace place) const { return std::min(batch_size, rows() - place.row); }
  BatchPlace after(BatchPlace place) const;
  bool has_weights() const { return weights || folds > 1; }
  /// Offsets in bytes of targets and weights in a batch of batch_rows rows: inputs, targets, weights, each aligned to 64 bytes.
  std::int64_t target_offset(std::int64_t batch_rows) const;
  std::int64_t weight_offset(std::int64_t batch_rows) const;
  /// Writes the batch of the rows `which` in an epoch.
  void write(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, std::byte* data) const;

  /// The number of places by which a text window is shifted: less than `places`, a function of (seed, epoch, row).
  static std::int64_t slide(std::uint64_t seed, std::int64_t epoch, std::int64_t row, std::int64_t places);

 private:
  void slide_windows(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, float* x, float* t) const;
};

/// The order of rows 0 .. n-1 in an epoch: a function of (seed, epoch); n is the size of `rows`.
void order_of_epoch(std::uint64_t seed, std::int64_t epoch, bool shuffle, std::vector<std::int64_t>& rows);

/// Makes consecutive batches from any place on, with memory of its own. For one thread.
class BatchMaker {
 public:
  explicit BatchMaker(const BatchSource& source, BatchPlace start);
  /// Writes the batch at the present place into `data` and `which`, which must have room for a whole batch; then moves on.
  Batch make(std::byte* data, std::vector<std::int64_t>& which);
  const BatchSource& source() const { return source_; }

 private:
  BatchSource source_;
  BatchPlace place_;
  std::vector<std::int64_t> order_;
  std::int64_t ordered_epoch_ = -1;
};

/// Makes batches in advance on its own thread. next() and done() must be called from one thread.
class Loader {
 public:
  Loader(const BatchSource& source, BatchPlace start);
  ~Loader();
  /// The next batch. Valid until done().
  Batch next();
  void done();  ///< gives the batch back

 private:
  struct Place {
    AlignedBytes data;
    Batch batch;
    std::vector<std::int64_t> which;
  };
  void work();

  BatchMaker maker_;
  std::vector<Place> ring_;
  std::atomic<std::int64_t> made_{0}, used_{0};  // batches filled, batches given back
  std::atomic<std::int64_t> room_{0};            // changes when the maker may continue
  std::atomic<bool> stop_{false};
  std::jthread thread_;
};

}  // namespace tend

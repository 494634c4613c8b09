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

/// Where a batch begins: the epoch, from 0, and how many of its rows came before.
struct BatchPlace {
  std::int64_t epoch = 0, row = 0;
  bool operator==(const BatchPlace&) const = default;
};

/// A batch in the memory that a Program reads: inputs as floats, targets behind them, then the rows' weights where there are any.
struct Batch {
  std::byte* data = nullptr;
  std::int64_t rows = 0;
  const std::int64_t* which = nullptr;  ///< the training rows in it
  BatchPlace place, next;               ///< where it begins; where the one after it does
};

/// Which training rows a run learns from, and how it sees them.
struct Feed {
  std::vector<std::int64_t> rows;        ///< training rows; empty: all
  std::vector<std::int64_t> targets_of;  ///< for each training row the row whose targets it learns; empty: its own
  bool is_plain = false;                 ///< rows as they are: neither augmented nor slid along their text
  bool drops_rest = false;               ///< what is left of an epoch after its last whole batch is skipped
  float input_factor = 1;                ///< multiplies every input; 0 shows the network nothing of a row
};

/// The training batches of a run: each is a function of the seed, the epoch and the place in it, whatever was asked for before.
/// Immutable; what it points to must outlive it.
struct BatchSource {
  const Part* part = nullptr;
  const Array* targets = nullptr;  ///< [N, width] float32
  const float* weights = nullptr;  ///< one a training row; nullptr: none
  const Pipeline* pipeline = nullptr;
  const Feed* feed = nullptr;
  std::uint64_t seed = 0;
  std::int64_t batch_size = 1, batch_bytes = 0;
  bool shuffle = true;
  bool drops_single_row = false;  ///< a last batch of one row is left out (batch_norm)
  bool slides = false;            ///< rows follow each other in one text: each starts some places later, anew in every epoch

  std::int64_t rows() const { return feed->rows.empty() ? part->rows() : static_cast<std::int64_t>(feed->rows.size()); }
  std::int64_t steps_per_epoch() const;
  /// Rows of the batch at a place, at most batch_size; where the next one begins.
  std::int64_t rows_at(BatchPlace place) const { return std::min(batch_size, rows() - place.row); }
  BatchPlace after(BatchPlace place) const;
  /// Offsets in bytes of targets and weights in a batch of so many rows: inputs, targets, weights, each aligned to 64 bytes.
  std::int64_t target_offset(std::int64_t batch_rows) const;
  std::int64_t weight_offset(std::int64_t batch_rows) const;
  /// Writes the batch of the rows `which` in an epoch.
  void write(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, std::byte* data) const;

  /// How many places after its own start a window of a text begins: below `places`, a function of (seed, epoch, row).
  static std::int64_t slide(std::uint64_t seed, std::int64_t epoch, std::int64_t row, std::int64_t places);

 private:
  void slide_windows(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, float* x, float* t) const;
};

/// The order of rows 0 .. n-1 in an epoch: a function of (seed, epoch); n is the size of `rows`.
void order_of_epoch(std::uint64_t seed, std::int64_t epoch, bool shuffle, std::vector<std::int64_t>& rows);

/// Makes batches one after the other, from any place on, in memory of its own. For one thread.
class BatchMaker {
 public:
  explicit BatchMaker(const BatchSource& source, BatchPlace start);
  /// The batch at the present place into `data` and `which`, which have room for a whole one; then moves on.
  Batch make(std::byte* data, std::vector<std::int64_t>& which);
  const BatchSource& source() const { return source_; }

 private:
  BatchSource source_;
  BatchPlace place_;
  std::vector<std::int64_t> order_;
  std::int64_t ordered_epoch_ = -1;
};

/// Makes the batches ahead on a thread of its own. next() and done() are for one thread.
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
  std::atomic<std::int64_t> room_{0};            // changes when the maker may go on
  std::atomic<bool> stop_{false};
  std::jthread thread_;
};

}  // namespace tend

#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/train/metrics.h"
#include "tend/train/programs.h"

namespace tend {

/// A network in inference: predictions and metrics for any number of rows. Its memory is kept between calls. May be used from
/// many threads at once.
class Inference {
 public:
  /// `programs` must outlive this object.
  explicit Inference(const Programs& programs);

  static constexpr std::int64_t rows_at_once = 256, places_at_once = 4096;

  /// Calls take(row from 0, outputs, loss) for each row. The loss is 0 if `targets` (coded) is nullptr. which: nullptr means all
  /// rows.
  template <class Take>
  void each_row(const std::byte* state, const Part& part, const Array* targets, const std::vector<std::int64_t>* which,
                Executor& executor, Take take) {
    const std::int64_t n = which ? static_cast<std::int64_t>(which->size()) : part.rows();
    for (std::int64_t first = 0; first < n; first += most_rows_) {
      const std::int64_t rows = std::min(most_rows_, n - first);
      Lease lease = borrow(rows, executor.threads());
      fill(*lease.bench, part, targets, which, first, rows);
      run(*lease.bench, state, executor);
      for (std::int64_t r = 0; r < rows; ++r)
        take(first + r, lease.bench->outputs + r * coding_.row_outputs(), targets ? loss_of(*lease.bench, r) : 0.0);
    }
  }

  /// Metrics over rows; y is as in the data set, `targets` are coded. The confusion does not depend on `wanted`.
  std::vector<std::pair<std::string, double>> metrics(const std::byte* state, const Part& part, const Array& targets,
                                                      const std::vector<std::int64_t>* which, Executor& executor,
                                                      Confusion* confusion = nullptr, WantedMetrics wanted = {});

  /// Computes one batch of prepared rows, row-major floats; outputs must have room for rows x outputs values.
  void forward(const std::byte* state, const float* x, std::int64_t rows, float* outputs, Executor& executor);

  /// The largest number of rows in a batch.
  static std::int64_t most_rows(const TargetCoding& coding);

  std::int64_t bytes() const;

 private:
  struct Bench {
    Bench(const Program& program, int threads);
    const Program& program;
    Workspace workspace;
    AlignedBytes batch;
    int threads;
    const float* outputs;
    const double* losses;
  };
  struct Lease {
    Inference* owner;
    std::unique_ptr<Bench> bench;
    ~Lease();
  };
  Lease borrow(std::int64_t rows, int threads);
  void fill(Bench& bench, const Part& part, const Array* targets, const std::vector<std::int64_t>* which, std::int64_t first,
            std::int64_t rows);
  double loss_of(const Bench& bench, std::int64_t row) const;  ///< the mean over its places
  void run(Bench& bench, const std::byte* state, Executor& executor);

  const Programs& programs_;
  const TargetCoding& coding_;
  std::int64_t most_rows_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Bench>> idle_;
};

}  // namespace tend

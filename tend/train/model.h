#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/train/metrics.h"

namespace tend {

struct Shelves;  // experiment/shelves.h

struct Prediction {
  std::vector<double>
      outputs;  ///< [N, K]: class probabilities (K classes; for rows of places [N, T, K]), or values in the target's units
  std::vector<std::int64_t>
      classes;  ///< classification: code of the class (for places: N x T); multilabel: N x K zeros and ones; otherwise empty
  std::int64_t rows = 0, width = 0;
};

/// A trained network with its preparation: the object that is saved, loaded and deployed. Immutable; predict may be called from
/// many threads at once.
class Model {
 public:
  /// shelves: where the network's and the loss's names are looked up; nullptr: builtin_shelves().
  static Model load(const std::string& path, const Shelves* shelves = nullptr);
  static Model load(std::span<const std::byte> bytes, const std::string& name, const Shelves* shelves = nullptr);
  /// safetensors: plain tensors by name, everything else as JSON in its metadata. The file is written next to its path, then
  /// moved there.
  void save(const std::string& path) const;
  std::vector<std::byte> to_bytes() const;

  /// Predicts raw rows of the form used in training: x [N, F] or [N, H, W, C].
  Prediction predict(const Dataset& rows) const;
  /// Prepares the rows, then computes loss and metrics of the task, and how often classes were taken for each other; rows must
  /// have a target.
  std::vector<std::pair<std::string, double>> evaluate(const Dataset& rows, Confusion* confusion = nullptr,
                                                       const WantedMetrics& wanted = {}) const;
  /// Predicts from plain numbers: n rows of row_size() raw values; out must have room for n * width() probabilities or values.
  void predict(std::span<const float> rows, std::span<float> out) const;

  /// An empty dataset with the columns, classes, task and target names that rows must have. Pass it to read_dataset as `like`.
  const Dataset& like() const;
  std::int64_t width() const;
  std::int64_t row_size() const;

  struct Inside;
  explicit Model(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}
  const Inside& inside() const { return *inside_; }

 private:
  std::shared_ptr<const Inside> inside_;
};

}  // namespace tend

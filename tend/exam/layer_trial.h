#pragma once
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tend/base/random.h"
#include "tend/exam/workbench.h"
#include "tend/network/layer.h"

namespace tend {

/// The settings for running one layer.
struct TrialSetting {
  std::int64_t rows = 3;
  bool training = true, backward = true, accumulate = false;
  int threads = 1;
  Epilogue after, below;  ///< only functions: the activation after the layer, the one before the first input
  bool in_place = true;   ///< `after` overwrites the layer's output
  std::map<std::string, std::vector<double>>
      given;  ///< values by name ("input 0", "weights", "output gradient"), otherwise random values
};

/// One layer on one back end. All its values are in its own guarded memory, filled with the same numbers for every element type.
/// Outputs start as NaN, gradients of parameters at `prefilled`.
class LayerTrial {
 public:
  static constexpr double prefilled = 7;

  LayerTrial(const LayerEntry& layer, const std::vector<Shape>& shapes, const Backend& backend, const TrialSetting& setting);

  void run() { bench_.run(setting_.threads, static_cast<unsigned>(setting_.threads)); }
  const Layout& layout() const { return layout_; }
  std::int64_t rows() const { return setting_.rows; }
  bool guards_are_whole() const { return bench_.guards_are_whole(); }
  /// "output", "input 0", "input gradient 0", "weights", "gradient of weights", "statistic running_mean" ...
  std::vector<double> read(const std::string& name);
  void write(const std::string& name, const std::vector<double>& values);
  /// Names of all values of a kind, in order, for read().
  std::vector<std::string> inputs() const;
  std::vector<std::string> results() const;
  Shape shape_of(const std::string& name) const { return values_.at(name).shape; }
  /// dot(output, output gradient) after a run.
  double dot();

 private:
  struct Place {
    Slot slot;
    Shape shape;  ///< with the rows axis if there is one
  };
  Slot add(const std::string& name, const Shape& shape, const std::vector<double>& values);
  Slot add_random(const std::string& name, const Shape& shape);
  Slot add_filled(const std::string& name, const Shape& shape, double value);
  bool is_double() const { return backend_.element_type() == ElementType::float64; }

  const Backend& backend_;
  TrialSetting setting_;
  Layout layout_;
  Workbench bench_;
  std::map<std::string, Place> values_;
  std::map<std::string, Slot> kept_;
  std::vector<std::string> inputs_, results_;
};

}  // namespace tend

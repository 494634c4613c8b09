#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tend/trial/look.h"

namespace tend {

/// Rows of a part, as floats, with the targets as the data set has them.
struct SampleRows {
  std::vector<std::int64_t> rows;  ///< of the part
  std::vector<float> x;            ///< [rows, row_size]
  std::int64_t row_size = 0;
  std::vector<double> y;  ///< [rows, targets]: codes of classes, or values
  std::int64_t targets = 1;
  std::int64_t count() const { return static_cast<std::int64_t>(rows.size()); }
};

/// Mean and root of the mean square of what an initializer draws for a tensor, over many draws.
struct Drawn {
  double mean = 0, size = 0;
};

/// A run before its first step, as trials see it: the plan, samples of the rows, the activations. Expensive parts are computed at
/// their first use. The run is not changed and must outlive the context. For one thread.
class TrialContext {
 public:
  explicit TrialContext(const Run& run);

  const Run& run() const { return run_; }
  const Plan& plan() const { return run_.plan(); }
  const Experiment& experiment() const { return plan().experiment(); }
  const Network& network() const { return plan().network(); }
  Task task() const { return plan().like().task; }
  /// Rows are whole numbers that an embedding looks up: they have no scale.
  bool has_codes() const { return plan().like().is_text || takes_codes_; }

  /// At most `most` rows, drawn by the seed; the same for everyone.
  const SampleRows& training_sample() const;  ///< at most 2,000 rows and 4 million numbers
  const SampleRows& validation_sample() const;
  const SampleRows& test_sample() const;  ///< to compare its rows with training rows: no decision may come from it
  /// The first rows of the training sample: few enough that a step on them is cheap. At least 2 where there are 2.
  std::vector<std::int64_t> few_rows(std::int64_t most) const;
  const Look& start() const;  ///< activations and gradients on up to 128 rows, without dropout
  Drawn drawn_by(const InitializerEntry& initializer, const ParameterSpec& spec) const;
  std::unique_ptr<Trial> trial(const Experiment& changed, TrialOptions options = {}) const {
    return std::make_unique<Trial>(run_, changed, std::move(options));
  }
  /// A kernel call costs some thousand FLOPs' time however little it computes.
  static constexpr double flops_of_a_call = 2e4;
  /// How many steps of `trial` cost `flops`, within bounds.
  static std::int64_t affordable_steps(const Trial& trial, double flops, std::int64_t least, std::int64_t most);

 private:
  SampleRows sample_of(const Part& part, std::uint64_t purpose) const;

  const Run& run_;
  bool takes_codes_ = false;
  mutable std::unique_ptr<SampleRows> training_sample_, validation_sample_, test_sample_;
  mutable std::unique_ptr<Look> start_;
  mutable std::map<std::string, Drawn> drawn_;  // a hundred proposals ask for the same few
};

/// The path of a node's layer for --set and in files: "network.layers.dense_1".
std::string layer_field(const Node& node);
/// A node's kind: "dense", "relu", "softmax".
std::string kind_of(const Node& node);
/// In inference a linear map that is the same for all rows, but no product: a view, dropout, batch_norm.
bool is_fixed_map(const Node& node);
/// The network is one linear map, apart from an activation of the output.
bool is_linear(const Network& network);
/// The activation that ends the network; nullptr where the last node is a layer with weights, or linear.
const Node* output_activation(const Network& network);

}  // namespace tend

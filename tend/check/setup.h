#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tend/base/text.h"
#include "tend/check/check.h"
#include "tend/check/neighbours.h"
#include "tend/train/training.h"
#include "tend/trial/context.h"

namespace tend {

/// What checks see of a training, and what they share: samples, the network's parts by kind, a look inside at the start. What is
/// dear is made when it is first asked for. For one thread.
class Setup : public TrialContext {
 public:
  explicit Setup(const Run& run);
  explicit Setup(const Training& training) : Setup(training.engine()) {}

  /// Fewer held-out rows say nothing about what was learnt.
  static constexpr std::int64_t enough_held_out = 30;

  std::int64_t classes() const { return static_cast<std::int64_t>(plan().like().classes.size()); }
  bool is_binary_output() const { return plan().coding().outputs == 1 && task() == Task::classification; }
  /// Rows are whole numbers that an embedding or the like looks up: scale means nothing.
  bool has_codes() const { return plan().like().is_text || takes_codes_; }

  /// The loss of a constant guess on the training sample: the same score for every class, or the mean target. Nothing where
  /// this is not finite.
  std::optional<double> chance_loss() const;
  /// That guess in words: "the mean target".
  std::string constant_guess() const;

  const Neighbours& neighbours() const;
  /// How well the 7 nearest training rows tell the validation rows' targets: accuracy (labels: of all of them), for values R2.
  /// Nothing where there are no validation rows or distances mean nothing.
  std::optional<double> neighbour_skill() const;

  /// Results of the checks that ran before, this run.
  void remember(std::string_view check, const CheckResult& result) const { told_.emplace_back(std::string(check), result); }
  bool has_alarm(std::string_view cause) const { return alarm_about(cause) != nullptr; }
  /// The first alarm of an earlier check that names this cause; nullptr where there is none.
  const CheckResult* alarm_about(std::string_view cause) const;
  /// The first alarm of the checks that ran before, failures first: what a later check's trouble most likely comes from; with the
  /// check's name.
  std::optional<std::pair<std::string, CheckResult>> first_alarm() const;

 private:
  bool takes_codes_ = false;
  mutable std::unique_ptr<Neighbours> neighbours_;
  mutable std::vector<std::pair<std::string, CheckResult>> told_;
};

/// A share in a message: "12.5 %".
std::string percent(double share);
/// What became of a loss: "falls from 2.3 to 0.5", "stays near 2.3", "rises from 2.3 and overflows".
std::string course_of(double start, double end);
/// A number of things in a message: "1 row", "240 rows".
std::string counted(std::int64_t n, const std::string& noun);

/// "network.layers.3" -> what a --set or a file calls the place of a node; by its name.
std::string layer_field(const Node& node);
/// A node's kind: "dense", "relu", "softmax".
std::string kind_of(const Node& node);
/// In inference a linear map that is the same for all rows, and no product: a view, dropout, batch_norm.
bool is_fixed_map(const Node& node);
/// Nothing bends before the output's own activation: one linear map.
bool is_linear(const Network& network);
/// Does an output node's own non-linearity end the network? nullptr where the last node is a layer with weights or linear.
const Node* output_activation(const Network& network);

}  // namespace tend

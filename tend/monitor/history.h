#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tend/train/metrics.h"
#include "tend/train/training.h"

namespace tend {

/// The losses of consecutive steps.
struct StepWindow {
  std::int64_t first = 1, last = 1;          ///< steps, counted from 1
  double mean = 0, highest = 0;              ///< of the finite losses
  std::int64_t highest_step = 0;             ///< where the highest loss was
  double learning_rate = 0;                  ///< mean
  std::optional<double> gradient_norm = {};  ///< of all parameters together, perhaps not finite; of logs of other programs
};

/// A parameter over consecutive steps.
struct ParameterWindow {
  std::int64_t first = 1, last = 1;
  double gradient_norm = 0, update_norm = 0, weight_norm = 0;  ///< roots of the means of the squares
  double not_finite = 0;                                       ///< gradient elements, in all steps
  /// Norm of the change of a step over the norm of the weights: about 1e-3 where training goes well (CS231n, lecture 6).
  double update_ratio() const { return weight_norm > 0 ? update_norm / weight_norm : 0; }
};

struct ParameterHistory {
  std::string name;        ///< "dense_1.weights"
  std::string layer;       ///< "dense_1"
  bool is_matrix = false;  ///< of two axes or more
  std::int64_t elements = 0;
  std::vector<ParameterWindow> windows;
};

/// The output of an activation on some training rows.
struct LayerState {
  std::string name, kind;
  std::int64_t units = 0;
  double zero_fraction = 0;        ///< of the elements
  double dead_fraction = 0;        ///< units that are 0 for every row and at every place
  double mean = 0, deviation = 0;  ///< of the elements
  double at_ends = 0;              ///< the share of elements within 5 % of the ends of its range; NaN where it has none
};
/// The activations after a step, on fewer rows than at the end.
struct LayersLook {
  std::int64_t step = 0;
  std::vector<LayerState> layers;
};

/// The noise of the gradient, from two batches at the same weights (monitor/gradient_noise.h).
struct NoiseLook {
  std::int64_t step = 0, rows = 0;  ///< rows of each batch
  double signal = 0;                ///< the square of the norm of the gradient of all rows; an estimate, which can be negative
  double noise = 0;                 ///< the variance of the gradient of a batch, summed over its elements
  double cost = 0;                  ///< by how much this noise keeps the loss above its lowest, at the present size of updates
};

/// Where the first number that is not finite arose.
struct FirstNotFinite {
  std::int64_t step = 0;
  std::string phase = {};     ///< "input", "forward", "loss", "backward", "update", "validation"
  std::string layer = {};     ///< or the parameter; "" for the loss
  std::int64_t row = -1;      ///< of the source, from 0, whose numbers are not finite first; -1: not known
  double largest_before = 0;  ///< the largest absolute number of that place one step before; 0: not known
};

/// A step that changed the weights far more than the steps before it.
struct SuddenStep {
  std::int64_t step = 0;
  std::string parameter;                   ///< whose update ratio grew most
  double ratio_before = 0, ratio = 0;      ///< update ratio: its usual size, and that of the step
  double rate_before = 0, rate = 0;        ///< learning rate of the step before, and of the step
  double loss_before = 0, loss_after = 0;  ///< usual loss before; highest in the next few steps
  bool has_harmed = true;  ///< the loss was three times the usual in all of them, or in most and above that of the start, or not
                           ///< finite; at a new rate: in one
};
/// Weights that differ after a step from those before it by more than the step changed them: something else wrote them.
struct OutsideChange {
  std::int64_t step = 0;  ///< the first step that saw them
  std::string parameter, layer;
  double norm_before = 0, norm_after = 0, update_norm = 0;
};

/// An alarm of a check before the first step that no repair has answered.
struct StartAlarm {
  std::string check, cause;
  std::string message;       ///< its first sentence
  bool has_changes = false;  ///< it says which settings to change
};

/// All that rules read.
struct History {
  std::string step_word = "step", epoch_word = "epoch";  ///< what steps and the numbers of `epochs` count; of logs, the same
  Task task = Task::classification;
  std::int64_t classes = 0;  ///< of one class a row; otherwise 0
  std::vector<std::string> class_names;
  double most_frequent_fraction = 0;  ///< of the largest class among training rows
  std::int64_t steps_per_epoch = 1, planned_epochs = 1;
  bool normalizes_over_rows = false;  ///< a layer uses the batch in training and running statistics in inference
  bool restores_best = false;
  std::int64_t members = 1;  ///< networks of a pack, whose mean is the loss; bad ones begin anew, or are left out of the model
  std::int64_t steps = 0;    ///< made
  std::vector<StepWindow> windows;
  std::vector<ParameterHistory> parameters;
  std::vector<SuddenStep> sudden;
  std::vector<OutsideChange> outside;
  std::vector<LayersLook> looks;  ///< from time to time, at most 128
  std::vector<NoiseLook> noise;   ///< likewise
  std::vector<EpochReport> epochs;
  Metrics initial;
  double suggested_rate = 0;  ///< what a check before the first step advises; 0: none does
  std::vector<StartAlarm> start_alarms;

  bool has_ended = false;  ///< what follows is known only then
  std::string status;
  Metrics train, validation, test, baseline;
  Confusion confusion;  ///< of training rows
  Confusion held_out;   ///< of validation rows, otherwise of test rows
  std::vector<LayerState> layers;
  FirstNotFinite not_finite;  ///< step 0: all numbers were finite
  // Of logs of other programs.
  FirstNotFinite passing;              ///< numbers that were not finite for some time; `windows` has them not
  std::int64_t passing_points = 0;     ///< how many such losses there were
  FirstNotFinite held_out_not_finite;  ///< a validation loss that is not finite until the end
  bool has_rewards = false;            ///< an agent learns: the level of its loss says nothing
};

/// The middle of the values; 0 of none.
double median_of(std::vector<double> values);
/// The median of a parameter's update ratios over its windows.
double usual_update_ratio(const ParameterHistory& parameter);
/// The size of batch at which the noise of the gradient is as large as the gradient: McCandlish et al., 2018, An Empirical Model
/// of Large-Batch Training, eq. 2.9, with the mean of each part over the looks (appendix A.1). NaN without looks or where the
/// gradient is lost in the noise.
double noise_scale(std::span<const NoiseLook> looks);
/// An array of {"name", "kind", "units", "zero_fraction", "dead_fraction", "mean", "deviation", "at_ends"}, and back; what is
/// missing is 0, "at_ends" NaN.
Value layers_to_value(const std::vector<LayerState>& layers);
std::vector<LayerState> layers_of_value(const Value& value);

}  // namespace tend

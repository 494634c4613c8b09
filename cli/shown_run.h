#pragma once
#include <string>
#include <vector>

#include "chart.h"
#include "tend/record/checkpoints.h"
#include "tend/record/record.h"
#include "tend/record/run_list.h"

namespace tend {

/// All that a run's folder says about it.
struct ShownRun {
  ListedRun run;
  Value summary;                  ///< null if it has none
  Value checks = Value::array();  ///< of the summary or the record
  std::vector<EpochReport> epochs;
  std::vector<SeriesPoint> loss, learning_rate;  ///< of the steps
  std::vector<ParameterHistory> parameters;
  std::vector<LayersLook> looks;  ///< the outputs of the activations from time to time
  std::vector<NoiseLook> noise;   ///< of the gradient, likewise
  Value layers = Value::array();  ///< the outputs of the activations at the end, as layers_to_value() writes them
  std::vector<Record::Note> notes;
  std::vector<SavedCheckpoint> checkpoints;
  Value origins;        ///< of the configuration: {"train.epochs": {"value", "origin"}}; null if unknown
  std::string trouble;  ///< why the record could not be read
};
/// `most_points`: of each series; 0: all that are kept.
ShownRun read_shown_run(const ListedRun& run, std::size_t most_points);

/// "8 layers, 2000 parameters: dense 32, relu ...".
std::string network_text(const ShownRun& shown);

Curve curve_of_steps(const std::string& name, const std::vector<SeriesPoint>& points);
/// A metric such as "validation.loss" by epochs; no points if the run does not have it.
Curve curve_of_epochs(const std::string& name, const std::vector<EpochReport>& epochs, const std::string& metric);
/// The noise scale of the gradient over the steps, each point of some looks together, and what the noise costs of the loss.
Curve curve_of_noise_scale(const std::string& name, const std::vector<NoiseLook>& looks);
Curve curve_of_noise_cost(const std::string& name, const std::vector<NoiseLook>& looks);
/// Points as [x, low, mean, high].
Value value_of(const Curve& curve);

}  // namespace tend

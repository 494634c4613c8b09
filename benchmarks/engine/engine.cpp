// What does the engine cost besides its steps? benchmarks/engine.py runs it: engine EXPERIMENT.toml DATA_FOLDER THREADS
// Prints JSON: milliseconds and bytes of another run of the same plan; wall time of the whole run divided by that of its steps
// and of one evaluation an epoch.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tend/experiment/infer.h"
#include "tend/train/run.h"
#include "tend/train/training.h"

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  tend::DataPlaces places{".", {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  const tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), places, data, reasons);
  tend::TrainingOptions options;
  options.threads = std::atoi(words[3]);
  options.places = places;
  tend::Training training(experiment, data, options);
  const tend::Run& run = training.engine();

  std::vector<double> starts;
  for (int i = 0; i < 100; ++i) {
    const double began = now();
    const tend::Run another(run.shared_plan(), run.executor());
    starts.push_back(now() - began);
  }
  const double began = now();
  const tend::Summary& summary = training.run();
  const double wall = now() - began;
  const double steps = static_cast<double>(run.counters().rows_seen) / summary.examples_per_second;
  std::vector<double> evaluations;
  for (int i = 0; i < 3; ++i) {
    tend::Run measured(run.shared_plan(), run.executor());
    const double start = now();
    measured.evaluate(tend::PartName::train);
    measured.evaluate(tend::PartName::validation);
    evaluations.push_back(now() - start);
  }
  const double evaluation = median(evaluations), needed = steps + evaluation * static_cast<double>(summary.epochs);
  std::printf(
      "{\"start_milliseconds\": %.3f, \"state_bytes\": %lld, \"workspace_bytes\": %lld, \"wall_seconds\": %.3f, \"step_seconds\": %.3f, "
      "\"evaluation_seconds\": %.3f, \"wall_ratio\": %.3f}\n",
      1e3 * median(starts), static_cast<long long>(run.state().bytes()), static_cast<long long>(run.workspace_bytes()), wall,
      steps, evaluation, wall / needed);
}

#include "tend/lecture/measures.h"

#include <cmath>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/base/settings.h"
#include "tend/lecture/lecture_shelves.h"
#include "tend/lecture/probe_registry.h"
#include "tend/monitor/layer_states.h"
#include "tend/trial/trial.h"
#include "tend/watch/watched_training.h"

namespace tend {

namespace {

struct LayerMeasure {
  const char* name;
  double LayerState::*value;
};
constexpr LayerMeasure layer_measures[] = {{"deviation", &LayerState::deviation},
                                           {"mean", &LayerState::mean},
                                           {"zero_fraction", &LayerState::zero_fraction},
                                           {"dead_fraction", &LayerState::dead_fraction},
                                           {"at_ends", &LayerState::at_ends}};

void add_layers(Measures& m, const std::string& when, const std::vector<LayerState>& layers) {
  for (const auto& [name, value] : layer_measures) {
    double number = 0;
    for (const LayerState& layer : layers) {
      m.values[when + "." + layer.name + "." + name] = layer.*value;
      m.curves[when + "." + name].push_back({++number, layer.*value});
    }
  }
}

void add_metrics(Measures& m, const std::string& before, const Metrics& metrics) {
  for (const auto& [name, v] : metrics) m.values[before + "." + name] = v;
}

void add_history(Measures& m, const History& history) {
  double highest = std::nan("");
  for (const StepWindow& w : history.windows) {
    m.curves["loss"].push_back({static_cast<double>(w.first + w.last) / 2, w.mean});
    highest = std::fmax(highest, w.mean);
    m.values["step.loss.last"] = w.mean;
  }
  m.values["step.loss.highest"] = highest;
  for (const ParameterHistory& p : history.parameters) {
    m.values["ratio." + p.name] = usual_update_ratio(p);
    if (p.windows.empty()) continue;
    m.values["first_update." + p.name] = p.windows[0].update_norm;
    m.values["gradient." + p.name] = p.windows[0].gradient_norm;
  }
  for (const EpochReport& report : history.epochs)
    for (const auto& [part, metrics] : {std::pair{"train", &report.train}, {"validation", &report.validation}}) {
      add_metrics(m, "epoch_" + std::to_string(report.epoch) + "." + part, *metrics);
      for (const auto& [name, v] : *metrics) {
        const std::string curve = std::string(part) + "." + name;
        m.curves[curve].push_back({static_cast<double>(report.epoch), v});
        m.curves[curve + " by second"].push_back({report.seconds, v});
      }
    }
}

void add_weights(Measures& m, const Run& run) {
  const StateLayout& layout = run.plan().layout();
  for (std::size_t p = 0; p < layout.segments.size(); ++p) {
    const std::span<const float> weights = run.weights(p);
    const MeanAndDeviation of = mean_and_deviation({weights.begin(), weights.end()});
    m.values["weights." + layout.parameter_names[p] + ".mean"] = of.mean;
    m.values["weights." + layout.parameter_names[p] + ".deviation"] = of.deviation;
  }
}

void add_checks(Measures& m, const PreflightReport& report) {
  for (const CheckLine& line : report.lines) {
    m.values["check." + line.check + ".value"] = line.result.value.value_or(std::nan(""));
    m.values["check." + line.check + ".alarm"] = line.result.verdict == Verdict::warn || line.result.verdict == Verdict::fail;
  }
}

void add_summary(Measures& m, const Summary& summary) {
  m.values["status.diverged"] = summary.status == "diverged";
  m.values["epochs"] = static_cast<double>(summary.epochs), m.values["steps"] = static_cast<double>(summary.steps);
  add_metrics(m, "initial", summary.initial);
  add_metrics(m, "train", summary.train);
  add_metrics(m, "validation", summary.validation);
  add_metrics(m, "test", summary.test);
}

/// Steps until the end; the probes look after each step and each epoch.
void run_with(const std::vector<std::unique_ptr<ProbeInRun>>& probes, WatchedTraining& watched, Measures& m) {
  const Training& training = watched.training();
  std::size_t epochs = watched.history().epochs.size();
  for (bool goes_on = true; goes_on;) {
    goes_on = watched.step();
    for (const auto& probe : probes) probe->after_step(training, m);
    if (watched.history().epochs.size() == epochs) continue;
    epochs = watched.history().epochs.size();
    for (const auto& probe : probes) probe->after_epoch(training, m);
  }
  for (const auto& probe : probes) probe->at_end(training, m);
}

}  // namespace

Measures measure_run(const LectureStatement& statement, const Experiment& experiment, const Dataset& data, int threads,
                     const DataPlaces& places) {
  WatchOptions options;
  options.training.threads = threads;
  options.training.places = places;
  options.training.shelves = &lecture_shelves();
  WatchedTraining watched(experiment, data, options);
  std::vector<std::unique_ptr<ProbeInRun>> probes;
  for (const Value& probe : statement.probes)
    probes.push_back(builtin_probes().make(probe, statement.name + ": probes")->begin());
  Measures m;
  m.values["initial.penalty"] = Trial(watched.training().engine()).penalty();
  add_layers(m, "start", layer_states_of_training(watched.training().engine()));
  for (const auto& probe : probes) probe->at_start(watched.training(), m);
  if (experiment.watch.checks != "none") add_checks(m, watched.check());
  const double begin = seconds_now();
  run_with(probes, watched, m);
  m.values["seconds"] = seconds_now() - begin;
  add_summary(m, watched.training().summary());
  add_history(m, watched.history());
  std::vector<LayerState> end = watched.history().layers;
  if (m.values["status.diverged"] > 0)  // they are those of the last finite state: no claim may rest on them
    for (LayerState& layer : end)
      layer.deviation = layer.mean = layer.zero_fraction = layer.dead_fraction = layer.at_ends = std::nan("");
  add_layers(m, "end", end);
  add_weights(m, watched.training().engine());
  for (const auto& rule : builtin_rules().entries()) m.values["finding." + rule.name] = 0;
  for (const Finding& finding : watched.findings()) m.values["finding." + finding.rule] = 1;
  return m;
}

Experiment experiment_of(const LectureStatement& statement, const StatementRun& run, std::uint64_t seed) {
  Value all = statement.experiment;
  for (const auto& [path, v] : run.set.items()) set_path(all, path, v);
  all["seed"] = static_cast<std::int64_t>(seed);
  if (!all.find("watch")) {
    all["watch"]["checks"] = "none";
    all["watch"]["policy"] = "observe";
  }
  Experiment e = Experiment::from_value(all, statement.name + ", " + run.name);
  e.folder = statement.folder;
  if (!e.is_literal())
    throw Error(Trouble::usage, statement.name + ", " + run.name, "no network", "network.layers, as in any literal experiment");
  return e;
}

}  // namespace tend

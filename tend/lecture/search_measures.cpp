#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/lecture/measures.h"
#include "tend/monitor/history.h"
#include "tend/study/study_result.h"
#include "tend/study/tuning.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

/// A folder for a study that nobody will look at again; removed at its end.
class PassingFolder {
 public:
  PassingFolder() {
    std::string name = (fs::temp_directory_path() / "tend-lecture-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error(Trouble::write, name, "it cannot be made", "a folder for files of a search");
    path_ = name;
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  ~PassingFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// [tune] of the run. Where the statement does not say so, no trial is stopped, and two are trained side by side on any machine.
Experiment experiment_of_search(const StatementRun& run, Experiment experiment) {
  Value tune = Value::table();
  tune["stopper"] = "none", tune["parallel"] = 2;
  for (const auto& [key, v] : run.search.items()) {
    if (key == "metric" && v.is_string()) experiment.train.metric = v.string();
    else tune[key] = v;
  }
  experiment.tune = tune;
  return experiment;
}

void add_trials(Measures& m, const StudyResult& result) {
  const auto is_better = [&](double a, double b) { return result.maximizes ? a > b : a < b; };
  const double none = result.maximizes ? -HUGE_VAL : HUGE_VAL;
  std::vector<double> bests;
  std::map<std::string, std::vector<double>> of_stages;
  double best = none, epochs = 0;
  for (const ListedTrial& trial : result.trials) {
    const double value = std::isnan(trial.value) ? none : trial.value;
    if (is_better(value, best)) best = value;
    m.curves["best"].push_back({static_cast<double>(trial.number + 1), best});
    bests.push_back(value);
    epochs += static_cast<double>(trial.values.size());
    std::string cause = trial.cause;
    std::replace(cause.begin(), cause.end(), '-', '_');  // a minus in a condition
    if (!cause.empty() && trial.state == "stopped") ++m.values["stopped." + cause];
    of_stages["stage_" + std::to_string(trial.stage + 1)].push_back(value);
    for (const auto& [path, v] : trial.parameters.items())
      if (v.is_number()) m.curves["trials: " + path].push_back({v.number(), trial.value});
  }
  for (const auto& [stage, values] : of_stages) {
    m.values[stage + ".best"] = *(result.maximizes ? std::max_element(values.begin(), values.end())
                                                   : std::min_element(values.begin(), values.end()));
    m.values[stage + ".median"] = median_of(values);
  }
  m.values["best"] = best;
  m.values["median"] = median_of(bests);
  m.values["trials"] = static_cast<double>(bests.size());
  m.values["epochs"] = epochs;
  if (!result.best) return;
  for (const auto& [path, v] : result.trials[*result.best].parameters.items())
    if (v.is_number()) m.values["best_at." + path] = v.number();
}

}  // namespace

Measures measure_search(const StatementRun& run, const Experiment& experiment, const Dataset& data, int threads,
                        const DataPlaces& places) {
  const PassingFolder folder;
  TuningOptions options;
  options.threads = threads;
  options.places = places;
  options.begins_as_given = false;
  const double begin = seconds_now();
  Tuning tuning(experiment_of_search(run, experiment), data, folder.path(), options);
  const std::string end = tuning.search();
  Measures m;
  add_trials(m, result_of(tuning.desk(), tuning.store(), folder.path(), end));
  m.values["bounds_moved"] = tuning.desk().with_course([](const StudyCourse& course) { return course.bounds_moved(); });
  m.values["seconds"] = seconds_now() - begin;
  return m;
}

}  // namespace tend

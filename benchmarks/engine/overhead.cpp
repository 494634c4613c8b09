// What does looking after a training cost? benchmarks/overhead.py runs it:
//   overhead EXPERIMENT.toml DATA_FOLDER THREADS SECONDS CHECKPOINT_SECONDS FOLDER PAIRS WHAT
// Trains without and with WHAT, in turn, for SECONDS each: "record", a Keeper; "watch", all signals of each step, and the rules
// at the ends of epochs. Prints JSON: a list of {"with", "steps_per_second", "median_step_seconds", "p99_step_seconds",
// "peak_bytes"}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "tend/experiment/infer.h"
#include "tend/record/keeper.h"
#include "tend/watch/watched_training.h"

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double at(std::vector<double>& values, double share) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// Steps for `seconds`; the seconds of each.
template <class Step>
std::vector<double> timed(double seconds, Step step) {
  for (int warm = 0; warm < 5; ++warm) step();
  std::vector<double> steps;
  const double began = now();
  for (double last = began; last - began < seconds;) {
    step();
    const double ended = now();
    steps.push_back(ended - last);
    last = ended;
  }
  return steps;
}

}  // namespace

int main(int count, char** words) {
  if (count != 9) return 2;
  const tend::DataPlaces places{std::filesystem::path(words[1]).parent_path().string(), {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), places, data, reasons);
  experiment.train.epochs = 100000;  // SECONDS end it
  experiment.watch.checks = "none";
  const double seconds = std::atof(words[4]), between = std::atof(words[5]);
  const bool records = std::string(words[8]) == "record";
  std::printf("[");
  for (int i = 0; i < 2 * std::atoi(words[7]); ++i) {
    const bool with = i % 2 == 1;
    tend::TrainingOptions options;
    options.threads = std::atoi(words[3]);
    options.places = places;
    std::optional<tend::Keeper> keeper;
    std::vector<double> steps;
    if (with && records) {
      const std::string folder = std::string(words[6]) + "/run" + std::to_string(i);
      std::filesystem::create_directories(folder);
      keeper.emplace(folder, 0);
      options.on_event = [&](const tend::Event& event) {
        if (event.kind == tend::Event::Kind::step) keeper->step(event.step, event.loss, event.learning_rate, event.seconds);
        else if (event.kind == tend::Event::Kind::epoch) keeper->epoch(*event.epoch);
      };
    }
    if (with && !records) {
      tend::WatchOptions watch;
      watch.training = options;
      tend::WatchedTraining training(experiment, data, watch);
      steps = timed(seconds, [&] { training.step(); });
    } else {
      tend::Training training(experiment, data, options);
      steps = timed(seconds, [&] {
        training.step();
        if (keeper && keeper->is_due(between)) keeper->checkpoint(training.state());
      });
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const double rate = static_cast<double>(steps.size()) / seconds;
    std::printf(
        "%s{\"with\": %s, \"steps_per_second\": %.3f, \"median_step_seconds\": %.9f, \"p99_step_seconds\": %.9f, \"peak_bytes\": %ld}",
        i ? ",\n" : "", with ? "true" : "false", rate, at(steps, 0.5), at(steps, 0.99), usage.ru_maxrss * 1024L);
  }
  std::printf("]\n");
}

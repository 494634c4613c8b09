// What do the record and the checkpoints cost? benchmarks/recording.py runs it:
//   recording EXPERIMENT.toml DATA_FOLDER THREADS SECONDS CHECKPOINT_SECONDS FOLDER PAIRS
// Trains without and with a Keeper, in turn, for SECONDS each. Prints JSON: a list of {"records", "steps_per_second",
// "median_step_seconds", "p99_step_seconds"}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tend/experiment/infer.h"
#include "tend/record/keeper.h"
#include "tend/train/training.h"

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double at(std::vector<double>& values, double share) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

int main(int count, char** words) {
  if (count != 8) return 2;
  tend::DataPlaces places{std::filesystem::path(words[1]).parent_path().string(), {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), places, data, reasons);
  experiment.train.epochs = 100000;  // SECONDS end it
  const double seconds = std::atof(words[4]), between = std::atof(words[5]);
  std::printf("[");
  for (int i = 0; i < 2 * std::atoi(words[7]); ++i) {
    const bool records = i % 2 == 1;
    const std::string folder = std::string(words[6]) + "/run" + std::to_string(i);
    std::filesystem::create_directories(folder);
    std::optional<tend::Keeper> keeper;
    if (records) keeper.emplace(folder, 0);
    tend::TrainingOptions options;
    options.threads = std::atoi(words[3]);
    options.places = places;
    options.on_event = [&](const tend::Event& event) {
      if (!keeper) return;
      if (event.kind == tend::Event::Kind::step) keeper->step(event.step, event.loss, event.learning_rate, event.seconds);
      else if (event.kind == tend::Event::Kind::epoch) keeper->epoch(*event.epoch);
    };
    tend::Training training(experiment, data, options);
    for (int warm = 0; warm < 5; ++warm) training.step();
    std::vector<double> steps;
    const double began = now();
    for (double last = began; last - began < seconds;) {
      training.step();
      if (keeper && keeper->is_due(between)) keeper->checkpoint(training.state());
      const double ended = now();
      steps.push_back(ended - last);
      last = ended;
    }
    const double rate = static_cast<double>(steps.size()) / seconds;
    std::printf("%s{\"records\": %s, \"steps_per_second\": %.3f, \"median_step_seconds\": %.9f, \"p99_step_seconds\": %.9f}",
                i ? ",\n" : "", records ? "true" : "false", rate, at(steps, 0.5), at(steps, 0.99));
  }
  std::printf("]\n");
}

// What does looking after a training cost? benchmarks/overhead.py runs it:
//   overhead EXPERIMENT.toml DATA_FOLDER THREADS SECONDS CHECKPOINT_SECONDS FOLDER PAIRS WHAT [CLOCK]
// Two trainings, one without and one with WHAT, take steps in turn, for SECONDS each. WHAT: "record", a Keeper; "watch", all
// signals of each step, and the rules at the ends of epochs; "nothing", to see the noise. Prints JSON: the ratios of the time
// of a step, one for each block with WHAT against the two blocks around it, and the median, the mean and 99th percentile of each
// side. CLOCK "processor": the processor time of all threads, for a machine that does other work.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "tend/experiment/infer.h"
#include "tend/record/keeper.h"
#include "tend/watch/watched_training.h"

namespace {

bool takes_processor_time = false;

double now() {
  if (!takes_processor_time) return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double at(std::vector<double>& values, double share) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// One training, and the seconds of each of its steps.
struct Side {
  bool with = false;
  std::function<void()> step;
  std::vector<double> steps;

  void run(double seconds) {
    const double began = now();
    for (double last = began; last - began < seconds;) {
      step();
      const double ended = now();
      steps.push_back(ended - last);
      last = ended;
    }
  }
};

}  // namespace

int main(int count, char** words) {
  if (count != 9 && count != 10) return 2;
  takes_processor_time = count == 10 && std::string(words[9]) == "processor";
  const tend::DataPlaces places{std::filesystem::path(words[1]).parent_path().string(), {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  tend::Experiment given = tend::Experiment::read(words[1]);
  given.data.validation = tend::Value(0.002);  // the end of an epoch costs both sides the same, and some blocks have one more
  tend::Experiment experiment = tend::infer_from_source(given, places, data, reasons);
  experiment.train.epochs = 100000;  // SECONDS end it
  experiment.watch.checks = "none";
  const double seconds = std::atof(words[4]), between = std::atof(words[5]);
  const std::string folder = words[6], what = words[8];
  tend::TrainingOptions options;
  options.threads = std::atoi(words[3]);
  options.places = places;
  tend::Training plain(experiment, data, options);
  std::optional<tend::Keeper> keeper;
  std::optional<tend::Training> recorded;
  std::optional<tend::WatchedTraining> watched;
  Side sides[2] = {{.with = false, .step = [&] { plain.step(); }, .steps = {}}, {.with = true, .step = {}, .steps = {}}};
  if (what == "record") {
    keeper.emplace(folder, 0);
    tend::TrainingOptions keeps = options;
    keeps.on_event = [&](const tend::Event& event) {
      if (event.kind == tend::Event::Kind::step) keeper->step(event.step, event.loss, event.learning_rate, event.seconds);
      else if (event.kind == tend::Event::Kind::epoch) keeper->epoch(*event.epoch);
    };
    recorded.emplace(experiment, data, keeps);
    sides[1].step = [&] {
      recorded->step();
      if (keeper->is_due(2 * between)) keeper->checkpoint(recorded->state());  // half of the time is the other side's
    };
  } else if (what == "watch") {
    tend::WatchOptions watch;
    watch.training = options;
    watched.emplace(experiment, data, watch);
    sides[1].step = [&] { watched->step(); };
  } else {
    sides[1].step = sides[0].step;
  }
  for (Side& side : sides) {
    side.run(0.2);
    side.steps.clear();
  }
  std::vector<double> ratios;  // of a block's mean step with WHAT to the mean step of the blocks around it
  double before = 0, with = 0;
  for (int i = 0; i < 2 * std::atoi(words[7]) + 1; ++i) {
    Side& side = sides[i % 2];
    const std::size_t first = side.steps.size();
    side.run(seconds);
    if (keeper) keeper->flush();
    const double mean = seconds / static_cast<double>(side.steps.size() - first);
    if (side.with) {
      with = mean;
    } else {
      if (i > 0) ratios.push_back(2 * with / (before + mean));
      before = mean;
    }
  }
  std::printf("{\"time_ratios\": [");
  for (std::size_t i = 0; i < ratios.size(); ++i) std::printf("%s%.5f", i ? ", " : "", ratios[i]);
  std::printf("]");
  for (Side& side : sides)
    std::printf(", \"%s\": {\"median\": %.9f, \"mean\": %.9f, \"p99\": %.9f, \"steps\": %zu}", side.with ? "with" : "without",
                at(side.steps, 0.5),
                std::accumulate(side.steps.begin(), side.steps.end(), 0.0) / static_cast<double>(side.steps.size()),
                at(side.steps, 0.99), side.steps.size());
  std::printf("}\n");
}

// Are trials of one shape faster stacked than side by side? benchmarks/stacked.py runs it:
//   stacked EXPERIMENT.toml TRIALS THREADS SECONDS
// TRIALS networks that differ in their learning rate make an epoch of steps in each block, in turn in these ways, for SECONDS:
//   side    each thread trains its share of the trials one after another, as `tend tune` does
//   stacks  each thread trains its share as one pack (network.pack), a member for each trial
//   stack   all trials are one pack, whose members the threads share
// Prints JSON: for each way the microseconds of a step of one trial on one thread, of each block (CPU time where THREADS is 1,
// otherwise wall time); operations of a step; steps of an epoch.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tend/experiment/infer.h"
#include "tend/train/run.h"

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Runs that one thread, or one pool of threads, steps one after another.
struct Share {
  Share(const std::shared_ptr<const tend::Plan>& plan, int count, int threads) : executor(tend::make_pool(threads)) {
    for (int i = 0; i < count; ++i) runs.push_back(std::make_unique<tend::Run>(plan, *executor));
  }
  void make_epoch() {
    for (auto& run : runs)
      while (!run->step().ends_epoch) {
      }
  }
  std::unique_ptr<tend::Executor> executor;
  std::vector<std::unique_ptr<tend::Run>> runs;
};

/// One way to train all trials, and the microseconds of a step of a trial in each block.
struct Way {
  std::string name;
  std::vector<std::unique_ptr<Share>> shares = {};
  std::vector<double> microseconds = {};

  double seconds_of_epoch(bool is_one_thread) {
    const double began = is_one_thread ? cpu_seconds() : now();
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < shares.size(); ++i) others.emplace_back([this, i] { shares[i]->make_epoch(); });
    shares[0]->make_epoch();
    others.clear();
    return (is_one_thread ? cpu_seconds() : now()) - began;
  }
};

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  const tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), {}, data, reasons);
  const int trials = std::atoi(words[2]), threads = std::atoi(words[3]);
  const auto single = tend::Plan::make(experiment, tend::Prepared::make(data, experiment));
  const auto pack = [&](int members) {  // of equal rates, as the runs in "side"
    return single->with({{.path = "network.pack", .value = members},
                         {.path = "network.pack_rates", .value = 1.0},
                         {.path = "network.pack_decays", .value = 1.0}});
  };
  std::vector<Way> ways(threads > 1 ? 3 : 2);
  ways[0].name = "side", ways[1].name = "stacks";
  for (int t = 0; t < threads; ++t) {
    ways[0].shares.push_back(std::make_unique<Share>(single, trials / threads, 1));
    ways[1].shares.push_back(std::make_unique<Share>(pack(trials / threads), 1, 1));
  }
  if (threads > 1) {
    ways[2].name = "stack";
    ways[2].shares.push_back(std::make_unique<Share>(pack(trials), 1, threads));
  }
  const double steps = static_cast<double>(single->steps_per_epoch()) * trials / threads;
  for (Way& way : ways) way.seconds_of_epoch(threads == 1);
  for (const double began = now(); now() - began < std::atof(words[4]);)
    for (Way& way : ways) way.microseconds.push_back(way.seconds_of_epoch(threads == 1) / steps * 1e6);
  std::printf("{\"flops\": %.0f, \"steps\": %lld", single->program().flops(), static_cast<long long>(single->steps_per_epoch()));
  for (const Way& way : ways) {
    std::printf(", \"%s\": [", way.name.c_str());
    for (std::size_t i = 0; i < way.microseconds.size(); ++i) std::printf("%s%.3f", i ? ", " : "", way.microseconds[i]);
    std::printf("]");
  }
  std::printf("}\n");
}

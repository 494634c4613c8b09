#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "tend/record/run_directory.h"
#include "tend/study/tuning.h"
#include "tend/tensor/big_memory.h"
#include "tend/train/run.h"

namespace tend {

namespace {

constexpr double largest_share_of_comparison = 0.4;  // of the time that the study may take
constexpr double share_of_memory = 0.9;              // of what is free, for trials

/// Whether values are the same but for rounding: some that went through the places of a search space.
bool is_about(const Value& a, const Value& b) {
  constexpr double rounding = 1e-9;
  if (a.is_number() && b.is_number()) return std::fabs(a.number() - b.number()) <= rounding * std::fabs(a.number());
  if (a.is_array() && b.is_array())
    return std::equal(a.array_items().begin(), a.array_items().end(), b.array_items().begin(), b.array_items().end(), is_about);
  if (a.is_table() && b.is_table())
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                      [](const auto& x, const auto& y) { return x.first == y.first && is_about(x.second, y.second); });
  return a == b;
}

}  // namespace

int Tuning::side_by_side(std::int64_t bytes_of_each, int wanted) {
  const std::int64_t free = free_memory_bytes();
  if (free <= 0 || bytes_of_each <= 0) return std::max(1, wanted);
  const auto room = static_cast<std::int64_t>(share_of_memory * static_cast<double>(free)) / bytes_of_each;
  return static_cast<int>(std::clamp<std::int64_t>(room, 1, std::max(1, wanted)));
}

/// The part of the study's time that is kept for the trainings at the end.
double Tuning::seconds_of_comparison() {
  if (epochs_made_ == 0) return 0;
  return std::min(seconds_of_trainings(cost_of_final_pack_), largest_share_of_comparison * options_.seconds);
}

/// What the trainings at the end will take if each costs so many times what a trial does: from what epochs took in this process,
/// or their prediction, and from the length of the trials that ended by themselves.
double Tuning::seconds_of_trainings(double times_the_cost) {
  double epochs = 0, completed = 0;
  desk_->with_course([&](const StudyCourse& course) {
    for (const SearchTrial& trial : course.searches().back().study().trials)
      if (trial.state == TrialState::completed) epochs += static_cast<double>(trial.steps()), completed += 1;
  });
  const double length = completed > 0 ? epochs / completed : static_cast<double>(stages_.back().epochs);
  const double epoch = epochs_made_ > 0 ? epoch_seconds_ / static_cast<double>(epochs_made_)
                                        : clock_.seconds(cost_of(plans_.base(), threads_of_a_trial()), 1);
  const double training = epoch * length;
  const double rounds = std::ceil(static_cast<double>(trainings_of_comparison()) / static_cast<double>(slots_));
  return rounds * training * times_the_cost;
}

/// What a training of so many networks costs, by that of a trial.
double Tuning::cost_of_pack(std::int64_t networks) {
  if (networks == 0 || networks == plans_.base().experiment().network.pack) return 1;
  Value pack = Value::table();
  pack["network.pack"] = networks;
  const std::int64_t epochs = stages_.back().epochs;
  const int threads = threads_of_a_trial();
  return cost_of(*plans_.plan(pack, epochs), threads).nominal / cost_of(plans_.base(), threads).nominal;
}

/// tune.final_pack, or less where the time of the study is too short for it.
std::int64_t Tuning::pack_that_fits() {
  const Experiment& base = plans_.base().experiment();
  std::int64_t pack = settings_.final_pack;
  if (options_.seconds <= 0) return pack;
  const double left = options_.seconds - (seconds_now() - began_);
  while (pack > base.network.pack && seconds_of_trainings(cost_of_pack(pack)) > left)
    pack = std::max<std::int64_t>(pack / 2 / base.network.pack_folds * base.network.pack_folds, base.network.pack);
  if (pack < settings_.final_pack)
    tell({.text = "The comparison at the end trains " + counted(pack, "network") + " instead of " +
                  std::to_string(settings_.final_pack) + ": there is no time for more."});
  return pack;
}

FinalRun Tuning::train_finally(const Finalist& finalist, std::uint64_t seed, int threads) {
  const auto plan = plans_.plan(finalist.parameters, finalist.epochs, seed);
  Training training(plan, {.threads = threads, .isa = plan->isa(), .on_event = {}, .stop = options_.stop, .places = {}});
  const Summary& summary = training.run();
  if (summary.status == "interrupted") return {.trial = {}, .train = {}, .validation = {}, .test = {}, .seconds = -1};
  if (seed == plans_.base().experiment().seed) {
    const std::lock_guard lock(events_);
    models_.insert_or_assign(finalist.trial.value_or(given_), std::pair(training.model(), summary));
  }
  return {.trial = finalist.trial,
          .seed = seed,
          .train = summary.train,
          .validation = summary.validation,
          .test = summary.test,
          .seconds = summary.seconds};
}

/// The best trials, each with so many networks, if more than 0; and the experiment as it was given, in the second place. A trial
/// that is the same is not trained twice.
std::vector<Tuning::Finalist> Tuning::finalists(std::int64_t pack) {
  const Finalist given{.trial = {}, .parameters = Value::table(), .epochs = plans_.base().experiment().train.epochs};
  const std::int64_t epochs = stages_.back().epochs;
  const Value as_given = plans_.plan(given.parameters, given.epochs)->experiment().to_value();
  const std::vector<std::size_t> ranking = desk_->with_course([](const StudyCourse& course) { return course.ranking(); });
  if (ranking.empty()) return {};
  std::vector<Finalist> all;
  for (const std::size_t number : ranking) {
    if (std::ssize(all) == most_finalists) break;
    Value parameters = desk_->with_course([&](const StudyCourse& course) { return course.parameters(number); });
    if (!is_about(plans_.plan(parameters, epochs)->experiment().to_value(), as_given))
      all.push_back({.trial = number, .parameters = std::move(parameters), .epochs = epochs});
  }
  all.insert(all.begin() + !all.empty(), given);
  for (Finalist& finalist : all)
    if (pack > 0 && !finalist.parameters.find("network.pack")) finalist.parameters["network.pack"] = pack;
  return all;
}

/// Writes the run of the winner.
void Tuning::keep_winner(const Finalist& winner) {
  const auto& [model, summary] = models_.at(winner.trial.value_or(given_));
  RunDirectory directory(folder_ + "/best", true);
  directory.clear();
  Experiment experiment = plans_.plan(winner.parameters, winner.epochs)->experiment();
  experiment.tune = Value();
  directory.write_experiment(experiment);
  for (const EpochReport& epoch : summary.history) directory.write_epoch(epoch);
  model.save(directory.model_path());
  directory.write_summary(summary);
}

/// All finalists with one seed after another, as far as the time of the study allows: the first one in any case, and seeds that
/// not all have are left out, but the first. `known`: those that were made before. Nothing if the study was asked to stop.
std::vector<FinalRun> Tuning::train_finalists(const std::vector<Finalist>& all, const std::vector<FinalRun>& known) {
  const std::size_t wanted = all.size() * static_cast<std::size_t>(settings_.final_seeds);
  std::vector<FinalRun> runs = known;
  runs.resize(wanted);
  const std::int64_t bytes = cost_of(*plans_.plan(all[0].parameters, all[0].epochs), 1).memory_bytes;
  const int count = std::min(side_by_side(bytes, std::min(static_cast<int>(slots_), threads_)), static_cast<int>(wanted));
  std::mutex mutex;
  std::size_t begun = known.size(), done = known.size();
  double seconds = 0;  // of those that are made here
  std::exception_ptr trouble;
  const auto next = [&]() -> std::optional<std::size_t> {
    const std::lock_guard lock(mutex);
    if (begun >= wanted || trouble || options_.stop.stop_requested()) return {};
    const double usual = done > known.size() ? seconds / static_cast<double>(done - known.size()) : 0;
    if (begun > 0 && options_.seconds > 0 && seconds_now() - began_ + usual > options_.seconds) return {};
    return begun++;
  };
  const auto train = [&] {
    while (const std::optional<std::size_t> i = next()) try {
        const double start = seconds_now();
        runs[*i] = train_finally(all[*i % all.size()], plans_.base().experiment().seed + *i / all.size(),
                                 std::max(1, threads_ / count));
        const std::lock_guard lock(mutex);
        seconds += seconds_now() - start;
        tell({.kind = TuningEvent::Kind::final_run, .done = ++done, .of = wanted});
      } catch (...) {
        const std::lock_guard lock(mutex);
        trouble = std::current_exception();
      }
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < count; ++t) threads.emplace_back(train);
  }
  if (trouble) std::rethrow_exception(trouble);
  if (options_.stop.stop_requested()) return {};
  if (begun < wanted) {
    tell({.text = "The comparison at the end has " + counted(static_cast<std::int64_t>(begun), "training") + " instead of " +
                  std::to_string(wanted) + ": there is no time for more."});
    runs.resize(begun < all.size() ? begun : begun / all.size() * all.size());
  }
  return runs;
}

/// Whether these runs are the first ones of a comparison of these finalists.
bool Tuning::are_first(const std::vector<FinalRun>& runs, const std::vector<Finalist>& all) const {
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].trial != all[i % all.size()].trial ||
        runs[i].seed != plans_.base().experiment().seed + static_cast<std::uint64_t>(i / all.size()))
      return false;
  return true;
}

void Tuning::compare() {
  if (settings_.final_seeds == 0) return;
  const Value value = store_.about("final");
  FinalComparison known = value.is_table() ? final_comparison_of(value) : FinalComparison{};
  std::vector<Finalist> all = finalists(settings_.final_pack);
  if (all.empty()) return;
  const std::size_t wanted = all.size() * static_cast<std::size_t>(settings_.final_seeds);
  if (!are_first(known.runs, all)) known = {};
  if (known.runs.size() >= wanted) return;
  const std::int64_t networks = std::max(pack_that_fits(), known.networks);
  if (networks > known.networks) known = {};
  if (networks < settings_.final_pack) all = finalists(networks);
  FinalComparison comparison{.runs = train_finalists(all, known.runs), .winner = {}, .first = all[0].trial, .networks = networks};
  if (comparison.runs.empty() ||
      std::any_of(comparison.runs.begin(), comparison.runs.end(), [](const FinalRun& r) { return r.seconds < 0; }))
    return;
  comparison.choose(metric_, maximizes_);
  for (const Finalist& finalist : all)
    if (finalist.trial == comparison.winner) {
      const bool is_here = models_.contains(finalist.trial.value_or(given_));  // otherwise an earlier process trained it
      if (!is_here && train_finally(finalist, plans_.base().experiment().seed, threads_).seconds < 0) return;
      keep_winner(finalist);
    }
  models_.clear();
  store_.keep_about("final", final_comparison_to_value(comparison));
}

}  // namespace tend

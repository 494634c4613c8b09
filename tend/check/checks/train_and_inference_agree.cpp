#include "tend/check/checks/train_and_inference_agree.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

/// Steps on one batch of a few rows, without dropout, penalties, label smoothing and class weights.
class Bench {
 public:
  explicit Bench(const Setup& setup) {
    constexpr double dear = 1e9;  // of a step
    const double each = setup.plan().program().flops() / static_cast<double>(setup.plan().batch_size());
    rows_ = setup.few_rows(std::clamp<std::int64_t>(static_cast<std::int64_t>(dear / each), 8, 64));
    const Experiment e = with_plain_update(setup.experiment(), "sgd", 0);
    TrialOptions options;
    options.feed.rows = rows_;
    options.batch_size = static_cast<std::int64_t>(rows_.size());
    options.feed.is_plain = true;
    trial_ = setup.trial(e, options);
    for (const char* setting : {".rate", ".l2", ".l1", ".max_norm"}) trial_->set(setting, 0);
  }
  void step() { training_loss_ = trial_->step(0); }
  double training_loss() const { return training_loss_; }
  double inference_loss() {
    for (const auto& [name, value] : trial_->measure(PartName::train, rows_))
      if (name == "loss") return value;
    return NAN;
  }
  const Trial& trial() const { return *trial_; }
  std::vector<double> statistic(const Place& place) const { return trial_->state().doubles(place); }
  std::int64_t rows() const { return static_cast<std::int64_t>(rows_.size()); }

 private:
  std::vector<std::int64_t> rows_;
  std::unique_ptr<Trial> trial_;
  double training_loss_ = 0;
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares);
}

/// How two steps on one batch change the running statistics: if a step keeps the share m, the second change is m times the first.
struct Statistics {
  double keeps = 0;                  // the largest share that a step keeps
  std::string slowest;               // the place, "batch_norm_1.running_mean"
  std::vector<std::string> unmoved;  // layers without any changed statistic
};

Statistics measured(Bench& bench) {
  std::vector<Place> places;
  for (const Place& place : bench.trial().state().directory().places())
    if (place.kind == PlaceKind::statistic) places.push_back(place);
  std::vector<std::vector<double>> at[3];
  for (int step = 0; step < 3; ++step) {
    if (step > 0) bench.step();
    for (const Place& place : places) at[step].push_back(bench.statistic(place));
  }
  Statistics found;
  // Rows that are augmented again at each step also change statistics: the smallest share of a layer is the best estimate, and
  // one of 1 or more is useless.
  std::map<std::string, std::pair<double, std::string>> by_layer;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double first = distance(at[0][i], at[1][i]), second = distance(at[1][i], at[2][i]);
    if (!std::isfinite(first) || !std::isfinite(second)) continue;
    const std::string layer = places[i].name.substr(0, places[i].name.rfind('.'));
    if (first == 0) {
      if (std::find(found.unmoved.begin(), found.unmoved.end(), layer) == found.unmoved.end()) found.unmoved.push_back(layer);
      continue;
    }
    if (second >= first) continue;
    const auto [known, is_new] = by_layer.try_emplace(layer, second / first, places[i].name);
    if (!is_new && second / first < known->second.first) known->second = {second / first, places[i].name};
  }
  for (const auto& [layer, kept] : by_layer)
    if (kept.first > found.keeps) found.keeps = kept.first, found.slowest = kept.second;
  // A layer is unmoved where all its statistics are.
  std::erase_if(found.unmoved, [&](const std::string& layer) {
    for (std::size_t i = 0; i < places.size(); ++i)
      if (places[i].name.starts_with(layer + ".") && distance(at[0][i], at[1][i]) > 0) return true;
    return false;
  });
  return found;
}

CheckResult compared(Bench& bench, double most, Verdict verdict, const std::string& about) {
  const double training = bench.training_loss(), inference = bench.inference_loss();
  const std::string losses = "on the same " + counted(bench.rows(), "row") + " the loss is " + short_number(training) +
                             " in training and " + short_number(inference) + " in inference" + about + ".";
  if (!std::isfinite(training) || !std::isfinite(inference)) return CheckResult::skipped("a loss is not finite: " + losses);
  const double difference = verdict == Verdict::fail ? std::fabs(inference - training) / std::max(1e-3, std::fabs(training))
                                                     : inference / std::max(1e-2, training);
  if (difference > most)
    return CheckResult::alarm(verdict, "architecture", "Training and inference disagree: " + losses,
                              "Correct or replace the layer that computes different values in inference and in training.")
        .with(inference, training);
  return CheckResult::pass("Training and inference agree: " + losses).with(inference, training);
}

/// The usual momentum for layers whose running statistics are slower than that.
Changes wanted_momentum(const Setup& setup) {
  constexpr double usual = 0.9;
  Changes changes;
  for (const Node& node : setup.network().nodes()) {
    if (!node.traits.normalizes_over_rows()) continue;
    const Value written = node.layer->to_value();
    const Value* momentum = written.find("momentum");
    if (momentum && momentum->is_number() && momentum->number() > usual)
      changes.push_back({.path = layer_field(node) + ".momentum", .value = usual});
  }
  return changes;
}

}  // namespace

std::vector<CheckResult> TrainAndInferenceAgree::run(const Setup& setup) const {
  if (setup.training_sample().count() < 2) return {CheckResult::skipped("there are fewer than 2 training rows.")};
  Bench bench(setup);
  const Statistics statistics = measured(bench);
  if (!statistics.unmoved.empty())
    return {CheckResult::alarm(
                Verdict::fail, "architecture",
                "The running statistics of " + statistics.unmoved[0] +
                    (statistics.unmoved.size() > 1
                         ? " and of " + counted(static_cast<std::int64_t>(statistics.unmoved.size()) - 1, "other layer")
                         : "") +
                    " never change, so inference uses their initial values.",
                wanted_momentum(setup),
                "Correct the layer " + statistics.unmoved[0] + ": a step must update its running statistics.")
                .at(statistics.unmoved[0])};
  if (statistics.slowest.empty()) return {compared(bench, apart, Verdict::fail, "")};
  const std::string layer = statistics.slowest.substr(0, statistics.slowest.rfind('.'));
  const double left = std::pow(statistics.keeps, static_cast<double>(setup.plan().total_steps()));
  if (left > kept)
    return {CheckResult::alarm(Verdict::warn, "architecture",
                               "The running statistics of " + layer + " change too slowly: after all " +
                                   counted(setup.plan().total_steps(), "step") + ", " + percent(left) +
                                   " of their initial values is left, and inference uses them.",
                               wanted_momentum(setup),
                               "Correct the layer " + layer + ": its running statistics must change faster.")
                .with(left, kept)
                .at(layer)};
  const auto wanted = static_cast<std::int64_t>(std::ceil(std::log(0.02) / std::log(std::clamp(statistics.keeps, 0.01, 0.9999))));
  const std::int64_t affordable = Setup::affordable_steps(bench.trial(), 1e9, 4, 200);
  if (wanted > affordable)
    return {CheckResult::pass("The running statistics will have converged" + std::string(left > 0.05 ? " in part" : "") +
                              " by the end of the run: after " + counted(setup.plan().total_steps(), "step") + ", " +
                              percent(left) + " of their initial values is left.")
                .with(left, kept)};
  for (std::int64_t step = 2; step < wanted; ++step) bench.step();
  return {compared(bench, times, Verdict::warn, " after the running statistics have converged")};
}

}  // namespace tend

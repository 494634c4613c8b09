#pragma once
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "tend/base/text.h"
#include "tend/diagnose/rule.h"

namespace tend {

/// "step 300"; in a log, in what its rows count: "epoch 7".
inline std::string at_step(const History& h, std::int64_t step) { return h.step_word + " " + std::to_string(step); }
/// "epoch 7"; in a log whose rows count steps: "step 300".
inline std::string at_epoch(const History& h, std::size_t e) { return h.epoch_word + " " + std::to_string(h.epochs[e].epoch); }

/// The highest learning rate of the run, which a schedule starts from; 0 if the history has none.
inline double highest_rate(const History& h) {
  double rate = 0;
  for (const StepWindow& w : h.windows) rate = std::max(rate, w.learning_rate);
  return rate;
}

/// The learning rate times a factor, as a remedy. What a check advises, after short trainings with many rates, is better known,
/// if it lies on the same side by more than half.
inline std::vector<Change> scaled_rate(const History& h, double factor) {
  const double rate = highest_rate(h);
  if (!(rate > 0)) return {};
  if (h.suggested_rate > 0 && (factor < 1 ? 1.5 * h.suggested_rate < rate : h.suggested_rate > 1.5 * rate))
    return {{.path = "update.optimizer.learning_rate", .value = h.suggested_rate}};
  const double scale = std::pow(10, std::floor(std::log10(rate * factor)));          // one digit
  const std::string text = short_number(std::round(rate * factor / scale) * scale);  // 3e-4, not the double next to it
  return {{.path = "update.optimizer.learning_rate", .value = std::strtod(text.c_str(), nullptr)}};
}

/// The largest update ratio of a matrix in any window.
inline double largest_update_ratio(const History& h) {
  double most = 0;
  for (const ParameterHistory& p : h.parameters)
    for (const ParameterWindow& w : p.windows)
      if (p.is_matrix && std::isfinite(w.update_ratio())) most = std::max(most, w.update_ratio());
  return most;
}

/// A lower learning rate: a tenth, or less where steps changed weights by far more than the usual thousandth.
inline std::vector<Change> lower_rate(const History& h) {
  const double most = largest_update_ratio(h);
  return scaled_rate(h, most > 0 ? std::clamp(5e-3 / most, 1e-4, 0.1) : 0.1);
}

/// For histories without learning rates, in which lower_rate() changes nothing.
inline std::string lower_rate_advice(const Finding& f) {
  return f.changes.empty() ? "Train with a learning rate of a tenth, with warmup, and clip the gradient norm." : "";
}

/// The deviation of single losses from their level: independent normal ones differ from the next by 0.954 of it in the median.
inline double noise_of_losses(const History& h) {
  std::vector<double> changes;
  for (std::size_t i = 1; i < h.windows.size(); ++i) changes.push_back(std::fabs(h.windows[i].mean - h.windows[i - 1].mean));
  return median_of(std::move(changes)) / 0.954;
}

/// The median of the update ratios of the parameters of two axes or more.
inline double usual_update_ratio(const History& h) {
  std::vector<double> ratios;
  for (const ParameterHistory& p : h.parameters)
    if (p.is_matrix && !p.windows.empty()) ratios.push_back(usual_update_ratio(p));
  return median_of(std::move(ratios));
}

/// The largest share of dead units in a layer of eight units or more; nullptr if no layer has dead ones.
inline const LayerState* deadest_layer(const History& h) {
  const LayerState* most = nullptr;
  for (const LayerState& layer : h.layers)
    if (layer.units >= 8 && layer.dead_fraction > (most ? most->dead_fraction : 0)) most = &layer;
  return most;
}

/// The gradient norm of the first matrix over that of the last one, in the first windows; 1 if there are not two.
inline double first_over_last_gradient(const History& h) {
  const ParameterHistory *first = nullptr, *last = nullptr;
  for (const ParameterHistory& p : h.parameters)
    if (p.is_matrix && !p.windows.empty()) {
      if (!first) first = &p;
      last = &p;
    }
  if (!first || first == last) return 1;
  const double below = last->windows[0].gradient_norm;
  return below > 0 ? first->windows[0].gradient_norm / below : 1;
}

/// Did the training end by itself: all its epochs, early stopping, or a limit of time?
inline bool has_run_to_an_end(const History& h) { return h.has_ended && (h.status == "completed" || h.status == "stopped"); }

/// How much of what lies between a guess and a perfect answer (accuracy, r2) the network has on its training rows; NaN where that
/// is not defined. Not by the loss before the first step, which is low already where a training begins with the weights of
/// another.
inline double learned_part(const History& h) {
  const double guess = h.task == Task::regression ? 0 : h.most_frequent_fraction,
               reached = metric_of(h.train, h.task == Task::regression ? "r2" : "accuracy");
  return h.task != Task::multilabel && guess < 0.95 ? (reached - guess) / (1 - guess) : std::nan("");
}
inline bool has_hardly_learned(const History& h) { return learned_part(h) < 0.1; }

inline std::string percent_text(double share) {
  const bool is_small = share > 0 && share < 0.005;  // three digits, however small
  return short_number(is_small ? 100 * share : std::round(1000 * share) / 10) + " %";
}

}  // namespace tend

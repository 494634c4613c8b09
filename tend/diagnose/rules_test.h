#pragma once
#include <vector>

#include "tend/diagnose/rule.h"

namespace tend {

/// A healthy run of two classes: 10 epochs of 20 steps; the losses fall, weights change by a thousandth a step, all rows are
/// right.
inline History healthy_history() {
  History h;
  h.classes = 2;
  h.class_names = {"cat", "dog"};
  h.most_frequent_fraction = 0.5;
  h.steps_per_epoch = 20;
  h.planned_epochs = 10;
  h.steps = 200;
  h.initial = {{"loss", 0.7}, {"accuracy", 0.5}};
  for (const char* name : {"dense_1.weights", "dense_1.bias", "dense_2.weights"})
    h.parameters.push_back({.name = name,
                            .layer = std::string(name).substr(0, 7),
                            .is_matrix = std::string(name).ends_with("weights"),
                            .elements = 100,
                            .windows = {}});
  for (std::int64_t s = 1; s <= 200; ++s) {
    const double loss = 0.7 / (1 + 0.05 * static_cast<double>(s));
    h.windows.push_back({.first = s, .last = s, .mean = loss, .highest = loss, .learning_rate = 0.01});
    for (ParameterHistory& p : h.parameters)
      p.windows.push_back({.first = s, .last = s, .gradient_norm = 0.1, .update_norm = 0.001, .weight_norm = 1});
  }
  for (std::int64_t e = 1; e <= 10; ++e) {
    EpochReport r{.epoch = e, .steps = 20 * e};
    r.train = {{"loss", 0.7 / (1 + static_cast<double>(e))}, {"accuracy", 0.9}};
    r.validation = {{"loss", 0.5 + 0.2 / (1 + static_cast<double>(e))}, {"accuracy", 0.8}};
    h.epochs.push_back(r);
  }
  h.has_ended = true;
  h.status = "completed";
  h.train = {{"loss", 0.06}, {"accuracy", 0.95}, {"r2", 0.9}};
  h.confusion = {.classes = 2, .counts = {50, 0, 5, 45}};
  h.held_out = {.classes = 2, .counts = {40, 10, 10, 40}};
  h.layers = {{.name = "relu_1", .kind = "relu", .units = 16, .zero_fraction = 0.6, .dead_fraction = 0.1, .deviation = 1}};
  return h;
}

}  // namespace tend

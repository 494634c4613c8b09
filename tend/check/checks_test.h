#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "tend/base/random.h"
#include "tend/check/setup.h"

namespace tend {

/// `n` rows of two features around three centres 2 apart, unit scale.
inline Dataset small_classes(std::int64_t n = 300) {
  Array x({n, 2}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(11, purpose("small classes"));
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t c = i % 3;
    const double angle = 2.0943951 * static_cast<double>(c);
    x.as<float>()[2 * i] = static_cast<float>(1.2 * std::cos(angle) + 0.4 * random.normal());
    x.as<float>()[2 * i + 1] = static_cast<float>(1.2 * std::sin(angle) + 0.4 * random.normal());
    y.as<double>()[i] = static_cast<double>(c);
  }
  return Dataset::classification(x, y, 3);
}

/// `n` rows of three features of unit scale; the value is level + slope (x0 - 2 x1) + noise, x2 has no part in it.
inline Dataset small_values(std::int64_t n = 300, double level = 0, double slope = 1) {
  Array x({n, 3}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(12, purpose("small values"));
  for (std::int64_t i = 0; i < n; ++i) {
    for (int f = 0; f < 3; ++f) x.as<float>()[3 * i + f] = static_cast<float>(random.normal());
    y.as<double>()[i] = level + slope * (static_cast<double>(x.as<float>()[3 * i]) - 2 * static_cast<double>(x.as<float>()[3 * i + 1]) + 0.1 * random.normal());
  }
  return Dataset::regression(x, y);
}

/// An experiment of these layers; `more` is TOML: sections after [network], which replace [loss] and [update] where it has them.
inline Experiment small_experiment(const std::string& layers, const std::string& more = "", bool is_regression = false) {
  std::string text = "seed = 5\n[data]\nvalidation = 0.2\n[network]\nlayers = " + layers + "\n";
  if (more.find("[loss]") == std::string::npos)
    text += std::string("[loss]\nname = \"") + (is_regression ? "mean_squared_error" : "softmax_cross_entropy") + "\"\n";
  if (more.find("[update]") == std::string::npos) text += "[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\n";
  return Experiment::parse(text + more, "test");
}

/// What a check says of a training of these layers on the data.
template <class C>
std::vector<CheckResult> checked(const C& check, const std::string& layers, const Dataset& data, const std::string& more = "") {
  const Training training(small_experiment(layers, more, data.task == Task::regression), data);
  const Setup setup(training);
  return check.run(setup);
}

}  // namespace tend

#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

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

inline Dataset small_images() {
  Array x({60, 8, 8, 1}, ElementType::float32), y({60, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 60; ++i) y.as<double>()[i] = static_cast<double>(i % 3);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<float>()[i] = static_cast<float>(i % 7) / 7;
  return Dataset::classification(x, y, 3);
}

/// `n` rows of three features of unit scale; the value is level + slope (x0 - 2 x1) + noise, x2 has no part in it.
inline Dataset small_values(std::int64_t n = 300, double level = 0, double slope = 1) {
  Array x({n, 3}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(12, purpose("small values"));
  for (std::int64_t i = 0; i < n; ++i) {
    for (int f = 0; f < 3; ++f) x.as<float>()[3 * i + f] = static_cast<float>(random.normal());
    y.as<double>()[i] = level + slope * (static_cast<double>(x.as<float>()[3 * i]) -
                                         2 * static_cast<double>(x.as<float>()[3 * i + 1]) + 0.1 * random.normal());
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

/// "data-scale at dense_1, ...": the alarms among results.
inline std::vector<std::string> alarms_of(const std::vector<CheckResult>& results) {
  std::vector<std::string> alarms;
  for (const CheckResult& r : results)
    if (r.is_alarm()) alarms.push_back(r.cause);
  return alarms;
}

inline std::string text_of(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) text += (text.empty() ? "" : "; ") + text_of(change);
  return text;
}

/// Every alarm has either changes or advice; changes can be applied as they are, and the check then raises that alarm no more.
template <class C>
void expect_remedies(const C& check, const Experiment& experiment, const Dataset& data, const std::vector<CheckResult>& results,
                     const TrainingOptions& options = {}) {
  for (const CheckResult& r : results) {
    if (!r.is_alarm()) continue;
    EXPECT_NE(r.changes.empty(), r.advice.empty()) << r.message;
    if (r.changes.empty()) continue;
    SCOPED_TRACE(r.message + " -> " + text_of(r.changes));
    try {
      const Training training(changed(experiment, r.changes), data, options);
      const Setup setup(training);
      const std::vector<CheckResult> again = check.run(setup);
      const std::vector<std::string> before = alarms_of(results), after = alarms_of(again);
      EXPECT_LT(std::count(after.begin(), after.end(), r.cause), std::count(before.begin(), before.end(), r.cause))
          << again[0].message;
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

/// What a check says of a training of this experiment on the data; what it advises is applied and checked again.
template <class C>
std::vector<CheckResult> checked(const C& check, const Experiment& experiment, const Dataset& data,
                                 const TrainingOptions& options = {}) {
  const Training training(experiment, data, options);
  const Setup setup(training);
  std::vector<CheckResult> results = check.run(setup);
  expect_remedies(check, experiment, data, results, options);
  return results;
}

template <class C>
std::vector<CheckResult> checked(const C& check, const std::string& layers, const Dataset& data, const std::string& more = "") {
  return checked(check, small_experiment(layers, more, data.task == Task::regression), data);
}

}  // namespace tend

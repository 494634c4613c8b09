#pragma once
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tend/tune/stopper.h"

namespace tend {

/// A study of trials with these values; all have the same place.
inline Study curves(std::size_t steps, const std::vector<std::vector<double>>& values, TrialState state = TrialState::waiting) {
  Study study;
  study.space = read_search_space(parse_toml("a = { uniform = [0.0, 1.0] }", "study.toml"));
  study.steps = steps;
  for (const auto& v : values) {
    const std::size_t number = study.add({0.5});
    study.report(number, v);
    study.trials[number].state = state;
  }
  return study;
}

/// What the stopper says of one trial with these values.
template <class S>
std::string cause_of(const S& stopper, std::size_t steps, const std::vector<double>& values,
                     const std::vector<double>& training = {}) {
  Study study = curves(steps, {values});
  study.trials[0].training = training;
  return stopper.cause(study, study.trials[0]);
}

}  // namespace tend

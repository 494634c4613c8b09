#pragma once
#include <cmath>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tend/tune/sampler.h"

namespace tend {

/// A study whose trials have one value each.
inline Study one_value_study(std::string_view parameters, std::size_t trials) {
  Study study;
  study.space = read_search_space(parse_toml(parameters, "study.toml"));
  study.seed = 3;
  study.most_trials = trials;
  return study;
}

/// Makes `count` trials by the sampler; cost(values) is the value of each.
template <class S, class Cost>
void make_trials(Study& study, const S& sampler, std::size_t count, Cost cost) {
  for (std::size_t i = 0; i < count; ++i) {
    Random random(study.seed, purpose("suggest"), static_cast<std::uint32_t>(study.trials.size()));
    const std::size_t number = study.add(sampler.suggest(study, random));
    study.report(number, {cost(study.space.at(study.trials[number].units))});
    study.trials[number].state = TrialState::completed;
  }
}

inline double lowest(const Study& study) { return *study.best_value(*study.best_trial()); }

/// A bowl in three parameters, with its lowest value 0 at rate 1e-3, width 64 and kind "b".
inline constexpr std::string_view bowl_parameters =
    "rate = { log_uniform = [1e-5, 1.0] }\nwidth = { ordinal = [8, 16, 32, 64, 128, 256] }\nkind = { choice = [\"a\", \"b\", \"c\"] }\n";
inline double bowl(const Value& v) {
  const double rate = std::log10(v.find("rate")->number()) + 3, width = std::log2(v.find("width")->number()) - 6;
  return rate * rate + width * width + (v.find("kind")->string() == "b" ? 0 : 2);
}

/// Mean of the lowest values of `seeds` studies of `trials` trials on the bowl.
template <class S>
double mean_lowest(const S& sampler, std::size_t trials, std::uint64_t seeds = 10) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Study study = one_value_study(bowl_parameters, trials);
    study.seed = seed;
    make_trials(study, sampler, trials, bowl);
    sum += lowest(study) / static_cast<double>(seeds);
  }
  return sum;
}

}  // namespace tend

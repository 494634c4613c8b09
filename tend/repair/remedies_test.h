#pragma once
#include "tend/check/checks_test.h"
#include "tend/repair/remedy.h"

namespace tend {

/// The proposals of a remedy for a training of these layers on three classes, or on values; each can be applied to it.
template <class R>
std::vector<std::string> proposed(const std::string& layers, const std::string& more = "",
                                  const Dataset& data = small_classes()) {
  const Experiment experiment = small_experiment(layers, more, data.task == Task::regression);
  const Training training(experiment, data);
  const TrialContext context(training.engine());
  std::vector<std::string> all;
  for (const Changes& changes : R{}.propose(context)) {
    if (changes.empty()) continue;
    all.push_back(text_of(changes));
    EXPECT_NO_THROW(Training(changed(experiment, changes), data)) << all.back();
  }
  return all;
}

/// The same for a training that has made so many steps.
template <class R>
std::vector<std::string> proposed_after(std::int64_t steps, const std::string& layers, const std::string& more = "") {
  const Dataset data = small_classes();
  const Experiment experiment = small_experiment(layers, more);
  Training training(experiment, data);
  while (training.engine().counters().step < steps) training.step();
  const TrialContext context(training.engine());
  std::vector<std::string> all;
  for (const Changes& changes : R{}.propose(context)) {
    all.push_back(text_of(changes));
    EXPECT_NO_THROW(training.engine().fork().change(changes)) << all.back();
  }
  return all;
}

using Proposed = std::vector<std::string>;
inline const char* const small_layers = R"([{ dense = 8 }, "tanh", { dense = 3 }])";

}  // namespace tend

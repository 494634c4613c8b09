#pragma once
#include <cstring>

#include "tend/study/study_test.h"
#include "tend/study/trial_plans.h"
#include "tend/study/trial_training.h"
#include "tend/train/run.h"

namespace tend {

/// A plan of a trial.
struct Trial {
  SmallStudy small{"parameters = { \"update.optimizer.learning_rate\" = { log_uniform = [1e-3, 1.0] } }"};
  TrialPlans plans{Plan::make(small.experiment, Prepared::make(small.data, small.experiment)),
                   read_search_space(*small.experiment.tune.find("parameters"))};
  std::shared_ptr<const Plan> plan = plans.plan(parse_toml("\"update.optimizer.learning_rate\" = 0.05", "p"), 12);
};

/// Are all bits that can change the next step the same? Times of epochs are not.
inline bool have_same_bits(const TrainingState& a, const TrainingState& b) {
  const auto same = [](const std::shared_ptr<const Snapshot>& x, const std::shared_ptr<const Snapshot>& y) {
    return (!x && !y) || (x && y && x->state.bytes() == y->state.bytes() &&
                          std::memcmp(x->state.data(), y->state.data(), static_cast<std::size_t>(x->state.bytes())) == 0);
  };
  return same(a.now, b.now) && same(a.best, b.best) && same(a.good, b.good) && a.history.size() == b.history.size();
}

}  // namespace tend

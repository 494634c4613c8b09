#include "tend/train/memory_use.h"

#include <algorithm>

namespace tend {

std::int64_t memory_of_run(const Plan& plan, int threads) {
  const Program &step = plan.program(), &evaluation = plan.programs().evaluation(
                                            std::min(Inference::most_rows(plan.coding()), plan.parts().train.rows()));
  const std::int64_t copies = 2 + (plan.experiment().train.early_stopping.is_null() ? 0 : 1);
  return copies * plan.layout().directory->bytes() + 2 * plan.layout().parameter_elements * size_of(plan.layout().type) +
         step.arena_bytes() + threads * (step.scratch_bytes() + evaluation.scratch_bytes()) +
         fewest_batches_ahead * step.batch_bytes() + evaluation.arena_bytes() + evaluation.batch_bytes();
}

}  // namespace tend

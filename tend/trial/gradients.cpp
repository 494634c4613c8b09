#include "tend/trial/gradients.h"

#include <algorithm>

#include "tend/train/pack.h"

namespace tend {

namespace {

constexpr double flops_at_once = 2e8;  // of plain loops in double: a few tenths of a second

/// Training rows of a run as the subject of a check.
struct SubjectOfRun {
  SubjectOfRun(const Run& of, std::int64_t most_rows);
  FirstMember first;
  GradientSubject subject;
};

SubjectOfRun::SubjectOfRun(const Run& of, std::int64_t most_rows) : first(of) {
  const Run& run = first.run();
  const Plan& plan = run.plan();
  std::vector<std::int64_t> order(static_cast<std::size_t>(plan.parts().train.rows()));
  order_of_epoch(plan.experiment().seed, 0, true, order);
  const auto affordable = static_cast<std::int64_t>(flops_at_once * static_cast<double>(plan.batch_size()) /
                                                    std::max(1.0, plan.program().flops()));
  const std::int64_t least = plan.network().mixes_rows() ? 2 : 1;
  const std::int64_t rows = std::min(std::clamp(affordable, least, std::max(least, most_rows)), plan.parts().train.rows()),
                     size = plan.network().input_shape().count(), width = plan.coding().width;
  std::vector<float> inputs(static_cast<std::size_t>(rows * size));
  plan.parts().train.gather(order.data(), 0, rows, inputs.data());
  subject.network = &plan.network();
  subject.loss = &plan.loss();
  subject.layout = &plan.layout();
  subject.state = &run.state();
  subject.rows = rows;
  subject.target_width = width;
  subject.places = plan.coding().places;
  subject.inputs.assign(inputs.begin(), inputs.end());
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t t = 0; t < width; ++t)
      subject.targets.push_back(
          static_cast<double>(plan.train_targets().as<float>()[order[static_cast<std::size_t>(r)] * width + t]));
  subject.takes_codes = plan.coding().takes_codes;
  subject.mean = plan.experiment().loss.reduction == "mean";
  subject.seed = plan.experiment().seed;
  subject.trained = &plan.backend();
}

}  // namespace

GradientReport check_gradients(const Run& of, const GradientCheckOptions& options) {
  return check_gradients(SubjectOfRun(of, options.rows).subject, options);
}

double difference_error(const Run& of, double step, bool in_float32) {
  return difference_error(SubjectOfRun(of, 1).subject, step, in_float32);
}

}  // namespace tend

#include "tend/train/training_view.h"

#include <algorithm>

#include "tend/gradcheck/gradient_check.h"
#include "tend/experiment/shelves.h"
#include "tend/train/training_parts.h"

namespace tend {

namespace {

constexpr double flops_at_once = 2e8;  // of plain loops in double: a few tenths of a second

}  // namespace

GradientReport Training::check_gradients(const GradientCheckOptions& options) const {
  const Inside& in = *inside_;
  std::vector<std::int64_t> order(static_cast<std::size_t>(in.parts.train.rows()));
  Loader::order(in.experiment.seed, 0, true, order);
  const auto affordable =
      static_cast<std::int64_t>(flops_at_once * static_cast<double>(in.batch_size) / std::max(1.0, in.whole->flops()));
  const std::int64_t least = in.network->mixes_rows() ? 2 : 1;
  const std::int64_t rows = std::min(std::clamp(affordable, least, std::max(least, options.rows)), in.parts.train.rows()),
                     size = in.network->input_shape().count();
  std::vector<float> inputs(static_cast<std::size_t>(rows * size));
  in.parts.train.gather(order.data(), 0, rows, inputs.data());
  GradientSubject subject;
  subject.network = in.network.get();
  subject.loss = in.loss.get();
  subject.layout = in.layout.get();
  subject.state = &in.state;
  subject.rows = rows;
  subject.target_width = in.coding.width;
  subject.places = in.coding.places;
  subject.inputs.assign(inputs.begin(), inputs.end());
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t t = 0; t < in.coding.width; ++t)
      subject.targets.push_back(
          static_cast<double>(in.train_targets.as<float>()[order[static_cast<std::size_t>(r)] * in.coding.width + t]));
  subject.takes_codes = in.coding.takes_codes;
  subject.mean = in.experiment.loss.reduction == "mean";
  subject.seed = in.experiment.seed;
  subject.trained = &in.backend;
  return tend::check_gradients(subject, options);
}

TrainingView Training::view() const {
  const Inside& in = *inside_;
  return {in.experiment,
          in.like,
          in.parts,
          in.pipeline,
          *in.network,
          *in.layout,
          in.state,
          *in.loss,
          *in.optimizer,
          *in.rate,
          in.coding,
          in.train_targets,
          in.validation_targets,
          in.learnt,
          *in.whole,
          in.backend,
          *in.executor,
          in.options.shelves ? *in.options.shelves : builtin_shelves(),
          in.batch_size,
          in.loader->steps_per_epoch(),
          in.total_steps};
}

}  // namespace tend

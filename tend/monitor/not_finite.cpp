#include "tend/monitor/not_finite.h"

#include <algorithm>
#include <cmath>

#include "tend/train/data_scale.h"
#include "tend/train/run.h"

namespace tend {

namespace {

constexpr std::int64_t most_steps_repeated = 20'000;

bool is_bad(float v) { return !std::isfinite(v); }

/// The source's number of the first row of a batch with a number that is not finite; -1: none.
std::int64_t bad_row(const Plan& plan, const std::vector<std::int64_t>& which, const std::vector<float>& values) {
  const std::size_t size = values.size() / std::max<std::size_t>(1, which.size());
  const auto bad = std::find_if(values.begin(), values.end(), is_bad);
  if (bad == values.end() || size == 0) return -1;
  const std::int64_t row = which[static_cast<std::size_t>(bad - values.begin()) / size];
  const std::vector<std::int64_t>& source = plan.prepared().source_rows(PartName::train);
  return static_cast<std::size_t>(row) < source.size() ? source[static_cast<std::size_t>(row)] : row;
}

double largest(const std::vector<float>& values) {
  double most = 0;
  for (const float v : values)
    if (std::isfinite(v)) most = std::max(most, std::fabs(static_cast<double>(v)));
  return most;
}

/// The batch that a run takes next: its rows, prepared as they are in training.
std::vector<float> next_inputs(const Run& run, std::vector<std::int64_t>& which) {
  const Counters& c = run.counters();
  BatchSource source = run.plan().batches(static_cast<std::uint64_t>(c.seed));
  BatchMaker maker(source, {.epoch = c.epoch, .row = c.row});
  AlignedBytes bytes(source.batch_bytes);
  which.resize(static_cast<std::size_t>(source.batch_size));
  const Batch batch = maker.make(bytes.data(), which);
  which.resize(static_cast<std::size_t>(batch.rows));
  const auto* x = reinterpret_cast<const float*>(bytes.data());
  return {x, x + batch.rows * run.plan().parts().train.x.row_size()};
}

/// Looks at the step that a run makes next.
FirstNotFinite look_at_next_step(Run& run) {
  const Plan& plan = run.plan();
  FirstNotFinite found{.step = run.counters().step + 1};
  std::vector<std::int64_t> which;
  const std::vector<float> x = next_inputs(run, which);
  if (const std::int64_t row = bad_row(plan, which, x); row >= 0) {
    found.phase = "input";
    found.row = row;
    return found;
  }
  const std::vector<Node>& nodes = plan.network().nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::vector<float> values = values_at(plan, run.state(), static_cast<int>(i), true, x.data(),
                                                static_cast<std::int64_t>(which.size()), run.executor());
    if (std::none_of(values.begin(), values.end(), is_bad)) {
      found.largest_before = largest(values);
      continue;
    }
    found.phase = "forward";
    found.layer = nodes[i].name;
    found.row = bad_row(plan, which, values);
    return found;
  }
  run.compute_gradient();
  const std::span<const float> gradient = run.gradient();
  const StateLayout& layout = plan.layout();
  for (std::size_t i = layout.segments.size(); i-- > 0;) {
    const auto part = gradient.subspan(static_cast<std::size_t>(layout.segments[i].offset),
                                       static_cast<std::size_t>(layout.segments[i].count));
    if (std::any_of(part.begin(), part.end(), is_bad)) {
      found.phase = "backward";
      found.layer = layout.parameter_names[i];
      return found;
    }
  }
  const StepReport report = run.update(run.learning_rate());
  found.phase = std::isfinite(report.loss) ? "update" : "loss";
  for (std::size_t i = 0; i < layout.segments.size() && found.phase == "update"; ++i) {
    const std::span<const float> weights = run.weights(i);
    if (std::any_of(weights.begin(), weights.end(), is_bad)) {
      found.layer = layout.parameter_names[i];
      return found;
    }
  }
  if (found.phase == "update") found.step = 0;
  return found;
}

}  // namespace

FirstNotFinite first_not_finite(const Training& training) {
  const TrainingState state = training.state();
  const Counters& end = Plan::counters(state.now->state);
  const std::int64_t nan_step = training.summary().first_nan_step.value_or(0),
                     step = end.spoilt_step > 0 && (nan_step == 0 || end.spoilt_step < nan_step) ? end.spoilt_step : nan_step;
  if (step == 0 || !state.good) return {};
  Run run(*state.good, training.engine().executor());
  const std::int64_t first = run.counters().step;
  if (step <= first || step - first > most_steps_repeated) return {.step = step};
  while (run.counters().step + 1 < step) run.step();
  return look_at_next_step(run);
}

}  // namespace tend

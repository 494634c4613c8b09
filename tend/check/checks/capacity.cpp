#include "tend/check/checks/capacity.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

constexpr double rate = 0.01, flops = 3e9, standard_errors = 4;

/// The network trained by Adam until it converges, or the affordable steps are used up.
double trained_skill(const Setup& setup, const char* metric) {
  Experiment e = with_plain_update(setup.experiment(), "adam", rate);
  if (setup.task() == Task::regression) e.prepare.target = "standardize";  // a weight moves by no more than the rate a step
  const auto trial = setup.trial(e);
  const std::int64_t steps = Setup::affordable_steps(*trial, flops, 200, 2000);
  for (std::int64_t s = 0; s < steps; ++s) trial->step(rate);
  return metric_of(trial->measure(PartName::validation, setup.validation_sample().rows), metric);
}

/// A hidden layer with an activation before the last layer with weights.
Changes hidden_layer(const Setup& setup) {
  const std::vector<Node>& nodes = setup.network().nodes();
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& n) { return n.traits.is_product; });
  if (last == nodes.rend()) return {};
  Value layer = Value::table();
  const bool is_image = last->input_shapes[0].rank() == 3;
  layer[is_image ? "conv2d" : "dense"] = 64;
  if (is_image) layer["kernel"] = 3, layer["padding"] = "same";
  return joined(inserted_before(setup, *last, layer), inserted_before(setup, *last, "relu"));
}

}  // namespace

std::vector<CheckResult> Capacity::run(const Setup& setup) const {
  if (!is_linear(setup.network())) return {CheckResult::skipped("the network is nonlinear.")};
  const std::optional<double> neighbours = setup.task() == Task::multilabel ? std::nullopt : setup.neighbour_skill();
  if (!neighbours || !std::isfinite(setup.start().loss))
    return {
        CheckResult::skipped("the linear network needs validation rows with numeric inputs, and a finite loss, to be judged.")};
  const bool is_values = setup.task() == Task::regression;
  const double own = trained_skill(setup, is_values ? "r2" : "accuracy");
  const auto rows = static_cast<double>(setup.validation_sample().count());
  const double chance = standard_errors * std::sqrt(0.25 / rows);
  const std::string text = std::string(is_values ? "its R2" : "its accuracy") + " on the validation rows is " +
                           short_number(own) + ", that of a prediction from the nearest training rows is " +
                           short_number(*neighbours) + ".";
  if (std::isfinite(own) && *neighbours - own > std::max(gap, chance))
    return {CheckResult::alarm(Verdict::warn, "capacity", "The linear network is too simple for the data: " + text,
                               hidden_layer(setup), "Add a hidden layer with an activation before the last layer.")
                .with(own, *neighbours)};
  return {CheckResult::pass("The linear network is sufficient for the data: " + text).with(own, *neighbours)};
}

}  // namespace tend

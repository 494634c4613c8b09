#include "tend/check/checks/overfit_few.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tend/trial/advice.h"
#include "tend/trial/fit.h"

namespace tend {

namespace {

const std::vector<double> all_rates{1, 0.3, 0.1, 0.03, 0.01, 0.001}, few_rates{1, 0.1, 0.01};
constexpr std::int64_t fewest_steps = 50, most_steps = 500, fewest_dear_steps = 8;
constexpr double dear_step = 1e9, too_dear = 5e10;  // FLOPs

/// Rows whose inputs differ from each other, class after class in turn.
std::vector<std::int64_t> distinct_rows(const Setup& setup, std::size_t wanted) {
  const SampleRows& s = setup.training_sample();
  const bool has_classes = setup.task() == Task::classification && setup.plan().coding().places == 1;
  std::map<double, std::vector<std::int64_t>> by_class;
  for (std::int64_t r = 0; r < s.count(); ++r)
    by_class[has_classes ? s.y[static_cast<std::size_t>(r * s.targets)] : 0].push_back(r);
  std::vector<std::int64_t> chosen;
  const auto is_new = [&](std::int64_t row) {
    return std::none_of(chosen.begin(), chosen.end(), [&](std::int64_t other) {
      return std::equal(s.x.begin() + row * s.row_size, s.x.begin() + (row + 1) * s.row_size, s.x.begin() + other * s.row_size);
    });
  };
  for (std::size_t turn = 0; turn < static_cast<std::size_t>(s.count()) && chosen.size() < wanted; ++turn)
    for (const auto& [code, rows] : by_class)
      if (turn < rows.size() && chosen.size() < wanted && is_new(rows[turn])) chosen.push_back(rows[turn]);
  std::vector<std::int64_t> rows;
  for (std::int64_t r : chosen) rows.push_back(s.rows[static_cast<std::size_t>(r)]);
  return rows;
}

struct Best {
  double loss = std::numeric_limits<double>::infinity(), rate = 0;
  std::int64_t steps = 0;
};

bool has_gradient(const Look& look) {
  return std::any_of(look.parameters.begin(), look.parameters.end(), [](const ParameterLook& p) { return p.gradient_norm > 0; });
}

CheckResult stuck(const Setup& setup, const std::string& text) {
  if (const auto told = setup.first_alarm_against_memory())
    return CheckResult::alarm(Verdict::fail, told->second.cause,
                              text + " The reason is probably what the check " + told->first + " reports.", told->second.changes,
                              told->second.advice);
  return CheckResult::alarm(Verdict::fail, "gradient-bug", text + " No useful gradient reaches the weights.",
                            suitable_weights(setup), "Find the layer that cuts the gradient off with tend gradcheck.");
}

}  // namespace

std::vector<CheckResult> OverfitFew::run(const Setup& setup) const {
  if (!std::isfinite(setup.start().loss)) return {CheckResult::skipped("the loss is not finite before the first step.")};
  const std::optional<double> chance = setup.chance_loss();
  if (chance && *chance == 0) return {CheckResult::skipped("a constant guess already has loss 0.")};
  if (!chance || !(*chance > 0))
    return {CheckResult::skipped("the loss of a constant guess is not known for this loss function and these targets.")};
  const std::vector<std::int64_t> rows = distinct_rows(setup, static_cast<std::size_t>(examples));
  if (rows.size() < 2) return {CheckResult::skipped("all training rows have the same inputs.")};
  TrialOptions options;
  options.feed.rows = rows;
  options.batch_size = static_cast<std::int64_t>(rows.size());
  options.feed.is_plain = true;
  const auto trial = setup.trial(with_plain_update(setup.experiment(), "sgd", 0.1), options);
  for (const char* held : {".rate", ".l2", ".l1", ".max_norm"}) trial->set(held, 0);
  const std::vector<double>& rates = trial->plan().program().flops() > dear_step ? few_rates : all_rates;
  const auto runs = static_cast<double>(rates.size());
  const std::int64_t fewest = Setup::affordable_steps(*trial, too_dear / runs, fewest_dear_steps, fewest_steps);
  const std::int64_t steps = Setup::affordable_steps(*trial, flops / runs, fewest, most_steps);
  const double start = trial->training_loss();
  Best best;
  for (double rate : rates) {
    trial->restart();
    double loss = start;
    std::int64_t s = 0;
    for (; s < steps && std::isfinite(loss) && loss < 1e3 * (start + *chance) && loss > 0.5 * learnt * *chance; ++s)
      loss = trial->step(rate);
    if (loss < best.loss) best = {loss, rate, s};
    if (best.loss <= learnt * *chance) break;
  }
  const std::string few = std::to_string(rows.size()) + " examples";
  if (best.loss <= learnt * *chance)
    return {CheckResult::pass("The network memorizes " + few + ": the loss " + course_of(start, best.loss) + " in " +
                              counted(best.steps, "step") + " of plain gradient descent at learning rate " +
                              short_number(best.rate) + ".")
                .with(best.loss, 0)};
  if (!has_gradient(setup.start()) || !(best.loss < start * (1 - 1e-6)))
    return {
        stuck(setup, "The network cannot learn " + few + " at any learning rate: the loss stays at " + short_number(start) + ".")
            .with(best.loss, 0)};
  return {CheckResult::pass("The network learns: on " + few + " the loss " + course_of(start, best.loss) + " in " +
                            counted(steps, "step") +
                            " of plain gradient descent. It does not come near 0, because the network is " +
                            (is_linear(setup.network()) ? "linear." : "small or learns slowly."))
              .with(best.loss, 0)};
}

}  // namespace tend

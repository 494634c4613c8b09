#include <algorithm>
#include <cmath>

#include <sys/resource.h>

#include "tend/base/random.h"
#include "tend/train/calibration.h"
#include "tend/train/linear_model.h"
#include "tend/train/model_parts.h"
#include "tend/train/pack.h"
#include "tend/train/training_inside.h"

namespace tend {

namespace {

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

double quantile(std::vector<float> values, double q) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

/// At most so many of the rows with these numbers in the source.
Dataset rows_of_source(const Dataset& source, std::vector<std::int64_t> rows, std::size_t most, Random& random) {
  if (rows.size() > most) {
    random.shuffle(rows.data(), rows.size());
    rows.resize(most);
  }
  std::vector<std::int64_t> places = places_of_rows(source, std::move(rows));
  std::sort(places.begin(), places.end());
  return select_rows(source, places);
}

}  // namespace

void Training::Inside::measure_baseline() {
  const Parts& parts = plan().parts();
  const Part& part = parts.test.rows() ? parts.test : parts.validation.rows() ? parts.validation : parts.train;
  const Task task = plan().like().task;
  summary.baseline = baseline_metrics(task, parts.train, part);
  summary.baseline_rows = part.rows();
  summary.linear = linear_model_metrics(plan(),
                                        parts.test.rows()         ? PartName::test
                                        : parts.validation.rows() ? PartName::validation
                                                                  : PartName::train,
                                        *executor);
  summary.baseline_text = task == Task::regression   ? "baseline: training mean"
                          : task == Task::multilabel ? "baseline: most frequent labels"
                                                     : "baseline: most frequent class";
}

/// Which columns of a table matter, for at most a twentieth of the training's operations: those of a step on a row are about
/// three times those of an answer. Measured on rows that the training has not seen; where they are few, on its own: with folds
/// each by the networks that left it out.
void Training::Inside::measure_columns() {
  constexpr std::int64_t steps_on_a_row = 3, share = 20, least = 20'000, least_of_a_column = 150, most_columns = 400;
  constexpr std::size_t few = 200, most_rows = 5'000;
  summary.columns.reset();
  const Prepared& prepared = plan().prepared();
  const Dataset& source = prepared.source();
  if (source.columns.empty() || summary.status == "diverged" || summary.status == "interrupted") return;
  std::vector<std::int64_t> rows = prepared.source_rows(PartName::validation);
  const std::vector<std::int64_t>& test = prepared.source_rows(PartName::test);
  rows.insert(rows.end(), test.begin(), test.end());
  const bool takes_own = rows.size() < std::min(few, prepared.source_rows(PartName::train).size());
  if (takes_own) rows = prepared.source_rows(PartName::train);
  Random random(plan().experiment().seed, purpose("columns"));
  std::vector<JudgedRows> folds;
  for (int f = 0; takes_own && plan().folds() > 1 && f < plan().folds(); ++f) {
    std::vector<std::int64_t> left_out;
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (plan().fold_of()[r] == f) left_out.push_back(rows[r]);
    folds.push_back({model(f, true), rows_of_source(source, std::move(left_out), most_rows, random)});
  }
  const std::int64_t columns = std::min<std::int64_t>(std::ssize(source.columns), most_columns);
  summary.columns = column_effects(
      model(-1, takes_own), rows_of_source(source, std::move(rows), most_rows, random),
      takes_own && folds.empty() ? "training" : "held-out",
      std::max({least, least_of_a_column * columns, steps_on_a_row * run->counters().rows_seen / share}),
      plan().experiment().seed, folds);
}

/// Fits the temperature of the probabilities to the validation rows, and measures all parts with it.
void Training::Inside::calibrate() {
  const bool has_folds = plan().folds() > 1;
  const Part& held_out = has_folds ? plan().parts().train : plan().parts().validation;
  if (plan().experiment().train.calibration == "none" || plan().like().task == Task::regression || held_out.rows() == 0 ||
      plan().coding().places > 1)
    return;
  const auto inside = [](const Model& of) -> const Model::Inside& { return of.inside(); };
  const TargetCoding& coding = plan().coding();
  std::vector<double> answers(static_cast<std::size_t>(held_out.rows() * coding.answer_width()));
  const Model plain = model();
  if (has_folds) metrics_of_folds(plan(), run->shown(), *executor, 1, &answers);
  else
    inside(plain).inference.each_row(inside(plain).state.data(), held_out, nullptr, nullptr, *executor,
                                     [&](std::int64_t r, const float* outputs, double) {
                                       coding.answer(outputs, answers.data() + r * coding.answer_width());
                                     });
  summary.calibration_error_before = metric_of(summary.validation, "calibration_error");
  const std::vector<std::int64_t> codes(held_out.y.as<double>(), held_out.y.as<double>() + held_out.y.shape().count());
  summary.temperature = fit_temperature(coding.task, answers, codes, coding.answer_width()).temperature;
  const Model fitted = model();
  const auto measured = [&](const Part& part, const Array& targets, const std::vector<std::int64_t>* which) {
    return inside(fitted).inference.metrics(inside(fitted).state.data(), part, targets, which, *executor);
  };
  const CodedTargets& targets = plan().targets();
  const Parts& parts = plan().parts();
  summary.train = measured(parts.train, targets.train, &plan().sample());
  summary.validation = has_folds ? metrics_of_folds(plan(), run->shown(), *executor, summary.temperature)
                                 : measured(parts.validation, targets.validation, nullptr);
  summary.test = measured(parts.test, targets.test, nullptr);
}

/// After the last step: restores the best state and measures the parts with it.
void Training::Inside::close() {
  if (is_closed) return;
  is_closed = true;
  summary.epochs = static_cast<std::int64_t>(summary.history.size());
  summary.steps = run->counters().step;
  summary.seconds = seconds_so_far();
  if (options.is_trial) return tell({.kind = Event::Kind::ended, .text = summary.stop_reason, .step = summary.steps});
  const std::int64_t rows_seen = run->counters().rows_seen, spoilt = run->counters().spoilt_step;
  if (restores_best()) {
    last = shot();
    run->restore(*best);
  }
  const bool is_finite = run->is_finite();
  const double first = metric_of(summary.initial, "loss"), last_loss = metric_of(run->evaluate(PartName::train), "loss");
  if (!is_finite && good) {  // the numbers must be those of the model that is kept
    last = shot();
    run->restore(*good);
  }
  summary.train = run->evaluate(PartName::train);
  summary.validation = run->evaluate(PartName::validation);
  summary.test = run->evaluate(PartName::test);
  if (is_finite || good) calibrate();
  summary.members = member_reports(plan(), run->shown(), *executor);
  measure_baseline();
  if (summary.status != "diverged" && summary.status != "interrupted") {
    if (!is_finite)
      finish("diverged", "weights are not finite" + (spoilt > 0 ? " since step " + std::to_string(spoilt) : std::string()));
    else if (!(last_loss <= 3 * first) && std::isfinite(first))
      finish("diverged", "the training loss ended at " + std::to_string(last_loss) + ", more than 3 times its initial value " +
                             std::to_string(first));
  }
  measure_columns();
  summary.seconds = seconds_so_far();
  summary.examples_per_second = training_seconds > 0 ? static_cast<double>(rows_seen) / training_seconds : 0;
  summary.median_step_seconds = quantile(step_seconds, 0.5);
  summary.p99_step_seconds = quantile(step_seconds, 0.99);
  summary.median_loading_seconds = quantile(loading_seconds, 0.5);
  summary.peak_memory_bytes = peak_memory_bytes();
  tell({.kind = Event::Kind::ended, .text = summary.stop_reason, .step = summary.steps});
}

Model Training::Inside::model(int fold, bool of_new_rows) const {
  const Snapshot present = run->snapshot();
  const bool is_spoilt = good && !run->is_finite();
  const Snapshot& kept = restores_best() && !is_closed ? *best : is_spoilt ? *good : present;
  const Plan& of = *kept.plan;  // a change may have replaced the plan since
  TargetCoding coding = of.coding();
  coding.temperature = summary.temperature;
  std::vector<int> members = averaged_members(of, kept.state);
  if (fold >= 0) std::erase_if(members, [&](int m) { return m % of.folds() != fold; });
  const Network network = network_of(of, members);
  const auto made = std::make_shared<Model::Inside>(network, of.experiment().loss.name, of.shared_loss(), coding,
                                                    of_new_rows ? of.pipeline().for_new_rows() : of.pipeline(), of.like());
  Block shown = kept.state;
  take_averages(kept.state, shown);
  copy_members(of.network(), shown, members, network, made->state);
  share_evenly(made->programs.layout(), made->state);
  return Model(made);
}

}  // namespace tend

#include "tend/train/training.h"

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/train/training_inside.h"

namespace tend {

namespace {

/// Rows of the sample for the loss at the start: enough to recognize a run that has diverged.
constexpr std::size_t most_rows_at_the_start = 2000;

Watched watched_metric(const std::string& name, bool has_validation, Task task, std::int64_t classes) {
  const std::size_t dot = name.find('.');
  const std::string part = name.substr(0, dot), metric = dot == std::string::npos ? "" : name.substr(dot + 1);
  const std::vector<std::string> known = metric_names(task, classes);
  if ((part != "validation" && part != "train") || std::find(known.begin(), known.end(), metric) == known.end()) {
    std::string all;
    for (const std::string& k : known) all += " validation." + k + " train." + k;
    throw Error(Trouble::usage, "train.metric", "\"" + name + "\"", "one of:" + all);
  }
  return {part == "train" || !has_validation ? PartName::train : PartName::validation, metric};
}

std::shared_ptr<const Plan> plan_for(const Experiment& experiment, const Dataset& data, const TrainingOptions& options) {
  if (!experiment.is_literal())
    throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "let infer() choose, or write [network]");
  return Plan::make(experiment, Prepared::make(data, experiment, options.places),
                    {.isa = options.isa, .shelves = options.shelves});
}

}  // namespace

Training::Inside::Inside(std::shared_ptr<const Plan> of, TrainingOptions opts)
    : options(std::move(opts)), executor(make_pool(options.threads > 0 ? options.threads : usual_threads())) {
  const auto prepared = of->shared_prepared();
  run = std::make_unique<Run>(std::move(of), *executor, RunOptions{.loads_ahead = !options.is_trial, .between = {}});
  read_settings();
  for (const DataNote& note : prepared->notes()) tell({.text = note.text});
  for (const std::string& choice : plan().network().choices()) tell({.text = "initializer of " + choice});
  for (const Intervention& one : plan().interventions())
    if (one.step >= plan().total_steps())
      tell({.text = "the intervention of step " + std::to_string(one.step) + " is not made: the run has " +
                    counted(plan().total_steps(), "step")});
  step_seconds.reserve(static_cast<std::size_t>(plan().total_steps()));
  loading_seconds.reserve(static_cast<std::size_t>(plan().total_steps()));
  summary.data_notes = prepared->notes();
  summary.threads = executor->threads();
  summary.train_rows = plan().parts().train.rows();
  summary.validation_rows = plan().folds() > 1 ? summary.train_rows : plan().parts().validation.rows();
  summary.test_rows = plan().parts().test.rows();
  summary.parameters = plan().layout().parameter_elements;
  summary.history.reserve(static_cast<std::size_t>(plan().experiment().train.epochs));
}

/// What the loop itself needs.
void Training::Inside::read_settings() {
  const TrainSettings& train = plan().experiment().train;
  stopping.reset();
  if (!train.early_stopping.is_null()) stopping = read_fields<EarlyStopping>(train.early_stopping, "train.early_stopping");
  const std::int64_t classes = plan().coding().places == 1 ? static_cast<std::int64_t>(plan().like().classes.size()) : 0;
  watched = watched_metric(train.metric, plan().has_validation(), plan().like().task, classes);
}

void Training::Inside::begin() {
  if (summary.initial.empty()) {
    std::vector<std::int64_t> rows = plan().sample();
    rows.resize(std::min(rows.size(), most_rows_at_the_start));
    summary.initial = run->evaluate(PartName::train, rows, {.are_all = options.measures_all_metrics});
    if (run->is_finite()) good = shot();
  }
  if (began > 0) return;
  tell({.kind = Event::Kind::started});
  began = seconds_now();
}

/// A restored state may belong to a run that has ended.
void Training::Inside::end_where_it_has_ended() {
  if (const auto [status, reason] = end_of_restored(); !status.empty()) finish(status, reason);
}

/// Status and reason; empty if there are steps to make.
std::pair<std::string, std::string> Training::Inside::end_of_restored() const {
  const Counters& c = run->counters();
  const std::int64_t epochs = plan().experiment().train.epochs;
  if (summary.first_nan_step)
    return {"diverged", "the loss of step " + std::to_string(*summary.first_nan_step) + " is not finite"};
  if (c.epoch >= epochs) return {"completed", "all " + std::to_string(epochs) + " epochs are done"};
  if (c.row == 0 && has_waited_enough()) return {"stopped", text_of_early_stop()};
  return {};
}

bool Training::Inside::step() {
  if (has_ended) return false;
  if (may_have_ended || summary.initial.empty()) {
    begin();
    may_have_ended = false;
    end_where_it_has_ended();
    if (has_ended) return false;
  }
  const StepReport report = run->step();
  loading_seconds.push_back(static_cast<float>(report.loading_seconds));
  step_seconds.push_back(static_cast<float>(report.seconds));
  training_seconds += report.loading_seconds + report.seconds;
  last_rate = report.learning_rate;
  tell_interventions(report);
  tell({.kind = Event::Kind::step, .loss = report.loss, .learning_rate = report.learning_rate, .seconds = report.seconds});
  const auto step = [&] { return std::to_string(run->counters().step); };
  if (!std::isfinite(report.loss)) {
    summary.first_nan_step = run->counters().step;
    end_epoch();
    finish("diverged", "the loss of step " + step() + " is not finite");
  } else if (report.ends_epoch) {
    end_epoch();
  }
  const std::int64_t epochs = plan().experiment().train.epochs;
  if (!has_ended && options.stop.stop_requested()) finish("interrupted", "the run was asked to stop at step " + step());
  if (!has_ended && run->counters().epoch >= epochs) finish("completed", "all " + std::to_string(epochs) + " epochs are done");
  return !has_ended;
}

/// What was changed before this step.
void Training::Inside::tell_interventions(const StepReport& step) {
  const std::int64_t made = run->counters().step - 1;
  for (const Intervention& one : plan().interventions()) {
    if (one.step != made) continue;
    std::string text = "after step " + std::to_string(made) + " " + one.text();
    if (one.revive_units)
      text += "; there " + std::string(step.revived == 1 ? "was " : "were ") + counted(step.revived, "such unit");
    tell({.text = text});
  }
}

void Training::Inside::end_epoch() {
  Counters& c = run->counters();
  EpochReport report{.epoch = static_cast<std::int64_t>(summary.history.size()) + 1,
                     .steps = c.step,
                     .batch_loss = c.epoch_loss / static_cast<double>(c.epoch_steps),
                     .learning_rate = last_rate};
  choose_members();
  if (!options.is_trial || options.measures_training_rows || watched.part == PartName::train)
    report.train = run->evaluate(PartName::train, wanted());
  report.validation = run->evaluate(PartName::validation, wanted());
  report.seconds = seconds_so_far();
  report.examples_per_second = static_cast<double>(c.rows_seen) / training_seconds;
  const double value = metric_of(watched.part == PartName::train ? report.train : report.validation, watched.metric);
  const bool is_finite = run->is_finite();
  report.is_best = is_finite && !summary.first_nan_step && std::isfinite(value) &&
                   (c.has_best == 0 || (more_is_better(watched.metric) ? value > c.best_value : value < c.best_value));
  c.epoch_loss = 0;
  c.epoch_steps = 0;
  c.waited = report.is_best ? 0 : c.waited + 1;
  if (report.is_best) {
    c.has_best = 1;
    c.best_value = value;
    c.best_epoch = report.epoch;
    summary.best_epoch = report.epoch;
    summary.best_validation = report.validation;
  }
  if (is_finite && !summary.first_nan_step) good = shot();
  if (report.is_best && stopping && stopping->restore_best) best = good;
  summary.history.push_back(report);
  tell({.kind = Event::Kind::epoch, .epoch = &summary.history.back()});
  check_early_stop();
}

/// After an epoch.
WantedMetrics Training::Inside::wanted() const {
  if (options.measures_all_metrics) return {};
  return {.are_all = false, .named = {watched.metric}};
}

/// Of a pack: members that diverged begin anew at the end of any epoch; those that learn far worse than the others only early,
/// since they need time to catch up.
void Training::Inside::choose_members() {
  if (plan().network().members() == 1) return;
  const std::int64_t epochs = plan().experiment().train.epochs, ended = static_cast<std::int64_t>(summary.history.size()) + 1;
  std::vector<int> bad = run->spoilt_members();
  if (ended == std::max<std::int64_t>(1, epochs / 8) || ended == epochs / 4)
    for (const int m : run->bad_members())
      if (std::find(bad.begin(), bad.end(), m) == bad.end()) bad.push_back(m);
  if (static_cast<int>(bad.size()) == plan().network().members()) bad.clear();  // the run itself has diverged
  if (!bad.empty()) {
    run->draw_anew(bad);
    tell({.text = counted(static_cast<std::int64_t>(bad.size()), "network") +
                  " of the pack diverged or learned far worse than the others, and " + (bad.size() == 1 ? "begins" : "begin") +
                  " anew with other settings"});
  }
  run->choose_members();
}

void Training::Inside::check_early_stop() {
  if (has_waited_enough()) finish("stopped", text_of_early_stop());
}

bool Training::Inside::has_waited_enough() const {
  const Counters& c = run->counters();
  return stopping && !summary.first_nan_step && c.waited >= stopping->patience && c.epoch < plan().experiment().train.epochs;
}

std::string Training::Inside::text_of_early_stop() const {
  return "early stopping: " + watched.text() + " has not improved for " + std::to_string(run->counters().waited) + " epochs";
}

void Training::Inside::finish(const std::string& status, const std::string& reason) {
  has_ended = true;
  summary.status = status;
  summary.stop_reason = reason;
}

Training::Training(const Experiment& experiment, const Dataset& data, TrainingOptions options)
    : Training(plan_for(experiment, data, options), TrainingOptions(options)) {}  // a copy: the order of arguments is open
Training::Training(std::shared_ptr<const Plan> plan, TrainingOptions options)
    : inside_(std::make_unique<Inside>(std::move(plan), std::move(options))) {}
Training::~Training() = default;
Training::Training(Training&&) noexcept = default;

std::string Training::nothing_left() const { return inside_->end_of_restored().second; }

bool Training::step() {
  const bool goes_on = inside_->step();
  if (!goes_on) inside_->close();
  return goes_on;
}

const Summary& Training::run() {
  while (inside_->step()) {
  }
  inside_->close();
  return inside_->summary;
}

}  // namespace tend

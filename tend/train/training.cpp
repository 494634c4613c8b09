#include "tend/train/training.h"

#include <algorithm>
#include <cmath>

#include <sys/resource.h>

#include "tend/base/clock.h"
#include "tend/train/calibration.h"
#include "tend/train/model_parts.h"
#include "tend/train/run.h"

namespace tend {

/// The metric that decides which epoch is best.
struct Watched {
  PartName part = PartName::validation;
  std::string metric;
  std::string text() const { return (part == PartName::train ? "train." : "validation.") + metric; }
};

namespace {

/// Rows of the sample for the loss at the start: enough to recognize a run that has diverged.
constexpr std::size_t most_rows_at_the_start = 2000;

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

}  // namespace

struct Training::Inside {
  Inside(const Experiment& experiment, const Dataset& data, TrainingOptions options);

  bool step();
  void begin();
  void end_where_it_has_ended();
  bool restores_best() const { return best && stopping && stopping->restore_best; }
  void end_epoch();
  void check_early_stop();
  void finish(const std::string& status, const std::string& reason);
  void calibrate();
  void measure_baseline();
  void close();
  Model model() const;
  void read_settings();
  void tell(Event event) const {
    if (!options.on_event) return;
    event.step = run->counters().step;
    event.steps = run->plan().total_steps();
    options.on_event(event);
  }
  const Plan& plan() const { return run->plan(); }
  std::shared_ptr<const Snapshot> shot() const { return std::make_shared<const Snapshot>(run->snapshot()); }
  TrainingState state() const {
    return {.now = last ? last : shot(),
            .best = best,
            .good = good,
            .initial = summary.initial,
            .history = summary.history,
            .first_nan_step = summary.first_nan_step};
  }
  void restore(const TrainingState& state);

  TrainingOptions options;
  std::unique_ptr<Executor> executor;
  std::unique_ptr<Run> run;
  std::shared_ptr<const Snapshot> best, good;  // best: at the best epoch; good: at the end of the last epoch with a finite state
  std::shared_ptr<const Snapshot> last;        // of the end, if the best state has replaced it
  Watched watched;
  std::optional<EarlyStopping> stopping;
  Summary summary;
  std::vector<float> step_seconds, loading_seconds;
  double began = 0, training_seconds = 0, last_rate = 0;
  bool has_ended = false, is_closed = false, may_have_ended = true;
};

Training::Inside::Inside(const Experiment& experiment, const Dataset& data, TrainingOptions opts)
    : options(std::move(opts)), executor(make_pool(options.threads > 0 ? options.threads : usual_threads())) {
  if (!experiment.is_literal())
    throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "let infer() choose, or write [network]");
  const auto prepared = Prepared::make(data, experiment, options.places);
  run = std::make_unique<Run>(Plan::make(experiment, prepared, {.isa = options.isa, .shelves = options.shelves}), *executor,
                              RunOptions{.loads_ahead = true, .between = {}});
  read_settings();
  for (const DataNote& note : prepared->notes()) tell({.text = note.text});
  for (const std::string& choice : plan().network().choices()) tell({.text = "initializer of " + choice});
  step_seconds.reserve(static_cast<std::size_t>(plan().total_steps()));
  loading_seconds.reserve(static_cast<std::size_t>(plan().total_steps()));
  summary.data_notes = prepared->notes();
  summary.threads = executor->threads();
  summary.train_rows = plan().parts().train.rows();
  summary.validation_rows = plan().parts().validation.rows();
  summary.test_rows = plan().parts().test.rows();
  summary.parameters = plan().layout().parameter_elements;
  summary.history.reserve(static_cast<std::size_t>(experiment.train.epochs));
}

/// What the loop itself needs.
void Training::Inside::read_settings() {
  const TrainSettings& train = plan().experiment().train;
  stopping.reset();
  if (!train.early_stopping.is_null()) stopping = read_fields<EarlyStopping>(train.early_stopping, "train.early_stopping");
  const std::int64_t classes = plan().coding().places == 1 ? static_cast<std::int64_t>(plan().like().classes.size()) : 0;
  watched = watched_metric(train.metric, plan().parts().validation.rows() > 0, plan().like().task, classes);
}

void Training::Inside::begin() {
  if (summary.initial.empty()) {
    std::vector<std::int64_t> rows = plan().sample();
    rows.resize(std::min(rows.size(), most_rows_at_the_start));
    summary.initial = run->evaluate(PartName::train, rows);
    if (run->is_finite()) good = shot();
  }
  if (began > 0) return;
  tell({.kind = Event::Kind::started});
  began = seconds_now();
}

/// A restored state may belong to a run that has ended.
void Training::Inside::end_where_it_has_ended() {
  const Counters& c = run->counters();
  const std::int64_t epochs = plan().experiment().train.epochs;
  if (summary.first_nan_step)
    finish("diverged", "the loss of step " + std::to_string(*summary.first_nan_step) + " is not finite");
  else if (c.epoch >= epochs) finish("completed", "all " + std::to_string(epochs) + " epochs are done");
  else if (c.row == 0) check_early_stop();
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
  tell({.kind = Event::Kind::step, .loss = report.loss});
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

void Training::Inside::end_epoch() {
  Counters& c = run->counters();
  EpochReport report{.epoch = static_cast<std::int64_t>(summary.history.size()) + 1,
                     .steps = c.step,
                     .batch_loss = c.epoch_loss / static_cast<double>(c.epoch_steps),
                     .learning_rate = last_rate};
  report.train = run->evaluate(PartName::train);
  report.validation = run->evaluate(PartName::validation);
  report.seconds = seconds_now() - began;
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

void Training::Inside::check_early_stop() {
  const Counters& c = run->counters();
  if (!stopping || summary.first_nan_step || c.waited < stopping->patience || c.epoch >= plan().experiment().train.epochs) return;
  finish("stopped", "early stopping: " + watched.text() + " has not improved for " + std::to_string(c.waited) + " epochs");
}

void Training::Inside::finish(const std::string& status, const std::string& reason) {
  has_ended = true;
  summary.status = status;
  summary.stop_reason = reason;
}

void Training::Inside::measure_baseline() {
  const Parts& parts = plan().parts();
  const Part& part = parts.test.rows() ? parts.test : parts.validation.rows() ? parts.validation : parts.train;
  const Task task = plan().like().task;
  summary.baseline = baseline_metrics(task, parts.train, part);
  summary.baseline_rows = part.rows();
  summary.baseline_text = task == Task::regression   ? "baseline: training mean"
                          : task == Task::multilabel ? "baseline: most frequent labels"
                                                     : "baseline: most frequent class";
}

/// Fits the temperature of the probabilities to the validation rows, and measures all parts with it.
void Training::Inside::calibrate() {
  const Part& held_out = plan().parts().validation;
  if (plan().experiment().train.calibration == "none" || plan().like().task == Task::regression || held_out.rows() == 0 ||
      plan().coding().places > 1)
    return;
  const auto inside = [](const Model& of) -> const Model::Inside& { return of.inside(); };
  const Model plain = model();
  const TargetCoding& coding = plan().coding();
  std::vector<double> answers(static_cast<std::size_t>(held_out.rows() * coding.answer_width()));
  inside(plain).inference.each_row(
      inside(plain).state.data(), held_out, nullptr, nullptr, *executor,
      [&](std::int64_t r, const float* outputs, double) { coding.answer(outputs, answers.data() + r * coding.answer_width()); });
  summary.calibration_error_before = metric_of(summary.validation, "calibration_error");
  summary.temperature = fit_temperature(coding, answers, held_out.y);
  const Model fitted = model();
  const auto measured = [&](const Part& part, const Array& targets, const std::vector<std::int64_t>* which) {
    return inside(fitted).inference.metrics(inside(fitted).state.data(), part, targets, which, *executor);
  };
  const CodedTargets& targets = plan().targets();
  const Parts& parts = plan().parts();
  summary.train = measured(parts.train, targets.train, &plan().sample());
  summary.validation = measured(parts.validation, targets.validation, nullptr);
  summary.test = measured(parts.test, targets.test, nullptr);
}

/// After the last step: restores the best state and measures the parts with it.
void Training::Inside::close() {
  if (is_closed) return;
  is_closed = true;
  summary.epochs = static_cast<std::int64_t>(summary.history.size());
  summary.steps = run->counters().step;
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
  measure_baseline();
  if (summary.status != "diverged" && summary.status != "interrupted") {
    if (!is_finite)
      finish("diverged", "weights are not finite" + (spoilt > 0 ? " since step " + std::to_string(spoilt) : std::string()));
    else if (!(last_loss <= 3 * first))
      finish("diverged", "the training loss ended at " + std::to_string(last_loss) + ", more than 3 times its initial value " +
                             std::to_string(first));
  }
  summary.seconds = began == 0 ? 0 : seconds_now() - began;
  summary.examples_per_second = training_seconds > 0 ? static_cast<double>(rows_seen) / training_seconds : 0;
  summary.median_step_seconds = quantile(step_seconds, 0.5);
  summary.p99_step_seconds = quantile(step_seconds, 0.99);
  summary.median_loading_seconds = quantile(loading_seconds, 0.5);
  summary.peak_memory_bytes = peak_memory_bytes();
  tell({.kind = Event::Kind::ended, .text = summary.stop_reason});
}

Model Training::Inside::model() const {
  const Snapshot present = run->snapshot();
  const bool is_spoilt = good && !run->is_finite();
  const Snapshot& kept = restores_best() && !is_closed ? *best : is_spoilt ? *good : present;
  const Plan& of = *kept.plan;  // a change may have replaced the plan since
  TargetCoding coding = of.coding();
  coding.temperature = summary.temperature;
  const auto made = std::make_shared<Model::Inside>(of.network(), of.experiment().loss.name, of.shared_loss(), coding,
                                                    of.pipeline(), of.like());
  migrate(kept.state, made->state);
  take_averages(kept.state, made->state);
  return Model(made);
}

void Training::Inside::restore(const TrainingState& state) {
  run->restore(*state.now);
  best = state.best;
  good = state.good;
  summary.initial = state.initial;
  summary.history = state.history;
  summary.first_nan_step = state.first_nan_step;
  summary.best_epoch = run->counters().best_epoch;
  if (summary.best_epoch > 0)
    summary.best_validation = summary.history[static_cast<std::size_t>(summary.best_epoch - 1)].validation;
  else summary.best_validation.clear();
  has_ended = is_closed = false;
  summary.temperature = 1;
  last.reset();
  may_have_ended = true;
  read_settings();
}

Training::Training(const Experiment& experiment, const Dataset& data, TrainingOptions options)
    : inside_(std::make_unique<Inside>(experiment, data, std::move(options))) {}
Training::~Training() = default;
Training::Training(Training&&) noexcept = default;

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

const Summary& Training::summary() const { return inside_->summary; }
Model Training::model() const { return inside_->model(); }
const Run& Training::engine() const { return *inside_->run; }
TrainingState Training::state() const { return inside_->state(); }
void Training::restore(const TrainingState& state) { inside_->restore(state); }

TrainingState Training::change(const std::vector<Change>& changes) {
  TrainingState before = inside_->state();
  Inside& in = *inside_;
  const Experiment old = in.plan().experiment();
  in.run->change(changes);
  try {
    in.read_settings();
  } catch (...) {
    in.restore(before);
    throw;
  }
  const Experiment& now_used = in.plan().experiment();
  if (!(old.loss.name == now_used.loss.name) || old.prepare.target != now_used.prepare.target) in.summary.initial.clear();
  Counters& c = in.run->counters();
  if (c.has_best == 0) in.best.reset();  // it was measured with another loss
  if (in.stopping && in.stopping->restore_best && !in.best) c.has_best = c.waited = c.best_epoch = 0;
  if (c.has_best == 0) in.summary.best_epoch = 0, in.summary.best_validation.clear();
  return before;
}

std::string Training::listing() const {
  const Plan& plan = engine().plan();
  const BatchSource source = plan.batches(0);
  const std::int64_t used = source.steps_per_epoch() * source.batch_size,
                     rest = used > source.rows() ? source.rows() % source.batch_size : 0;
  return plan.program().listing() + (rest ? "\n" + plan.programs().training(rest).listing() : "");
}

}  // namespace tend

#include "tend/train/training_parts.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "tend/network/compile.h"
#include "tend/network/data_scale.h"
#include "tend/train/model_parts.h"
#include "tend/experiment/shelves.h"

namespace tend {

namespace {

constexpr std::int64_t most_training_rows_measured = 10'000, most_training_places_measured = 100'000;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

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

/// What a step's weights count for in their moving average, so that step n of n has weight (1 - d) / (1 - d^n), the one before d times
/// that, and so on: no trace of the start remains (Kingma and Ba, 2015, sec. 7.2). 0 without a decay d.
double average_share(double d, std::int64_t step) { return d > 0 ? (1 - d) / -std::expm1(static_cast<double>(step) * std::log(d)) : 0; }

/// A data set's description without its rows.
Dataset description_of(const Dataset& data) {
  Dataset like;
  like.task = data.task;
  like.classes = data.classes;
  like.class_values = data.class_values;
  like.columns = data.columns;
  like.target_names = data.target_names;
  like.is_text = data.is_text;
  std::vector<std::int64_t> sizes = data.x.shape().sizes();
  sizes[0] = 0;
  like.x = Array(Shape(sizes), data.x.type());
  return like;
}

Watched watched_metric(const std::string& name, bool has_validation, Task task) {
  const std::size_t dot = name.find('.');
  Watched w{name.substr(0, dot), dot == std::string::npos ? "" : name.substr(dot + 1)};
  std::vector<std::string> known{"loss"};
  if (task == Task::regression) known.insert(known.end(), {"mse", "mae", "r2"});
  else known.push_back("accuracy");
  if ((w.part != "validation" && w.part != "train") || std::find(known.begin(), known.end(), w.metric) == known.end()) {
    std::string all;
    for (const std::string& k : known) all += " validation." + k + " train." + k;
    throw Error(Trouble::usage, "train.metric", "\"" + name + "\"", "one of:" + all);
  }
  if (!has_validation) w.part = "train";
  return w;
}

}  // namespace

Training::Inside::Inside(const Experiment& given, const Dataset& data, TrainingOptions opts)
    : experiment(given), options(std::move(opts)),
      executor(make_pool(options.threads > 0 ? options.threads : usual_threads())), backend(fast_backend(options.isa)) {
  if (!experiment.is_literal())
    throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "let infer() choose, or write [network]");
  make_data(experiment, data);
  const Shelves& shelves = options.shelves ? *options.shelves : builtin_shelves();
  network = std::make_unique<Network>(experiment.network.layers, pipeline.row_shape(), experiment.network.initializer, shelves);
  for (const std::string& choice : network->choices()) note("initializer of " + choice);
  loss = shelves.losses.make(experiment.loss.name, "loss.name");
  optimizer = shelves.optimizers.make_named(experiment.update.optimizer, "update.optimizer");
  rate = std::make_unique<LearningRate>(experiment.update.schedule, optimizer->learning_rate(), shelves.schedules);
  coding = TargetCoding::make(like, network->output_shape(), *loss, experiment.prepare.target, parts.train.y);
  train_targets = coding.encode(parts.train.y);
  learnt = TrainingTargets::make(coding, experiment.loss, *loss, like.classes, parts.train.y);
  validation_targets = coding.encode(parts.validation.y);
  test_targets = coding.encode(parts.test.y);
  if (!experiment.train.early_stopping.is_null())
    stopping = read_fields<EarlyStopping>(experiment.train.early_stopping, "train.early_stopping");
  watched = watched_metric(experiment.train.metric, parts.validation.rows() > 0, like.task);
  keeps_best = stopping && stopping->restore_best;

  layout = std::make_unique<StateLayout>(*network, ElementType::float32, optimizer->slots(), experiment.train.weight_average > 0);
  state = initial_state(*network, *layout, optimizer->slots(), experiment.seed);
  scale_by_data(*network, *layout, backend, std::min(experiment.train.batch_size, parts.train.rows()),
                [&](float* x) { parts.train.gather(nullptr, 0, std::min(experiment.train.batch_size, parts.train.rows()), x); }, *executor, state);
  good = state;
  if (!layout->averages.empty()) shown = state;
  gradient = AlignedBytes(layout->parameter_elements * size_of(layout->type));
  inference = std::make_unique<Inference>(*network, *layout, backend, *loss, coding);
  compile_programs();

  const std::int64_t n = parts.train.rows();
  sample.resize(static_cast<std::size_t>(n));
  const std::int64_t measured = std::min(n, coding.places == 1 ? most_training_rows_measured : std::max<std::int64_t>(1, most_training_places_measured / coding.places));
  Loader::order(experiment.seed + 1, 0, n > measured, sample);
  sample.resize(static_cast<std::size_t>(measured));
  std::sort(sample.begin(), sample.end());
  total_steps = experiment.train.epochs * loader->steps_per_epoch();
  step_seconds.reserve(static_cast<std::size_t>(total_steps));
  loading_seconds.reserve(static_cast<std::size_t>(total_steps));
  summary.threads = executor->threads();
  summary.train_rows = n;
  summary.validation_rows = parts.validation.rows();
  summary.test_rows = parts.test.rows();
  summary.parameters = layout->parameter_elements;
  summary.history.reserve(static_cast<std::size_t>(experiment.train.epochs));
}

void Training::Inside::note(const std::string& text) const {
  Event event;
  event.text = text;
  tell(event);
}

void Training::Inside::make_data(const Experiment& e, const Dataset& data) {
  if (data.y.empty()) throw Error(Trouble::usage, "data.target", "rows without a target", "a target to learn");
  SplitData split = split_dataset(data, e.data, options.places, e.seed);
  like = description_of(split.train);
  std::vector<std::string> notes = data.notes;
  for (const Dataset* part : {&split.train, &split.validation, &split.test})
    for (const std::string& text : part->notes)
      if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
  pipeline = Pipeline::fit(e.prepare.steps, {std::move(split.train), std::move(split.validation), std::move(split.test)}, e.seed, parts, notes);
  for (const std::string& text : notes) note(text);
}

void Training::Inside::compile_programs() {
  const std::int64_t n = parts.train.rows();
  batch_size = std::min(experiment.train.batch_size, n);
  const LossFunctions loss_functions = loss->functions(ElementType::float32, backend.isa(), learnt.takes_codes);
  const SweepFunctions sweep = optimizer->functions(ElementType::float32, backend.isa());
  CompileOptions compile_options;
  compile_options.backend = &backend;
  compile_options.training = true;
  compile_options.loss = &loss_functions;
  compile_options.target_width = learnt.width;
  compile_options.places = coding.places;
  compile_options.mean = experiment.loss.reduction == "mean";
  compile_options.weighted = !learnt.weights.empty();
  compile_options.sweep = &sweep;
  compile_options.rows = batch_size;
  const std::int64_t rest = n % batch_size;
  const bool drops_single_row = network->mixes_rows() && batch_size > 1;
  if (network->mixes_rows() && n < 2)
    throw Error(Trouble::usage, "network", "batch_norm with one training row", "at least two rows", "add rows, or take batch_norm out");
  whole = std::make_unique<Program>(compile(*network, *layout, compile_options));
  std::vector<const Program*> programs{whole.get()};
  if (rest && !(rest == 1 && drops_single_row)) {
    compile_options.rows = rest;
    ragged = std::make_unique<Program>(compile(*network, *layout, compile_options));
    programs.push_back(ragged.get());
  }
  workspace = std::make_unique<Workspace>(programs, executor->threads());
  const LoaderPlan plan{.seed = experiment.seed,
                        .batch_size = batch_size,
                        .epochs = experiment.train.epochs,
                        .batch_bytes = whole->batch_bytes(),
                        .target_offset = whole->target_offset(),
                        .ragged_target_offset = ragged ? ragged->target_offset() : 0,
                        .shuffle = experiment.train.shuffle,
                        .drops_single_row = drops_single_row,
                        .weights = learnt.weights.empty() ? nullptr : learnt.weights.as<float>(),
                        .weight_offset = whole->weight_offset(),
                        .ragged_weight_offset = ragged ? ragged->weight_offset() : 0,
                        .augments = true,
                        .slides = like.is_text && experiment.train.shuffle};
  loader = std::make_unique<Loader>(parts.train, learnt.coded.empty() ? train_targets : learnt.coded, pipeline, plan);
}

void Training::Inside::set_step_inputs(double learning_rate) {
  StepInputs& in = workspace->inputs();
  in.seed = experiment.seed;
  in.step = step_count;
  optimizer->fill(in, learning_rate, step_count);
  in.clip_value = experiment.update.clip_value;
  in.clip_norm = experiment.update.clip_norm;
  in.weight_decay = experiment.update.weight_decay.value_or(optimizer->default_weight_decay());
  in.average_share = average_share(experiment.train.weight_average, step_count);
  for (std::size_t i = 0; i < network->step_inputs().size(); ++i) workspace->layer_inputs()[i] = network->step_inputs()[i].second;
}

bool Training::Inside::step() {
  if (has_ended) return false;
  if (began == 0) {
    summary.initial = metrics_of(parts.train, train_targets, &sample);
    Event event;
    event.kind = Event::Kind::started;
    event.steps = total_steps;
    tell(event);
    began = now();
  }
  const double asked = now();
  const Batch batch = loader->next();
  const double loaded = now();
  const double learning_rate = rate->at(step_count, loader->steps_per_epoch(), total_steps);
  ++step_count;
  set_step_inputs(learning_rate);
  const Program& program = batch.rows == batch_size ? *whole : *ragged;
  program.run(workspace->memory(state.data(), gradient.data(), batch.data), *executor);
  *state.at<std::int64_t>("step") = step_count;
  const double done = now();
  loading_seconds.push_back(static_cast<float>(loaded - asked));
  step_seconds.push_back(static_cast<float>(done - loaded));
  training_seconds += done - asked;
  rows_seen += batch.rows;

  Event event;
  event.kind = Event::Kind::step;
  event.step = step_count;
  event.steps = total_steps;
  event.loss = workspace->signals()[signal_place::loss];
  epoch_loss += event.loss;
  ++epoch_steps;
  loader->done();
  tell(event);
  if (!std::isfinite(event.loss)) {
    summary.first_nan_step = step_count;
    end_epoch();
    finish("diverged", "the loss of step " + std::to_string(step_count) + " is not finite");
  } else if (batch.ends_epoch) {
    end_epoch();
  }
  if (!has_ended && options.stop.stop_requested()) finish("interrupted", "the run was asked to stop at step " + std::to_string(step_count));
  if (!has_ended && step_count == total_steps) finish("completed", "all " + std::to_string(experiment.train.epochs) + " epochs are done");
  return !has_ended;
}

void Training::Inside::end_epoch() {
  EpochReport report;
  report.epoch = static_cast<std::int64_t>(summary.history.size()) + 1;
  report.steps = step_count;
  report.batch_loss = epoch_loss / static_cast<double>(epoch_steps);
  report.learning_rate = workspace->inputs().learning_rate;
  report.train = metrics_of(parts.train, train_targets, &sample);
  report.validation = metrics_of(parts.validation, validation_targets, nullptr);
  report.seconds = now() - began;
  report.examples_per_second = static_cast<double>(rows_seen) / training_seconds;
  const double value = metric_of(watched.part == "train" ? report.train : report.validation, watched.metric);
  const bool is_better = std::isfinite(value) && (!has_best || (more_is_better(watched.metric) ? value > best_value : value < best_value));
  if (is_better) {
    has_best = true;
    best_value = value;
    summary.best_epoch = report.epoch;
    summary.best_validation = report.validation;
    if (keeps_best) best = state;
  }
  report.is_best = is_better;
  if (!summary.first_nan_step) good = state;
  epoch_loss = 0;
  epoch_steps = 0;
  summary.history.push_back(report);
  Event event;
  event.kind = Event::Kind::epoch;
  event.step = step_count;
  event.steps = total_steps;
  event.epoch = &summary.history.back();
  tell(event);
  check_early_stop(is_better);
}

void Training::Inside::check_early_stop(bool is_better) {
  waited = is_better ? 0 : waited + 1;
  if (!stopping || summary.first_nan_step || waited < stopping->patience || step_count == total_steps) return;
  finish("stopped", "early stopping: " + watched.part + "." + watched.metric + " has not improved for " + std::to_string(waited) + " epochs");
}

void Training::Inside::finish(const std::string& status, const std::string& reason) {
  has_ended = true;
  summary.status = status;
  summary.stop_reason = reason;
}

/// After the last step: the best state comes back, the parts are measured with it.
void Training::Inside::close() {
  if (is_closed) return;
  is_closed = true;
  if (keeps_best && has_best) state = best;
  summary.epochs = static_cast<std::int64_t>(summary.history.size());
  summary.steps = step_count;
  summary.train = metrics_of(parts.train, train_targets, &sample);
  summary.validation = metrics_of(parts.validation, validation_targets, nullptr);
  summary.test = metrics_of(parts.test, test_targets, nullptr);
  const double first = metric_of(summary.initial, "loss"), last = metric_of(summary.train, "loss");
  if (summary.status != "diverged" && summary.status != "interrupted" && !(last <= 3 * first)) {
    summary.status = "diverged";
    summary.stop_reason = "the training loss ended at " + std::to_string(last) + ", above 3 x the " + std::to_string(first) + " of the start";
  }
  summary.seconds = began == 0 ? 0 : now() - began;
  summary.examples_per_second = training_seconds > 0 ? static_cast<double>(rows_seen) / training_seconds : 0;
  summary.median_step_seconds = quantile(step_seconds, 0.5);
  summary.p99_step_seconds = quantile(step_seconds, 0.99);
  summary.median_loading_seconds = quantile(loading_seconds, 0.5);
  summary.peak_memory_bytes = peak_memory_bytes();
  Event event;
  event.kind = Event::Kind::ended;
  event.step = step_count;
  event.steps = total_steps;
  event.text = summary.stop_reason;
  tell(event);
}

Model Training::Inside::model() const {
  auto made = std::make_shared<Model::Inside>(*network, experiment.loss.name, loss, coding, pipeline, like);
  const bool is_spoilt = summary.first_nan_step && !(keeps_best && has_best);
  const Block& chosen = is_spoilt ? good : is_closed || !(keeps_best && has_best) ? state : best;
  migrate(chosen, made->state);
  take_averages(chosen, made->state);
  return Model(std::move(made));
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

std::string Training::listing() const {
  return inside_->whole->listing() + (inside_->ragged ? "\n" + inside_->ragged->listing() : "");
}

}  // namespace tend

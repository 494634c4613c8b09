#include "tend/monitor/monitor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/monitor/gradient_noise.h"
#include "tend/monitor/layer_states.h"
#include "tend/monitor/not_finite.h"
#include "tend/train/model_parts.h"
#include "tend/train/run.h"

namespace tend {

namespace {

constexpr std::size_t most_windows = 512, most_looks = 128;
constexpr std::int64_t rows_of_look = 128;

double largest_share(const Plan& plan) {
  if (plan.like().task != Task::classification || plan.coding().places > 1) return 0;
  const Array& y = plan.parts().train.y;
  std::vector<double> counts(std::max<std::size_t>(plan.like().classes.size(), 2));
  for (std::int64_t r = 0; r < y.rows(); ++r) ++counts[static_cast<std::size_t>(y.as<double>()[r])];
  return *std::max_element(counts.begin(), counts.end()) / static_cast<double>(std::max<std::int64_t>(1, y.rows()));
}

template <class Window>
Window joined(const Window& a, const Window& b);

template <>
StepWindow joined(const StepWindow& a, const StepWindow& b) {
  const double m = static_cast<double>(a.last - a.first + 1), n = static_cast<double>(b.last - b.first + 1);
  return {.first = a.first,
          .last = b.last,
          .mean = (m * a.mean + n * b.mean) / (m + n),
          .highest = std::max(a.highest, b.highest),
          .highest_step = a.highest >= b.highest ? a.highest_step : b.highest_step,
          .learning_rate = (m * a.learning_rate + n * b.learning_rate) / (m + n)};
}

template <>
ParameterWindow joined(const ParameterWindow& a, const ParameterWindow& b) {
  const double m = static_cast<double>(a.last - a.first + 1), n = static_cast<double>(b.last - b.first + 1);
  const auto both = [&](double x, double y) { return std::sqrt((m * x * x + n * y * y) / (m + n)); };
  return {.first = a.first,
          .last = b.last,
          .gradient_norm = both(a.gradient_norm, b.gradient_norm),
          .update_norm = both(a.update_norm, b.update_norm),
          .weight_norm = both(a.weight_norm, b.weight_norm),
          .not_finite = a.not_finite + b.not_finite};
}

template <class Window>
void join_pairs(std::vector<Window>& windows) {
  for (std::size_t i = 0; 2 * i + 1 < windows.size(); ++i) windows[i] = joined(windows[2 * i], windows[2 * i + 1]);
  windows.resize(windows.size() / 2);
}

/// Where there are too many looks, every second one is forgotten, and the next ones are twice as far apart.
template <class Look>
void make_room(std::vector<Look>& looks, std::int64_t& steps_between) {
  if (looks.size() < most_looks) return;
  for (std::size_t i = 1; 2 * i < looks.size(); ++i) looks[i] = std::move(looks[2 * i]);
  looks.resize((looks.size() + 1) / 2);
  steps_between *= 2;
}

/// How many updates the member of a pack has had to which a parameter belongs; very many where no member was drawn anew.
std::int64_t updates_of_member(const Run& run, std::size_t parameter) {
  const StateLayout& layout = run.plan().layout();
  const std::int64_t begun = layout.begun ? reinterpret_cast<const std::int64_t*>(
                                                run.state().data() + layout.begun.offset)[layout.segments[parameter].member]
                                          : 0;
  return begun > 0 ? run.counters().update - begun : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

void Monitor::watch(const Training& training) {
  training_ = &training;
  const Plan& plan = training.engine().plan();
  history_.task = plan.like().task;
  history_.classes = plan.coding().places == 1 ? static_cast<std::int64_t>(plan.like().classes.size()) : 0;
  if (history_.classes > 0) history_.class_names = plan.like().classes;
  history_.most_frequent_fraction = largest_share(plan);
  history_.steps_per_epoch = plan.steps_per_epoch();
  history_.planned_epochs = plan.experiment().train.epochs;
  history_.members = plan.network().members();
  for (const Node& node : plan.network().nodes()) history_.normalizes_over_rows |= node.traits.normalizes_over_rows();
  look_steps_ = next_look_ = steps_between_looks(plan, rows_of_look);
  noise_steps_ = next_noise_ = steps_between_noise_looks;
  history_.restores_best = !plan.experiment().train.early_stopping.is_null();
  const std::vector<Place>& places = plan.layout().directory->places();
  for (std::size_t i = 0; i < plan.layout().parameter_names.size(); ++i) {
    const std::string& name = plan.layout().parameter_names[i];
    const std::size_t prefix = plan.network().prefix(plan.layout().segments[i].member).size();  // the layers of a pack are shared
    history_.parameters.push_back({.name = name,
                                   .layer = name.substr(prefix, name.rfind('.') - prefix),
                                   .is_matrix = places[i].shape.rank() > 1,
                                   .elements = places[i].shape.count(),
                                   .windows = {}});
  }
  sums_.resize(history_.parameters.size());
  usual_.resize(history_.parameters.size());
  window_ = {.first = 1, .last = 0};
}

void Monitor::on_event(const Event& event) {
  if (!training_) return;
  if (event.kind == Event::Kind::step) add_step(event);
  else if (event.kind == Event::Kind::epoch) add_epoch(*event.epoch);
  else if (event.kind == Event::Kind::ended) look_at_the_end();
}

void Monitor::add_epoch(const EpochReport& report) {
  const std::vector<EpochReport>& all = training_->summary().history;
  // A training that was resumed has had epochs that this monitor did not see.
  if (static_cast<std::int64_t>(history_.epochs.size()) + 1 < report.epoch &&
      static_cast<std::int64_t>(all.size()) >= report.epoch)
    history_.epochs.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(report.epoch - 1));
  history_.epochs.push_back(report);
}

void Monitor::add_step(const Event& event) {
  const Run& run = training_->engine();
  history_.steps = event.step;
  for (const Intervention& one : run.plan().interventions())
    if (one.step == event.step - 1) forget_usual(), history_.looks.clear();  // dead units may be alive now
  if (window_.last < window_.first) window_.first = event.step;              // a resumed training begins later than at 1
  window_.last = event.step;
  window_.learning_rate += event.learning_rate;
  if (std::isfinite(event.loss)) {
    if (finite_ == 0 || event.loss > window_.highest) window_.highest = event.loss, window_.highest_step = event.step;
    window_.mean += event.loss;
    ++finite_;
  }
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const ParameterSignals s = run.signals(i);
    sums_[i].gradient_norm += s.gradient_squares;
    sums_[i].update_norm += s.change_squares;
    sums_[i].weight_norm += s.weight_squares;
    sums_[i].not_finite += s.not_finite;
  }
  compare_with_usual(event);
  if (window_.last - window_.first + 1 >= window_steps_) close_window();
  if (event.step >= next_look_) look_at_layers(event.step);
  if (event.step >= next_noise_) look_at_noise(event.step);
}

void Monitor::look_at_layers(std::int64_t step) {
  const Run& run = training_->engine();
  make_room(history_.looks, look_steps_);
  if (run.is_finite()) history_.looks.push_back({step, layer_states(run, rows_of_look)});
  next_look_ = step + look_steps_;
}

void Monitor::look_at_noise(std::int64_t step) {
  const Run& run = training_->engine();
  make_room(history_.noise, noise_steps_);
  if (run.is_finite())
    if (const std::optional<NoiseLook> look = gradient_noise(run, history_.parameters)) history_.noise.push_back(*look);
  next_noise_ = step + noise_steps_;
}

/// Weights that were written from outside make steps large for a while.
bool Monitor::follows_outside_change(std::int64_t step) const {
  constexpr std::int64_t for_steps = 50;
  return !history_.outside.empty() && step - history_.outside.back().step < for_steps;
}

/// Finds steps and weights that do not fit those before.
void Monitor::compare_with_usual(const Event& event) {
  constexpr std::int64_t enough = 20, patience = 5, long_patience = 50, most_steps_of_new_members = 50;
  constexpr std::size_t most_sudden = 64;
  constexpr double memory = 0.02, sudden_ratio = 20, sudden_loss = 3, rounding = 1e-4;
  const Run& run = training_->engine();
  SuddenStep most{
      .step = event.step, .parameter = {}, .rate_before = last_rate_, .rate = event.learning_rate, .loss_before = usual_loss_};
  double factor = sudden_ratio;
  for (std::size_t i = 0; i < usual_.size(); ++i) {
    Usual& usual = usual_[i];
    const ParameterSignals s = run.signals(i);
    const double weight = std::sqrt(s.weight_squares), update = std::sqrt(s.change_squares);
    // The triangle inequality: a step that changes weights by `update` changes their norm by no more.
    const std::int64_t age = updates_of_member(run, i);
    if (age == 1) usual.weight_norm = -1;  // drawn anew since the last step
    if (usual.weight_norm >= 0 && std::isfinite(weight) && std::isfinite(update) &&
        std::fabs(weight - usual.weight_norm) > update + rounding * (weight + usual.weight_norm))
      history_.outside.push_back(
          {event.step, history_.parameters[i].name, history_.parameters[i].layer, usual.weight_norm, weight, update});
    usual.weight_norm = weight;
    const double ratio = weight > 0 ? update / weight : 0;
    if (!history_.parameters[i].is_matrix || !(ratio > 0) || !std::isfinite(ratio)) continue;
    const double log_ratio = std::log(ratio);
    if (age < most_steps_of_new_members) {
      usual.log_ratio = log_ratio;
      continue;
    }
    if (seen_ >= enough && log_ratio - usual.log_ratio > std::log(factor)) {
      factor = std::exp(log_ratio - usual.log_ratio);
      most.parameter = history_.parameters[i].name;
      most.ratio_before = std::exp(usual.log_ratio);
      most.ratio = ratio;
    }
    if (!suspect_)
      usual.log_ratio += (seen_ == 0 ? 1 : std::max(memory, 1 / static_cast<double>(seen_ + 1))) * (log_ratio - usual.log_ratio);
  }
  if (suspect_) {
    // A training comes back from most sudden steps by itself, at once.
    const bool has_other_rate = suspect_->rate_before > 0 && event.learning_rate > 3 * suspect_->rate_before,
               is_high = !(event.loss <= sudden_loss * suspect_->loss_before);
    suspect_->loss_after = std::isfinite(event.loss) ? std::max(suspect_->loss_after, event.loss) : event.loss;
    high_losses_ += is_high;
    suspect_->has_harmed = !std::isfinite(event.loss) || (has_other_rate && is_high) || high_losses_ == patience ||
                           (2 * high_losses_ > patience && !history_.windows.empty() &&
                            suspect_->loss_after > history_.windows[0].mean);
    if (suspect_->has_harmed || event.step - suspect_->step >= (has_other_rate ? long_patience : patience)) {
      if (history_.sudden.size() < most_sudden) history_.sudden.push_back(*suspect_);
      suspect_.reset();
    }
  } else if (!most.parameter.empty() && usual_loss_ > 0 && !follows_outside_change(event.step)) {
    most.loss_after = event.loss;
    suspect_ = most;
    high_losses_ = 0;
  }
  if (std::isfinite(event.loss)) usual_loss_ += std::max(memory, 1 / static_cast<double>(seen_ + 1)) * (event.loss - usual_loss_);
  last_rate_ = event.learning_rate;
  ++seen_;
}

void Monitor::go_back(std::int64_t step) {
  const auto is_later = [&](const auto& one) { return one.step > step; };
  const auto is_later_window = [&](const auto& window) { return window.last > step; };
  std::erase_if(history_.windows, is_later_window);
  for (ParameterHistory& p : history_.parameters) std::erase_if(p.windows, is_later_window);
  std::erase_if(history_.epochs, [&](const EpochReport& report) { return report.steps > step; });
  std::erase_if(history_.sudden, is_later);
  std::erase_if(history_.outside, is_later);
  std::erase_if(history_.looks, is_later);
  std::erase_if(history_.noise, is_later);
  next_look_ = step + look_steps_;
  next_noise_ = step + noise_steps_;
  history_.steps = step;
  history_.has_ended = false;
  history_.status.clear();
  history_.not_finite = {};
  history_.layers.clear();
  window_ = {.first = step + 1, .last = step};
  finite_ = 0;
  sums_.assign(sums_.size(), {});
  forget_usual();
}

void Monitor::forget_usual() {
  usual_.assign(usual_.size(), {});
  seen_ = 0;
  usual_loss_ = last_rate_ = 0;
  suspect_.reset();
}

void Monitor::close_window() {
  const auto steps = static_cast<double>(window_.last - window_.first + 1);
  if (steps < 1) return;
  if (history_.windows.size() >= most_windows) {  // before the new one is added, so that it stays the last one as it is
    join_pairs(history_.windows);
    for (ParameterHistory& p : history_.parameters) join_pairs(p.windows);
    window_steps_ *= 2;
  }
  window_.mean = finite_ ? window_.mean / static_cast<double>(finite_) : std::nan("");
  window_.learning_rate /= steps;
  history_.windows.push_back(window_);
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    ParameterWindow& s = sums_[i];
    history_.parameters[i].windows.push_back({.first = window_.first,
                                              .last = window_.last,
                                              .gradient_norm = std::sqrt(s.gradient_norm / steps),
                                              .update_norm = std::sqrt(s.update_norm / steps),
                                              .weight_norm = std::sqrt(s.weight_norm / steps),
                                              .not_finite = s.not_finite});
    s = {};
  }
  window_ = {.first = window_.last + 1, .last = window_.last};
  finite_ = 0;
}

void Monitor::look_at_the_end() {
  before_end_ = memory();
  close_window();
  if (suspect_) {  // the steps that would have judged it were not made
    suspect_->has_harmed = high_losses_ > 0 && suspect_->step < history_.steps;
    history_.sudden.push_back(*suspect_);
    suspect_.reset();
  }
  const Run& run = training_->engine();
  const Plan& plan = run.plan();
  const Summary& summary = training_->summary();
  history_.has_ended = true;
  history_.planned_epochs = plan.experiment().train.epochs;  // a bound of time or a repair may have changed them
  history_.status = summary.status;
  history_.initial = summary.initial;
  history_.train = summary.train;
  history_.validation = summary.validation;
  history_.test = summary.test;
  history_.baseline = summary.baseline;
  if (summary.status == "interrupted") return;
  history_.not_finite = first_not_finite(*training_);
  const Parts& parts = plan.parts();
  const Model model = training_->model();
  const Block& state = model.inside().state;
  const auto confusion_of = [&](const Part& part, const Array& targets, const std::vector<std::int64_t>* which) {
    Confusion confusion;
    if (part.rows() > 0 && history_.classes > 0)
      model.inside().inference.metrics(state.data(), part, targets, which, run.executor(), &confusion, {.are_all = false});
    return confusion;
  };
  history_.confusion = confusion_of(parts.train, plan.targets().train, &plan.sample());
  history_.held_out = parts.validation.rows() ? confusion_of(parts.validation, plan.targets().validation, nullptr)
                                              : confusion_of(parts.test, plan.targets().test, nullptr);
  history_.layers = layer_states(run);
}

}  // namespace tend

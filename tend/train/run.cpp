#include "tend/train/run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "tend/base/clock.h"
#include "tend/train/data_scale.h"
#include "tend/train/pack.h"

namespace tend {

namespace {

/// The weight of a step in the moving average of the weights: step n of n has weight (1 - d) / (1 - d^n), the step before it d
/// times that, and so on, so that no trace of the start remains (Kingma and Ba, 2015, sec. 7.2). 0 without a decay d.
double average_share(double d, std::int64_t step) {
  return d > 0 ? (1 - d) / -std::expm1(static_cast<double>(step) * std::log(d)) : 0;
}

/// The initializers that the experiment gives, by parameter; null if it leaves the choice open.
std::map<std::string, Value> given_initializers(const Plan& plan) {
  std::map<std::string, Value> all;
  for (const Node& node : plan.network().nodes())
    for (const ParameterSpec& p : node.layout.parameters)
      all[node.name + "." + p.name] = p.initializer.is_null() ? plan.experiment().network.initializer : p.initializer;
  return all;
}

/// True for the parameter "dense_1.weights" itself and for its slots, such as "dense_1.weights.first_moment".
bool belongs_to(const std::string& place, const std::string& parameter) {
  return place.starts_with(parameter) && (place.size() == parameter.size() || place[parameter.size()] == '.');
}

}  // namespace

Run::Run(std::shared_ptr<const Plan> plan, Executor& executor, RunOptions options)
    : plan_(std::move(plan)),
      executor_(&executor),
      options_(std::move(options)),
      state_(plan_->initial_state(plan_->experiment().seed, executor)) {
  bind();
}

Run::Run(const Snapshot& snapshot, Executor& executor, RunOptions options)
    : plan_(snapshot.plan),
      executor_(&executor),
      options_(std::move(options)),
      state_(snapshot.state),
      measured_(snapshot.measured) {
  bind();
}

/// Sets up memory and batches for the present plan and state. Memory is kept if the Programs are the same.
void Run::bind() {
  counters_ = &Plan::counters(state_);
  loader_.reset();
  maker_.reset();
  const BatchSource source = plan_->batches(0);
  const std::int64_t left = source.rows() - counters_->row;
  const bool has_batch = left > 0 && !(left == 1 && source.drops_single_row && counters_->row > 0) &&
                         !(left < source.batch_size && source.feed->drops_rest && counters_->row > 0);
  if (!has_batch) counters_->epoch += 1, counters_->row = 0;  // the rest of the epoch is too small for a batch of this plan
  const std::int64_t gradient_bytes = plan_->layout().parameter_elements * size_of(plan_->layout().type);
  if (gradient_.size() != gradient_bytes) gradient_ = AlignedBytes(gradient_bytes);
  if (bound_ != &plan_->programs()) {
    bound_ = &plan_->programs();
    programs_.clear();
    workspace_.reset();
  }
  const std::int64_t rest = source.rows() - source.rows() / source.batch_size * source.batch_size;
  const bool uses_rest = source.steps_per_epoch() * source.batch_size > source.rows();
  if (uses_rest && workspace_ == nullptr) programs_.push_back(&plan_->programs().training(rest));
  whole_ = &plan_->program();
  workspace_for(*whole_);
}

/// The Program for the present batch. A whole batch needs no look-up.
const Program& Run::step_program() { return batch_.rows == whole_->rows() ? *whole_ : plan_->programs().training(batch_.rows); }

/// Memory that fits this Program and all Programs requested before.
Workspace& Run::workspace_for(const Program& program) {
  if (std::find(programs_.begin(), programs_.end(), &program) == programs_.end()) {
    programs_.push_back(&program);
    workspace_.reset();
  }
  if (!workspace_) workspace_ = std::make_unique<Workspace>(programs_, executor_->threads());
  return *workspace_;
}

Batch Run::next_batch() {
  const BatchPlace wanted{counters_->epoch, counters_->row};
  if ((loader_ || maker_) && batch_.next != wanted) {  // a batch was made but not used, or the counters were changed
    loader_.reset();
    maker_.reset();
  }
  if (!loader_ && !maker_) {
    const BatchSource source = plan_->batches(static_cast<std::uint64_t>(counters_->seed));
    const BatchPlace start{counters_->epoch, counters_->row};
    if (options_.loads_ahead) {
      loader_ = std::make_unique<Loader>(source, start);
    } else {
      maker_ = std::make_unique<BatchMaker>(source, start);
      if (batch_data_.size() < source.batch_bytes) batch_data_ = AlignedBytes(source.batch_bytes);
      which_.resize(static_cast<std::size_t>(source.batch_size));
    }
  }
  return loader_ ? loader_->next() : maker_->make(batch_data_.data(), which_);
}

void Run::compute_gradient() {
  for (const Intervention& one : plan_->interventions())
    if (one.step == counters_->step) make(one);
  const double asked = seconds_now();
  measured_ = {};  // running statistics change
  batch_ = next_batch();
  const double loaded = seconds_now();
  const Program& program = step_program();
  Workspace& workspace = workspace_for(program);
  plan_->fill(workspace, static_cast<std::uint64_t>(counters_->seed), counters_->step + 1);
  program.gradient(workspace.memory(state_.data(), gradient_.data(), batch_.data), *executor_);
  loading_seconds_ = loaded - asked;
  gradient_seconds_ = seconds_now() - loaded;
}

StepReport Run::update(double learning_rate) {
  const double began = seconds_now();
  const Program& program = step_program();
  Workspace& workspace = workspace_for(program);
  Counters& c = *counters_;
  ++c.step, ++c.schedule_step, ++c.update, ++c.averaged;
  plan_->optimizer().fill(workspace.inputs(), learning_rate, c.update);
  fill_groups(workspace);
  workspace.inputs().average_share = average_share(plan_->experiment().train.weight_average, c.averaged);
  program.update(workspace.memory(state_.data(), gradient_.data(), batch_.data), *executor_);

  StepReport report{.loss = workspace.signals()[signal_place::loss], .learning_rate = learning_rate, .rows = batch_.rows};
  for (std::size_t p = 0; p < plan_->layout().segments.size(); ++p) {
    const ParameterSignals s = signals(p);
    report.not_finite += static_cast<std::int64_t>(s.not_finite);
    report.is_spoilt |= s.not_finite > 0 || !std::isfinite(s.weight_squares);
  }
  if (report.is_spoilt && c.spoilt_step == 0) c.spoilt_step = c.step;
  c.rows_seen += batch_.rows;
  c.epoch_loss += report.loss;
  ++c.epoch_steps;
  c.epoch = batch_.next.epoch;
  c.row = batch_.next.row;
  report.ends_epoch = batch_.next.row == 0;
  report.revived = std::exchange(revived_, 0);
  if (loader_) loader_->done();
  measured_ = {};
  report.loading_seconds = loading_seconds_;
  report.seconds = gradient_seconds_ + (seconds_now() - began);
  return report;
}

/// Sets rate, decay and constants of the groups of parameters that do not follow those of the step.
void Run::fill_groups(Workspace& workspace) {
  const StepInputs& in = workspace.inputs();
  const StateLayout& layout = plan_->layout();
  for (std::size_t g = 0; g < layout.groups.size(); ++g) {
    const StateLayout::Group& of = layout.groups[g];
    GroupInputs& group = workspace.group_inputs(layout.group_slot(g));
    const auto of_member = [&](Slot slot) {
      return slot ? reinterpret_cast<const std::int64_t*>(state_.data() + slot.offset)[of.member] : 0;
    };
    const MemberSettings settings = plan_->member(of_member(layout.numbers));
    group.weight_decay = in.weight_decay * settings.decay_factor;
    plan_->optimizer().fill(group, in.learning_rate * of.rate_factor * settings.rate_factor, in.update - of_member(layout.begun));
  }
}

StepReport Run::step(double learning_rate) {
  compute_gradient();
  if (options_.between) options_.between(gradient());
  return update(learning_rate);
}

ParameterSignals Run::signals(std::size_t parameter) const {
  const double* s = workspace_->signals() + signal_place::first_parameter +
                    signal_place::per_parameter * static_cast<std::int64_t>(parameter);
  return {.gradient_squares = s[0], .change_squares = s[1], .weight_squares = s[2], .not_finite = s[3]};
}

double Run::gradient_norm() const { return workspace_->signals()[signal_place::clip_norm]; }

std::span<const float> Run::weights(std::size_t parameter) const {
  const Place& place = state_.directory().places()[parameter];  // parameters are the first places
  return {state_.at<float>(place), static_cast<std::size_t>(place.shape.count())};
}

bool Run::is_finite(std::string_view prefix) const {
  for (const Place& place : state_.directory().places()) {
    const bool is_learnt = place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic || is_average(place);
    if (!is_learnt || !place.name.starts_with(prefix)) continue;
    const auto* v = state_.at<float>(place);
    if (!std::all_of(v, v + place.shape.count(), [](float x) { return std::isfinite(x); })) return false;
  }
  return true;
}

const Block& Run::shown() {
  if (plan_->layout().averages.empty()) return state_;
  shown_ = state_;
  take_averages(state_, shown_);
  return shown_;
}

namespace {

const Part& part_of(const Parts& parts, PartName name) {
  return name == PartName::train ? parts.train : name == PartName::validation ? parts.validation : parts.test;
}
const Array& targets_of(const CodedTargets& t, PartName name) {
  return name == PartName::train ? t.train : name == PartName::validation ? t.validation : t.test;
}

}  // namespace

const Metrics& Run::evaluate(PartName part, const WantedMetrics& wanted) {
  std::optional<MeasuredPart>& known = measured_[static_cast<std::size_t>(part)];
  if (known && known->wanted == wanted) return known->metrics;
  Metrics metrics = part == PartName::validation && plan_->folds() > 1
                        ? metrics_of_folds(*plan_, shown(), *executor_, 1, nullptr, wanted)
                        : plan_->inference().metrics(
                              shown().data(), part_of(plan_->parts(), part), targets_of(plan_->targets(), part),
                              part == PartName::train ? &plan_->sample() : nullptr, *executor_, nullptr, wanted);
  known = {.wanted = wanted, .metrics = std::move(metrics)};
  return known->metrics;
}

Metrics Run::evaluate(PartName part, const std::vector<std::int64_t>& rows, const WantedMetrics& wanted) {
  return plan_->inference().metrics(shown().data(), part_of(plan_->parts(), part), targets_of(plan_->targets(), part), &rows,
                                    *executor_, nullptr, wanted);
}

std::vector<float> Run::outputs(const float* x, std::int64_t rows) {
  std::vector<float> out(static_cast<std::size_t>(rows * plan_->coding().row_outputs()));
  plan_->inference().forward(shown().data(), x, rows, out.data(), *executor_);
  return out;
}

void Run::restore(const Snapshot& snapshot) {
  loader_.reset();  // its thread reads what the present plan owns
  maker_.reset();
  const bool is_same_plan = plan_ == snapshot.plan;
  const bool goes_on = is_same_plan && Plan::counters(snapshot.state).seed == counters_->seed;
  plan_ = snapshot.plan;
  state_ = snapshot.state;
  measured_ = snapshot.measured;
  if (goes_on) counters_ = &Plan::counters(state_);  // memory and Programs still fit
  else bind();
}

void Run::go_by(std::shared_ptr<const Plan> plan) {
  TEND_EXPECTS(plan->layout().directory == plan_->layout().directory || *plan->layout().directory == *plan_->layout().directory);
  loader_.reset();
  maker_.reset();
  plan_ = std::move(plan);
  measured_ = {};
  bind();
}

std::vector<std::string> Run::take_weights(const Block& from) {
  std::vector<std::string> taken;
  for (const Place& place : from.directory().places()) {
    const Place* to = state_.directory().find(place.name);
    const bool is_learnt = place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic;
    if (!is_learnt || !to || to->shape != place.shape || to->type != place.type) continue;
    std::memcpy(state_.data() + to->offset_bytes, from.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes()));
    taken.push_back(place.name);
  }
  copy_to_averages(state_, [](const Place&) { return true; });
  measured_ = {};
  return taken;
}

Snapshot Run::change(const std::vector<Change>& changes) {
  std::shared_ptr<const Plan> next = plan_->with(changes);
  if (next->prepared().row_numbers(PartName::train) != plan_->prepared().row_numbers(PartName::train))
    throw Error(Trouble::usage, "data.target_range", "other training rows in the middle of a run",
                "a change before the first step");
  Snapshot before = snapshot();
  Block fresh = next->initial_state(static_cast<std::uint64_t>(counters_->seed), *executor_);
  loader_.reset();
  maker_.reset();
  try {
    plan_ = std::move(next);
    state_ = std::move(fresh);
    counters_ = &Plan::counters(state_);
    measured_ = {};
    migrate_from(before.state, *before.plan);
    bind();
    start_as_identity(*before.plan);
  } catch (...) {
    restore(before);
    throw;
  }
  return before;
}

/// Copies by name the tensors that the change keeps, and converts the counters to the new plan.
void Run::migrate_from(const Block& old, const Plan& old_plan) {
  const std::map<std::string, Value> before = given_initializers(old_plan), after = given_initializers(*plan_);
  const Block drawn = state_;
  const std::vector<std::string> copied = migrate(old, state_);
  std::set<std::string> kept(copied.begin(), copied.end());
  for (const auto& [name, initializer] : after) {
    const auto found = before.find(name);
    if (found == before.end() || found->second == initializer) continue;
    for (const Place& place : state_.directory().places())
      if (belongs_to(place.name, name)) {
        std::memcpy(state_.data() + place.offset_bytes, drawn.data() + place.offset_bytes,
                    static_cast<std::size_t>(place.bytes()));
        kept.erase(place.name);
      }
  }
  bool keeps_all_slots = true, keeps_averages = false;
  for (const Place& place : state_.directory().places()) {
    const bool is_kept = kept.contains(place.name);
    keeps_averages |= is_kept && is_average(place);
    if (place.kind == PlaceKind::slot && !is_average(place)) keeps_all_slots &= is_kept;
  }
  // Either all slots are kept or all begin anew: after the bias correction has ended, fresh slots would make steps several times
  // too large.
  for (const Place& place : state_.directory().places())
    if (!keeps_all_slots && place.kind == PlaceKind::slot && !is_average(place))
      std::memcpy(state_.data() + place.offset_bytes, drawn.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes()));
  copy_to_averages(state_,
                   [&](const Place& average) { return !kept.contains(average.name); });  // new averages start from the weights
  Counters& c = *counters_;
  if (!keeps_all_slots) c.update = 0;
  if (!keeps_averages) c.averaged = 0;
  if (plan_->steps_per_epoch() != old_plan.steps_per_epoch()) {
    const bool is_warm = c.schedule_step >= old_plan.rate().warmup_steps();
    c.schedule_step = c.epoch * plan_->steps_per_epoch() + (c.row + plan_->batch_size() - 1) / plan_->batch_size();
    if (is_warm) c.schedule_step = std::max(c.schedule_step, plan_->rate().warmup_steps());  // the warm-up is not repeated
  }
  const bool has_other_loss = !(plan_->loss().to_value() == old_plan.loss().to_value()) ||
                              plan_->experiment().train.metric != old_plan.experiment().train.metric ||
                              plan_->experiment().prepare.target != old_plan.experiment().prepare.target;
  if (has_other_loss)
    c.has_best = c.waited = c.best_epoch = c.epoch_steps = 0, c.best_value = c.epoch_loss = 0;  // not comparable
  if (is_finite()) c.spoilt_step = 0;
}

/// Makes inserted layers start as the identity on their present input if they can.
void Run::start_as_identity(const Plan& before) {
  constexpr std::int64_t rows_at_once = 64, most_rows = 4096;
  const std::vector<Node>& nodes = plan_->network().nodes();
  for (const Node& node : nodes) {
    const auto is_known = [&](const Node& other) { return other.name == node.name && other.kind() == node.kind(); };
    if (!node.layer || std::any_of(before.network().nodes().begin(), before.network().nodes().end(), is_known)) continue;
    const auto channels = static_cast<std::size_t>(node.input_shapes[0][-1]);
    if (node.layer->identity(std::vector<double>(channels, 0), std::vector<double>(channels, 1)).empty()) continue;
    const std::int64_t size = node.input_shapes[0].count(), n = std::min(most_rows, plan_->parts().train.rows()),
                       input_size = plan_->network().input_shape().count();
    std::vector<double> sum(channels, 0), squares(channels, 0);
    for (int pass = 0; pass < 2; ++pass)  // first the mean, then the variance around it
      for (std::int64_t first = 0; first < n; first += rows_at_once) {
        const std::int64_t rows = std::min(rows_at_once, n - first);
        std::vector<float> x(static_cast<std::size_t>(rows * input_size));
        plan_->parts().train.gather(nullptr, first, rows, x.data());
        const std::vector<float> seen = node.inputs[0] < 0
                                            ? x
                                            : values_at(*plan_, state_, node.inputs[0], false, x.data(), rows, *executor_);
        const double places = static_cast<double>(n) * static_cast<double>(size) / static_cast<double>(channels);
        for (std::size_t i = 0; i < seen.size(); ++i) {
          const std::size_t c = i % channels;
          const auto v = static_cast<double>(seen[i]);
          if (pass == 0) sum[c] += v / places;
          else squares[c] += (v - sum[c]) * (v - sum[c]) / places;
        }
      }
    for (const auto& [tensor, values] : node.layer->identity(sum, squares))
      state_.assign(state_.directory().at(node.name + "." + tensor), values.data());
  }
  copy_to_averages(state_, [&](const Place& average) { return before.layout().directory->find(average.name) == nullptr; });
}

}  // namespace tend

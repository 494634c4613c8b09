#include "tend/train/fork.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "tend/network/compile.h"
#include "tend/network/data_scale.h"
#include "tend/experiment/shelves.h"

namespace tend {

namespace {

/// Row r of the result is row which[r].
Array rows_moved(const Array& rows, const std::vector<std::int64_t>& which) {
  TEND_EXPECTS(static_cast<std::int64_t>(which.size()) == rows.rows() && rows.type() == ElementType::float32);
  Array moved(rows.shape(), rows.type());
  const std::int64_t size = rows.row_size();
  for (std::int64_t r = 0; r < rows.rows(); ++r)
    std::copy_n(rows.as<float>() + which[static_cast<std::size_t>(r)] * size, size, moved.as<float>() + r * size);
  return moved;
}

}  // namespace

Fork::Fork(const TrainingView& of, const Experiment& changed, ForkOptions options)
    : of_(of), experiment_(changed), rows_(std::move(options.rows)), seed_(changed.seed) {
  network_ =
      std::make_unique<Network>(experiment_.network.layers, of.pipeline.row_shape(), experiment_.network.initializer, of.shelves);
  loss_ = of.shelves.losses.make(experiment_.loss.name, "loss.name");
  optimizer_ = of.shelves.optimizers.make_named(experiment_.update.optimizer, "update.optimizer");
  rate_ = std::make_unique<LearningRate>(experiment_.update.schedule, optimizer_->learning_rate(), of.shelves.schedules);
  coding_ = TargetCoding::make(of.like, network_->output_shape(), *loss_, experiment_.prepare.target, of.parts.train.y);
  targets_ = coding_.encode(of.parts.train.y);
  learnt_ = TrainingTargets::make(coding_, experiment_.loss, *loss_, of.like.classes, of.parts.train.y);
  validation_targets_ = coding_.encode(of.parts.validation.y);
  if (!options.targets_of.empty()) {
    learnt_.coded = rows_moved(learnt_.coded.empty() ? targets_ : learnt_.coded, options.targets_of);
    if (!learnt_.weights.empty()) learnt_.weights = rows_moved(learnt_.weights, options.targets_of);
  }
  if (rows_.empty()) {
    rows_.resize(static_cast<std::size_t>(of.parts.train.rows()));
    std::iota(rows_.begin(), rows_.end(), std::int64_t{0});
  }
  const auto n = static_cast<std::int64_t>(rows_.size());
  batch_size_ = std::min(options.batch_size > 0 ? options.batch_size : experiment_.train.batch_size, n);
  order_.resize(rows_.size());
  which_.resize(static_cast<std::size_t>(batch_size_));
  for (const auto& [name, value] : network_->step_inputs()) settings_.push_back(value);
  layout_ = std::make_unique<StateLayout>(*network_, ElementType::float32, optimizer_->slots());
  compile_program(options.is_plain);
  restart(seed_);
  if (!options.is_fresh) {
    migrate(of.state, state_);
    if (experiment_.seed == of.experiment.seed) *state_.at<std::int64_t>("step") = 0;
  }
  first_ = state_;
}

void Fork::compile_program(bool is_plain) {
  const LossFunctions loss = loss_->functions(ElementType::float32, of_.backend.isa(), learnt_.takes_codes);
  const SweepFunctions sweep = optimizer_->functions(ElementType::float32, of_.backend.isa());
  CompileOptions options;
  options.rows = batch_size_;
  options.backend = &of_.backend;
  options.training = true;
  options.loss = &loss;
  options.target_width = learnt_.width;
  options.places = coding_.places;
  options.mean = experiment_.loss.reduction == "mean";
  options.weighted = !learnt_.weights.empty();
  options.sweep = &sweep;
  program_ = std::make_unique<Program>(compile(*network_, *layout_, options));
  workspace_ = std::make_unique<Workspace>(std::vector<const Program*>{program_.get()}, of_.executor.threads());
  gradient_ = AlignedBytes(layout_->parameter_elements * size_of(layout_->type));
  batch_ = AlignedBytes(program_->batch_bytes());
  inference_ = std::make_unique<Inference>(*network_, *layout_, of_.backend, *loss_, coding_);
  LoaderPlan plan;
  plan.seed = seed_;
  plan.batch_size = batch_size_;
  plan.batch_bytes = program_->batch_bytes();
  plan.target_offset = plan.ragged_target_offset = program_->target_offset();
  plan.weight_offset = plan.ragged_weight_offset = program_->weight_offset();
  plan.weights = learnt_.weights.empty() ? nullptr : learnt_.weights.as<float>();
  plan.shuffle = experiment_.train.shuffle;
  plan.augments = !is_plain;
  plan.slides = of_.like.is_text && experiment_.train.shuffle && !is_plain;
  writer_ = std::make_unique<BatchWriter>(
      BatchWriter{of_.parts.train, learnt_.coded.empty() ? targets_ : learnt_.coded, of_.pipeline, plan});
}

void Fork::restart(const Block& state) {
  state_ = state;
  step_count_ = 0;
  epoch_ = -1;
}

void Fork::restart() { restart(first_); }

void Fork::restart(std::uint64_t seed) {
  seed_ = writer_->plan.seed = seed;
  Block fresh = initial_state(*network_, *layout_, optimizer_->slots(), seed);
  const std::int64_t measured = std::min(experiment_.train.batch_size, of_.parts.train.rows());
  scale_by_data(
      *network_, *layout_, of_.backend, measured, [&](float* x) { of_.parts.train.gather(nullptr, 0, measured, x); },
      of_.executor, fresh);
  restart(fresh);
}

const std::int64_t* Fork::next_rows() {
  const auto n = static_cast<std::int64_t>(rows_.size());
  if (epoch_ < 0 || next_in_epoch_ + batch_size_ > n) {
    ++epoch_;
    next_in_epoch_ = 0;
    Loader::order(seed_, epoch_, experiment_.train.shuffle, order_);
  }
  for (std::int64_t r = 0; r < batch_size_; ++r)
    which_[static_cast<std::size_t>(r)] = rows_[static_cast<std::size_t>(order_[static_cast<std::size_t>(next_in_epoch_ + r)])];
  next_in_epoch_ += batch_size_;
  return which_.data();
}

double Fork::scheduled_rate() const { return rate_->at(step_count_, of_.steps_per_epoch, of_.total_steps); }

void Fork::set(std::string_view ending, double value) {
  for (std::size_t i = 0; i < settings_.size(); ++i)
    if (network_->step_inputs()[i].first.ends_with(ending)) settings_[i] = value;
}

void Fork::set_step_inputs(double rate) {
  StepInputs& in = workspace_->inputs();
  in.seed = seed_;
  in.step = step_count_;
  optimizer_->fill(in, rate, step_count_);
  in.clip_value = experiment_.update.clip_value;
  in.clip_norm = experiment_.update.clip_norm;
  in.weight_decay = experiment_.update.weight_decay.value_or(optimizer_->default_weight_decay());
  std::copy(settings_.begin(), settings_.end(), workspace_->layer_inputs().begin());
}

double Fork::step(double learning_rate) {
  const std::int64_t* which = next_rows();
  ++step_count_;
  writer_->write(which, batch_size_, epoch_, step_count_ - 1, batch_.data());
  if (input_factor_ != 1) {
    auto* x = reinterpret_cast<float*>(batch_.data());
    for (std::int64_t i = 0; i < batch_size_ * of_.parts.train.x.row_size(); ++i) x[i] *= input_factor_;
  }
  set_step_inputs(learning_rate);
  program_->run(workspace_->memory(state_.data(), gradient_.data(), batch_.data()), of_.executor);
  *state_.at<std::int64_t>("step") = step_count_;
  return workspace_->signals()[signal_place::loss];
}

double Fork::training_loss() {
  const Block before = state_;
  const double loss = step(0);  // the sweep may decay weights even so: what it did is taken back
  state_ = before;
  return loss;
}

double Fork::penalty() const {
  double sum = 0;
  std::size_t place = 0, parameter = 0;
  for (const Node& node : network_->nodes()) {
    place += node.layout.step_inputs.size();
    for (const ParameterSpec& p : node.layout.parameters) {
      const SweepSegment& segment = layout_->segments[parameter++];
      if (p.shape.rank() < 2) continue;
      const auto* w = reinterpret_cast<const float*>(state_.data()) + segment.offset;
      double squares = 0, sizes = 0;
      for (std::int64_t i = 0; i < segment.count; ++i) {
        squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
        sizes += std::fabs(static_cast<double>(w[i]));
      }
      sum += settings_[place + weight_input::l2] * squares + settings_[place + weight_input::l1] * sizes;
      place += weight_input::count;
    }
  }
  return sum;
}

Metrics Fork::measure(const Part& part, const std::vector<std::int64_t>& rows) {
  return inference_->metrics(state_.data(), part, &part == &of_.parts.validation ? validation_targets_ : targets_, &rows,
                             of_.executor);
}

std::vector<float> Fork::outputs(const float* x, std::int64_t rows) {
  std::vector<float> out(static_cast<std::size_t>(rows * coding_.row_outputs()));
  inference_->forward(state_.data(), x, rows, out.data(), of_.executor);
  return out;
}

void Fork::write_batch(const std::vector<std::int64_t>& rows, std::int64_t target_offset, std::byte* data) const {
  const auto n = static_cast<std::int64_t>(rows.size()), width = targets_.row_size();
  of_.parts.train.gather(rows.data(), 0, n, reinterpret_cast<float*>(data));
  auto* t = reinterpret_cast<float*>(data + target_offset);
  for (std::int64_t r = 0; r < n; ++r)
    std::memcpy(t + r * width, targets_.as<float>() + rows[static_cast<std::size_t>(r)] * width,
                static_cast<std::size_t>(width) * sizeof(float));
}

}  // namespace tend

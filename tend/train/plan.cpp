#include "tend/train/plan.h"

#include <algorithm>
#include <cmath>

#include "tend/train/data_scale.h"

namespace tend {

std::vector<CounterSpec> Counters::specs() {
  constexpr ElementType real = ElementType::float64;
  std::vector<CounterSpec> all{
      {"epoch"},       {"row"},    {"schedule_step"}, {"update"},     {"averaged"},         {"rows_seen"},       {"epoch_steps"},
      {"spoilt_step"}, {"waited"}, {"has_best"},      {"best_epoch"}, {"epoch_loss", real}, {"best_value", real}};
  TEND_EXPECTS(sizeof(Counters) == 8 * (all.size() + 2));
  return all;
}

std::shared_ptr<const Plan> Plan::make(const Experiment& experiment, std::shared_ptr<const Prepared> prepared,
                                       const PlanOptions& options) {
  if (!experiment.is_literal())
    throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "let infer() choose, or write [network]");
  const std::shared_ptr<Plan> made(new Plan);
  made->experiment_ = std::make_shared<const Experiment>(experiment);
  made->prepared_ = std::move(prepared);
  made->shelves_ = options.shelves ? options.shelves : &builtin_shelves();
  made->isa_ = options.isa;
  made->build(nullptr);
  return made;
}

std::shared_ptr<const Plan> Plan::with(const Experiment& experiment) const {
  const std::shared_ptr<Plan> made(new Plan);
  made->experiment_ = std::make_shared<const Experiment>(experiment);
  made->prepared_ = Prepared::with_steps(prepared_, experiment);
  made->shelves_ = shelves_;
  made->isa_ = isa_;
  made->feed_ = feed_;
  made->build(this);
  return made;
}

std::shared_ptr<const Plan> Plan::with(Feed feed, std::int64_t batch_size) const {
  const std::shared_ptr<Plan> made(new Plan(*this));
  made->feed_ = std::move(feed);
  made->batch_size_ = std::min(batch_size > 0 ? batch_size : experiment_->train.batch_size, made->batches(0).rows());
  return made;
}

std::shared_ptr<const Plan> Plan::with_inputs(std::string_view ending, double value) const {
  const std::shared_ptr<Plan> made(new Plan(*this));
  for (std::size_t i = 0; i < layer_inputs_.size(); ++i)
    if (network_->step_inputs()[i].first.ends_with(ending)) made->layer_inputs_[i] = value;
  return made;
}

/// Builds everything except experiment, data, shelves and feed. `like`: a plan to share parts with.
void Plan::build(const Plan* like) {
  const Experiment& e = *experiment_;
  const bool has_network = like && like->experiment_->network.layers == e.network.layers &&
                           like->experiment_->network.initializer == e.network.initializer &&
                           like->network_->members() == e.network.pack && like->pipeline().row_shape() == pipeline().row_shape();
  network_ = has_network ? like->network_
                         : std::make_shared<const Network>(e.network.layers, pipeline().row_shape(), e.network.initializer,
                                                           *shelves_, e.network.pack);
  loss_ = like && like->experiment_->loss.name == e.loss.name ? like->loss_ : shelves_->losses.make(e.loss.name, "loss.name");
  optimizer_ = shelves_->optimizers.make_named(e.update.optimizer, "update.optimizer");
  rate_ = std::make_shared<const LearningRate>(e.update.schedule, optimizer_->learning_rate(), shelves_->schedules);
  targets_ = prepared_->targets(network_->output_shape(), *loss_, e.loss, e.prepare.target);
  for (const auto& [name, value] : network_->step_inputs()) layer_inputs_.push_back(value);

  const std::int64_t n = batches(0).rows();
  if (network_->mixes_rows() && n < 2)
    throw Error(Trouble::usage, "network", "one training row for a layer that normalizes over rows", "at least two rows",
                "add rows, or remove that layer");
  batch_size_ = std::min(e.train.batch_size, n);
  steps_per_epoch_ = batches(0).steps_per_epoch();
  const ProgramParts parts{.network = network_,
                           .loss = loss_,
                           .coding = targets_->coding,
                           .backend = &fast_backend(isa_),
                           .optimizer = optimizer_,
                           .target_width = learnt().width,
                           .takes_codes = learnt().takes_codes,
                           .mean = e.loss.reduction == "mean",
                           .is_weighted = !learnt().weights.empty(),
                           .has_averages = e.train.weight_average > 0};
  if (like && Programs::are_alike(like->programs_->parts(), parts)) {
    programs_ = like->programs_;
    inference_ = like->inference_;
  } else {
    programs_ = std::make_shared<const Programs>(parts, Counters::specs());
    inference_ = std::make_shared<Inference>(*programs_);
  }
}

BatchSource Plan::batches(std::uint64_t seed) const {
  BatchSource source{.part = &parts().train,
                     .targets = learnt().coded.empty() ? &targets_->train : &learnt().coded,
                     .weights = learnt().weights.empty() ? nullptr : learnt().weights.as<float>(),
                     .pipeline = &pipeline(),
                     .feed = &feed_,
                     .seed = seed,
                     .batch_size = batch_size_,
                     .shuffle = experiment_->train.shuffle,
                     .drops_single_row = network_->mixes_rows() && batch_size_ > 1,
                     .slides = like().is_text && experiment_->train.shuffle};
  source.batch_bytes = source.weight_offset(batch_size_) + (source.weights ? batch_size_ * 4 + 64 : 0);
  return source;
}

void Plan::fill(Workspace& workspace, std::uint64_t seed, std::int64_t step) const {
  StepInputs& in = workspace.inputs();
  in.seed = seed;
  in.step = step;
  in.first_row = 0;
  in.clip_value = experiment_->update.clip_value;
  in.clip_norm = experiment_->update.clip_norm;
  in.weight_decay = experiment_->update.weight_decay.value_or(optimizer_->default_weight_decay());
  std::copy(layer_inputs_.begin(), layer_inputs_.end(), workspace.layer_inputs().begin());
}

MemberSettings Plan::member(std::int64_t number) const {
  if (number == 0 || network_->members() == 1) return {};
  Random random(experiment_->seed, purpose("settings of a member"), static_cast<std::uint32_t>(number));
  const double spread = experiment_->network.pack_spread;
  const auto drawn = [&](double most) { return std::exp((2 * random.uniform() - 1) * std::log(most)); };
  const double rate = drawn(spread);
  return {.rate_factor = rate, .decay_factor = drawn(spread * spread)};
}

Block Plan::initial_state(std::uint64_t seed, Executor& executor) const {
  Block state = tend::initial_state(*network_, layout(), optimizer_->slots(), seed);
  scale_by_data(*this, executor, state);
  return state;
}

Counters& Plan::counters(Block& state) {
  static_assert(std::is_standard_layout_v<Counters>);
  return *reinterpret_cast<Counters*>(state.data() + state.directory().at("step").offset_bytes);
}

}  // namespace tend

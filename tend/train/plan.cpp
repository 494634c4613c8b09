#include "tend/train/plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/aliases.h"
#include "tend/base/text.h"
#include "tend/train/data_scale.h"
#include "tend/train/pack_layers.h"

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
  const std::vector<MemberLayers> pack = pack_layers(e.network, e.seed, pipeline().row_shape(), *shelves_);
  const bool has_network = like && like->experiment_->network.initializer == e.network.initializer &&
                           like->network_->pack() == pack && like->pipeline().row_shape() == pipeline().row_shape();
  network_ = has_network ? like->network_
                         : std::make_shared<const Network>(pack, pipeline().row_shape(), e.network.initializer, *shelves_);
  loss_ = like && like->experiment_->loss.name == e.loss.name ? like->loss_ : shelves_->losses.make(e.loss.name, "loss.name");
  optimizer_ = shelves_->optimizers.make_named(e.update.optimizer, "update.optimizer");
  rate_ = std::make_shared<const LearningRate>(e.update.schedule, optimizer_->learning_rate(), shelves_->schedules);
  targets_ = prepared_->targets(network_->output_shape(), *loss_, e.loss, e.prepare.target);
  for (const auto& [name, value] : network_->step_inputs()) layer_inputs_.push_back(value);

  plan_interventions();
  deal_folds();
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
                           .is_weighted = !learnt().weights.empty() || folds_ > 1,
                           .has_averages = e.train.weight_average > 0,
                           .weight_sets = folds_};
  if (like && Programs::are_alike(like->programs_->parts(), parts)) {
    programs_ = like->programs_;
    inference_ = like->inference_;
  } else {
    programs_ = std::make_shared<const Programs>(parts, Counters::specs());
    inference_ = std::make_shared<Inference>(*programs_);
  }
}

void Plan::plan_interventions() {
  interventions_ = interventions_of(experiment_->train.interventions);
  const std::string place = "train.interventions";
  if (!interventions_.empty() && network_->members() > 1)
    throw Error(Trouble::usage, place, "interventions in a pack of " + std::to_string(network_->members()) + " networks",
                "one network", "set network.pack to 1; bad networks of a pack are drawn anew without this");
  std::vector<std::string> names;
  for (const Node& node : network_->nodes())
    if (!node.layout.parameters.empty()) names.push_back(node.name);
  for (const Intervention& one : interventions_)
    for (const std::string& name : one.redraw_layers)
      if (std::find(names.begin(), names.end(), name) == names.end())
        throw Error(Trouble::usage, place, "no layer with parameters \"" + name + "\"", "one of: " + listed(names),
                    hint_about(name, names));
}

double Plan::rate_factor_at(std::int64_t step) const {
  double factor = 1;
  for (const Intervention& one : interventions_)
    if (one.step <= step) factor *= one.rate_factor;
  return factor;
}

/// Deals the training rows to the folds in an order drawn from the seed, so that each fold gets the same share of every class.
void Plan::deal_folds() {
  const NetworkSettings& settings = experiment_->network;
  const std::int64_t rows = parts().train.rows();
  folds_ = network_->members() > 1 ? settings.pack_folds : 1;
  fold_of_.clear();
  if (folds_ == 1) return;
  const auto refuse = [](const std::string& got, const std::string& wanted, const std::string& hint) {
    throw Error(Trouble::usage, "network.pack_folds", got, wanted, hint);
  };
  if (network_->members() % folds_ != 0)
    refuse(std::to_string(network_->members()) + " networks for " + std::to_string(folds_) + " folds", "as many for each fold",
           "set network.pack to a multiple of network.pack_folds");
  if (parts().validation.rows() > 0)
    refuse(std::to_string(parts().validation.rows()) + " validation rows besides the folds", "none", "set data.validation to 0");
  if (coding().places > 1 || !experiment_->data.group.is_null() || experiment_->data.is_ordered())
    refuse("rows that belong together", "rows without data.group, data.time and places", "use a validation part instead");
  if (rows < folds_) refuse(std::to_string(rows) + " training rows", "a row for each fold", "use fewer folds");
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random(experiment_->seed, purpose("folds of a pack")).shuffle(order.data(), order.size());
  const Array& y = parts().train.y;
  if (like().task == Task::classification)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return y.as<double>()[a] < y.as<double>()[b]; });
  fold_of_.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    fold_of_[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i % static_cast<std::size_t>(folds_));
}

BatchSource Plan::batches(std::uint64_t seed) const {
  BatchSource source{.part = &parts().train,
                     .targets = learnt().coded.empty() ? &targets_->train : &learnt().coded,
                     .weights = learnt().weights.empty() ? nullptr : learnt().weights.as<float>(),
                     .folds = folds_,
                     .fold_of = fold_of_.data(),
                     .pipeline = &pipeline(),
                     .feed = &feed_,
                     .seed = seed,
                     .batch_size = batch_size_,
                     .shuffle = experiment_->train.shuffle,
                     .drops_single_row = network_->mixes_rows() && batch_size_ > 1,
                     .slides = like().is_text && experiment_->train.shuffle};
  source.batch_bytes = source.weight_offset(batch_size_) + (source.has_weights() ? folds_ * batch_size_ * 4 + 64 : 0);
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
  // The members that leave out the folds in turn have the same settings, so that all rows can judge these.
  const std::int64_t members = network_->members(), which = folds_ > 1 ? number % members / folds_ : number;
  if (which == 0 || members == 1) return {};
  Random random(experiment_->seed, purpose("settings of a member"), static_cast<std::uint32_t>(which));
  const NetworkSettings& network = experiment_->network;
  const auto drawn = [&](double most) { return std::exp((2 * random.uniform() - 1) * std::log(most)); };
  const double rate = drawn(network.pack_rates);
  return {.rate_factor = rate, .decay_factor = drawn(network.pack_decays)};
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

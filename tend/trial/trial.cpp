#include "tend/trial/trial.h"

#include <cmath>
#include <cstring>

namespace tend {

namespace {

std::shared_ptr<const Plan> plan_of(const Run& of, const Experiment& given, TrialOptions options) {
  Experiment e = given;
  e.train.weight_average = 0;
  e.train.interventions = {};  // they are for steps of the whole run
  const bool has_own_size = e.train.batch_size != of.plan().experiment().train.batch_size;
  if (options.batch_size == 0 && has_own_size) options.batch_size = e.train.batch_size;
  e.train.batch_size = of.plan().experiment().train.batch_size;
  options.feed.drops_rest = true;
  return of.plan().with(e)->with(std::move(options.feed), options.batch_size);
}

}  // namespace

Trial::Trial(const Run& of, const Experiment& changed, TrialOptions options)
    : run_(plan_of(of, changed, options), of.executor()), first_(run_.state()) {
  if (options.is_fresh) return;
  const Block drawn = first_;
  migrate(of.state(), first_);
  for (const Place& place :
       first_.directory().places())  // the optimizer begins: what it remembers would be corrected as if it were new
    if (place.kind == PlaceKind::slot)
      std::memcpy(first_.data() + place.offset_bytes, drawn.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes()));
  const std::int64_t seed = run_.counters().seed;
  Plan::counters(first_) = Counters{};
  Plan::counters(first_).seed = seed;
  restart();
}

void Trial::restart() { run_.restore({.plan = run_.shared_plan(), .state = first_}); }

void Trial::restart(std::uint64_t seed) {
  run_.restore({.plan = run_.shared_plan(), .state = plan().initial_state(seed, run_.executor())});
}

void Trial::skip(std::int64_t steps) {
  Snapshot place = run_.snapshot();
  Counters& c = Plan::counters(place.state);
  const std::int64_t in_epoch = plan().batches(0).steps_per_epoch(), done = c.epoch * in_epoch + c.row / batch_size() + steps;
  c.step += steps;
  c.epoch = done / in_epoch;
  c.row = done % in_epoch * batch_size();
  run_.restore(place);
}

void Trial::scale_inputs(float factor) {
  Feed feed = plan().feed();
  feed.input_factor = factor;
  run_.go_by(plan().with(std::move(feed), batch_size()));
}

double Trial::training_loss() {
  const Snapshot before = run_.snapshot();
  const double loss = step(0);  // the sweep may decay weights even so: what it did is taken back
  run_.restore(before);
  return loss;
}

double Trial::penalty() const {
  double sum = 0;
  std::size_t place = 0, parameter = 0;
  const std::vector<double>& settings = plan().layer_inputs();
  for (const Node& node : network().nodes()) {
    place += node.layout.step_inputs.size();
    for (const ParameterSpec& p : node.layout.parameters) {
      const std::span<const float> weights = run_.weights(parameter++);
      if (p.shape.rank() < 2) continue;
      double squares = 0, sizes = 0;
      for (float w : weights) {
        squares += static_cast<double>(w) * static_cast<double>(w);
        sizes += std::fabs(static_cast<double>(w));
      }
      sum += settings[place + weight_input::l2] * squares + settings[place + weight_input::l1] * sizes;
      place += weight_input::count;
    }
  }
  return sum;
}

void Trial::write_batch(const std::vector<std::int64_t>& rows, std::int64_t target_offset, std::byte* data) const {
  const Array& targets = plan().train_targets();
  const auto n = static_cast<std::int64_t>(rows.size()), width = targets.row_size();
  plan().parts().train.gather(rows.data(), 0, n, reinterpret_cast<float*>(data));
  auto* t = reinterpret_cast<float*>(data + target_offset);
  for (std::int64_t r = 0; r < n; ++r)
    std::memcpy(t + r * width, targets.as<float>() + rows[static_cast<std::size_t>(r)] * width,
                static_cast<std::size_t>(width) * sizeof(float));
}

}  // namespace tend

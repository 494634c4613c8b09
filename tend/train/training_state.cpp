#include "tend/base/text.h"
#include "tend/train/checkpoint.h"
#include "tend/train/model_parts.h"
#include "tend/train/training_inside.h"

namespace tend {

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

const Summary& Training::summary() const { return inside_->summary; }
Model Training::model() const { return inside_->model(); }
const Run& Training::engine() const { return *inside_->run; }
TrainingState Training::state() const { return inside_->state(); }
void Training::restore(const TrainingState& state) { inside_->restore(state); }

std::vector<std::byte> Training::checkpoint() const { return checkpoint_bytes(inside_->state()); }

std::vector<std::string> Training::resume(std::span<const std::byte> bytes, const std::string& name, bool may_differ) {
  Inside& in = *inside_;
  std::vector<std::string> differences = checkpoint_differences(checkpoint_header(bytes, name), in.plan());
  if (!differences.empty() && !may_differ)
    throw Error(Trouble::usage, name, "a checkpoint of another training; there differ " + listed(differences, "; "),
                "the same data, instruction set and version");
  const TrainingState state = state_of_checkpoint(bytes, name, in.run->shared_plan());
  in.restore(state);
  in.began = 0;
  in.seconds_before = state.seconds;
  in.training_seconds = state.training_seconds;
  return differences;
}

std::vector<std::string> Training::start_from(const Model& model) {
  TEND_EXPECTS(inside_->run->counters().step == 0);
  return inside_->run->take_weights(model.inside().state);
}

std::optional<std::int64_t> Training::roll_back() {
  if (!inside_->good) return {};
  TrainingState state = inside_->state();
  state.now = state.good;
  state.first_nan_step.reset();
  const std::int64_t step = Plan::counters(state.now->state).step;
  while (!state.history.empty() && state.history.back().steps > step) state.history.pop_back();
  inside_->restore(state);
  return step;
}

void Training::Inside::end_now(const std::string& status, const std::string& reason) {
  if (has_ended) return;
  begin();
  finish(status, reason);
  close();
}

void Training::stop(const std::string& reason) { inside_->end_now("stopped", reason); }
void Training::interrupt() {
  inside_->end_now("interrupted", "the run was asked to stop at step " + std::to_string(inside_->run->counters().step));
}

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
  if (!(old.loss.name == now_used.loss.name) || old.prepare.target != now_used.prepare.target ||
      !(old.prepare.steps == now_used.prepare.steps))
    in.summary.initial.clear();
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

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/train/checkpoint.h"
#include "tend/train/pack.h"
#include "tend/train/report_value.h"
#include "tend/train/run.h"
#include "tend/trial/score.h"
#include "tend/watch/watched_training.h"

namespace tend {

namespace {

constexpr int most_returns = 3;             // to earlier steps, in one training
constexpr std::int64_t fewest_between = 8;  // steps between kept states: more than it takes to see that a step was sudden
constexpr std::int64_t steps_between = 64;  // later
constexpr std::size_t most_kept = 2;

std::string key_of(const Finding& finding) { return finding.rule + " " + finding.layer; }

}  // namespace

/// Sends the event of the end only when nothing more is repaired.
void WatchedTraining::forward(const Event& event, bool tells_notes) {
  monitor_->on_event(event);
  ended_epoch_ |= event.kind == Event::Kind::epoch;
  if (event.kind == Event::Kind::ended) ended_ = event;
  else if (options_.training.on_event && (tells_notes || event.kind != Event::Kind::note)) options_.training.on_event(event);
}

bool WatchedTraining::step() {
  const std::size_t sudden = history().sudden.size() + history().outside.size();
  const std::shared_ptr<const Plan> plan = training_->engine().shared_plan();
  const bool goes_on = training_->step();
  if (goes_on) last_.reset();
  else if (!last_) last_ = plan;
  if (goes_on) keep_state();
  if (!goes_on && training_->summary().status != "interrupted" && repair_end()) {
    ended_epoch_ = false;
    last_.reset();
    return true;
  }
  // Rules read the whole history: where epochs are short they look at some ends of epochs only, where they are long also within.
  constexpr std::int64_t many = 200;
  const std::int64_t since = history().steps - looked_at_;
  const bool is_due = since >= (ended_epoch_ ? looked_at_ / 10 : std::max(many, looked_at_ / 4));
  if (goes_on && (is_due || history().sudden.size() + history().outside.size() > sudden)) look();
  ended_epoch_ = false;
  if (goes_on && !ended_) return true;
  if (ended_ && options_.training.on_event) options_.training.on_event(*ended_);
  ended_.reset();
  return false;
}

TrainingState WatchedTraining::state() const {
  WatcherMemory memory = monitor_->memory();
  memory.kept = kept_;
  memory.numbers["watch"] = {static_cast<double>(looked_at_), static_cast<double>(last_kept_), static_cast<double>(returns_),
                             static_cast<double>(earlier_repairs_.value_or(0) + std::ssize(repairs_)),
                             static_cast<double>(tried_)};
  memory.facts["told"] = Value::array();
  for (const std::string& told : told_) memory.facts["told"].push_back(told);
  memory.facts["given_interventions"] = given_interventions_;
  memory.facts["intervened"] = Value::array();
  for (const std::string& answered : intervened_) memory.facts["intervened"].push_back(answered);
  TrainingState state = training_->state();
  state.watcher = std::make_shared<const WatcherMemory>(std::move(memory));
  return state;
}

std::vector<std::string> WatchedTraining::resume(std::span<const std::byte> bytes, const std::string& name, bool may_differ) {
  std::vector<std::string> differences = training_->resume(bytes, name, may_differ);
  const TrainingState state = state_of_checkpoint(bytes, name, training_->engine().shared_plan());
  if (!state.watcher || !monitor_->recall(*state.watcher)) return differences;
  kept_ = state.watcher->kept;
  const SavedValue facts(state.watcher->facts, name);
  const auto watch = state.watcher->numbers.find("watch");
  if (watch == state.watcher->numbers.end() || watch->second.size() != 5) facts.refuse();
  const std::vector<double>& n = watch->second;
  looked_at_ = static_cast<std::int64_t>(n[0]), last_kept_ = static_cast<std::int64_t>(n[1]);
  returns_ = static_cast<int>(n[2]), earlier_repairs_ = static_cast<int>(n[3]), tried_ = static_cast<std::int64_t>(n[4]);
  if (const Value* given = state.watcher->facts.find("given_interventions")) given_interventions_ = *given;
  if (const Value* answered = state.watcher->facts.find("intervened"))
    for (const Value& key : SavedValue(*answered, name).items()) intervened_.push_back(SavedValue(key, name).string());
  told_.clear();
  for (const Value& told : facts.at("told").items()) told_.push_back(SavedValue(told, name).string());
  return differences;
}

void WatchedTraining::forget_before_change() {
  monitor_->forget_usual();
  kept_.clear();
  TrainingState state = training_->state();
  if (training_->engine().is_finite()) state.good = state.now;
  training_->restore(state);
}

void WatchedTraining::interrupt() {
  if (!last_) last_ = training_->engine().shared_plan();
  training_->interrupt();
  tell_end();
}

void WatchedTraining::stop(const std::string& reason) {
  if (!last_) last_ = training_->engine().shared_plan();
  training_->stop(reason);
  tell_end();
}

void WatchedTraining::tell_end() {
  if (ended_ && options_.training.on_event) options_.training.on_event(*ended_);
  ended_.reset();
}

const Summary& WatchedTraining::run() {
  while (step()) {
  }
  return training_->summary();
}

std::vector<Finding> WatchedTraining::found() const {
  return diagnose(history(), options_.rules ? *options_.rules : builtin_rules());
}

std::vector<Finding> WatchedTraining::findings() const {
  std::vector<Finding> all = found();
  if (history().has_ended) explain_by_checks(all, history().start_alarms);
  return all;
}

/// Tells new findings that are alarms, and acts on them as the policy says.
void WatchedTraining::look() {
  looked_at_ = history().steps;
  for (const Finding& finding : found()) {
    if (!finding.is_alarm() || std::find(told_.begin(), told_.end(), key_of(finding)) != told_.end()) continue;
    told_.push_back(key_of(finding));
    if (options_.on_finding) options_.on_finding(finding);
    const std::string policy = experiment().watch.policy;
    if (policy == "stop") last_ = training_->engine().shared_plan();
    if (policy == "stop")
      return training_->stop("the rule " + finding.rule + " found at step " + std::to_string(finding.step) +
                             " that something is wrong, and watch.policy is \"stop\"");
    if (policy == "repair" && repair_in_flight(finding)) return;
  }
}

bool WatchedTraining::repair_in_flight(const Finding& finding) {
  if (!may_repair() || returns_ >= most_returns) return false;
  if (roll_back(finding)) return true;
  if (stop_earlier(finding)) return true;
  // To begin anew costs the steps made so far, and is no answer to what the optimizer remembers.
  const bool is_memory = finding.first_step > 1 && !finding.causes.empty() && finding.causes[0].first == "optimizer",
             goes_on = is_memory || 2 * history().steps >= training_->engine().plan().total_steps();
  if (goes_on && intervene(finding)) return true;
  if (is_memory) return false;
  const auto is_of = [&](const auto& one) { return one.step == finding.first_step; };
  const bool began_in_flight = std::any_of(history().sudden.begin(), history().sudden.end(), is_of) ||
                               std::any_of(history().outside.begin(), history().outside.end(), is_of);
  return (!began_in_flight && begin_anew(finding)) || (!goes_on && intervene(finding));
}

/// Under policy repair: a copy of the state now and then, to go back to. Ends of epochs can be far apart.
void WatchedTraining::keep_state() {
  const Run& run = training_->engine();
  const std::int64_t step = run.counters().step, distance = std::clamp(step / 4, fewest_between, steps_between);
  if (experiment().watch.policy != "repair" || step < last_kept_ + distance || !run.is_finite()) return;
  kept_.push_back(training_->state());
  kept_.back().good = kept_.back().now;  // a state less in each checkpoint
  if (kept_.size() > most_kept) kept_.erase(kept_.begin());
  last_kept_ = step;
}

/// Goes back to the last good state before a step. Returns its step; nothing, and no change, if there is none.
std::optional<std::int64_t> WatchedTraining::go_back_before(std::int64_t step) {
  const auto step_of = [](const Snapshot& snapshot) { return Plan::counters(snapshot.state).step; };
  while (!kept_.empty() && step_of(*kept_.back().now) >= step) kept_.pop_back();
  const std::shared_ptr<const Snapshot> good = training_->state().good;  // of the end of an epoch
  const std::int64_t ended = good && step_of(*good) < step ? step_of(*good) : -1;
  if (!kept_.empty() && step_of(*kept_.back().now) >= ended) {
    training_->restore(kept_.back());
    return training_->engine().counters().step;
  }
  return ended < 0 ? std::nullopt : training_->roll_back();
}

/// The score at step `until` of a training that goes on from the present state with these changes; nothing if it fails, or is not
/// finite and its loss in bounds all the time.
std::optional<Score> WatchedTraining::score_at(std::int64_t until, const Changes& changes, const ScoredRows& scored) const {
  const double bound = 3 * metric_of(training_->summary().initial, "loss");
  try {
    Run fork = training_->engine().fork();
    if (!changes.empty()) fork.change(changes);
    while (fork.counters().step < until)
      if (const StepReport report = fork.step(); !std::isfinite(report.loss) || report.loss > bound || report.is_spoilt)
        return {};
    return score_of(fork, scored.part, scored.rows);
  } catch (const Error&) {
    return {};
  }
}

/// Of one seed, after so many steps.
Comparison compared(const Score& before, const Score& after, std::int64_t steps, const ScoredRows& scored) {
  return {.before = before.value,
          .after = after.value,
          .gain = after.value - before.value,
          .noise = std::max(usual_difference(scored.rows.size()),
                            error_of_difference(after.parts, before.parts.empty() ? after.constant : before.parts)),
          .steps = steps,
          .rows = std::ssize(scored.rows),
          .seeds = 1,
          .is_on_held_out = scored.is_held_out};
}

/// For what began at one step: goes back to the last good state before it, and changes what is needed to come past that step.
/// Kept if the score some steps further on is better than that of the spoilt state, which makes the same steps, or if the loss is
/// finite again. Weights that something else wrote are known to be wrong: for them it is enough not to be worse.
bool WatchedTraining::roll_back(const Finding& finding) {
  constexpr std::int64_t beyond = 10;
  const std::int64_t began = finding.first_step, now = history().steps;
  const bool is_sudden = !history().sudden.empty() || !history().outside.empty() || history().not_finite.step > 0;
  if (!is_sudden || began <= 1) return false;
  const TrainingState spoilt = training_->state();
  const TrialContext context(training_->engine());
  const ScoredRows scored = rows_to_score(context);
  const std::int64_t until = std::max(now, began) + beyond;
  const Score before = score_at(until, {}, scored).value_or(Score{});
  const std::optional<std::int64_t> back = go_back_before(began);
  if (!back) return false;
  std::vector<Proposal> ways{{"roll_back", {}}};
  for (const auto& [cause, share] : finding.causes)
    for (Proposal& proposal : proposals_against(cause, context, remedies())) ways.push_back(std::move(proposal));
  Comparison comparison;
  const bool is_from_outside = std::any_of(history().outside.begin(), history().outside.end(),
                                           [&](const OutsideChange& c) { return c.step == began; });
  const auto way = std::find_if(ways.begin(), ways.end(), [&](const Proposal& p) {
    const std::optional<Score> after = score_at(until, p.changes, scored);
    tried_ += !p.changes.empty();
    if (!after) return false;
    comparison = compared(before, *after, until - *back, scored);
    return history().not_finite.step > 0 || comparison.is_better() || (is_from_outside && comparison.gain > -comparison.noise);
  });
  if (way == ways.end()) {
    training_->restore(spoilt);
    if (history().has_ended) training_->step();  // ends it again, with all that is measured then
    return false;
  }
  last_.reset();
  Repair repair{.step = now,
                .goes_on_from = *back,
                .by = finding.rule,
                .cause = finding.causes.empty() ? "" : finding.causes[0].first,
                .message = finding.message,
                .remedy = way->remedy,
                .changes = way->changes,
                .old = {},
                .comparison = comparison};
  if (!way->changes.empty()) {
    repair.old = old_values(experiment(), way->changes);
    training_->change(way->changes);
    kept_.assign(1, training_->state());  // so that the next return keeps the changes
  }
  monitor_->go_back(*back);
  looked_at_ = *back;
  last_kept_ = *back;
  ended_.reset();
  ++returns_;
  add_repair(std::move(repair), *back);
  return true;
}

/// Changes the present state as one of the remedies for a running training proposes, if some steps later it is better by more
/// than the noise than the state without the change, on the same batches. The training goes on from here, and a plain one of the
/// repaired experiment has the same bits.
bool WatchedTraining::intervene(const Finding& finding) {
  constexpr std::int64_t fewest = 20, most = 100, one_of = 50;
  const Run& run = training_->engine();
  const std::int64_t now = history().steps, all = run.plan().total_steps(), until = now + std::clamp(all / one_of, fewest, most);
  if (history().has_ended || until > all || !run.is_finite()) return false;
  const TrialContext context(run);
  const ScoredRows scored = rows_to_score(context);
  std::optional<Score> before;
  Repair best{.step = now,
              .goes_on_from = now,
              .by = finding.rule,
              .cause = {},
              .message = finding.message,
              .remedy = {},
              .changes = {},
              .old = {},
              .comparison = {}};
  for (const auto& [cause, share] : finding.causes)
    for (const Proposal& way : proposals_against(cause, context, remedies())) {
      if (!is_intervention(way.changes) || way.changes == best.changes) continue;
      if (!before) before = score_at(until, {}, scored).value_or(Score{});
      ++tried_;
      const std::optional<Score> after = score_at(until, way.changes, scored);
      if (!after) continue;
      const Comparison comparison = compared(*before, *after, until - now, scored);
      if (!comparison.is_better() || (!best.changes.empty() && comparison.after <= best.comparison.after)) continue;
      best.cause = cause, best.remedy = way.remedy, best.changes = way.changes, best.comparison = comparison;
    }
  if (best.changes.empty()) return false;
  best.old = old_values(experiment(), best.changes);
  training_->change(best.changes);
  kept_.assign(1, training_->state());  // so that a return keeps the change
  kept_[0].good = kept_[0].now;
  training_->restore(kept_[0]);
  last_kept_ = now;
  monitor_->go_back(now);
  intervened_.push_back(key_of(finding));
  ++returns_;
  add_repair(std::move(best), now);
  return true;
}

/// For a finding that early stopping answers. No trial is needed: a training that stops early takes the same steps until then,
/// and what it has at its best epoch has been measured.
bool WatchedTraining::stop_earlier(const Finding& finding) {
  const std::vector<EpochReport>& epochs = history().epochs;
  if (!history().has_ended || finding.changes.size() != 1 || finding.changes[0].path != "train.early_stopping") return false;
  const bool has_r2 = std::isfinite(metric_of(epochs.back().validation, "r2"));
  const auto score = [&](const EpochReport& e) {  // r2; the geometric mean of the probabilities of what is right
    return has_r2 ? metric_of(e.validation, "r2") : std::exp(-metric_of(e.validation, "loss"));
  };
  const auto by_loss = [](const EpochReport& a, const EpochReport& b) {
    return metric_of(a.validation, "loss") < metric_of(b.validation, "loss");
  };
  const EpochReport& best = *std::min_element(epochs.begin(), epochs.end(), by_loss);
  const std::int64_t rows = training_->engine().plan().parts().validation.rows();
  Comparison comparison{
      .before = score(epochs.back()), .after = score(best), .steps = epochs.back().steps, .rows = rows, .seeds = 1};
  comparison.gain = comparison.after - comparison.before;
  comparison.noise = options_.tournament.least_gain;
  if (!comparison.is_better()) return false;
  Changes changes = finding.changes;
  if (experiment().train.metric != "validation.loss") changes.push_back({.path = "train.metric", .value = "validation.loss"});
  make({.by = finding.rule,
        .cause = finding.causes[0].first,
        .message = finding.message,
        .remedy = finding.rule,
        .changes = changes,
        .old = {},
        .comparison = comparison},
       changed(experiment(), changes));  // with the interventions: without them it takes other steps
  return true;
}

/// For what was wrong from the start: a tournament of what may help against the causes; with a winner the training begins anew.
bool WatchedTraining::begin_anew(const Finding& finding) {
  CheckLine line;
  line.check = finding.rule;
  line.result.message = finding.message;
  std::vector<Attempt> all;
  const FirstMember first(training_->engine());
  const TrialContext context(first.run());
  add(all, line, {finding.rule, finding.changes, true});
  for (const auto& [cause, share] : finding.causes) {
    line.result.cause = cause;
    if (all.size() == 1 && all[0].line.result.cause.empty()) all[0].line.result.cause = cause;
    for (const Proposal& proposal : proposals_against(cause, context, remedies()))
      if (!is_intervention(proposal.changes)) add(all, line, proposal);
  }
  TournamentOptions options = options_.tournament;
  if (history().has_ended) {  // a whole training is at stake, and what that of a single network came to is known
    const ScoredRows scored = rows_to_score(context);
    // A planned intervention is for the whole training: short ones are compared with short ones.
    if (scored.is_held_out && &first.run() == &training_->engine() && first.run().plan().interventions().empty())
      options.known = score_of(first.run(), scored.part, scored.rows);
    options.share *= 2;
  }
  return make_best(all, context, options);
}

/// After the last step: repairs what was found, if a policy and the number of returns allow it. Returns whether the training goes
/// on.
bool WatchedTraining::repair_end() {
  if (experiment().watch.policy != "repair") return false;
  for (const Finding& finding : found())
    if (finding.is_alarm() && repair_in_flight(finding)) return true;
  return false;
}

}  // namespace tend

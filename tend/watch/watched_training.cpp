#include "tend/watch/watched_training.h"

#include <algorithm>
#include <new>
#include <utility>

#include "tend/base/text.h"
#include "tend/train/pack.h"
#include "tend/train/run.h"

namespace tend {

namespace {

/// The value at a path of a change before it is made; null if there is none.
Value value_before(const Experiment& experiment, const Change& change) {
  if (change.kind == Change::Kind::insert) return {};
  const Value all = experiment.to_value();
  const Value* at = &all;
  const std::string& path = change.path;
  for (std::size_t first = 0; first <= path.size();) {
    const std::size_t dot = std::min(path.find('.', first), path.size());
    const std::string key = path.substr(first, dot - first);
    if (at->is_array()) {
      const std::vector<std::string> names = layer_names(*at);
      const auto place = std::find(names.begin(), names.end(), key);
      if (place == names.end()) return {};
      at = &at->array_items()[static_cast<std::size_t>(place - names.begin())];
    } else {
      at = at->find(key);
      if (!at) return {};
    }
    first = dot + 1;
  }
  return *at;
}

std::vector<const CheckLine*> alarms_of(const PreflightReport& report) {
  std::vector<const CheckLine*> alarms;
  for (const CheckLine& line : report.lines)
    if (line.result.is_alarm()) alarms.push_back(&line);
  return alarms;
}

/// One of the paths is the other, or lies within it.
bool sets_the_same(const Change& a, const Change& b) {
  const auto is_within = [](const std::string& inner, const std::string& outer) {
    return (inner + ".").starts_with(outer + ".");
  };
  return is_within(a.path, b.path) || is_within(b.path, a.path);
}

/// A later change sets what an earlier one has set, or a table around it.
bool replaces(const Change& later, const Change& earlier) {
  return later.kind == Change::Kind::set && earlier.kind == Change::Kind::set &&
         (earlier.path + ".").starts_with(later.path + ".");
}

std::string first_sentence(const std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if ((text[i] == '.' || text[i] == ':') && text[i + 1] == ' ') return text.substr(0, i);
  return text.substr(0, text.find_last_not_of('.') + 1);
}

}  // namespace

std::string Repair::text() const {
  constexpr std::size_t most_named = 6;
  Changes named;  // without those that a later one replaces
  for (auto c = changes.begin(); c != changes.end(); ++c)
    if (std::none_of(c + 1, changes.end(), [&](const Change& later) { return replaces(later, *c); })) named.push_back(*c);
  if (named.size() > most_named)  // those of what the network computes first
    std::stable_partition(named.begin(), named.end(),
                          [](const Change& c) { return c.path.starts_with("network.") || c.path.starts_with("loss."); });
  const auto said = [](const Change& c) {
    return is_intervention({c}) ? interventions_of(Value::Array{c.value.array_items().back()})[0].text() : text_of(c);
  };
  std::string all;
  for (std::size_t i = 0; i < std::min(named.size(), most_named); ++i) all += (i ? "; " : "") + said(named[i]);
  if (named.size() > most_named) all += "; and " + counted(static_cast<std::int64_t>(named.size() - most_named), "more change");
  const std::string rows = comparison.is_on_held_out ? "held-out" : "training", scale = " (0: a constant answer, 1: perfect)";
  const auto score = [](double v) { return v > 0 ? short_number(v) : "0"; };
  std::string text = first_sentence(message) + " (" + by + ", " + cause + "). ";
  if (goes_on_from > 0) {
    text += (goes_on_from == step ? "The training goes on from step " : "The training went back to step ") +
            std::to_string(goes_on_from) +
            (all.empty()            ? ""
             : goes_on_from == step ? ": " + all
                                    : ", with " + all);
    return text + ". After " + counted(comparison.steps, "step") + " the score on " + rows + " rows" + scale + " was " +
           score(comparison.after) + ", without " + (all.empty() ? "this " : "the change ") + score(comparison.before) + ".";
  }
  return text + "Changed: " + all + ". In a trial of " + counted(comparison.steps, "step") + " with " +
         counted(comparison.seeds, "seed") + " the score on " + rows + " rows" + scale + " was " + score(comparison.after) +
         ", without the change " + score(comparison.before) + ".";
}

Value repairs_to_value(const std::vector<Repair>& repairs) {
  Value all = Value::array();
  for (const Repair& r : repairs) {
    Value v = Value::table();
    v["step"] = r.step;
    v["from_step"] = r.goes_on_from;
    v["rule"] = r.by;
    v["cause"] = r.cause;
    v["remedy"] = r.remedy;
    v["changes"] = Value::array();
    for (std::size_t i = 0; i < r.changes.size(); ++i) {
      Value change = Value::table();
      change["field"] = r.changes[i].path;
      change["kind"] = name_of(r.changes[i].kind);
      change["old"] = r.old[i];
      change["new"] = r.changes[i].value;
      v["changes"].push_back(std::move(change));
    }
    v["verified"] = true;
    v["before"] = Value::Table{{"score", Value(r.comparison.before)}};
    v["after"] = Value::Table{{"score", Value(r.comparison.after)}};
    v["steps"] = r.comparison.steps;
    v["seeds"] = r.comparison.seeds;
    v["noise"] = r.comparison.noise;
    v["message"] = r.text();
    all.push_back(std::move(v));
  }
  return all;
}

WatchedTraining::WatchedTraining(const Experiment& experiment, const Dataset& data, WatchOptions options)
    : data_(data), options_(std::move(options)), given_interventions_(experiment.train.interventions) {
  begin(experiment, true);
}

/// A new training from the start, watched.
void WatchedTraining::begin(const Experiment& experiment, bool tells_notes) {
  training_.reset();
  last_.reset();
  monitor_ = std::make_unique<Monitor>();
  looked_at_ = last_kept_ = 0;
  kept_.clear();
  TrainingOptions options = options_.training;
  options.on_event = [this, tells_notes](const Event& event) { forward(event, tells_notes); };
  training_ = std::make_unique<Training>(experiment, data_, std::move(options));
  if (options_.at_start) options_.at_start(*training_);
  monitor_->watch(*training_);
  tell_monitor();
}

/// What the rules know of the checks.
void WatchedTraining::tell_monitor() {
  std::vector<StartAlarm> alarms;
  for (const CheckLine* line : alarms_of(present_report_))
    alarms.push_back({.check = line->check,
                      .cause = line->result.cause,
                      .message = first_sentence(line->result.message),
                      .has_changes = !line->result.changes.empty()});
  monitor_->know_start_alarms(std::move(alarms));
  for (const CheckLine* line : alarms_of(report_))
    for (const Change& change : line->result.changes)
      if (change.path == "update.optimizer.learning_rate" && change.value.is_number())
        monitor_->suggest_rate(change.value.number());
}

const PreflightReport& WatchedTraining::check() {
  const WatchSettings watch = experiment().watch;  // a copy: a repair replaces the experiment
  options_.checks.level = watch.checks;
  if (watch.checks != "none") report_ = present_report_ = preflight(*training_, options_.checks);
  if (watch.policy == "repair")
    while (may_repair() && repair_start()) {
    }
  if (watch.policy == "advise") measure_advised_rate();
  tell_monitor();
  return report_;
}

bool WatchedTraining::has_alarms() const {
  const std::vector<Finding> all = found();
  return report_.has_alarm() || std::any_of(all.begin(), all.end(), [](const Finding& f) { return f.is_alarm(); });
}

/// All that the present alarms advise, one after another.
Changes WatchedTraining::advised_together() const {
  Changes together;
  for (const CheckLine* line : alarms_of(present_report_)) {
    const Changes more = joined(together, line->result.changes);
    try {
      changed(experiment(), more);
      together = more;
    } catch (const Error&) {  // an earlier change has removed what this one changes
    }
  }
  return together;
}

/// Proposals against the alarms, present and first: what the checks advise, then what helps against their causes.
std::vector<WatchedTraining::Attempt> WatchedTraining::attempts(const TrialContext& context) const {
  std::vector<const CheckLine*> alarms = alarms_of(present_report_);
  for (const CheckLine* line : alarms_of(report_)) alarms.push_back(line);
  std::vector<Attempt> all;
  for (const CheckLine* line : alarms) add(all, *line, {line->check, line->result.changes, true});
  if (!alarms.empty()) add(all, *alarms[0], {alarms[0]->check, advised_together()});
  for (const CheckLine* line : alarms)
    for (const Proposal& proposal : proposals_against(line->result.cause, context, remedies())) add(all, *line, proposal);
  if (repairs_.size() == 1)
    for (const std::string_view cause : causes)  // a fault rarely comes alone
      for (const Proposal& proposal : proposals_against(cause, context, remedies())) {
        CheckLine line;
        line.check = repairs_[0].by;
        line.result.cause = cause;
        line.result.message = "After that repair one more change helps";
        add(all, line, proposal);
      }
  return all;
}

void WatchedTraining::add(std::vector<Attempt>& all, const CheckLine& line, Proposal proposal) {
  constexpr std::size_t most = 24;
  const auto is_same = [&](const Attempt& a) { return a.proposal.changes == proposal.changes; };
  if (proposal.changes.empty() || all.size() >= most || std::any_of(all.begin(), all.end(), is_same)) return;
  all.push_back({line, std::move(proposal)});
}

/// Where no single change helps, faults may hide one another: the attempts for the training as it is after all that the alarms
/// advise, together with that.
std::vector<WatchedTraining::Attempt> WatchedTraining::deeper_attempts() const {
  const Changes together = advised_together();
  std::vector<Attempt> all;
  if (together.empty()) return all;
  TrainingOptions options = options_.training;
  options.on_event = nullptr;
  const Training probe(changed(experiment(), together), data_, options);
  const PreflightReport report = preflight(probe, options_.checks);
  const FirstMember first(probe.engine());
  const TrialContext context(first.run());
  const CheckLine& first_alarm = *alarms_of(present_report_)[0];  // what the user has read; those of the probe nobody has
  for (const CheckLine* line : alarms_of(report)) add(all, first_alarm, {line->check, joined(together, line->result.changes)});
  for (const CheckLine* line : alarms_of(report))
    for (const Proposal& proposal : proposals_against(line->result.cause, context, remedies()))
      add(all, first_alarm, {proposal.remedy, joined(together, proposal.changes)});
  return all;
}

/// Makes the best of the attempts if it helps. Returns whether it does.
bool WatchedTraining::make_best(const std::vector<Attempt>& attempts, const TrialContext& context,
                                const TournamentOptions& options) {
  std::vector<Proposal> proposals;
  for (const Attempt& a : attempts) proposals.push_back(a.proposal);
  const std::optional<Winner> winner = best_of(proposals, context, options, &tried_);
  if (!winner) return false;
  const auto which = std::find_if(attempts.begin(), attempts.end(),
                                  [&](const Attempt& a) { return a.proposal.changes == winner->proposal.changes; });
  make({.by = which->line.check,
        .cause = which->line.result.cause,
        .message = which->line.result.message,
        .remedy = winner->proposal.remedy,
        .changes = winner->proposal.changes,
        .old = {},
        .comparison = winner->comparison},
       anew(winner->proposal.changes));
  return true;
}

/// Returns whether a repair was made.
bool WatchedTraining::repair_start() {
  if (alarms_of(present_report_).empty()) return false;
  const FirstMember first(training_->engine());
  const TrialContext context(first.run());
  return make_best(attempts(context), context, options_.tournament) ||
         (repairs_.empty() && make_best(deeper_attempts(), context, options_.tournament));
}

std::vector<Value> old_values(const Experiment& experiment, const Changes& changes) {
  std::vector<Value> old;
  for (const Change& change : changes) old.push_back(value_before(experiment, change));
  return old;
}

/// The experiment with the changes of a training that begins anew. Interventions of repairs were made to the state that is given
/// up, and are forgotten with it.
Experiment WatchedTraining::anew(const Changes& changes) const {
  Experiment next = changed(experiment(), changes);
  next.train.interventions = given_interventions_;
  return next;
}

/// The training begins anew with the changes of the repair, as `next`.
void WatchedTraining::make(Repair repair, Experiment next) {
  repair.old = old_values(experiment(), repair.changes);
  repair.step = history().steps;
  constexpr double long_trial = 0.25, good = 0.5;
  const bool has_begun = repair.step > 0;
  const double share = static_cast<double>(repair.comparison.steps) /
                       static_cast<double>(training_->engine().plan().total_steps());
  if (next.train.interventions == given_interventions_) {
    std::erase_if(repairs_, [](const Repair& r) { return is_intervention(r.changes); });
    for (const std::string& answered : std::exchange(intervened_, {})) std::erase(told_, answered);
  }
  begin(next, false);
  ended_.reset();
  if (has_begun) ++returns_;
  else check_again(repair.changes, share < long_trial || repair.comparison.after > good);
  add_repair(std::move(repair), has_begun ? std::optional<std::int64_t>(0) : std::nullopt);
}

/// Which of the present alarms remain. One of a check by short trainings, which is dear, is answered if its own changes set what
/// the repair has set, unless a long trial has shown that the training does not learn well as it is now.
void WatchedTraining::check_again(const Changes& made, bool may_learn_well) {
  PreflightOptions again = options_.checks;
  const Registry<CheckEntry>& checks = options_.checks.checks ? *options_.checks.checks : builtin_checks();
  for (const CheckLine* line : alarms_of(present_report_)) {
    const bool is_dear = checks.make(Value(line->check), "check")->effort() != Effort::still;
    const bool is_answered = is_dear && may_learn_well &&
                             std::any_of(line->result.changes.begin(), line->result.changes.end(), [&](const Change& advised) {
                               return std::any_of(made.begin(), made.end(),
                                                  [&](const Change& c) { return sets_the_same(c, advised); });
                             });
    if (!is_answered && std::find(again.only.begin(), again.only.end(), line->check) == again.only.end())
      again.only.push_back(line->check);
  }
  present_report_ = again.only.empty() ? PreflightReport{} : preflight(*training_, again);
}

/// `returned_to`: the step from which the training goes on, if it has made others.
void WatchedTraining::add_repair(Repair repair, std::optional<std::int64_t> returned_to) {
  repairs_.push_back(std::move(repair));  // before others hear of it: what they save counts it
  if (returned_to && options_.on_return) options_.on_return(*returned_to);
  if (options_.on_repair) options_.on_repair(repairs_.back());
}

namespace {

bool is_of_rate(const CheckLine& line) {
  return line.result.changes.size() == 1 && line.result.changes[0].path == "update.optimizer.learning_rate";
}

}  // namespace

/// Where an alarm advises a learning rate and others advise changes with which another rate may suit: measures it with them.
void WatchedTraining::measure_advised_rate() {
  rate_with_others_.clear();
  const std::vector<const CheckLine*> alarms = alarms_of(present_report_);
  const auto rate = std::find_if(alarms.begin(), alarms.end(), [](const CheckLine* line) { return is_of_rate(*line); });
  const std::optional<Experiment> others = advised();
  if (rate == alarms.end() || !others || std::all_of(alarms.begin(), alarms.end(), [](const CheckLine* line) {
        return line->result.changes.empty() || is_of_rate(*line);
      }))
    return;
  TrainingOptions options = options_.training;
  options.on_event = nullptr;
  PreflightOptions again = options_.checks;
  again.only = {(*rate)->check};
  try {
    Training probe(*others, data_, options);
    if (options_.at_start) options_.at_start(probe);
    for (const CheckLine& line : preflight(probe, again).lines)
      if (line.result.is_alarm() && is_of_rate(line)) rate_with_others_ = line.result.changes;
  } catch (const Error&) {           // all together they do not fit this network,
  } catch (const std::bad_alloc&) {  // or the memory
  }
}

std::optional<Experiment> WatchedTraining::advised(std::string* changes) const {
  Experiment experiment = this->experiment();
  std::string all;
  const std::vector<const CheckLine*> alarms = alarms_of(present_report_);
  const bool has_others = std::any_of(alarms.begin(), alarms.end(),
                                      [&](const CheckLine* line) { return !line->result.changes.empty() && !is_of_rate(*line); });
  const auto make = [&](const Changes& made) {
    try {
      experiment = changed(experiment, made);
      for (const Change& change : made)
        if (const std::string text = text_of(change); all.find(text) == std::string::npos)
          all += (all.empty() ? "" : "; ") + text;
    } catch (const Error&) {  // an earlier change has removed what it changes
    }
  };
  for (const CheckLine* line : alarms)
    if (!has_others || !is_of_rate(*line)) make(line->result.changes);  // that rate was measured without the others
  if (has_others) make(rate_with_others_);
  if (all.empty()) return {};
  if (changes) *changes = all;
  return experiment;
}

}  // namespace tend

#include "run_loop.h"

#include <csignal>
#include <optional>

#include <unistd.h>

#include "checks.h"
#include "tend/base/clock.h"
#include "tend/record/checkpoints.h"
#include "tend/train/run.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

volatile std::sig_atomic_t signal_seen = 0;
void on_signal(int number) {
  signal_seen = number;
  std::signal(number, SIG_DFL);
}

constexpr double least_seconds_between_epochs = 1;  // a checkpoint at the end of every epoch, but not more often

}  // namespace

int signal_of_run() { return static_cast<int>(signal_seen); }

void catch_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

RunLoop::RunLoop(RunDirectory& directory, bool is_quiet, const std::string& watched, double seconds)
    : directory_(directory), is_quiet_(is_quiet), progress_(is_quiet, watched), seconds_(seconds) {}

void RunLoop::open_record(std::int64_t step) {
  keeper_ = std::make_unique<Keeper>(directory_.path(), step);
  keeper_->about("state", "running");
  keeper_->about("process", static_cast<std::int64_t>(::getpid()));
  for (const std::string& text : early_notes_) keeper_->note(step, "note", text);
  early_notes_.clear();
}

void RunLoop::on_event(const Event& event) {
  if (event.kind == Event::Kind::step) {
    if (keeper_) keeper_->step(event.step, event.loss, event.learning_rate, event.seconds);
    if (keeper_ && watched_) {
      const History& history = watched_->history();
      keeper_->windows(history.parameters), keeper_->look(history.looks), keeper_->noise(history.noise);
    }
  } else if (event.kind == Event::Kind::epoch) {
    ended_epoch_ = true;
    if (keeper_) keeper_->epoch(*event.epoch);
    if (!directory_.write_epoch(*event.epoch)) progress_.warn(directory_.trouble());
  } else if (!event.text.empty()) {
    if (keeper_) keeper_->note(event.step, event.kind == Event::Kind::ended ? "ended" : "note", event.text);
    else early_notes_.push_back(event.text);
    if (event.kind == Event::Kind::note && said_ && !said_->insert(event.text).second) return;
  }
  progress_.show(event);
}

void RunLoop::save_start(const WatchedTraining& watched) {
  if (seconds_ > 0) keeper_->checkpoint(watched.state());
  if (!keeper_->flush())
    throw Error(Trouble::write, directory_.path(), keeper_->trouble(), "a folder with room for the run",
                "choose another with --run DIR");
}

void RunLoop::listen(WatchOptions& options) {
  options.on_repair = [this](const Repair& repair) { on_repair(repair); };
  options.on_finding = [this](const Finding& finding) { on_finding(finding); };
  options.on_return = [this](std::int64_t step) { on_return(step); };
}

void RunLoop::on_repair(const Repair& repair) {
  if (keeper_) keeper_->note(repair.step, "repair", repair.text());
  const std::string line = coloured("repaired", "32") + "  " + repair.text();
  if (is_checking_) unsaid_.push_back(line);
  else progress_.say(line);
}

void RunLoop::on_finding(const Finding& finding) {
  keeper_->note(finding.step, "finding", finding.message);
  progress_.say(coloured(name_of(finding.severity), "33") + "  " + finding.message);
}

void RunLoop::on_return(std::int64_t step) {
  if (step == 0) {  // interventions were made to a state that is given up
    Value kept = Value::array();
    for (const Value& repair : earlier_repairs_.array_items()) {
      const Value::Array changes = list_at(repair, "changes");
      if (changes.empty() || text_at(changes.back(), "field") != "train.interventions") kept.push_back(repair);
    }
    earlier_repairs_ = std::move(kept);
  }
  if (fitted_ > 0) --fitted_;  // the earlier state may have other epochs
  keep_repairs(*watched_);     // before the checkpoint that counts them
  keeper_->flush();
  keeper_.reset();
  const std::vector<EpochReport>& history = watched_->training().summary().history;
  try {
    if (seconds_ > 0) save_checkpoint_gone_back(directory_.path(), watched_->state());
    directory_.keep_epochs(history);
  } catch (const Error& e) {
    progress_.warn(e.got);
  }
  keeper_ = std::make_unique<Keeper>(directory_.path(), step);
  progress_.goes_on_after(static_cast<std::int64_t>(history.size()));
  keeper_->note(step, "returned",
                step == 0 ? "the training begins anew" : "the training goes on from step " + std::to_string(step));
}

std::string RunLoop::check(WatchedTraining& watched) {
  const WatchSettings watch = watched.experiment().watch;
  if (watch.checks == "none") return "";
  std::optional<Waiting> waiting(std::in_place, is_quiet_, "Checking");
  is_checking_ = true;
  const PreflightReport& report = watched.check();
  is_checking_ = false;
  waiting.reset();
  directory_.keep_checks(report.to_value());
  keeper_->about("checks", report.to_value());
  keep_open_checks(watched);
  if (!is_quiet_ || (report.has_failed() && watch.policy != "observe")) print_checks(stderr, report, ShownChecks::alarms);
  for (const std::string& line : unsaid_) progress_.say(line);
  if (!watched.repairs().empty()) {
    keep_repairs(watched);
    save_start(watched);  // a resumed run goes on with the repaired training
    directory_.write_repaired(watched.experiment());
    return "";
  }
  if (const auto advised = watched.advised(); advised && watch.policy == "advise")
    directory_.write_repaired(*advised);  // a resumed run does not check again
  for (const CheckLine& line : report.lines)
    if (line.result.verdict == Verdict::fail) return line.check;
  return "";
}

/// The checks whose alarms no repair has answered.
void RunLoop::keep_open_checks(const WatchedTraining& watched) {
  Value names = Value::array();
  for (const StartAlarm& alarm : watched.history().start_alarms) names.push_back(alarm.check);
  keeper_->about("open_checks", std::move(names));
}

void RunLoop::keep_repairs(const WatchedTraining& watched) {
  Value all = earlier_repairs_;
  const Value made = repairs_to_value(watched.repairs());
  for (const Value& repair : made.array_items()) all.push_back(repair);
  directory_.keep_repairs(all);
  keeper_->about("repairs", std::move(all));
}

void RunLoop::warn_of_trouble() {
  if (const std::string trouble = keeper_->trouble(); !trouble.empty())
    progress_.warn(trouble + "; the run goes on, and tries again");
}

/// As many epochs as the time seems to have room for, at most those of the experiment: judged after some of the time, and again
/// later, since evaluations and other programs change the speed.
void RunLoop::fit_epochs(WatchedTraining& watched) {
  constexpr double shares[] = {0.1, 0.3, 0.6}, used = 0.95;  // of the time
  constexpr std::int64_t fewest_steps = 10;
  const Run& run = watched.training().engine();
  const double now = seconds_now(), elapsed = now - began_;
  if (fitted_ == std::size(shares) || made_ < fewest_steps || elapsed < shares[fitted_] * (ends_at_ - began_)) return;
  ++fitted_;
  const std::int64_t present = watched.experiment().train.epochs, begun = run.counters().epoch + 1;
  if (present != fit_) most_epochs_ = present;  // nobody has fitted it yet, or a repair has changed it
  const double per_epoch = elapsed / static_cast<double>(made_) * static_cast<double>(run.plan().steps_per_epoch()),
               done = static_cast<double>(run.counters().epoch) +
                      static_cast<double>(run.counters().row) / static_cast<double>(run.plan().parts().train.rows());
  fit_ = std::clamp(static_cast<std::int64_t>(done + used * (ends_at_ - seconds_of_end(watched) - now) / per_epoch), begun,
                    std::max(begun, most_epochs_));
  if (fit_ == present) return;
  watched.training().change({{.path = "train.epochs", .value = fit_}});
  try {
    directory_.write_experiment(watched.experiment());
  } catch (const Error& e) {
    progress_.warn(e.got);
  }
  const std::string text = "The time of " + time_text_ + " has room for about " + counted(fit_, "epoch") + " instead of " +
                           std::to_string(most_epochs_) + ": the learning rate falls to its end with them.";
  keeper_->note(run.counters().step, "epochs", text);
  if (fitted_ == 1) progress_.say(text);
}

std::string RunLoop::text_of_shortened(const Summary& summary) const {
  if (summary.status != "completed" || summary.epochs != fit_ || fit_ >= most_epochs_) return "";
  return "The time of " + time_text_ + " had room for " + std::to_string(fit_) + " of " + counted(most_epochs_, "epoch") + ": " +
         called_as() + " resume " + directory_.path() + " --epochs " + std::to_string(most_epochs_) + " trains the others.";
}

/// About how long the measurements after the last step take, but at most a part of the time: inference costs a third of a step on
/// as many rows.
double RunLoop::seconds_of_end(const WatchedTraining& watched) const {
  constexpr double most = 0.3;
  if (made_ == 0) return 0;
  const Plan& plan = watched.training().engine().plan();
  const auto rows = static_cast<double>(std::ssize(plan.sample()) + plan.parts().validation.rows() + plan.parts().test.rows());
  const double per_row = (seconds_now() - began_) / (static_cast<double>(made_) * static_cast<double>(plan.batch_size())),
               times = plan.experiment().train.calibration == "none" ? 1 : 2;
  return std::min(most * (ends_at_ - began_), times * rows * per_row / 3);
}

/// Time is left for the measurements at the end, but epochs that were fitted to the time are not cut for it.
bool RunLoop::is_time_over(const WatchedTraining& watched) const {
  const double now = seconds_now();
  if (now >= ends_at_ || made_ == 0 || now < ends_at_ - seconds_of_end(watched)) return now >= ends_at_;
  const Run& run = watched.training().engine();
  const auto left = static_cast<double>(run.plan().total_steps() - run.counters().step);
  return now + left * (now - began_) / static_cast<double>(made_) > ends_at_;
}

const Summary& RunLoop::run(WatchedTraining& watched) {
  const bool saves = seconds_ > 0;
  watched_ = &watched;
  began_ = seconds_now();
  progress_.looks_at([&watched]() -> const History& { return watched.history(); });
  while (true) {
    if (signal_seen) {
      keeper_->checkpoint(watched.state());
      if (!keeper_->flush()) warn_of_trouble();
      watched.interrupt();
      break;
    }
    if (ends_at_ > 0 && is_time_over(watched)) {
      watched.stop("the time of " + time_text_ + " is over at step " +
                   std::to_string(watched.training().engine().counters().step));
      break;
    }
    if (!watched.step()) break;
    ++made_;
    if (ends_at_ > 0 && may_shorten_) fit_epochs(watched);
    if (saves && keeper_->is_due(ended_epoch_ ? std::min(seconds_, least_seconds_between_epochs) : seconds_)) {
      keeper_->checkpoint(watched.state());
      warn_of_trouble();
      ended_epoch_ = false;
    }
  }
  findings_ = findings_to_value(watched.findings());
  directory_.keep_findings(findings_);
  keeper_->about("findings", findings_);
  keeper_->windows(watched.history().parameters);
  keeper_->about("layers", layers_to_value(watched.history().layers));
  keep_repairs(watched);
  return watched.training().summary();
}

std::optional<Error> RunLoop::finish(const WatchedTraining& watched) {
  const Training& training = watched.training();
  const Summary& summary = training.summary();
  std::optional<Error> trouble;
  try {
    keeper_->checkpoint(watched.state());
    training.model().save(directory_.model_path());
    if (!watched.repairs().empty() || !earlier_repairs_.array_items().empty()) directory_.write_repaired(watched.experiment());
    else if (const auto advised = watched.advised(); advised && watched.experiment().watch.policy == "advise")
      directory_.write_repaired(*advised);
    directory_.write_summary(summary);  // the last: a run with a summary has ended
    for (const char* file : {"experiment.toml", "metrics.csv", "model.safetensors", "summary.json"}) keeper_->file(file);
  } catch (const Error& e) {
    trouble = e;
  }
  keeper_->about("state", summary.status);
  keeper_->about("summary", directory_.summary_value(summary));
  keeper_->close();
  if (const std::string said = keeper_->trouble(); !said.empty() && !trouble)
    trouble = Error(Trouble::write, directory_.path(), said, "a record and checkpoints that can be written");
  return trouble;
}

}  // namespace tend

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "result.h"
#include "run_loop.h"
#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/record/checkpoints.h"
#include "tend/train/checkpoint.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

struct ResumeFlags {
  CommonFlags common;
  std::string run, time;
  std::optional<std::int64_t> epochs;
  double checkpoint_seconds = 10;
  bool force = false;
};

int code_of(const Summary& summary, const std::optional<Error>& trouble) {
  if (trouble) return tell(*trouble);
  if (signal_of_run()) return 128 + signal_of_run();
  return summary.status == "diverged" ? exit_code::diverged : exit_code::done;
}

void say(const ResumeFlags& flags, const std::string& text) {
  if (!flags.common.quiet) std::fprintf(stderr, "  %s\n", text.c_str());
}

/// The experiment of the checkpoint; its paths start where those of the run's file do.
Experiment experiment_of(const CheckpointHeader& header, const std::string& path) {
  Experiment experiment = Experiment::from_value(header.experiment, path);
  experiment.folder = path;
  return experiment;
}

/// Takes the checks and repairs from the record of the run; returns whether it has checks. Repairs that were made after the
/// checkpoint are made again, and are not taken. A damaged record is put aside: the run goes on with a new one.
bool take_record(const ResumeFlags& flags, const std::string& run, const WatchedTraining& watched, RunDirectory& directory,
                 RunLoop& loop) {
  const std::string path = Record::path_in(run);
  if (!std::filesystem::exists(path)) return false;
  try {
    const Record record(path, Record::Mode::read);
    if (const std::vector<std::string> troubles = record.troubles(); !troubles.empty())
      throw Error(Trouble::data, path, troubles[0], "a whole record");
    const Value checks = record.about("checks");
    if (checks.is_array()) directory.keep_checks(checks);
    if (const Value repairs = record.about("repairs"); repairs.is_array()) {
      const Value::Array& all = repairs.array_items();
      const auto known = static_cast<std::size_t>(watched.earlier_repairs().value_or(static_cast<int>(all.size())));
      loop.had_repairs(Value::Array(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(known, all.size()))));
      if (known < all.size() && watched.training().engine().counters().step == 0)
        return false;  // the checks' repairs were not saved
    }
    return checks.is_array();
  } catch (const Error& e) {
    if (e.trouble != Trouble::data) throw;
    say(flags, coloured("warning:", "33") + " the record is damaged and is now " + path + ".damaged: " + e.got);
    std::filesystem::rename(path, path + ".damaged");
    for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(path + ending);
    return false;
  }
}

/// Policy "stop" does not begin a run of which a check has failed: neither does resuming it.
void refuse_failed(const ResumeFlags& flags, const Experiment& experiment, const std::string& run) {
  const std::string path = Record::path_in(run);
  if (experiment.watch.policy != "stop" || flags.force || !std::filesystem::exists(path)) return;
  const Value checks = Record(path, Record::Mode::read).about("checks");
  if (!checks.is_array()) return;
  for (const Value& check : checks.array_items())
    if (text_at(check, "verdict") == "fail")
      throw Error(Trouble::usage, run,
                  "the check " + text_at(check, "check") + " failed before the first step, and watch.policy is \"stop\"",
                  "a run that has begun",
                  "change the experiment (" + called_as() + " diagnose " + run + " says how), or go on with --force");
}

/// A schedule that depends on the number of epochs is stretched with it: what becomes of the learning rate; "" if it stays.
std::string text_of_stretched(const Training& training, double rate_before) {
  const Plan& plan = training.engine().plan();
  const double now = training.engine().learning_rate(),
               last = plan.learning_rate_at(plan.total_steps() - 1) * plan.rate_factor_at(plan.total_steps() - 1);
  if (std::fabs(now - rate_before) <= 1e-3 * std::fabs(rate_before)) return "";
  return "the schedule now ends with epoch " + std::to_string(plan.experiment().train.epochs) +
         ": the learning rate goes on at " + figure(now) + ", where it was " + figure(rate_before) + ", and ends at " +
         figure(last);
}

/// Sets the epochs of a run that has had `made`. Returns what that changes of the learning rate, or "".
std::string change_epochs(WatchedTraining& watched, std::int64_t epochs, std::int64_t made) {
  Training& training = watched.training();
  if (epochs < made)
    throw Error(Trouble::usage, "--epochs", std::to_string(epochs),
                "at least " + std::to_string(made) + ", which the run has had");
  const double before = training.engine().learning_rate();
  if (epochs == training.engine().plan().experiment().train.epochs) return "";
  training.change({{.path = "train.epochs", .value = epochs}});
  watched.forget_before_change();
  return text_of_stretched(training, before);
}

/// The run stays as it is.
int say_that_nothing_is_left(const ResumeFlags& flags, const std::string& path, const std::string& reason) {
  say(flags, path + " has no step left to make: " + reason);
  say(flags, called_as() + " resume " + path + " --epochs N trains further, unless early stopping ended it; " + called_as() +
                 " train EXPERIMENT --from " + path + " starts another run with its weights");
  if (flags.common.json) std::printf("%s\n", read_whole(path + "/summary.json").value_or("{}").c_str());
  return exit_code::done;
}

void note_differences(const ResumeFlags& flags, const std::vector<std::string>& differences, std::int64_t step, RunLoop& loop) {
  for (const std::string& difference : differences) {
    loop.keeper().note(step, "forced", difference);
    say(flags, coloured("warning:", "33") + " other than at the checkpoint: " + difference);
  }
}

void print_end(const ResumeFlags& flags, const Summary& summary, const Experiment& experiment, const RunDirectory& directory) {
  if (flags.common.json) std::printf("%s\n", to_json(directory.summary_value(summary)).c_str());
  else if (!flags.common.quiet) print_result(summary, experiment, directory);
}

int resume(const ResumeFlags& flags) {
  const double ends_at = flags.time.empty() ? 0 : seconds_now() + seconds_of(flags.time, "--time");
  const std::string path = find_run(flags.run, false).path;
  RunDirectory directory = RunDirectory::of_run(path);
  const FoundCheckpoint found = find_checkpoint(path);
  for (const std::string& damaged : found.damaged)
    say(flags, coloured("warning:", "33") + " a damaged checkpoint is passed over: " + damaged);
  const CheckpointHeader header = checkpoint_header(found.bytes, found.saved.path);
  const Experiment experiment = experiment_of(header, path);
  const DataPlaces places{experiment.folder, registered_folders()};
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  const Dataset data = read_dataset(experiment.data.source, experiment.data, places);
  waiting.reset();
  RunLoop loop(directory, flags.common.quiet, experiment.train.metric, flags.checkpoint_seconds);
  WatchOptions options;
  options.training.places = places;
  loop.listen(options);
  if (ends_at > 0) loop.ends_at(ends_at, flags.time, false);
  options.training.on_event = [&](const Event& event) {
    if (event.kind != Event::Kind::note) loop.on_event(event);  // the record has the notes of the data
  };
  WatchedTraining watched(experiment, data, options);
  Training& training = watched.training();
  std::vector<std::string> differences;
  try {
    differences = watched.resume(found.bytes, found.saved.path, flags.force);
  } catch (const Error& e) {
    if (e.trouble != Trouble::usage) throw;
    throw Error(e.trouble, e.where, e.got, e.wanted, "--force goes on all the same, with other bits, and records it");
  }
  const std::string stretched = flags.epochs ? change_epochs(watched, *flags.epochs, header.epoch) : "";
  if (const std::string reason = training.nothing_left(); !reason.empty())
    if (const std::string state = read_run(path, path).state; state == "completed" || state == "stopped" || state == "diverged")
      return say_that_nothing_is_left(flags, path, reason);
  const Experiment& now = training.engine().plan().experiment();
  const TrainingState state = training.state();
  const bool has_checks = take_record(flags, path, watched, directory, loop);
  if (header.step == 0) refuse_failed(flags, now, path);
  directory.go_on(now, state.history);
  loop.open_record(header.step);
  loop.goes_on_after(header.epoch);
  const std::string from = "goes on from step " + std::to_string(header.step) + ", in epoch " + std::to_string(header.epoch + 1) +
                           " of " + std::to_string(now.train.epochs);
  loop.keeper().note(header.step, "resumed", from);
  say(flags, path + " " + from);
  if (!stretched.empty()) {
    loop.keeper().note(header.step, "schedule", stretched);
    say(flags, stretched);
  }
  note_differences(flags, differences, header.step, loop);
  if (header.step == 0 && !has_checks) loop.check(watched);  // it was stopped before they had ended
  const Summary& summary = loop.run(watched);
  const std::optional<Error> trouble = loop.finish(watched);
  if (!flags.common.quiet) {
    print_findings(stderr, loop.findings(), path);
    print_repairs(watched, loop.repairs_of(watched), path);
  }
  print_end(flags, summary, now, directory);
  return code_of(summary, trouble);
}

}  // namespace

void add_resume(CLI::App& app, int& code) {
  auto flags = std::make_shared<ResumeFlags>();
  CLI::App* verb = app.add_subcommand(
      "resume",
      "Goes on with a run from its last checkpoint: the same bits as if it had never stopped.\n\n  tend resume latest               the newest run that did not finish, or the newest of all\n  tend resume runs/a --epochs 40   trains further\n");
  verb->add_option("run", flags->run, "a run: its folder, its name under runs/, or latest")->required()->type_name("RUN");
  verb->add_option("--epochs", flags->epochs, "train up to this number of epochs in all")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  verb->add_option("--time", flags->time, "ends the training in time: 90s, 10m, 2h; tend resume goes on later")
      ->type_name("TIME");
  add_threads(*verb);
  verb->add_option("--checkpoint-seconds", flags->checkpoint_seconds, "seconds between two checkpoints; 0: only at the end")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("S");
  verb->add_flag(
      "--force", flags->force,
      "go on although the data, the instruction set or the version of tend differ; this is recorded; or although a check failed under policy stop");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] {
    catch_signals();
    code = resume(*flags);
  });
}

}  // namespace tend

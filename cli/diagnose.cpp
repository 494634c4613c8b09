#include "tend/diagnose/diagnose.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli.h"
#include "result.h"
#include "tend/base/text.h"
#include "tend/exchange/log.h"
#include "tend/record/record.h"
#include "tend/record/run_directory.h"
#include "text.h"

namespace tend {

namespace {

struct DiagnoseFlags {
  CommonFlags common;
  std::string what;
};

/// What the curves of a run show that has no findings of its own, since it was killed or goes on. Its record has losses and
/// rates, so that it is judged as a log.
Value findings_of_curves(const Record& record, const std::string& run) {
  std::vector<LogSeries> log;
  for (const char* name : {"loss", "learning_rate"}) {
    LogSeries series{.name = name, .steps = {}, .values = {}};
    for (const SeriesPoint& p : record.series(name, 4000)) {
      series.steps.push_back(static_cast<double>(p.first + p.steps - 1));
      series.values.push_back(p.mean);
    }
    if (!series.values.empty()) log.push_back(std::move(series));
  }
  LogSeries held_out{.name = "val_loss", .steps = {}, .values = {}};
  for (const EpochReport& e : record.epochs()) {
    if (e.validation.empty()) continue;
    held_out.steps.push_back(static_cast<double>(e.steps));
    held_out.values.push_back(metric_of(e.validation, "loss"));
  }
  if (!held_out.values.empty()) log.push_back(std::move(held_out));
  if (log.empty()) return Value::array();
  History history = std::move(history_of(log, run).losses.at(0).second);
  if (history.status != "diverged") history.status = "interrupted";  // rules that judge an end are silent
  return findings_to_value(diagnose(history));
}

/// The alarms among checks as PreflightReport::to_value() writes them that no repair has answered.
Value open_alarms(const Record& record) {
  const Value checks = record.about("checks"), open = record.about("open_checks");
  const auto is_open = [&](const std::string& check) {
    return !open.is_array() || std::any_of(open.array_items().begin(), open.array_items().end(),
                                           [&](const Value& name) { return name == Value(check); });
  };
  Value alarms = Value::array();
  if (checks.is_array())
    for (const Value& check : checks.array_items())
      if (const std::string verdict = text_at(check, "verdict");
          (verdict == "warn" || verdict == "fail") && is_open(text_at(check, "check")))
        alarms.push_back(check);
  return alarms;
}

/// One line for each alarm, its cause, and the command that makes its changes, or its advice.
void print_alarms(const Value& alarms, const std::string& run) {
  for (const Value& check : alarms.array_items()) {
    std::printf("  %-7s  %s (the check %s, before the first step)\n", text_at(check, "verdict").c_str(),
                wrapped(text_at(check, "message"), 11, stdout).c_str(), text_at(check, "check").c_str());
    std::printf("           cause: %s\n", text_at(check, "cause").c_str());
    const std::string settings = settings_text(list_at(check, "changes")), advice = text_at(check, "advice");
    if (!settings.empty())
      std::printf("           to try: %s train %s/experiment.toml%s\n", called_as().c_str(), run.c_str(), settings.c_str());
    else if (!advice.empty()) std::printf("           to try: %s\n", wrapped(advice, 19, stdout).c_str());
  }
}

/// What a run of tend has found itself, in its checks and while it trained; without that, what its curves show.
int diagnose_run(const DiagnoseFlags& flags, const std::string& run) {
  const std::string path = Record::path_in(run);
  Value findings, alarms = Value::array(), repairs = Value::array();
  bool has_ended = false;
  std::string ended;  // in words
  if (std::filesystem::exists(path)) {
    const Record record(path, Record::Mode::read);
    findings = record.about("findings");
    alarms = open_alarms(record);
    if (const Value made = record.about("repairs"); made.is_array()) repairs = made;
    has_ended = findings.is_array();
    if (const Value state = record.about("state"); state.is_string() && state.string() != "running") ended = state.string();
    if (!has_ended) findings = findings_of_curves(record, run);
  }
  if (!findings.is_array()) findings = Value::array();
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["run"] = run;
    v["checks"] = std::move(alarms);
    v["repairs"] = std::move(repairs);
    v["findings"] = std::move(findings);
    std::printf("%s\n", to_json(v).c_str());
    return exit_code::done;
  }
  if (!std::filesystem::exists(path))
    std::printf("%s has no record of its training. %s train %s/experiment.toml makes one.\n", run.c_str(), called_as().c_str(),
                run.c_str());
  else if (!ended.empty() && !has_ended)
    std::printf("%s was %s before a training that could be judged.\n", run.c_str(), ended.c_str());
  else if (!has_ended)
    std::printf("%s has not ended: only its losses are judged. tend show %s draws its curves.\n", run.c_str(), run.c_str());
  for (const Value& repair : repairs.array_items())
    std::printf("  repaired %s\n", wrapped(text_at(repair, "message"), 11, stdout).c_str());
  print_alarms(alarms, run);
  if (findings.array_items().empty())
    std::printf("%s: no findings%s.\n", run.c_str(),
                alarms.array_items().empty() && repairs.array_items().empty() ? "" : " while it trained");
  print_findings(stdout, findings, run);
  return exit_code::done;
}

int diagnose_log(const DiagnoseFlags& flags) {
  constexpr std::size_t values_of_a_curve = 10;
  const std::vector<LogSeries> series = read_log(flags.what);
  const LogHistory log = history_of(series, flags.what);
  const History& first = log.losses.at(0).second;
  const std::vector<Finding> findings = diagnose_logs(log.losses);
  std::vector<std::string> used, unused;
  for (const auto& [name, meaning] : log.columns)
    (meaning.empty() ? unused : used).push_back(meaning.empty() || meaning == name ? name : name + " as " + meaning);
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["log"] = flags.what;
    v["is_printed"] = series[0].is_printed;
    v["steps"] = first.steps;
    v["axis"] = first.step_word;
    v["columns"] = Value::table();
    for (const auto& [name, meaning] : log.columns) v["columns"][name] = meaning.empty() ? Value() : Value(meaning);
    v["not_judged"] = write_value(log.not_judged);
    v["findings"] = findings_to_value(findings);
    std::printf("%s\n", to_json(v).c_str());
    return exit_code::done;
  }
  if (!flags.common.quiet) {
    std::printf("%s: %s of the loss up to %s %lld\n", flags.what.c_str(),
                counted(static_cast<std::int64_t>(first.windows.size()), "value").c_str(), first.step_word.c_str(),
                static_cast<long long>(first.steps));
    std::printf("  read%s: %s\n", series[0].is_printed ? " from what a training printed" : "", listed(used, ", ", 8).c_str());
    if (!unused.empty()) std::printf("  not used: %s\n", listed(unused, ", ", 8).c_str());
    std::printf("  not judged, since the log does not hold them: %s\n", listed(log.not_judged, "; ").c_str());
  }
  if (findings.empty())
    std::printf("No findings.%s\n",
                first.windows.size() < values_of_a_curve ? " These are few values: most rules judge a curve of 10 or more." : "");
  print_findings(stdout, findings_to_value(findings), "");
  return exit_code::done;
}

int diagnose_it(const DiagnoseFlags& flags) {
  const bool is_there = std::filesystem::exists(flags.what);
  if (!is_there && flags.what.find_first_of("./") != std::string::npos)
    throw Error(Trouble::missing, flags.what, "no file or folder there",
                "a log, or a run: its folder, its name under runs/, or latest");
  if (!is_there || std::filesystem::exists(flags.what + "/experiment.toml"))
    return diagnose_run(flags, find_run(flags.what, false).path);
  return diagnose_log(flags);
}

}  // namespace

void add_diagnose(CLI::App& app, int& code) {
  auto flags = std::make_shared<DiagnoseFlags>();
  CLI::App* verb = app.add_subcommand(
      "diagnose",
      "Says what went wrong in a run, or in a training that another program logged.\n\n  tend diagnose latest\n  tend diagnose metrics.csv        CSV of Keras, Lightning, ultralytics, W&B\n  tend diagnose trainer_state.json Hugging Face; JSON lines\n  tend diagnose lightning_logs     a folder with TensorBoard event files\n  tend diagnose out.txt            what a training printed on the terminal\n");
  verb->add_option("what", flags->what, "a run, or a log: a file or a folder")->required()->type_name("RUN_or_LOG");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = diagnose_it(*flags); });
}

}  // namespace tend

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>
#include <thread>

#include <unistd.h>

#include "column_effects.h"
#include "layer_tables.h"
#include "progress.h"
#include "runs.h"
#include "shown_run.h"
#include "tend/base/text.h"
#include "tend/record/run_directory.h"
#include "text.h"

namespace tend {

namespace {

struct ShowFlags {
  CommonFlags common;
  std::string run;
  bool follows = false;
};

constexpr std::size_t points_of_json = 2000;  // of a series

std::string time_text(double seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  localtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

void print_header(const ShownRun& shown) {
  const ListedRun& run = shown.run;
  std::string reason = text_at(shown.summary, "stop_reason");
  if (run.state == "killed") reason = "it has no end, but no process trains it";
  std::printf("%s: %s%s\n", run.path.c_str(), run.state.c_str(), reason.empty() ? "" : (": " + reason).c_str());
  std::string data = run.data;
  if (const Value* rows = shown.summary.find("rows"); rows && rows->is_table())
    for (const auto& [part, n] : rows->items())
      if (n.is_integer() && n.integer() > 0) data += ", " + std::to_string(n.integer()) + " " + part;
  const std::string metric = run.metric.substr(run.metric.find('.') + 1);
  std::vector<std::vector<std::string>> rows{{"  data", data}, {"  network", network_text(shown)}};
  if (!run.metric.empty() && run.epochs > 0)
    rows.push_back({"  best", run.metric + " " + metric_text(metric, run.best) +
                                  (run.best_epoch > 0 ? " after epoch " + std::to_string(run.best_epoch) : "")});
  rows.push_back({"  time", (std::isnan(run.seconds) ? "" : duration_text(run.seconds) + " for ") + counted(run.epochs, "epoch") +
                                ", " + counted(run.steps, "step") + "; started " + time_text(run.started)});
  for (const std::string& line : aligned(rows, {}, 400)) std::printf("%s\n", line.c_str());
  if (run.metrics.is_table())
    for (const auto& [part, metrics] : run.metrics.items()) {
      std::string text;
      if (metrics.is_table())
        for (const auto& [name, v] : metrics.items())
          text += "  " + name + " " + metric_text(name, v.is_number() ? v.number() : std::nan(""));
      if (!text.empty()) std::printf("  %-10s%s\n", part.c_str(), text.c_str());
    }
  if (!run.trouble.empty()) std::printf("  %s\n", run.trouble.c_str());
  if (!shown.trouble.empty()) std::printf("  %s\n", shown.trouble.c_str());
}

void print_chart(const std::string& title, const std::string& x_name, const std::vector<Curve>& curves, int height) {
  ChartStyle style = style_of_output();
  style.height = height;
  const std::vector<std::string> lines = chart(title, x_name, curves, style);
  if (!lines.empty()) std::printf("\n");
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
}

void print_curves(const ShownRun& shown) {
  print_chart(
      "loss after each epoch", "epoch",
      {curve_of_epochs("train", shown.epochs, "train.loss"), curve_of_epochs("validation", shown.epochs, "validation.loss")}, 12);
  print_chart("loss of each step's batch", "step", {curve_of_steps("loss", shown.loss)}, 12);
  std::string metric = shown.run.metric.substr(shown.run.metric.find('.') + 1);
  if (metric == "loss" && !shown.epochs.empty())  // the curve above; the first other one says more
    metric = shown.epochs[0].train.size() > 1 ? shown.epochs[0].train[1].first : "";
  if (!metric.empty())
    print_chart(metric, "epoch",
                {curve_of_epochs("train", shown.epochs, "train." + metric),
                 curve_of_epochs("validation", shown.epochs, "validation." + metric)},
                8);
  print_chart("learning rate", "step", {curve_of_steps("rate", shown.learning_rate)}, 5);
  if (shown.noise.size() > 1)
    print_chart("size of batch with as much noise as gradient (batches have " + counted(shown.noise.back().rows, "row") + ")",
                "step", {curve_of_noise_scale("rows", shown.noise)}, 5);
}

void print_layers(const ShownRun& shown) {
  const std::vector<std::string> lines = layer_tables(shown);
  if (!lines.empty()) std::printf("\n");
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
}

/// Which columns of a table matter.
void print_columns(const ShownRun& shown) {
  const Value *importance = shown.summary.find("importance"), *dependence = shown.summary.find("dependence");
  if (!importance) return;
  std::printf("\n");
  print_importance(*importance);
  const Value* metric = importance->find("metric");
  if (dependence)
    print_dependence(*dependence, metric && metric->is_string() && metric->string() == "r2" ? "value" : "probability");
}

/// The lists of the summary: what raised an alarm, with its cause and its change.
void print_lists(const ShownRun& shown) {
  std::int64_t passed = 0, skipped = 0, alarms = 0;
  for (const Value& check : shown.checks.array_items()) {
    const std::string verdict = text_at(check, "verdict");
    const bool is_alarm = verdict == "fail" || verdict == "warn";
    passed += verdict == "pass", skipped += verdict == "skipped", alarms += is_alarm;
    if (is_alarm)
      std::printf("\n  %s  %s  %s\n        cause: %s", verdict.c_str(), text_at(check, "check").c_str(),
                  text_at(check, "message").c_str(), text_at(check, "cause").c_str());
  }
  if (!shown.checks.array_items().empty())
    std::printf("\nChecks: %lld passed, %s, %lld skipped\n", static_cast<long long>(passed), counted(alarms, "alarm").c_str(),
                static_cast<long long>(skipped));
  if (const Value* findings = shown.summary.find("findings");
      findings && findings->is_array() && !findings->array_items().empty()) {
    std::printf("Findings\n");
    for (const Value& f : findings->array_items())
      std::printf("  %s  %s  %s\n", text_at(f, "severity").c_str(), text_at(f, "rule").c_str(), text_at(f, "message").c_str());
  }
  if (const Value* repairs = shown.summary.find("repairs"); repairs && repairs->is_array() && !repairs->array_items().empty()) {
    std::printf("Repairs\n");
    for (const Value& r : repairs->array_items())
      std::printf("  step %s  %s\n", std::to_string(std::llround(number_at(r, "step"))).c_str(),
                  wrapped(text_at(r, "message"), 4, stdout).c_str());
  }
  if (!shown.notes.empty()) std::printf("Notes\n");
  for (const Record::Note& note : shown.notes)
    std::printf("  step %-8lld %s%s\n", static_cast<long long>(note.step), note.kind == "note" ? "" : (note.kind + ": ").c_str(),
                note.text.c_str());
  std::vector<std::string> steps;
  for (const SavedCheckpoint& saved : shown.checkpoints) steps.push_back(std::to_string(saved.step));
  std::printf("Checkpoints: %s\n", steps.empty() ? "none" : ("of the steps " + listed(steps)).c_str());
  if (shown.run.state == "killed" || shown.run.state == "interrupted")
    std::printf("%s resume %s goes on with it\n", called_as().c_str(), shown.run.path.c_str());
}

Value value_of_shown(const ShownRun& shown) {
  Value v = Value::table();
  v["schema"] = 1;
  v["run"] = shown.run.path;
  v["state"] = shown.run.state;
  v["data"] = shown.run.data;
  v["network"] = network_text(shown);
  v["metric"] = shown.run.metric;
  v["best"]["epoch"] = shown.run.best_epoch;
  v["best"]["value"] = shown.run.best;
  v["epochs"] = shown.run.epochs;
  v["steps"] = shown.run.steps;
  v["seconds"] = shown.run.seconds;
  v["started"] = shown.run.started;
  v["metrics"] = shown.run.metrics.is_null() ? Value::table() : shown.run.metrics;
  v["alarms"] = write_value(shown.run.alarms);
  v["curves"] = Value::table();  // points: [x, lowest, mean, highest]
  if (!shown.epochs.empty())
    for (const auto& [part, metrics] : {std::pair{"train", &shown.epochs[0].train}, {"validation", &shown.epochs[0].validation}})
      for (const auto& [name, value] : *metrics) {
        const std::string metric = std::string(part) + "." + name;
        v["curves"][metric] = value_of(curve_of_epochs("", shown.epochs, metric));
      }
  v["curves"]["batch_loss"] = value_of(curve_of_steps("", shown.loss));
  v["curves"]["learning_rate"] = value_of(curve_of_steps("", shown.learning_rate));
  v["parameters"] = parameters_to_value(shown.parameters);
  v["gradient_noise"] = Value::array();  // [step, rows of a batch, signal, noise, cost]
  for (const NoiseLook& look : shown.noise)
    v["gradient_noise"].push_back(Value::Array{look.step, look.rows, look.signal, look.noise, look.cost});
  v["looks"] = Value::array();
  for (const LayersLook& look : shown.looks) {
    Value one = Value::table();
    one["step"] = look.step, one["layers"] = layers_to_value(look.layers);
    v["looks"].push_back(std::move(one));
  }
  v["layers"] = shown.layers;
  v["checks"] = shown.checks;
  for (const char* list : {"findings", "repairs"}) {
    const Value* found = shown.summary.find(list);
    v[list] = found ? *found : Value::array();
  }
  v["notes"] = Value::array();
  for (const Record::Note& note : shown.notes) {
    Value line = Value::table();
    line["step"] = note.step, line["seconds"] = note.seconds, line["kind"] = note.kind, line["text"] = note.text;
    v["notes"].push_back(std::move(line));
  }
  v["checkpoints"] = Value::array();
  for (const SavedCheckpoint& saved : shown.checkpoints) {
    Value line = Value::table();
    line["step"] = saved.step, line["path"] = saved.path;
    v["checkpoints"].push_back(std::move(line));
  }
  v["trouble"] = shown.trouble.empty() ? Value() : Value(shown.trouble);
  v["summary"] = shown.summary;
  return v;
}

/// A line for each epoch that is not printed yet.
void print_epochs(const ShownRun& shown, std::size_t& printed) {
  for (; printed < shown.epochs.size(); ++printed) {
    const EpochReport& r = shown.epochs[printed];
    std::printf("epoch %lld  step %lld  train %s%s%s\n", static_cast<long long>(r.epoch), static_cast<long long>(r.steps),
                metrics_text(r.train).c_str(), r.validation.empty() ? "" : ("  validation " + metrics_text(r.validation)).c_str(),
                r.is_best ? "  best so far" : "");
  }
}

/// Shows a run again and again until it ends: the whole screen on a terminal, otherwise a line for each epoch.
ShownRun follow(const ShowFlags& flags, const std::string& path) {
  std::size_t printed = 0;
  const bool is_terminal = ::isatty(STDOUT_FILENO), prints = !flags.common.json && !flags.common.quiet;
  while (true) {
    ShownRun shown = read_shown_run(read_run(path, path), points_of_json);
    const bool has_ended = shown.run.state != "running";
    if (prints && is_terminal && !has_ended) {
      std::printf("\033[H\033[2J");
      print_header(shown);
      print_curves(shown);
    } else if (prints && !is_terminal) {
      print_epochs(shown, printed);
    }
    std::fflush(stdout);
    if (has_ended) return shown;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

int show(const ShowFlags& flags) {
  const std::string path = find_run(flags.run, false).path;
  ShownRun shown;
  if (flags.follows) shown = follow(flags, path);
  else shown = read_shown_run(read_run(path, path), flags.common.json ? points_of_json : 0);
  if (flags.common.json) {
    std::printf("%s\n", to_json(value_of_shown(shown)).c_str());
    return exit_code::done;
  }
  if (flags.follows && !::isatty(STDOUT_FILENO)) {
    std::printf("%s: %s\n", shown.run.state.c_str(), text_at(shown.summary, "stop_reason").c_str());
    return exit_code::done;
  }
  print_header(shown);
  print_curves(shown);
  print_layers(shown);
  print_columns(shown);
  print_lists(shown);
  return exit_code::done;
}

}  // namespace

void add_show(CLI::App& app, int& code) {
  auto flags = std::make_shared<ShowFlags>();
  CLI::App* verb = app.add_subcommand(
      "show",
      "Shows a run: its curves, checks, notes and checkpoints.\n\n  tend show latest             the newest run that did not finish, or the newest of all\n  tend show latest --follow    while another process trains it\n");
  verb->add_option("run", flags->run, "a run: its folder, its name under runs/, or latest")->required()->type_name("RUN");
  verb->add_flag("--follow", flags->follows, "show it again every second, until the run ends");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = show(*flags); });
}

}  // namespace tend

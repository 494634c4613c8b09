#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "column_effects.h"
#include "report_answers.h"
#include "report_health.h"
#include "shown_run.h"
#include "tend/base/text.h"
#include "tend/base/version.h"
#include "tend/record/run_directory.h"
#include "tend/report/run_page.h"
#include "tend/train/checkpoint.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

struct ReportFlags {
  CommonFlags common;
  std::string run, out;
  bool overwrite = false;
};

constexpr std::size_t points_of_report = 1000;  // of a curve of steps

std::vector<PageChart> charts_of(const ShownRun& shown) {
  std::vector<PageChart> charts;
  if (shown.epochs.size() > 1)  // one point is no curve
    for (const auto& [name, unused] : shown.epochs[0].train)
      charts.push_back({.title = name,
                        .x_name = "epoch",
                        .curves = {page_curve(curve_of_epochs("train", shown.epochs, "train." + name)),
                                   page_curve(curve_of_epochs("validation", shown.epochs, "validation." + name))}});
  charts.push_back(
      {.title = "loss of each step's batch", .x_name = "step", .curves = {page_curve(curve_of_steps("", shown.loss))}});
  charts.push_back({.title = "learning rate", .x_name = "step", .curves = {page_curve(curve_of_steps("", shown.learning_rate))}});
  return charts;
}

/// What a reader needs to make the run again; data are known by the digests in the newest checkpoint.
std::vector<std::pair<std::string, std::string>> repeat_of(const ShownRun& shown) {
  std::vector<std::pair<std::string, std::string>> all{{"experiment", shown.run.path + "/experiment.toml"}};
  if (const Value* seed = shown.origins.find("seed"); seed && seed->find("value"))
    all.emplace_back("seed", to_inline_toml(*seed->find("value")));
  if (!shown.run.data.empty()) all.emplace_back("data", shown.run.data);
  try {
    const FoundCheckpoint found = find_checkpoint(shown.run.path);
    const CheckpointHeader header = checkpoint_header(found.bytes, found.saved.path);
    all.emplace_back("version", "tend " + header.version + ", kernels " + header.isa);
    for (const char* part : {"training", "validation", "test"})
      if (const Value* of_part = header.fingerprint.find(part); of_part && of_part->find("rows") && of_part->find("sha256"))
        all.emplace_back(std::string(part) + " rows",
                         to_inline_toml(*of_part->find("rows")) + ", as prepared: SHA-256 " + text_at(*of_part, "sha256"));
  } catch (const Error&) {  // without a checkpoint these are not known
    all.emplace_back("version of this page", std::string("tend ") + version());
  }
  all.emplace_back("same bits", "the number of threads does not matter; the kernels and the version do");
  return all;
}

RunPage page_of(const ShownRun& shown) {
  const ListedRun& run = shown.run;
  RunPage page;
  page.run = run.path, page.state = run.state, page.data = run.data;
  page.reason = run.state == "killed" ? "it has no end, but no process trains it" : text_at(shown.summary, "stop_reason");
  page.network = network_text(shown);
  if (!run.metric.empty() && run.epochs > 0)
    page.facts.emplace_back("best", run.metric + " " + figure(run.best) +
                                        (run.best_epoch > 0 ? " after epoch " + std::to_string(run.best_epoch) : std::string()));
  page.facts.emplace_back("time", (std::isnan(run.seconds) ? "" : duration_text(run.seconds) + " for ") +
                                      counted(run.epochs, "epoch") + ", " + counted(run.steps, "step"));
  page.metrics = run.metrics;
  if (const Value* baseline = shown.summary.find("baseline")) {
    page.baseline_text = text_at(*baseline, "predicts");
    if (const Value* metrics = baseline->find("metrics")) page.baseline = *metrics;
    if (const Value* linear = baseline->find("linear_model")) page.linear = *linear;
  }
  page.checks = shown.checks;
  if (const Value* findings = shown.summary.find("findings")) page.findings = *findings;
  if (const Value* repairs = shown.summary.find("repairs")) page.repairs = *repairs;
  page.epochs = run.epochs;
  if (const Value* rows = shown.summary.find("rows")) page.rows = *rows;
  page.charts = charts_of(shown);
  add_health(page, shown);
  add_first_weights(page, run.path);
  add_answers(page, run.path, shown.summary);
  if (const Value* importance = shown.summary.find("importance"))
    add_columns(page, *importance, shown.summary.find("dependence") ? *shown.summary.find("dependence") : Value());
  page.repeat = repeat_of(shown);
  page.origins = shown.origins;
  for (const Record::Note& note : shown.notes)
    page.notes.push_back("step " + std::to_string(note.step) + ": " + (note.kind == "note" ? "" : note.kind + ": ") + note.text);
  if (!shown.trouble.empty()) page.notes.push_back(shown.trouble);
  page.commands = {{"train it again", called_as() + " train " + run.path + "/experiment.toml"},
                   {"measure its model on other rows", called_as() + " evaluate " + run.path + " DATA"},
                   {"predict new rows", called_as() + " predict " + run.path + " DATA -o predictions.csv"},
                   {"train further", called_as() + " resume " + run.path + " --epochs " + std::to_string(2 * run.epochs)}};
  return page;
}

int report(const ReportFlags& flags) {
  const std::string path = find_run(flags.run, false).path;
  const std::string out = flags.out.empty() ? path + "/report.html" : flags.out;
  const ShownRun shown = read_shown_run(read_run(path, path), points_of_report);
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  const std::string text = run_page(page_of(shown));
  waiting.reset();
  write_new(out, text, flags.overwrite || flags.out.empty());
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1, v["run"] = path, v["output"] = out, v["bytes"] = text.size();
    std::printf("%s\n", to_json(v).c_str());
  } else if (!flags.common.quiet) {
    std::fprintf(stderr, "The report is in %s\n", out.c_str());
  }
  return exit_code::done;
}

}  // namespace

void add_report(CLI::App& app, int& code) {
  auto flags = std::make_shared<ReportFlags>();
  CLI::App* verb = app.add_subcommand("report",
                                      "Writes one page about a run, which needs no other file.\n\n"
                                      "  tend report latest                 writes report.html into the run's folder\n"
                                      "  tend report runs/a -o a.html\n");
  verb->add_option("run", flags->run, "a run: its folder, its name under runs/, or latest")->required()->type_name("RUN");
  verb->add_option("-o,--output", flags->out, "absent: report.html in the run's folder")->type_name("FILE");
  verb->add_flag("--overwrite", flags->overwrite, "replace FILE");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = report(*flags); });
}

}  // namespace tend

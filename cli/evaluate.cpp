#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "column_effects.h"
#include "configuration.h"
#include "progress.h"
#include "tend/record/column_effects.h"
#include "tend/record/run_directory.h"
#include "tend/train/usable_rows.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

struct EvaluateFlags {
  CommonFlags common;
  std::string run, data, metric;
  std::vector<std::string> set;
  bool importance = false, dependence = false;
};

/// The run's test part, split in the same way as in training; if there is none, the validation part.
Dataset held_out(const Experiment& e, const DataPlaces& places, const Dataset& like, std::string& part) {
  const Dataset all = read_source_of_run(e, places, like);
  SplitData parts = split_dataset(all, e.data, places, e.seed);
  part = parts.test.rows() ? "test" : "validation";
  if (parts.test.rows()) return parts.test;
  if (parts.validation.rows()) return parts.validation;
  throw Error(Trouble::usage, "evaluate", "a run without test or validation rows", "data with targets", "tend evaluate RUN DATA");
}

/// A line for each class, and for few classes how often each was taken for each.
void print_classes(const Confusion& c, const std::vector<std::string>& names) {
  constexpr std::int64_t most_lines = 40, most_columns = 12;
  if (c.classes == 0 || c.classes > most_lines || static_cast<std::int64_t>(names.size()) != c.classes) return;
  const bool has_matrix = c.classes <= most_columns;
  std::vector<std::vector<std::string>> rows{{"  class", "rows", "recall", "precision", "f1"}};
  std::vector<bool> is_right{false, true, true, true, true};
  if (has_matrix) {
    rows[0].push_back("  predicted:");
    rows[0].insert(rows[0].end(), names.begin(), names.end());
    is_right.resize(rows[0].size(), true);
  }
  for (std::int64_t k = 0; k < c.classes; ++k) {
    rows.push_back({"  " + names[static_cast<std::size_t>(k)], std::to_string(c.rows_of(k)), metric_text("recall", c.recall(k)),
                    metric_text("precision", c.precision(k)), metric_text("f1", c.f1(k))});
    if (!has_matrix) continue;
    rows.back().push_back("");
    for (std::int64_t o = 0; o < c.classes; ++o)
      rows.back().push_back(std::to_string(c.counts[static_cast<std::size_t>(k * c.classes + o)]));
  }
  for (const std::string& line : aligned(rows, is_right)) std::printf("%s\n", line.c_str());
}

Value classes_value(const Confusion& c, const std::vector<std::string>& names) {
  Value all = Value::array();
  for (std::int64_t k = 0; k < c.classes && static_cast<std::int64_t>(names.size()) == c.classes; ++k) {
    Value v = Value::table();
    v["class"] = names[static_cast<std::size_t>(k)];
    v["rows"] = c.rows_of(k);
    v["predicted"] = c.answers_of(k);
    v["recall"] = c.recall(k);
    v["precision"] = c.precision(k);
    v["f1"] = c.f1(k);
    v["predicted_as"] = Value::array();
    for (std::int64_t o = 0; o < c.classes; ++o)
      v["predicted_as"].push_back(c.counts[static_cast<std::size_t>(k * c.classes + o)]);
    all.push_back(std::move(v));
  }
  return all;
}

/// Is it the file or folder that the run was trained on?
bool is_source_of(const Experiment& experiment, const std::string& given) {
  if (given.empty() || !experiment.data.source.is_string()) return false;
  std::error_code error;
  return std::filesystem::equivalent(std::filesystem::path(experiment.folder) / experiment.data.source.string(), given, error);
}

/// Reads the rows to be measured. `part` becomes their name.
Dataset read_rows(const EvaluateFlags& flags, Experiment& experiment, const Model& model, std::string& part) {
  if (flags.data.empty() && experiment.data.source.is_null())
    throw Error(Trouble::usage, "evaluate", "a model file without its run", "data with targets", "tend evaluate MODEL DATA");
  if (flags.data.empty() && !flags.set.empty()) throw Error(Trouble::usage, "--set", "no DATA to read", "a file with targets");
  const DataPlaces places{flags.data.empty() ? experiment.folder : ".", registered_folders()};
  part = flags.data;
  if (flags.data.empty()) return held_out(experiment, places, model.like(), part);
  apply_data_keys(experiment, flags.set);
  experiment.data.limit.reset();
  return read_dataset(flags.data, experiment.data, places, &model.like());
}

int evaluate(const EvaluateFlags& flags) {
  ModelSource source = find_model(flags.run);
  const Model model = Model::load(source.model_path);
  Experiment& experiment = source.experiment;
  std::string part;
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  Dataset data = read_rows(flags, experiment, model, part);
  const std::int64_t rows_read = data.rows();
  const UsableRows usable = usable_rows(model, data);
  if (usable.rows.empty())
    throw Error(Trouble::data, part, usable.notes.empty() ? "no rows" : usable.notes[0].text, "rows that the model can answer");
  DataNotes notes = data.notes;
  notes.insert(notes.end(), usable.notes.begin(), usable.notes.end());
  if (!usable.notes.empty()) data = select_rows(data, usable.rows);
  Confusion confusion;
  waiting.emplace(flags.common.quiet, "Evaluating");
  const Metrics metrics = model.evaluate(data, &confusion);
  waiting.reset();
  if (!flags.common.quiet) print_notes(notes);
  if (!flags.common.quiet && is_source_of(experiment, flags.data))
    std::fprintf(
        stderr,
        "  %s is the file that the model was trained on: these rows include its training rows; %s evaluate %s measures the rows that it has not seen\n",
        flags.data.c_str(), called_as().c_str(), flags.run.c_str());
  Value importance, dependence;
  if (flags.importance) {
    waiting.emplace(flags.common.quiet, "Permuting columns");
    importance = importance_to_value(
        permutation_importance(model, data, flags.metric.empty() ? usual_importance_metric(model.like().task) : flags.metric, 5,
                               experiment.seed),
        true);
    waiting.reset();
  }
  if (flags.dependence) {
    waiting.emplace(flags.common.quiet, "Setting columns");
    dependence = dependence_to_value(partial_dependence(model, data, experiment.seed), true);
    waiting.reset();
  }
  if (!flags.common.json) {
    std::printf("%s  %lld rows   %s\n", part.c_str(), static_cast<long long>(data.rows()), metrics_text(metrics).c_str());
    print_classes(confusion, model.like().classes);
    print_importance(importance);
    print_dependence(dependence, model.like().task == Task::regression ? "value" : "probability");
    return exit_code::done;
  }
  Value v = Value::table();
  v["schema"] = 1;
  v["run"] = source.name;
  v["part"] = part;
  v["rows"] = data.rows();
  v["unusable_rows"] = rows_read - data.rows();
  v["data_notes"] = notes_to_value(notes);
  v["metrics"] = Value::table();
  for (const auto& [name, value] : metrics) v["metrics"][name] = value;
  if (flags.importance) v["importance"] = importance;
  if (flags.dependence) v["dependence"] = dependence;
  v["classes"] = classes_value(confusion, model.like().classes);
  std::printf("%s\n", to_json(v).c_str());
  return exit_code::done;
}

}  // namespace

void add_evaluate(CLI::App& app, int& code) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* verb = app.add_subcommand(
      "evaluate",
      "Measures a run's model.\n\n  tend evaluate latest             on the run's own test part\n  tend evaluate latest more.csv    on other rows\n");
  verb->add_option("run", flags->run,
                   "a run: its folder, its name under runs/, or latest (the newest that finished); or a model file")
      ->required()
      ->type_name("RUN");
  verb->add_option("data", flags->data, "rows with targets; absent: the run's test part")->type_name("DATA");
  verb->add_flag("--importance", flags->importance,
                 "how much the metric loses when the values of a column are exchanged among the rows: permutation importance");
  verb->add_flag("--dependence", flags->dependence,
                 "the mean answer when all rows have one value in a column, for each column: partial dependence");
  verb->add_option("--metric", flags->metric, "the metric of --importance; absent: accuracy or r2")->type_name("METRIC");
  add_data_keys(*verb, flags->set);
  add_threads(*verb);
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = evaluate(*flags); });
}

}  // namespace tend

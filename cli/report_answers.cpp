#include "report_answers.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "cli.h"
#include "configuration.h"
#include "report_rows.h"
#include "tend/base/text.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::int64_t most_matrix_classes = 20, most_class_lines = 100;
constexpr std::size_t most_pairs = 20;

std::int64_t taken(const Confusion& c, std::int64_t is, std::int64_t predicted) {
  return c.counts[static_cast<std::size_t>(is * c.classes + predicted)];
}

PageTable matrix_of(const Confusion& c, const std::vector<std::string>& names, const std::string& part) {
  PageTable table{
      .title = "Confusion matrix of the " + part + " rows",
      .note = "Rows are the true classes, columns the predicted ones. The darker a cell, the larger its share of its row.",
      .columns = {"true \\ predicted"},
      .is_text = {true}};
  table.columns.insert(table.columns.end(), names.begin(), names.end());
  for (std::int64_t k = 0; k < c.classes; ++k) {
    table.rows.push_back({{.text = names[static_cast<std::size_t>(k)]}});
    const double rows = static_cast<double>(std::max<std::int64_t>(1, c.rows_of(k)));
    for (std::int64_t o = 0; o < c.classes; ++o) {
      const std::int64_t n = taken(c, k, o);
      table.rows.back().push_back(
          {.text = std::to_string(n), .share = n > 0 ? static_cast<double>(n) / rows : -1, .is_right = k == o});
    }
  }
  return table;
}

/// Of many classes, the pairs that are taken for each other most often.
PageTable pairs_table(const Confusion& c, const std::vector<std::string>& names, const std::string& part) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::int64_t k = 0; k < c.classes; ++k)
    for (std::int64_t o = 0; o < c.classes; ++o)
      if (k != o && taken(c, k, o) > 0) pairs.emplace_back(k, o);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](const auto& a, const auto& b) { return taken(c, a.first, a.second) > taken(c, b.first, b.second); });
  if (pairs.size() > most_pairs) pairs.resize(most_pairs);
  PageTable table{.title = "The most confused classes of the " + part + " rows",
                  .columns = {"true class", "predicted class", "rows", "of the rows of the true class"},
                  .is_text = {true, true}};
  for (const auto& [k, o] : pairs) {
    const double share = static_cast<double>(taken(c, k, o)) / static_cast<double>(c.rows_of(k));
    table.rows.push_back({{.text = names[static_cast<std::size_t>(k)]},
                          {.text = names[static_cast<std::size_t>(o)]},
                          {.text = std::to_string(taken(c, k, o))},
                          {.text = share_text(share), .bar = share}});
  }
  return table;
}

PageCell share_cell(double v) { return {.text = std::isnan(v) ? "" : figure(v), .bar = std::isnan(v) ? -1 : v}; }

PageTable classes_table(const Confusion& c, const std::vector<std::string>& names, const std::string& part) {
  PageTable table{.title = "Classes of the " + part + " rows",
                  .note =
                      "Recall: the share of the rows of a class that are predicted as it. Precision: the share of the rows "
                      "predicted as a class that belong to it.",
                  .columns = {"class", "rows", "recall", "precision", "f1"},
                  .is_text = {true}};
  for (std::int64_t k = 0; k < std::min(c.classes, most_class_lines); ++k)
    table.rows.push_back({{.text = names[static_cast<std::size_t>(k)]},
                          {.text = std::to_string(c.rows_of(k))},
                          share_cell(c.recall(k)),
                          share_cell(c.precision(k)),
                          share_cell(c.f1(k))});
  if (c.classes > most_class_lines) table.note += " The first " + std::to_string(most_class_lines) + " classes are shown.";
  return table;
}

/// Are these the rows, and the model, whose numbers the summary has?
bool agrees(const Metrics& metrics, const Value& summary, const char* part) {
  const Value* of_part = summary.find("metrics") ? summary.find("metrics")->find(part) : nullptr;
  const Value* loss = of_part ? of_part->find("loss") : nullptr;
  if (!loss || !loss->is_number()) return true;
  return std::fabs(metric_of(metrics, "loss") - loss->number()) <= 1e-3 * std::max(1e-3, std::fabs(loss->number()));
}

SplitData parts_of(const Experiment& experiment, const Dataset& like) {
  if (experiment.data.source.is_null())
    throw Error(Trouble::missing, "data.source", "a run whose data a program made", "data that can be read");
  const DataPlaces places{experiment.folder, registered_folders()};
  return split_dataset(read_source_of_run(experiment, places, like), experiment.data, places, experiment.seed);
}

void add_classes(RunPage& page, const Confusion& c, const std::vector<std::string>& names, const std::string& part) {
  if (c.classes == 0 || static_cast<std::int64_t>(names.size()) != c.classes) return;
  page.answers.push_back(c.classes > most_matrix_classes ? pairs_table(c, names, part) : matrix_of(c, names, part));
  page.answers.push_back(classes_table(c, names, part));
}

}  // namespace

void add_answers(RunPage& page, const std::string& run, const Value& summary) {
  if (!std::filesystem::exists(run + "/model.safetensors")) {
    page.answers_notes.emplace_back("Classes and rows are not shown: the run has saved no model.");
    return;
  }
  try {
    const Model model = Model::load(run + "/model.safetensors");
    const SplitData parts = parts_of(Experiment::read(run + "/experiment.toml"), model.like());
    const bool has_test = parts.test.rows() > 0, has_validation = parts.validation.rows() > 0;
    if (!has_test && !has_validation) {
      page.answers_notes.emplace_back("Classes and rows are not shown: the run has no rows besides those that it learned from.");
      return;
    }
    const char* part = has_test ? "test" : "validation";
    Confusion confusion;
    const Metrics metrics = model.evaluate(has_test ? parts.test : parts.validation, &confusion);
    if (!agrees(metrics, summary, part))
      page.answers_notes.push_back(std::string("The data or the model are no longer those of the run: the loss of the ") + part +
                                   " rows is now " + figure(metric_of(metrics, "loss")) + ".");
    add_classes(page, confusion, model.like().classes, part);
    page.answers.push_back(
        worst_rows(model, has_validation ? parts.validation : parts.test, has_validation ? "validation" : "test"));
  } catch (const Error& e) {
    page.answers.clear();
    page.answers_notes = {std::string("Classes and rows are not shown, since the model or its data cannot be read: ") + e.what()};
  }
}

}  // namespace tend

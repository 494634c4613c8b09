#include "report_health.h"

#include <algorithm>
#include <cmath>

#include "layer_tables.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::size_t most_curves = 8;                    // as many as differ in dashes and colour
constexpr double lowest_ratio = 1e-6, highest_ratio = 1;  // of the bars

/// The matrices, at most `most_curves` of them, from the first to the last.
std::vector<const ParameterHistory*> shown_matrices(const std::vector<const ParameterHistory*>& all) {
  std::vector<const ParameterHistory*> matrices, some;
  for (const ParameterHistory* p : all)
    if (p->is_matrix) matrices.push_back(p);
  for (std::size_t i = 0; i < std::min(most_curves, matrices.size()); ++i)
    some.push_back(matrices[matrices.size() <= most_curves ? i : i * (matrices.size() - 1) / (most_curves - 1)]);
  return some;
}

PageChart chart_over_steps(const std::string& title, const std::vector<const ParameterHistory*>& parameters,
                           double (*of)(const ParameterWindow&)) {
  PageChart chart{.title = title, .x_name = "step"};
  for (const ParameterHistory* p : parameters) {
    chart.curves.push_back({.name = name_in_network(p->name)});
    for (const ParameterWindow& w : p->windows)
      chart.curves.back().points.push_back({static_cast<double>(w.first + w.last) / 2, of(w), of(w), of(w)});
  }
  return chart;
}

PageCell number_cell(double v) { return {.text = figure(v)}; }

PageCell ratio_cell(double ratio) {
  const double place = std::log(ratio / lowest_ratio) / std::log(highest_ratio / lowest_ratio);
  return {.text = figure(ratio), .bar = ratio > 0 ? std::clamp(place, 0.0, 1.0) : 0};
}

PageTable parameters_table(const std::vector<const ParameterHistory*>& all, bool is_pack) {
  PageTable table{
      .title = "Parameters",
      .note =
          "An update changes well-trained weights by about 0.001 of their size in each step; the bars show that ratio "
          "from 1e-6 to 1, by its logarithm. Norms are means over a window of steps.",
      .columns = {"parameter", "elements", "gradient norm, first", "gradient norm, middle", "gradient norm, last",
                  "weight norm, first", "weight norm, last", "update / weights, first", "update / weights, middle",
                  "update / weights, last", "remark"},
      .is_text = {true}};
  table.is_text.resize(table.columns.size());
  table.is_text.back() = true;
  if (is_pack) table.note += " Of a pack, the network whose updates are in the middle is shown.";
  for (const ParameterHistory* p : all) {
    const ParameterWindow &first = p->windows.front(), &middle = p->windows[p->windows.size() / 2], &last = p->windows.back();
    table.rows.push_back({{.text = name_in_network(p->name)},
                          {.text = std::to_string(p->elements)},
                          number_cell(first.gradient_norm),
                          number_cell(middle.gradient_norm),
                          number_cell(last.gradient_norm),
                          number_cell(first.weight_norm),
                          number_cell(last.weight_norm),
                          ratio_cell(first.update_ratio()),
                          ratio_cell(middle.update_ratio()),
                          ratio_cell(last.update_ratio()),
                          {.text = remark_on_parameter(*p)}});
  }
  return table;
}

double number_of(const Value& layer, const char* key) {
  const Value* v = layer.find(key);
  return v && v->is_number() ? v->number() : std::nan("");
}
std::string word_of(const Value& layer, const char* key) {
  const Value* v = layer.find(key);
  return v && v->is_string() ? v->string() : "";
}
PageCell bar_of(double share) { return {.text = share_text(share), .bar = share}; }

PageTable activations_table(const Value& layers) {
  PageTable table{.title = "Outputs of the activations at the end, for training rows",
                  .note = "A dead unit is 0 for every row.",
                  .columns = {"layer", "kind", "units", "mean", "standard deviation", "zeros", "dead units"},
                  .is_text = {true, true}};
  for (const Value& layer : layers.array_items())
    table.rows.push_back({{.text = word_of(layer, "name")},
                          {.text = word_of(layer, "kind")},
                          number_cell(number_of(layer, "units")),
                          number_cell(number_of(layer, "mean")),
                          number_cell(number_of(layer, "deviation")),
                          bar_of(number_of(layer, "zero_fraction")),
                          bar_of(number_of(layer, "dead_fraction"))});
  return table;
}

}  // namespace

void add_health(RunPage& page, const ShownRun& shown) {
  const std::vector<const ParameterHistory*> usual = usual_of_pack(shown.parameters), matrices = shown_matrices(usual);
  const auto in_all = static_cast<std::size_t>(
      std::count_if(usual.begin(), usual.end(), [](const auto* p) { return p->is_matrix; }));
  const std::string some = in_all > matrices.size() ? ", 8 of " + std::to_string(in_all) + " parameters" : "";
  page.health = {
      chart_over_steps("norm of the gradient" + some, matrices, [](const ParameterWindow& w) { return w.gradient_norm; }),
      chart_over_steps("update / weights (about 0.001 is usual)" + some, matrices,
                       [](const ParameterWindow& w) { return w.update_ratio(); }),
      chart_over_steps("norm of the weights" + some, matrices, [](const ParameterWindow& w) { return w.weight_norm; })};
  page.layers = {parameters_table(usual, usual.size() < shown.parameters.size()), activations_table(shown.layers)};
}

}  // namespace tend

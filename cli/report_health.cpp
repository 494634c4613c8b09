#include "report_health.h"

#include <algorithm>
#include <cmath>

#include "layer_tables.h"
#include "tend/train/model_parts.h"
#include "tend/train/weight_pictures.h"
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

/// A number of each layer over the looks; at most `most_curves` layers, from the first to the last.
PageChart chart_of_looks(const std::string& title, const std::vector<LayersLook>& looks, double (*of)(const LayerState&)) {
  PageChart chart{.title = title, .x_name = "step"};
  std::vector<std::string> names;
  for (const LayersLook& look : looks)
    for (const LayerState& layer : look.layers)
      if (std::isfinite(of(layer)) && std::find(names.begin(), names.end(), layer.name) == names.end())
        names.push_back(layer.name);
  const std::size_t in_all = names.size();
  for (std::size_t i = 0; i < std::min(most_curves, in_all); ++i) {
    chart.curves.push_back({.name = names[in_all <= most_curves ? i : i * (in_all - 1) / (most_curves - 1)]});
    for (const LayersLook& look : looks)
      for (const LayerState& layer : look.layers)
        if (const double v = of(layer); layer.name == chart.curves.back().name && std::isfinite(v))
          chart.curves.back().points.push_back({static_cast<double>(look.step), v, v, v});
  }
  if (in_all > most_curves) chart.title += ", " + std::to_string(most_curves) + " of " + std::to_string(in_all) + " layers";
  return chart;
}

void add_looks(RunPage& page, const ShownRun& shown) {
  const auto add = [&](const char* title, double (*of)(const LayerState&)) {
    PageChart chart = chart_of_looks(title, shown.looks, of);
    const auto is_there = [](const PageCurve& curve) {
      return std::any_of(curve.points.begin(), curve.points.end(), [](const auto& p) { return p[2] != 0; });
    };
    if (std::any_of(chart.curves.begin(), chart.curves.end(), is_there)) page.health.push_back(std::move(chart));
  };
  add("mean of the activations", [](const LayerState& l) { return l.mean; });
  add("standard deviation of the activations", [](const LayerState& l) { return l.deviation; });
  add("share of activations that are 0", [](const LayerState& l) { return l.zero_fraction; });
  add("share of activations at the ends of their range", [](const LayerState& l) { return l.at_ends; });
  add("share of dead units", [](const LayerState& l) { return l.dead_fraction; });
  if (shown.noise.empty()) return;
  page.health.push_back({.title = "gradient noise scale in rows (batches: " + std::to_string(shown.noise.back().rows) + ")",
                         .x_name = "step",
                         .curves = {page_curve(curve_of_noise_scale("", shown.noise))}});
  page.health.push_back({.title = "part of the loss that is due to gradient noise",
                         .x_name = "step",
                         .curves = {page_curve(curve_of_noise_cost("", shown.noise))}});
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

PageCurve page_curve(const Curve& curve) {
  PageCurve of_page{.name = curve.name, .points = {}};
  for (const CurvePoint& p : curve.points) of_page.points.push_back({p.x, p.low, p.mean, p.high});
  return of_page;
}

void add_first_weights(RunPage& page, const std::string& run) {
  constexpr std::size_t most_units = 32;
  constexpr std::int64_t least_pixels = 9;
  try {
    const Model model = Model::load(run + "/model.safetensors");
    const Model::Inside& inside = model.inside();
    WeightPictures pictures = first_weight_pictures(inside.network().input_shape(), inside.programs.layout(), inside.state);
    const std::size_t in_all = pictures.units.size();
    if (pictures.height * pictures.width < least_pixels || (pictures.channels != 1 && pictures.channels != 3)) return;
    pictures.units.resize(std::min(most_units, in_all));
    scale_to_one(pictures.units);
    for (const std::vector<float>& unit : pictures.units) {
      PagePicture picture{.width = pictures.width, .height = pictures.height, .channels = pictures.channels};
      for (const float v : unit) picture.samples += static_cast<char>(std::lround(255 * std::clamp(v, 0.0F, 1.0F)));
      page.first_weights.push_back(std::move(picture));
    }
    page.first_weights_note =
        "Grey is a weight of 0, white the largest, black the smallest. Smooth, different pictures are usual for well-trained "
        "networks; pictures like noise have not converged, or need more regularization.";
    if (in_all > most_units)
      page.first_weights_note += " " + std::to_string(most_units) + " of " + std::to_string(in_all) + " units are shown.";
  } catch (const Error&) {  // add_answers says why a model cannot be read
  }
}

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
  add_looks(page, shown);
  page.layers = {parameters_table(usual, usual.size() < shown.parameters.size()), activations_table(shown.layers)};
}

}  // namespace tend

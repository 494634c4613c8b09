#include "shown_run.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tend/base/error.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"

namespace tend {

namespace {

/// "dense 32", "relu", "max_pool2d 2".
std::string layer_text(const Value& layer) {
  if (!layer.is_table()) return layer.is_string() ? layer.string() : to_inline_toml(layer);
  if (layer.items().empty()) return "{}";
  const auto& [kind, v] = layer.items().front();
  return v.is_table() || v.is_array() || v.is_bool() ? kind : kind + " " + to_inline_toml(v);
}

}  // namespace

std::string network_text(const ShownRun& shown) {
  const Value* parameters = shown.summary.find("parameters");
  std::vector<std::string> layers;
  try {
    const Value network = Experiment::read(shown.run.path + "/experiment.toml").to_value();
    if (const Value* list = network.find("network") ? network.find("network")->find("layers") : nullptr; list && list->is_array())
      for (const Value& layer : list->array_items()) layers.push_back(layer_text(layer));
  } catch (const Error& e) {
    return e.what();
  }
  return counted(static_cast<std::int64_t>(layers.size()), "layer") +
         (parameters && parameters->is_integer() ? ", " + counted(parameters->integer(), "parameter") : "") + ": " +
         listed(layers, ", ", 8);
}

ShownRun read_shown_run(const ListedRun& run, std::size_t most_points) {
  ShownRun shown;
  shown.run = run;
  if (const std::optional<std::string> text = read_whole(run.path + "/summary.json")) {
    try {
      shown.summary = parse_json(*text, run.path + "/summary.json");
      if (const Value* checks = shown.summary.find("checks")) shown.checks = *checks;
    } catch (const Error& e) {
      shown.trouble = e.what();
    }
  }
  shown.checkpoints = list_checkpoints(run.path);
  const std::string path = Record::path_in(run.path);
  if (!std::filesystem::exists(path)) {
    shown.trouble = "the run has no record: it was made by an earlier version";
    return shown;
  }
  try {
    const Record record(path, Record::Mode::read);
    shown.epochs = record.epochs();
    shown.loss = record.series("loss", most_points);
    shown.learning_rate = record.series("learning_rate", most_points);
    shown.notes = record.notes();
    shown.parameters = record.parameters();
    shown.looks = record.looks();
    shown.noise = record.noise();
    if (Value layers = record.about("layers"); layers.is_array()) shown.layers = std::move(layers);
    shown.origins = record.about("configuration");
    if (const Value checks = record.about("checks"); checks.is_array() && shown.summary.is_null()) shown.checks = checks;
  } catch (const Error& e) {
    shown.trouble = e.what();
  }
  return shown;
}

Curve curve_of_steps(const std::string& name, const std::vector<SeriesPoint>& points) {
  Curve curve{.name = name, .points = {}};
  curve.points.reserve(points.size());
  for (const SeriesPoint& p : points)
    curve.points.push_back({.x = static_cast<double>(p.first) + static_cast<double>(p.steps - 1) / 2,
                            .low = p.minimum,
                            .mean = p.mean,
                            .high = p.maximum});
  return curve;
}

Curve curve_of_epochs(const std::string& name, const std::vector<EpochReport>& epochs, const std::string& metric) {
  Curve curve{.name = name, .points = {}};
  const std::size_t point = metric.find('.');
  const std::string part = metric.substr(0, point), which = metric.substr(point + 1);
  for (const EpochReport& report : epochs)
    for (const auto& [key, value] : part == "train" ? report.train : report.validation)
      if (key == which)
        curve.points.push_back({.x = static_cast<double>(report.epoch), .low = value, .mean = value, .high = value});
  return curve;
}

/// Single looks scatter, so that each point is of five.
Curve curve_of_noise_scale(const std::string& name, const std::vector<NoiseLook>& looks) {
  constexpr std::size_t beside = 2;
  Curve curve{.name = name, .points = {}};
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const std::size_t first = i < beside ? 0 : i - beside, end = std::min(looks.size(), i + beside + 1);
    const double scale = noise_scale(std::span(looks).subspan(first, end - first));
    if (std::isfinite(scale))
      curve.points.push_back({.x = static_cast<double>(looks[i].step), .low = scale, .mean = scale, .high = scale});
  }
  return curve;
}

Curve curve_of_noise_cost(const std::string& name, const std::vector<NoiseLook>& looks) {
  Curve curve{.name = name, .points = {}};
  for (const NoiseLook& look : looks)
    curve.points.push_back({.x = static_cast<double>(look.step), .low = look.cost, .mean = look.cost, .high = look.cost});
  return curve;
}

Value value_of(const Curve& curve) {
  Value all = Value::array();
  for (const CurvePoint& p : curve.points) all.push_back(Value::Array{p.x, p.low, p.mean, p.high});
  return all;
}

}  // namespace tend

#include "tend/train/targets.h"

#include <algorithm>
#include <cmath>

#include "tend/train/calibration.h"

namespace tend {

namespace {

double sigmoid(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }

bool is_logits(const std::string& kind) { return kind.starts_with("logits"); }

Array smooth(const TargetCoding& coding, double smoothing, const LossEntry& loss, const Array& y) {
  if (coding.task == Task::regression || !loss.takes_smooth_targets())
    throw Error(
        Trouble::usage, "loss.label_smoothing",
        coding.task == Task::regression ? "a regression" : "the loss \"" + std::string(loss.name()) + "\"",
        "classes or labels, and softmax_cross_entropy, categorical_cross_entropy, sigmoid_cross_entropy or binary_cross_entropy",
        "take it out");
  TargetCoding spread = coding;
  spread.takes_codes = false;
  spread.width = coding.row_outputs();
  Array coded = spread.encode(y);
  const double share = smoothing / (coding.kind.ends_with("_classes") ? static_cast<double>(coding.outputs) : 2.0);
  for (std::int64_t i = 0; i < coded.shape().count(); ++i)
    coded.as<float>()[i] = static_cast<float>((1 - smoothing) * static_cast<double>(coded.as<float>()[i]) + share);
  return coded;
}

std::vector<double> balanced_weights(const std::vector<std::string>& classes, const Array& y) {
  std::vector<double> counts(classes.size()), weights(classes.size(), 1);
  for (std::int64_t r = 0; r < y.rows(); ++r) ++counts[static_cast<std::size_t>(y.as<double>()[r])];
  const auto present = static_cast<double>(std::count_if(counts.begin(), counts.end(), [](double n) { return n > 0; }));
  for (std::size_t k = 0; k < classes.size(); ++k)
    if (counts[k] > 0) weights[k] = static_cast<double>(y.rows()) / (present * counts[k]);
  return weights;
}

std::vector<double> weights_by_class(const Value& given, const std::vector<std::string>& classes, const Array& y) {
  const std::string where = "loss.class_weights";
  if (given.is_string() && given.string() == "balanced") return balanced_weights(classes, y);
  if (!given.is_table())
    throw Error(Trouble::usage, where, given.describe(), "\"balanced\", or a table of weights by class: { CLASS = 2.0 }",
                means_none(given) ? "write {} for none" : "");
  std::vector<double> weights(classes.size(), 1);
  for (const auto& [name, v] : given.items()) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) unknown_key(where, name, classes);
    read_value(v, weights[static_cast<std::size_t>(found - classes.begin())], at_least(0), "", where + "." + name);
  }
  return weights;
}

/// The weights divided by their mean, [N, 1].
Array relative_weights(const std::vector<double>& weights) {
  const auto n = static_cast<std::int64_t>(weights.size());
  double sum = 0;
  for (const double w : weights) sum += w;
  if (!(sum > 0))
    throw Error(Trouble::data, "data.weight", "training rows whose weights are all 0", "a row or more with a weight above 0");
  Array relative({n, 1}, ElementType::float32);
  for (std::int64_t r = 0; r < n; ++r)
    relative.as<float>()[r] = static_cast<float>(weights[static_cast<std::size_t>(r)] * static_cast<double>(n) / sum);
  return relative;
}

/// The number of places with a target each. T codes a row require an output of places [T, K], and the reverse.
std::int64_t places_of(const Dataset& data, const Shape& output, std::int64_t columns) {
  const bool has_codes = data.task == Task::classification && columns > 1;
  const std::int64_t places = output.rank() == 2 ? output[0] : 1;
  if (output.rank() == 1 ? !has_codes : data.task == Task::classification && places == columns) return places;
  throw Error(Trouble::usage, "network", "an output of shape " + output.text(),
              has_codes ? "[" + std::to_string(columns) + ", K]: one place for each target of a row" : "one axis [K]",
              has_codes ? "leave out what joins the places, like \"flatten\""
                        : "put \"flatten\" before the last layer, or last = true on an lstm or gru");
}

}  // namespace

TargetCoding TargetCoding::make(const Dataset& data, const Shape& output, const LossEntry& loss, const std::string& scaling,
                                const Array& training_targets) {
  TargetCoding coding;
  const std::int64_t outputs = output[-1];
  coding.task = data.task;
  coding.outputs = outputs;
  coding.places = places_of(data, output, training_targets.row_size());
  coding.kind = loss.kind();
  coding.decides_at = loss.decides_at();
  coding.classes = static_cast<std::int64_t>(data.classes.size());
  const std::int64_t columns = data.task == Task::classification ? coding.classes : training_targets.row_size();
  const bool fits = data.task == Task::classification ? outputs == 1 || outputs >= coding.classes : outputs == columns;
  if (!fits)
    throw Error(Trouble::usage, "network", std::to_string(outputs) + (outputs == 1 ? " output" : " outputs"),
                std::to_string(columns) +
                    (data.task == Task::classification ? " (one for each class), or one" : " (one for each target column)"),
                "set the last layer's width to " + std::to_string(columns));
  coding.takes_codes = data.task == Task::classification && outputs > 1 && loss.takes_codes();
  coding.width = data.task != Task::classification ? columns : coding.takes_codes ? coding.places : outputs * coding.places;
  if (data.task != Task::regression || scaling == "none") return coding;
  const double* y = training_targets.as<double>();
  const std::int64_t n = training_targets.rows();
  for (std::int64_t t = 0; t < columns; ++t) {
    double mean = 0, square = 0;
    for (std::int64_t r = 0; r < n; ++r) mean += y[r * columns + t];
    mean /= static_cast<double>(std::max<std::int64_t>(n, 1));
    for (std::int64_t r = 0; r < n; ++r) square += (y[r * columns + t] - mean) * (y[r * columns + t] - mean);
    const double deviation = std::sqrt(square / static_cast<double>(std::max<std::int64_t>(n, 1)));
    coding.shift.push_back(mean);
    coding.scale.push_back(deviation > 1e-9 * std::abs(mean) && deviation > 0 ? deviation : 1);
  }
  return coding;
}

Array TargetCoding::encode(const Array& y) const {
  const std::int64_t n = y.rows(), columns = y.row_size();
  Array coded(Shape{n, width}, ElementType::float32);
  if (n == 0) return coded;
  float* out = coded.as<float>();
  const double* in = y.as<double>();
  for (std::int64_t r = 0; r < n; ++r, out += width) {
    if (task == Task::classification && !takes_codes && outputs > 1)
      for (std::int64_t t = 0; t < places; ++t) out[t * outputs + static_cast<std::int64_t>(in[r * columns + t])] = 1;
    else
      for (std::int64_t t = 0; t < columns; ++t)
        out[t] = static_cast<float>(shift.empty() ? in[r * columns + t]
                                                  : (in[r * columns + t] - shift[static_cast<std::size_t>(t)]) /
                                                        scale[static_cast<std::size_t>(t)]);
  }
  return coded;
}

TrainingTargets TrainingTargets::make(const TargetCoding& coding, const LossSettings& settings, const LossEntry& loss,
                                      const std::vector<std::string>& classes, const Part& train) {
  const Array& y = train.y;
  TrainingTargets made;
  made.takes_codes = coding.takes_codes;
  made.width = coding.width;
  if (settings.label_smoothing > 0) {
    made.coded = smooth(coding, settings.label_smoothing, loss, y);
    made.takes_codes = false;
    made.width = coding.row_outputs();
  }
  if (settings.uses_row_weights && !train.weights.empty()) made.weights = relative_weights(train.weights);
  if (settings.class_weights.is_null()) return made;
  if (coding.task != Task::classification)
    throw Error(Trouble::usage, "loss.class_weights", "a task without classes", "a classification", "take them out");
  if (coding.places > 1)
    throw Error(Trouble::usage, "loss.class_weights", "a target for each place of a row", "one class a row", "take them out");
  const std::vector<double> weights = weights_by_class(settings.class_weights, classes, y);
  const Array of_rows = made.weights;
  made.weights = Array({y.rows(), 1}, ElementType::float32);
  for (std::int64_t r = 0; r < y.rows(); ++r)
    made.weights.as<float>()[r] = static_cast<float>(weights[static_cast<std::size_t>(y.as<double>()[r])]) *
                                  (of_rows.empty() ? 1.0F : of_rows.as<float>()[r]);
  return made;
}

std::int64_t TargetCoding::answer_width() const {
  return task == Task::classification ? std::max<std::int64_t>(outputs == 1 ? 2 : outputs, classes) : outputs;
}

std::int64_t TargetCoding::decide(const float* o) const {
  if (outputs == 1) return o[0] > decides_at;
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < outputs; ++k)
    if (o[k] > o[best] || (std::isnan(o[k]) && !std::isnan(o[best]))) best = k;
  return best;
}

void TargetCoding::answer(const float* o, double* out) const {
  if (task == Task::regression) {
    for (std::int64_t t = 0; t < outputs; ++t)
      out[t] = shift.empty() ? o[t] : o[t] * scale[static_cast<std::size_t>(t)] + shift[static_cast<std::size_t>(t)];
  } else if (task == Task::multilabel || outputs == 1) {
    for (std::int64_t t = 0; t < outputs; ++t) {
      const double p = is_logits(kind) ? sigmoid(o[t]) : std::clamp(static_cast<double>(o[t]), 0.0, 1.0);
      if (task == Task::multilabel) out[t] = p;
      else out[0] = 1 - p, out[1] = p;
    }
  } else {
    double top = o[0], sum = 0;
    for (std::int64_t k = 1; k < outputs; ++k) top = std::max(top, static_cast<double>(o[k]));
    for (std::int64_t k = 0; k < outputs; ++k)
      sum += out[k] = is_logits(kind) ? std::exp(o[k] - top) : std::max(static_cast<double>(o[k]), 0.0);
    for (std::int64_t k = 0; k < outputs; ++k) out[k] /= sum;
  }
  if (temperature != 1 && task != Task::regression) apply_temperature(task, temperature, out, answer_width());
}

}  // namespace tend

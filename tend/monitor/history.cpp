#include "tend/monitor/history.h"

#include <algorithm>
#include <cmath>

namespace tend {

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double usual_update_ratio(const ParameterHistory& parameter) {
  std::vector<double> ratios;
  for (const ParameterWindow& w : parameter.windows) ratios.push_back(w.update_ratio());
  return median_of(std::move(ratios));
}

double noise_scale(std::span<const NoiseLook> looks) {
  double noise = 0, signal = 0;  // of a single row; of all rows
  for (const NoiseLook& look : looks) noise += static_cast<double>(look.rows) * look.noise, signal += look.signal;
  return signal > 0 ? noise / signal : std::nan("");
}

Value layers_to_value(const std::vector<LayerState>& layers) {
  Value all = Value::array();
  for (const LayerState& layer : layers) {
    Value one = Value::table();
    one["name"] = layer.name, one["kind"] = layer.kind, one["units"] = layer.units;
    one["zero_fraction"] = layer.zero_fraction, one["dead_fraction"] = layer.dead_fraction;
    one["mean"] = layer.mean, one["deviation"] = layer.deviation, one["at_ends"] = layer.at_ends;
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<LayerState> layers_of_value(const Value& value) {
  std::vector<LayerState> all;
  if (!value.is_array()) return all;
  const auto text = [](const Value& v, const char* key) {
    const Value* found = v.find(key);
    return found && found->is_string() ? found->string() : std::string();
  };
  const auto number = [](const Value& v, const char* key, double otherwise = 0) {
    const Value* found = v.find(key);
    return found && found->is_number() ? found->number() : otherwise;
  };
  for (const Value& one : value.array_items()) {
    if (!one.is_table()) continue;
    all.push_back({.name = text(one, "name"),
                   .kind = text(one, "kind"),
                   .units = static_cast<std::int64_t>(number(one, "units")),
                   .zero_fraction = number(one, "zero_fraction"),
                   .dead_fraction = number(one, "dead_fraction"),
                   .mean = number(one, "mean"),
                   .deviation = number(one, "deviation"),
                   .at_ends = number(one, "at_ends", std::nan(""))});
  }
  return all;
}

}  // namespace tend

#include "tend/monitor/history.h"

#include <algorithm>

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

Value layers_to_value(const std::vector<LayerState>& layers) {
  Value all = Value::array();
  for (const LayerState& layer : layers) {
    Value one = Value::table();
    one["name"] = layer.name, one["kind"] = layer.kind, one["units"] = layer.units;
    one["zero_fraction"] = layer.zero_fraction, one["dead_fraction"] = layer.dead_fraction;
    one["mean"] = layer.mean, one["deviation"] = layer.deviation;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace tend

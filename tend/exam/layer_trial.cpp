#include "tend/exam/layer_trial.h"

namespace tend {

namespace {

Shape with_rows(std::int64_t rows, const Shape& shape) {
  std::vector<std::int64_t> sizes{rows};
  for (std::int64_t s : shape.sizes()) sizes.push_back(s);
  return Shape(sizes);
}

}  // namespace

LayerTrial::LayerTrial(const LayerEntry& layer, const std::vector<Shape>& shapes, const Backend& backend,
                       const TrialSetting& setting)
    : backend_(backend), setting_(setting), layout_(layer.layout(shapes)) {
  Pass pass;
  pass.backend = &backend;
  pass.emitter = &bench_;
  pass.rows = setting.rows;
  pass.training = setting.training;
  pass.accumulate = setting.accumulate;
  pass.layer_name = "layer";
  pass.input_shapes = shapes;
  pass.output_shape = layout_.output;
  pass.kept = &kept_;
  for (std::size_t k = 0; k < shapes.size(); ++k)
    pass.inputs.push_back(add_random(inputs_.emplace_back("input " + std::to_string(k)), with_rows(setting.rows, shapes[k])));
  for (const ParameterSpec& p : layout_.parameters) {
    pass.parameters[p.name] = add_random(inputs_.emplace_back(p.name), p.shape);
    pass.gradients[p.name] = add_filled("gradient of " + p.name, p.shape,
                                        setting.accumulate ? prefilled : std::numeric_limits<double>::quiet_NaN());
  }
  for (const StatisticSpec& s : layout_.statistics)
    pass.statistics[s.name] = add_filled("statistic " + s.name, s.shape, s.initial);
  std::int64_t place = 0;
  for (const auto& [name, value] : layout_.step_inputs) pass.step_inputs[name] = bench_.give_layer_input(place++, value);
  bench_.inputs().seed = 3;
  bench_.inputs().step = 5;
  const Shape out = with_rows(setting.rows, layout_.output);
  pass.output = add_filled("output", out, std::numeric_limits<double>::quiet_NaN());
  results_.push_back("output");
  if (setting.after) {
    const Slot y = setting.in_place ? pass.output : add_filled("activated", out, std::numeric_limits<double>::quiet_NaN());
    if (!setting.in_place) results_.push_back("activated");
    pass.epilogue = {.functions = setting.after.functions, .y = y};
  }
  layer.forward(pass);
  for (const StatisticSpec& s : layout_.statistics) results_.push_back("statistic " + s.name);
  if (!setting.backward) return;
  pass.epilogue = {};
  if (setting.below)
    pass.epilogue = {.functions = setting.below.functions,
                     .backward = true,
                     .z = setting.below.functions.needs_input ? pass.inputs[0] : Slot{},
                     .y = add_random("below", with_rows(setting.rows, shapes[0]))};
  pass.output_gradient = add_random("output gradient", out);
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    pass.input_gradients.push_back(add_filled("input gradient " + std::to_string(k), with_rows(setting.rows, shapes[k]),
                                              std::numeric_limits<double>::quiet_NaN()));
    results_.push_back("input gradient " + std::to_string(k));
  }
  layer.backward(pass);
  for (const ParameterSpec& p : layout_.parameters) results_.push_back("gradient of " + p.name);
}

Slot LayerTrial::add(const std::string& name, const Shape& shape, const std::vector<double>& values) {
  const Slot slot = is_double() ? bench_.put(values) : bench_.put(std::vector<float>(values.begin(), values.end()));
  values_[name] = {slot, shape};
  return slot;
}

Slot LayerTrial::add_random(const std::string& name, const Shape& shape) {
  if (const auto given = setting_.given.find(name); given != setting_.given.end()) return add(name, shape, given->second);
  Random random(7, purpose("exam " + name));
  std::vector<double> values(static_cast<std::size_t>(shape.count()));
  for (double& x : values) x = static_cast<double>(static_cast<float>(random.normal()));  // exact in every element type
  return add(name, shape, values);
}

Slot LayerTrial::add_filled(const std::string& name, const Shape& shape, double value) {
  return add(name, shape, std::vector<double>(static_cast<std::size_t>(shape.count()), value));
}

std::vector<double> LayerTrial::read(const std::string& name) {
  const Place& p = values_.at(name);
  if (is_double()) return bench_.values<double>(p.slot, p.shape.count());
  const std::vector<float> narrow = bench_.values<float>(p.slot, p.shape.count());
  return {narrow.begin(), narrow.end()};
}

void LayerTrial::write(const std::string& name, const std::vector<double>& values) {
  const Slot slot = values_.at(name).slot;
  if (is_double()) bench_.write(slot, values);
  else bench_.write(slot, std::vector<float>(values.begin(), values.end()));
}

std::vector<std::string> LayerTrial::inputs() const { return inputs_; }
std::vector<std::string> LayerTrial::results() const { return results_; }

double LayerTrial::dot() {
  const std::vector<double> y = read("output"), dy = read("output gradient");
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * dy[i];
  return sum;
}

}  // namespace tend

#pragma once
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/field.h"
#include "tend/base/random.h"
#include "tend/base/registry.h"
#include "tend/base/value.h"
#include "tend/kernels/backend.h"
#include "tend/network/activation.h"
#include "tend/tensor/shape.h"

namespace tend {

/// A tensor that is learned.
struct ParameterSpec {
  std::string name;  ///< "weights", "bias", "gamma"
  Shape shape;
  std::int64_t fan_in = 1, fan_out = 1;
  Value initializer = {};  ///< null: [network] initializer, otherwise that of the activation that follows
  double l2 = 0, l1 = 0;   ///< penalty l2 * sum of squares + l1 * sum of absolute values
  double max_norm = 0;     ///< of a unit's weights, those with the same last index; 0: no limit
  double rate_factor = 1;  ///< the parameter learns at this many times the learning rate
};

/// A tensor that training changes without a gradient, for example a running mean.
struct StatisticSpec {
  std::string name;
  Shape shape;
  double initial = 0;
};

/// The tensors of a layer for given input shapes (shapes of rows, without the batch axis).
struct Layout {
  Shape output;
  std::vector<ParameterSpec> parameters = {};
  std::vector<StatisticSpec> statistics = {};
  std::vector<std::pair<std::string, double>> step_inputs = {};  ///< settings given to each step ("rate"), never compiled in
};

/// The context in which a layer emits its kernel calls. Slots of tensors are row-major [rows, row shape], channels last.
class Pass {
 public:
  const Backend* backend = nullptr;
  Emitter* emitter = nullptr;
  std::int64_t rows = 0;
  bool training = false;
  bool accumulate = false;  ///< backward: adds to the parameters' gradients instead of assigning
  std::string layer_name;
  std::vector<Shape> input_shapes;
  Shape output_shape;
  std::vector<Slot> inputs;  ///< forward and backward: the inputs
  Slot output;               ///< forward: to write; with an epilogue: z. backward: as written (absent where takes_epilogue)
  Epilogue epilogue;         ///< forward: the activation that follows; backward: the slope of the activation before inputs[0]
  Slot output_gradient;      ///< backward: dy
  std::vector<Slot> input_gradients;  ///< backward: to write, where not empty

  std::int64_t element_bytes() const { return size_of(backend->element_type()); }
  Slot parameter(std::string_view name) const { return parameters.at(std::string(name)); }
  Slot gradient(std::string_view name) const { return gradients.at(std::string(name)); }
  Slot statistic(std::string_view name) const { return statistics.at(std::string(name)); }
  Slot step_input(std::string_view name) const { return step_inputs.at(std::string(name)); }
  /// Returns memory, by name, that the forward pass fills for the backward pass; both get the same slot.
  Slot keep(const std::string& name, std::int64_t bytes) {
    auto [place, fresh] = kept->try_emplace(name);
    if (fresh) place->second = emitter->temporary(bytes);
    return place->second;
  }

  std::map<std::string, Slot> parameters, gradients, statistics, step_inputs;
  std::map<std::string, Slot>* kept = nullptr;
};

/// Values of a layer's tensors, by their names in its Layout.
using NamedValues = std::vector<std::pair<std::string, std::vector<double>>>;

/// The meaning of a layer's outputs along the last axis.
enum class OutputKind { values, probabilities, log_probabilities };  ///< probabilities: of mutually exclusive choices, with sum 1

/// One configuration of a layer, with input shapes, for the exam.
template <class L>
struct LayerCase {
  L layer;
  std::vector<Shape> inputs;
  std::int64_t codes = 0;  ///< not 0: the inputs are integers 0 .. codes - 1, without a gradient
};

/// The contract of a file on the shelf network/layers: a plain, immutable value without state.
///   struct Dense {
///     fields, value_field;
///     static constexpr bool takes_epilogue = true;    // forward: applies the activation that follows
///     static constexpr bool backward_takes_epilogue = true;   // backward: applies the slope of the activation before
///     static std::vector<LayerCase<Dense>> cases();
///     Layout layout(const std::vector<Shape>& inputs) const;   // throws Error{usage} with got and wanted
///     void forward(Pass& pass) const;    // only kernel calls
///     void backward(Pass& pass) const;   // writes input_gradients (where not empty), adds or assigns parameter gradients
///   };
/// Optional: `static constexpr bool is_view = true` (the output is the input with another shape: no forward, no backward),
/// `static constexpr bool only_in_training = true` (in inference the output equals the input: dropout; a step input "rate", if
/// present, is the share of the input that training drops, and 0 switches the layer off), `static constexpr bool
/// takes_many = true` (the layer's value lists its inputs: add, concat), `static constexpr bool passes_gradient = true` (every
/// input's gradient is dy itself: no backward), `static constexpr bool mixes_rows = true` (rows of a batch influence each other:
/// batch_norm), `static constexpr bool normalizes = true` (the scale of its input has no effect: batch_norm; with mixes_rows, it
/// uses statistics of the batch in training and is a fixed linear map in inference), `static constexpr bool pools = true`
/// (joins places without weights: max_pool2d), `static constexpr bool passes_through = true` (the output has about the scale of
/// the input, so that the activation which follows decides the initializer of weights before; all traits above except
/// takes_many and mixes_rows imply it), a field `bool last` (true: of rows of places, only the output at the last place: lstm),
/// `static constexpr bool is_product = true` (y = x W + b with a full matrix W: two in a row are one linear map: dense, conv2d),
/// `static constexpr OutputKind output = OutputKind::probabilities` (softmax), and those of activations (activation.h). A layer
/// that normalizes by running statistics may have
///     NamedValues identity(const std::vector<double>& mean, const std::vector<double>& variance) const;
/// It returns values of its tensors, by name, with which inference does not change its inputs. The inputs have mean and
/// variance [C].
template <class L>
concept Layer = HasFieldTuple<L> && requires(const L l, const std::vector<Shape>& shapes, Pass& pass) {
  { L::cases() } -> std::same_as<std::vector<LayerCase<L>>>;
  { l.layout(shapes) } -> std::same_as<Layout>;
  { L::takes_epilogue } -> std::convertible_to<bool>;
  { L::backward_takes_epilogue } -> std::convertible_to<bool>;
  l.forward(pass);
  l.backward(pass);
};

struct LayerTraits : ActivationTraits {
  bool takes_epilogue = false, backward_takes_epilogue = false, is_view = false, only_in_training = false, takes_many = false,
       passes_gradient = false, mixes_rows = false, normalizes = false, pools = false, passes_through = false, is_product = false,
       gives_last_place = false;
  OutputKind output = OutputKind::values;

  bool normalizes_over_rows() const { return normalizes && mixes_rows; }
};

class LayerEntry;
/// A LayerCase with its layer as a LayerEntry.
struct LayerSample {
  std::shared_ptr<const LayerEntry> layer;
  std::vector<Shape> inputs;
  std::int64_t codes = 0;
};

/// The common interface of layers.
class LayerEntry {
 public:
  virtual ~LayerEntry() = default;
  virtual std::string_view kind() const = 0;
  virtual std::vector<LayerSample> cases() const = 0;  ///< the cases of its kind, independent of its own settings
  virtual LayerTraits traits() const = 0;
  /// Returns tensor values with which inference does not change inputs of this mean and variance; empty: none are known.
  virtual NamedValues identity(const std::vector<double>& mean, const std::vector<double>& variance) const = 0;
  virtual Layout layout(const std::vector<Shape>& inputs) const = 0;
  virtual void forward(Pass& pass) const = 0;
  virtual void backward(Pass& pass) const = 0;
  virtual Value to_value() const = 0;  ///< "flatten", { dense = 32, l2 = 0.1 }
};

template <class L>
class LayerModel : public LayerEntry {
 public:
  explicit LayerModel(L layer, std::string kind = std::string(entry_name<L>))
      : layer_(std::move(layer)), kind_(std::move(kind)) {}
  std::string_view kind() const override { return kind_; }
  std::vector<LayerSample> cases() const override {
    std::vector<LayerSample> all;
    for (const LayerCase<L>& c : L::cases()) all.push_back({std::make_shared<LayerModel>(c.layer, kind_), c.inputs, c.codes});
    return all;
  }
  LayerTraits traits() const override {
    LayerTraits t{activation_traits(layer_)};
    t.takes_epilogue = L::takes_epilogue, t.backward_takes_epilogue = L::backward_takes_epilogue;
    if constexpr (requires { L::is_view; }) t.is_view = L::is_view;
    if constexpr (requires { L::only_in_training; }) t.only_in_training = L::only_in_training;
    if constexpr (requires { L::takes_many; }) t.takes_many = L::takes_many;
    if constexpr (requires { L::passes_gradient; }) t.passes_gradient = L::passes_gradient;
    if constexpr (requires { L::mixes_rows; }) t.mixes_rows = L::mixes_rows;
    if constexpr (requires { L::normalizes; }) t.normalizes = L::normalizes;
    if constexpr (requires { L::pools; }) t.pools = L::pools;
    if constexpr (requires { L::is_product; }) t.is_product = L::is_product;
    if constexpr (requires { L::output; }) t.output = L::output;
    if constexpr (requires { layer_.last; }) t.gives_last_place = layer_.last;
    t.passes_through = t.is_identity || t.is_view || t.only_in_training || t.passes_gradient || t.normalizes || t.pools;
    if constexpr (requires { L::passes_through; }) t.passes_through = L::passes_through;
    return t;
  }
  NamedValues identity(const std::vector<double>& mean, const std::vector<double>& variance) const override {
    if constexpr (requires { layer_.identity(mean, variance); }) return layer_.identity(mean, variance);
    return {};
  }
  Layout layout(const std::vector<Shape>& inputs) const override { return layer_.layout(inputs); }
  void forward(Pass& pass) const override { layer_.forward(pass); }
  void backward(Pass& pass) const override { layer_.backward(pass); }
  Value to_value() const override {
    Value options = write_fields(layer_, false), value;
    if constexpr (requires { L::value_field; }) {
      value = write_fields(layer_, true)[L::value_field];
      options.erase(L::value_field);
    }
    return write_spec(kind_, value, options);
  }

 private:
  L layer_;
  std::string kind_;
};

using LayerRegistry = Registry<LayerEntry>;
const LayerRegistry& builtin_layers();

/// The settings of all layers with weights. `weighted_fields<Dense>()` adds them to the layer's own fields.
struct Weighted {
  bool bias = true;
  Value initializer, bias_initializer = "zeros";
  double l2 = 0, l1 = 0, max_norm = 0;

  /// Returns the parameters "weights" and, with bias, "bias".
  std::vector<ParameterSpec> parameters(Shape weights, std::int64_t fan_in, std::int64_t fan_out) const;
};
template <class L>
constexpr auto weighted_fields() {
  return std::tuple{
      field_of<L>("bias", &L::bias, {}, "", "Whether the layer adds a bias."),
      field_of<L>("initializer", &L::initializer, {}, "",
                  "The initializer of the weights; when absent, network.initializer or the activation that follows decides.",
                  "<initializer>"),
      field_of<L>("bias_initializer", &L::bias_initializer, {}, "", "The initializer of the bias.", "<initializer>"),
      field_of<L>("l2", &L::l2, at_least(0), "", "The factor of the penalty on the sum of squared weights."),
      field_of<L>("l1", &L::l1, at_least(0), "", "The factor of the penalty on the sum of absolute weights."),
      field_of<L>("max_norm", &L::max_norm, at_least(0), "",
                  "The largest norm of the weights of one unit or filter, applied after each step. 0 switches it off.")};
}

/// Returns the only input shape of a layer. Throws an Error unless there is one input of the given rank; the Error says what was
/// wanted and how to get it.
const Shape& only_input(const std::vector<Shape>& inputs, std::string_view layer, int rank, std::string_view wanted,
                        std::string_view hint);

/// The output size and the padding before the input along one axis. padding: "valid", "same" (ceil(input / stride) outputs; an
/// odd zero goes after the input) or the number of zeros on both sides.
struct Window {
  std::int64_t output = 0, pad_before = 0;
};
Window window_of(std::int64_t input, std::int64_t size, std::int64_t stride, const Value& padding, const std::string& layer);

}  // namespace tend

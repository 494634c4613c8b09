#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tend/kernels/functions.h"
#include "tend/network/activation_registry.h"
#include "tend/network/initializer_registry.h"
#include "tend/network/layer.h"
#include "tend/tensor/block.h"

namespace tend {

/// A place of the graph: a layer or an activation, with what it is fed.
struct Node {
  std::string name;                         ///< "dense_1", or as the file names it
  std::shared_ptr<const LayerEntry> layer;  ///< one of the two is there
  std::shared_ptr<const ActivationEntry> activation;
  std::vector<int> inputs;  ///< nodes above; -1: the network's input
  std::vector<Shape> input_shapes;
  Layout layout;
  LayerTraits traits;                                                 ///< of the layer or the activation
  std::vector<std::shared_ptr<const InitializerEntry>> initializers;  ///< one for each parameter

  std::string_view kind() const { return layer ? layer->kind() : activation->name(); }  ///< "dense", "relu"
};

/// What each step is given for a parameter of more than one axis, in their order in Buffer::step behind the layer's own step
/// inputs.
namespace weight_input {
inline constexpr int l2 = 0, l1 = 1, max_norm = 2, count = 3;
}

/// Registries that a network is read with: values, to which a program adds entries of its own.
struct NetworkShelves {
  LayerRegistry layers = builtin_layers();
  Registry<ActivationEntry> activations = builtin_activations();
  Registry<InitializerEntry> initializers = builtin_initializers();
};

/// What every entry of network.layers may have besides its own settings; read by Network itself.
struct NodeKeys {
  std::string name, from;
  static constexpr auto fields = std::tuple{
      field_of<NodeKeys>("name", &NodeKeys::name, {}, "",
                         "The name of this entry; when absent, its kind with a number, for example dense_1."),
      field_of<NodeKeys>("from", &NodeKeys::from, {}, "",
                         "The name of the entry whose output is the input, or \"input\"; when absent, the entry above.")};
};

/// The graph: layers in order, each fed by the one above or by those it names. Immutable; holds no numbers that are learnt.
class Network {
 public:
  /// From network.layers and the rows' shape. `initializer` (may be null) stands for all weights without one of their own.
  /// Throws Error{usage} that names the layer, what it got and what it wanted.
  Network(const Value& layers, Shape input, const Value& initializer = {}, const NetworkShelves& shelves = {});

  const std::vector<Node>& nodes() const { return nodes_; }
  const Shape& input_shape() const { return input_; }
  const Shape& output_shape() const { return nodes_.empty() ? input_ : nodes_.back().layout.output; }
  std::int64_t parameter_count() const;
  /// Initializers that were chosen by the activation that follows: one sentence each.
  const std::vector<std::string>& choices() const { return choices_; }
  /// Names and defaults of what each step is given, in their order in Buffer::step (layer_input_slot): "dropout_1.rate",
  /// "dense_1.l2".
  const std::vector<std::pair<std::string, double>>& step_inputs() const { return step_inputs_; }
  bool mixes_rows() const;
  const Value& layers_value() const { return layers_; }

 private:
  void add_node(const Value& entry, std::size_t place, const NetworkShelves& shelves);
  std::vector<int> sources(Value& options, const Spec& spec, const std::string& where) const;
  void choose_initializers(std::size_t place, const Value& initializer, const NetworkShelves& shelves);

  Value layers_;
  Shape input_;
  std::vector<Node> nodes_;
  std::vector<std::string> choices_;
  std::vector<std::pair<std::string, double>> step_inputs_;
};

/// A number that a state counts: int64 or float64.
struct CounterSpec {
  std::string_view name;
  ElementType type = ElementType::int64;
};

/// Where everything lies in a state block: parameters first (one run of elements), then each optimizer slot with the same
/// offsets, statistics, moving averages of parameters and of statistics where they are wanted, and the counters "step" and
/// "seed".
struct StateLayout {
  /// A run of elements and the moving averages of each, in the same order.
  struct Averages {
    Slot values = {}, averages = {};
    std::int64_t count = 0;
  };

  std::shared_ptr<const Directory> directory;
  ElementType type = ElementType::float32;
  std::vector<SweepSegment> segments;        ///< one a parameter, in elements
  std::vector<std::string> parameter_names;  ///< "dense_1.weights"
  std::int64_t parameter_elements = 0;
  std::vector<Slot> optimizer_slots;  ///< start of each in Buffer::state
  std::vector<Averages> averages;     ///< in Buffer::state; empty unless wanted

  /// `counters`: numbers of the caller's own behind "step" and "seed", in one run of 8 bytes each.
  StateLayout(const Network& network, ElementType type, const std::vector<SlotSpec>& slots, bool wants_averages = false,
              const std::vector<CounterSpec>& counters = {});
  Slot parameter(std::size_t index) const { return {Buffer::state, segments[index].offset * size_of(type)}; }
  Slot gradient(std::size_t index) const { return {Buffer::gradient, segments[index].offset * size_of(type)}; }

 private:
  void add_averages(PlaceKind kind, Directory& all);
};

/// A fresh state: parameters drawn as their initializers say (a function of the seed and the parameter's name), slots and
/// statistics at their first values, averages equal to what they are averages of, step 0.
Block initial_state(const Network& network, const StateLayout& layout, const std::vector<SlotSpec>& slots, std::uint64_t seed);

bool is_average(const Place& place);  ///< does it hold a moving average?
/// Makes moving averages equal to what they average, all that `which(place of the average)` names.
void copy_to_averages(Block& state, const std::function<bool(const Place&)>& which);
/// Copies the moving averages that `state` holds to the places in `to` of what they are averages of, by name; nothing where there
/// are none.
void take_averages(const Block& state, Block& to);

}  // namespace tend

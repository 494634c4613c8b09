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

/// A node of the graph: a layer or an activation, with its inputs.
struct Node {
  std::string name;                         ///< "dense_1", or the name in the file
  std::shared_ptr<const LayerEntry> layer;  ///< either this or activation is set
  std::shared_ptr<const ActivationEntry> activation;
  std::vector<int> inputs;  ///< earlier nodes; -1: the network's input
  std::vector<Shape> input_shapes;
  Layout layout;
  LayerTraits traits;                                                 ///< of the layer or the activation
  std::vector<std::shared_ptr<const InitializerEntry>> initializers;  ///< one for each parameter

  std::string_view kind() const { return layer ? layer->kind() : activation->name(); }  ///< "dense", "relu"
};

/// The step inputs of a parameter of more than one axis, in their order in Buffer::step, after the layer's own step inputs.
namespace weight_input {
inline constexpr int l2 = 0, l1 = 1, max_norm = 2, count = 3;
}

/// The registries that a network is read with. They are values: a program may add its own entries.
struct NetworkShelves {
  LayerRegistry layers = builtin_layers();
  Registry<ActivationEntry> activations = builtin_activations();
  Registry<InitializerEntry> initializers = builtin_initializers();
};

/// The keys that every entry of network.layers may have besides its own settings. Network itself reads them.
struct NodeKeys {
  std::string name, from;
  static constexpr auto fields = std::tuple{
      field_of<NodeKeys>("name", &NodeKeys::name, {}, "",
                         "The name of this entry; when absent, its kind with a number, for example dense_1."),
      field_of<NodeKeys>("from", &NodeKeys::from, {}, "",
                         "The name of the entry whose output is the input, or \"input\"; when absent, the entry above.")};
};

/// The layers of consecutive members of a pack.
struct MemberLayers {
  Value layers;
  int members = 1;
  bool operator==(const MemberLayers&) const = default;
};

/// The graph: layers in order. Each takes its input from the layer above or from those that it names. Immutable; it holds no
/// learned numbers. With several members it is a pack: networks of this graph, each with its own parameters, that see the same
/// rows. In training each member has its own loss; in inference the outputs are joined (kernels/backend.h, Join). Members may
/// also be networks of several graphs: then nodes() and layers_value() are those of the first member.
class Network {
 public:
  /// Builds the graph from network.layers and the rows' shape. `initializer` (may be null) applies to all weights without their
  /// own. Throws Error{usage} that names the layer, what it got and what it wanted.
  Network(const Value& layers, Shape input, const Value& initializer = {}, const NetworkShelves& shelves = {}, int members = 1);
  /// A pack of members with these layers, in this order. All graphs have the same output. Requires at least one.
  Network(const std::vector<MemberLayers>& pack, const Shape& input, const Value& initializer, const NetworkShelves& shelves);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Shape& input_shape() const { return input_; }
  const Shape& output_shape() const { return nodes_.empty() ? input_ : nodes_.back().layout.output; }
  int members() const { return members_; }
  /// Consecutive members of one graph.
  struct Group {
    const Network* network = nullptr;  ///< its nodes() are theirs
    int first = 0, members = 1;
    int first_step_input = 0;  ///< of their layers, among step_inputs()
  };
  std::vector<Group> groups() const;
  const std::vector<Node>& nodes_of(int member) const;
  std::vector<MemberLayers> pack() const;  ///< the layers of each group
  std::int64_t parameter_count() const;    ///< of all members
  /// The prefix of the names of member `m` (from 0) in a state: "member_3."; empty if there is one member.
  std::string prefix(int m) const { return members_ > 1 ? "member_" + std::to_string(m + 1) + "." : ""; }
  /// One sentence for each initializer that was chosen by the activation that follows.
  const std::vector<std::string>& choices() const { return choices_; }
  /// Names and defaults of the layers' step inputs, in their order in Buffer::step (layer_input_slot): "dropout_1.rate",
  /// "dense_1.l2"; of the second group "group_2.dropout_1.rate".
  const std::vector<std::pair<std::string, double>>& step_inputs() const { return step_inputs_; }
  bool mixes_rows() const;
  const Value& layers_value() const { return layers_; }

 private:
  void add_node(const Value& entry, std::size_t place, const NetworkShelves& shelves);
  std::vector<int> sources(Value& options, const Spec& spec, const std::string& where) const;
  void choose_initializers(std::size_t place, const Value& initializer, const NetworkShelves& shelves);

  Value layers_;
  Shape input_;
  int members_ = 1;
  std::vector<Node> nodes_;
  std::vector<std::shared_ptr<const Network>> others_;  // the graphs of later groups
  std::vector<std::string> choices_;
  std::vector<std::pair<std::string, double>> step_inputs_;
};

/// A counter in a state: int64 or float64.
struct CounterSpec {
  std::string_view name;
  ElementType type = ElementType::int64;
};

/// The layout of a state block: parameters first (one run of elements), then each optimizer slot with the same offsets,
/// statistics, optional moving averages of parameters and of statistics, and the counters "step" and "seed". The parameters of a
/// member of a pack are one run, and so are its slots, statistics and averages. A pack also has, for each member, "members.share"
/// (its weight in the joined output), "members.number" (which it is of all that were drawn, from 0) and "members.begun" (the
/// update before its first).
struct StateLayout {
  /// A run of elements and the moving averages of each, in the same order.
  struct Averages {
    Slot values = {}, averages = {};
    std::int64_t count = 0;
  };
  static constexpr std::string_view shares_name = "members.share", numbers_name = "members.number", begun_name = "members.begun";

  std::shared_ptr<const Directory> directory;
  ElementType type = ElementType::float32;
  std::vector<SweepSegment> segments;        ///< one for each parameter, in elements
  std::vector<std::string> parameter_names;  ///< "dense_1.weights"
  std::int64_t parameter_elements = 0;
  /// Parameters that share a rate and a decay in the sweep. Empty where all follow the step's own.
  struct Group {
    int member = 0;
    double rate_factor = 1;
  };
  std::vector<Group> groups;          ///< their GroupInputs follow the layers' inputs in Buffer::step
  std::vector<Slot> optimizer_slots;  ///< start of each in Buffer::state
  std::vector<Averages> averages;     ///< in Buffer::state; empty unless requested

  /// `counters`: the caller's own counters after "step" and "seed", in one run of 8 bytes each.
  StateLayout(const Network& network, ElementType type, const std::vector<SlotSpec>& slots, bool wants_averages = false,
              const std::vector<CounterSpec>& counters = {});
  /// Places in Buffer::state of the members' shares, numbers and beginnings; empty unless it is a pack.
  Slot shares = {}, numbers = {}, begun = {};
  Slot parameter(std::size_t index) const { return {Buffer::state, segments[index].offset * size_of(type)}; }
  /// Place in Buffer::step of a group's GroupInputs.
  Slot group_slot(std::size_t group) const {
    return {Buffer::step, first_group + static_cast<std::int64_t>(group * sizeof(GroupInputs))};
  }
  std::int64_t first_group = 0;
  Slot gradient(std::size_t index) const { return {Buffer::gradient, segments[index].offset * size_of(type)}; }

 private:
  void add_segment(const ParameterSpec& parameter, int member);
  void add_groups(const Network& network);
  void add_averages(PlaceKind kind, Directory& all);
};

/// Returns a new state: initializers draw the parameters (a function of the seed and the parameter's name), slots and statistics
/// have their initial values, averages equal the averaged values, and the step is 0.
Block initial_state(const Network& network, const StateLayout& layout, const std::vector<SlotSpec>& slots, std::uint64_t seed);

/// Draws member m of a state anew, as number `number` of all members that were drawn: parameters, slots and statistics. Its
/// moving averages stay as they are. Number 0 is what a single network would be.
void draw_member(const Network& network, const StateLayout& layout, const std::vector<SlotSpec>& slots, std::uint64_t seed, int m,
                 std::int64_t number, Block& state);
/// Gives the members of a pack the same share; does nothing for a single network.
void share_evenly(const StateLayout& layout, Block& state);

bool is_average(const Place& place);  ///< whether it holds a moving average
/// Sets each moving average to the value that it averages, where `which(place of the average)` is true.
void copy_to_averages(Block& state, const std::function<bool(const Place&)>& which);
/// Copies each moving average in `state` to the place in `to` of the value that it averages, by name. Does nothing if there are
/// no averages.
void take_averages(const Block& state, Block& to);

}  // namespace tend

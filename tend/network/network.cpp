#include "tend/network/network.h"

#include <algorithm>
#include <cstring>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::string_view average_suffix = ".moving_average";

std::vector<std::string> kinds_of(const NetworkShelves& shelves) {
  std::vector<std::string> all = shelves.layers.names();
  for (const std::string& name : shelves.activations.names()) all.push_back(name);
  return all;
}

}  // namespace

Network::Network(const Value& layers, Shape input, const Value& initializer, const NetworkShelves& shelves, int members)
    : layers_(layers), input_(std::move(input)), members_(members) {
  if (!layers.is_array() || layers.array_items().empty())
    throw Error(Trouble::usage, "network.layers", layers.describe(), "a list of layers",
                "for instance [{ dense = 32 }, \"relu\", { dense = 10 }]");
  for (std::size_t i = 0; i < layers.array_items().size(); ++i) add_node(layers.array_items()[i], i, shelves);
  for (std::size_t i = 0; i < nodes_.size(); ++i) choose_initializers(i, initializer, shelves);  // by later nodes
  if (output_shape().rank() != 1 && output_shape().rank() != 2)
    throw Error(Trouble::usage, "network.layers", "an output of shape " + output_shape().text(),
                "one axis [K], or places [T, K] with a target each",
                "put \"flatten\" or \"global_average_pool\" before the last layer");
  if (members_ > 1 && parameter_count() == 0)
    throw Error(Trouble::usage, "network.pack", "a network without weights, whose members would all be the same",
                "a layer with weights, for instance dense", "leave network.pack out");
}

Network::Network(const std::vector<MemberLayers>& pack, const Shape& input, const Value& initializer,
                 const NetworkShelves& shelves)
    : Network(pack.at(0).layers, input, initializer, shelves, pack.at(0).members) {
  for (std::size_t g = 1; g < pack.size(); ++g) {
    others_.push_back(std::make_shared<const Network>(pack[g].layers, input, initializer, shelves, pack[g].members));
    const Network& other = *others_.back();
    if (other.output_shape() != output_shape())
      throw Error(Trouble::usage, "network.layers", "members with outputs of shape " + other.output_shape().text(),
                  "the shape " + output_shape().text() + " of the first member");
    members_ += other.members();
    for (const auto& [name, value] : other.step_inputs())
      step_inputs_.emplace_back("group_" + std::to_string(g + 1) + "." + name, value);
  }
}

std::vector<Network::Group> Network::groups() const {
  std::vector<Group> all{{.network = this, .members = members_, .first_step_input = 0}};
  for (const auto& other : others_) all[0].members -= other->members();
  auto inputs = static_cast<int>(step_inputs_.size());
  for (const auto& other : others_) inputs -= static_cast<int>(other->step_inputs().size());
  for (const auto& other : others_) {
    all.push_back({.network = other.get(),
                   .first = all.back().first + all.back().members,
                   .members = other->members(),
                   .first_step_input = inputs});
    inputs += static_cast<int>(other->step_inputs().size());
  }
  return all;
}

const std::vector<Node>& Network::nodes_of(int member) const {
  int end = members_;
  for (auto other = others_.rbegin(); other != others_.rend(); ++other)
    if (end -= (*other)->members(); member >= end) return (*other)->nodes();
  return nodes_;
}

std::vector<MemberLayers> Network::pack() const {
  std::vector<MemberLayers> all;
  for (const Group& group : groups()) all.push_back({.layers = group.network->layers_value(), .members = group.members});
  return all;
}

std::vector<int> Network::sources(Value& options, const Spec& spec, const std::string& where) const {
  std::vector<std::string> names;
  if (spec.value.is_array())
    for (const Value& v : spec.value.array_items())
      if (v.is_string()) names.push_back(v.string());
  if (const Value* from = options.find("from")) {
    if (!from->is_string()) throw Error(Trouble::usage, where + ".from", from->describe(), "the name of a layer above");
    names = {from->string()};
    options.erase("from");
  }
  if (names.empty()) return {static_cast<int>(nodes_.size()) - 1};
  std::vector<int> found;
  for (const std::string& name : names) {
    const auto node = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.name == name; });
    if (node == nodes_.end() && name != "input") {
      std::vector<std::string> known{"input"};
      for (const Node& n : nodes_) known.push_back(n.name);
      const std::string near = nearest(name, known);
      throw Error(Trouble::usage, where, "no layer above is named \"" + name + "\"", "one of: " + listed(known),
                  near.empty() ? "give the layer a name = \"" + name + "\"" : "did you mean \"" + near + "\"?");
    }
    found.push_back(node == nodes_.end() ? -1 : static_cast<int>(node - nodes_.begin()));
  }
  return found;
}

void Network::add_node(const Value& entry, std::size_t place, const NetworkShelves& shelves) {
  std::string where = "network.layers[" + std::to_string(place) + "]";
  Spec spec = read_spec(entry, kinds_of(shelves), where);
  where += " " + spec.kind;
  Node node;
  if (const Value* name = spec.options.find("name")) {
    if (!name->is_string() || name->string().empty() || name->string() == "input")
      throw Error(Trouble::usage, where + ".name", name->describe(), "a name that is not \"input\"");
    node.name = name->string();
    spec.options.erase("name");
    where += " \"" + node.name + "\"";
  } else {
    const auto same = std::count_if(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.kind() == spec.kind; });
    node.name = spec.kind + "_" + std::to_string(same + 1);
  }
  for (const Node& n : nodes_)
    if (n.name == node.name)
      throw Error(Trouble::usage, where, "a second layer named \"" + node.name + "\"", "names that differ");
  node.inputs = sources(spec.options, spec, where);
  for (int i : node.inputs) node.input_shapes.push_back(i < 0 ? input_ : nodes_[static_cast<std::size_t>(i)].layout.output);

  if (const auto* made = shelves.layers.find(spec.kind)) {
    node.layer = made->make(spec, where);
    node.traits = node.layer->traits();
    try {
      node.layout = node.layer->layout(node.input_shapes);
    } catch (const Error& e) {
      const std::string above = node.inputs[0] < 0
                                    ? "it is the network's first layer"
                                    : "it follows \"" + nodes_[static_cast<std::size_t>(node.inputs[0])].name + "\"";
      throw Error(e.trouble, where, e.got + " (" + above + ")", e.wanted, e.hint);
    }
  } else {
    node.activation = shelves.activations.find(spec.kind)->make(spec, where);
    node.layout.output = node.input_shapes[0];
    static_cast<ActivationTraits&>(node.traits) = node.activation->traits();
    node.traits.passes_through = node.traits.is_identity;
  }
  for (const auto& [name, value] : node.layout.step_inputs) step_inputs_.emplace_back(node.name + "." + name, value);
  for (const ParameterSpec& p : node.layout.parameters)
    if (p.shape.rank() > 1)
      for (const auto& [name, value] : {std::pair{".l2", p.l2}, {".l1", p.l1}, {".max_norm", p.max_norm}})
        step_inputs_.emplace_back(node.name + name, value);
  nodes_.push_back(std::move(node));
}

/// Chooses what the activation that follows declares: variance 2 / fan_in before the ReLU family (He et al., 2015), LeCun's
/// before selu (Klambauer et al., 2017), otherwise Glorot's (Glorot and Bengio, 2010).
void Network::choose_initializers(std::size_t place, const Value& initializer, const NetworkShelves& shelves) {
  Node& node = nodes_[place];
  for (const ParameterSpec& parameter : node.layout.parameters) {
    Value chosen = parameter.initializer.is_null() ? initializer : parameter.initializer;
    if (chosen.is_null()) {
      const auto next = std::find_if(nodes_.begin() + static_cast<std::ptrdiff_t>(place) + 1, nodes_.end(),
                                     [](const Node& n) { return !n.traits.passes_through; });
      const bool is_last = next == nodes_.end();
      chosen = std::string(is_last ? ActivationTraits{}.weight_initializer : next->traits.weight_initializer);
      choices_.push_back(node.name + "." + parameter.name + ": " + chosen.string() + ", since " +
                         (is_last ? "the output" : "\"" + std::string(next->kind()) + "\"") + " follows");
    }
    node.initializers.push_back(shelves.initializers.make(chosen, "initializer of " + node.name + "." + parameter.name));
  }
}

std::int64_t Network::parameter_count() const {
  std::int64_t all = 0;
  for (const Group& group : groups()) {
    std::int64_t n = 0;
    for (const Node& node : group.network->nodes())
      for (const ParameterSpec& p : node.layout.parameters) n += p.shape.count();
    all += group.members * n;
  }
  return all;
}

bool Network::mixes_rows() const {
  const auto any = [](const std::vector<Node>& nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [](const Node& n) { return n.traits.mixes_rows; });
  };
  return any(nodes_) || std::any_of(others_.begin(), others_.end(), [&](const auto& other) { return any(other->nodes()); });
}

StateLayout::StateLayout(const Network& network, ElementType element, const std::vector<SlotSpec>& slots, bool wants_averages,
                         const std::vector<CounterSpec>& counters)
    : type(element) {
  Directory all;
  std::vector<Shape> shapes;
  for (int m = 0; m < network.members(); ++m)
    for (const Node& node : network.nodes_of(m))
      for (const ParameterSpec& p : node.layout.parameters) {
        parameter_names.push_back(network.prefix(m) + node.name + "." + p.name);
        shapes.push_back(p.shape);
        all.add(parameter_names.back(), PlaceKind::parameter, type, p.shape);
        add_segment(p, m);
      }
  add_groups(network);
  for (const SlotSpec& slot : slots) {
    optimizer_slots.push_back({Buffer::state, all.bytes()});
    for (std::size_t i = 0; i < shapes.size(); ++i)
      all.add(parameter_names[i] + "." + slot.name, PlaceKind::slot, type, shapes[i]);
  }
  for (int m = 0; m < network.members(); ++m)
    for (const Node& node : network.nodes_of(m))
      for (const StatisticSpec& s : node.layout.statistics)
        all.add(network.prefix(m) + node.name + "." + s.name, PlaceKind::statistic, type, s.shape);
  for (PlaceKind kind : {PlaceKind::parameter, PlaceKind::statistic})
    if (wants_averages) add_averages(kind, all);
  if (network.members() > 1) {
    shares = {Buffer::state, all.add(std::string(shares_name), PlaceKind::counter, type, Shape{network.members()}).offset_bytes};
    for (const auto& [name, slot] : {std::pair{numbers_name, &numbers}, {begun_name, &begun}})
      *slot = {Buffer::state,
               all.add(std::string(name), PlaceKind::counter, ElementType::int64, Shape{network.members()}).offset_bytes};
  }
  for (const char* counter : {"step", "seed"}) all.add(counter, PlaceKind::counter, ElementType::int64, Shape{});
  for (const CounterSpec& counter : counters) all.add(std::string(counter.name), PlaceKind::counter, counter.type, Shape{});
  directory = std::make_shared<const Directory>(std::move(all));
}

void StateLayout::add_segment(const ParameterSpec& p, int member) {
  const bool is_matrix = p.shape.rank() > 1;
  segments.push_back({.offset = parameter_elements,
                      .count = p.shape.count(),
                      .decays = is_matrix,
                      .columns = is_matrix ? p.shape[-1] : 0,
                      .member = member});
  parameter_elements += p.shape.count();
}

/// Joins the segments of one member and one rate to groups. None is needed where all would be the same.
void StateLayout::add_groups(const Network& network) {
  first_group = layer_input_slot(static_cast<std::int64_t>(network.step_inputs().size())).offset;
  std::vector<std::size_t> group_of;
  for (int m = 0; m < network.members(); ++m)
    for (const Node& node : network.nodes_of(m))
      for (const ParameterSpec& p : node.layout.parameters) {
        const auto same = std::find_if(groups.begin(), groups.end(),
                                       [&](const Group& g) { return g.member == m && g.rate_factor == p.rate_factor; });
        group_of.push_back(static_cast<std::size_t>(same - groups.begin()));
        if (same == groups.end()) groups.push_back({.member = m, .rate_factor = p.rate_factor});
      }
  if (groups.size() <= 1 && (groups.empty() || groups[0].rate_factor == 1)) return groups.clear();
  for (std::size_t s = 0; s < segments.size(); ++s) segments[s].inputs = group_slot(group_of[s]);
}

/// Places of one kind are contiguous, and so are their averages.
void StateLayout::add_averages(PlaceKind kind, Directory& all) {
  Averages run{.averages = {Buffer::state, all.bytes()}};
  const std::vector<Place> there = all.places();
  for (const Place& place : there) {
    if (place.kind != kind) continue;
    if (!run.values) run.values = {Buffer::state, place.offset_bytes};
    run.count += place.shape.count();
    all.add(place.name + std::string(average_suffix), PlaceKind::slot, type, place.shape);
  }
  if (run.count > 0) averages.push_back(run);
}

void draw_member(const Network& network, const StateLayout& layout, const std::vector<SlotSpec>& slots, std::uint64_t seed, int m,
                 std::int64_t number, Block& state) {
  std::vector<double> values;
  for (const Node& node : network.nodes_of(m)) {
    for (std::size_t i = 0; i < node.layout.parameters.size(); ++i) {
      const ParameterSpec& p = node.layout.parameters[i];
      const std::string name = network.prefix(m) + node.name + "." + p.name;
      const std::string drawn = (number > 0 ? network.prefix(static_cast<int>(number)) : "") + node.name + "." + p.name;
      Random random(seed, purpose("initialize " + drawn));
      values.assign(static_cast<std::size_t>(p.shape.count()), 0.0);
      node.initializers[i]->fill(values.data(), {.shape = p.shape, .fan_in = p.fan_in, .fan_out = p.fan_out}, random);
      state.assign(layout.directory->at(name), values.data());
      for (const SlotSpec& slot : slots) {
        values.assign(values.size(), slot.initial);
        state.assign(layout.directory->at(name + "." + slot.name), values.data());
      }
    }
    for (const StatisticSpec& s : node.layout.statistics) {
      values.assign(static_cast<std::size_t>(s.shape.count()), s.initial);
      state.assign(layout.directory->at(network.prefix(m) + node.name + "." + s.name), values.data());
    }
  }
  if (layout.shares) state.at<std::int64_t>(StateLayout::numbers_name)[m] = number;
}

Block initial_state(const Network& network, const StateLayout& layout, const std::vector<SlotSpec>& slots, std::uint64_t seed) {
  Block state(layout.directory);
  for (int m = 0; m < network.members(); ++m) draw_member(network, layout, slots, seed, m, m, state);
  share_evenly(layout, state);
  for (const StateLayout::Averages& run : layout.averages)
    std::memcpy(state.data() + run.averages.offset, state.data() + run.values.offset,
                static_cast<std::size_t>(run.count * size_of(layout.type)));
  *state.at<std::int64_t>("seed") = static_cast<std::int64_t>(seed);
  return state;
}

void share_evenly(const StateLayout& layout, Block& state) {
  if (!layout.shares) return;
  const Place& shares = layout.directory->at(StateLayout::shares_name);
  const auto members = static_cast<std::size_t>(shares.shape.count());
  state.assign(shares, std::vector<double>(members, 1.0 / static_cast<double>(members)).data());
}

bool is_average(const Place& place) { return place.name.ends_with(average_suffix); }

namespace {

const Place& averaged_by(const Directory& directory, const Place& average) {
  return directory.at(std::string_view(average.name).substr(0, average.name.size() - average_suffix.size()));
}

}  // namespace

void copy_to_averages(Block& state, const std::function<bool(const Place&)>& which) {
  for (const Place& average : state.directory().places()) {
    if (!is_average(average) || !which(average)) continue;
    const Place& value = averaged_by(state.directory(), average);
    std::memcpy(state.data() + average.offset_bytes, state.data() + value.offset_bytes, static_cast<std::size_t>(value.bytes()));
  }
}

void take_averages(const Block& state, Block& to) {
  for (const Place& average : state.directory().places()) {
    if (!is_average(average)) continue;
    const Place& value = averaged_by(to.directory(), average);
    TEND_EXPECTS(value.type == average.type && value.shape == average.shape);
    std::memcpy(to.data() + value.offset_bytes, state.data() + average.offset_bytes, static_cast<std::size_t>(value.bytes()));
  }
}

}  // namespace tend

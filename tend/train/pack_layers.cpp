#include "tend/train/pack_layers.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "tend/base/text.h"

namespace tend {

namespace {

/// What a member has drawn; empty: as in network.layers.
struct Drawn {
  std::optional<double> width, depth, dropout;
  std::optional<std::string> activation;
};

/// An entry of network.layers as a table: "relu" -> { relu = true }.
Value as_table(const Value& entry) {
  if (entry.is_table()) return entry;
  Value table = Value::table();
  table[entry.string()] = true;
  return table;
}

/// The entry with another main value: { dense = 64, l2 = 0.1 } -> { dense = 32, l2 = 0.1 }.
Value with_value(const Value& entry, const Node& node, double value) {
  Value table = as_table(entry);
  const bool is_count = node.traits.is_product;
  table[std::string(node.kind())] = is_count ? Value(static_cast<std::int64_t>(value)) : Value(value);
  return table;
}

class PackLayers {
 public:
  PackLayers(const NetworkSettings& settings, const Shape& input, const NetworkShelves& shelves)
      : settings_(settings), network_(settings.layers, input, settings.initializer, shelves) {
    const std::vector<Node>& nodes = network_.nodes();
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (nodes[i].traits.is_product) products_.push_back(i);
    for (const std::string& name : settings.pack_activations)
      if (!shelves.activations.find(name))
        throw Error(Trouble::usage, "network.pack_activations", "no activation is called \"" + name + "\"",
                    "one of: " + listed(shelves.activations.names()));
    for (const auto& [key, list] :
         {std::pair{"network.pack_widths", &settings.pack_widths}, {"network.pack_depths", &settings.pack_depths}})
      for (const double count : *list)
        if (count != std::floor(count)) throw Error(Trouble::usage, key, to_inline_toml(Value(count)), "whole numbers");
    const bool has_hidden = products_.size() > 1;
    if (!has_hidden && !(settings.pack_widths.empty() && settings.pack_depths.empty() && settings.pack_activations.empty()))
      throw Error(Trouble::usage, settings.pack_widths.empty() ? "network.pack_depths" : "network.pack_widths",
                  "layers without a product (dense) before the last one", "a hidden layer", "leave the lists out");
    if (settings.pack_depths.empty()) return;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (nodes[i].inputs != std::vector<int>{static_cast<int>(i) - 1})
        throw Error(Trouble::usage, "network.pack_depths", "\"" + nodes[i].name + "\", which does not follow the layer above",
                    "layers in one chain", "leave network.pack_depths out");
  }

  Value layers(const Drawn& drawn) const {
    const std::vector<Value>& given = settings_.layers.array_items();
    Value changed = Value::array();
    for (std::size_t i = 0; i < given.size(); ++i) changed.push_back(entry(given[i], i, drawn));
    return drawn.depth ? of_depth(changed.array_items(), static_cast<std::size_t>(*drawn.depth)) : changed;
  }

 private:
  Value entry(const Value& given, std::size_t place, const Drawn& drawn) const {
    const Node& node = network_.nodes()[place];
    const auto& inputs = node.layout.step_inputs;
    const bool is_hidden = !products_.empty() && place < products_.back();
    if (node.traits.only_in_training && drawn.dropout && !inputs.empty() && inputs[0].first == "rate" && inputs[0].second > 0)
      return with_value(given, node, *drawn.dropout);
    if (node.traits.is_product && is_hidden && drawn.width) return with_value(given, node, *drawn.width);
    if (!node.activation || node.traits.is_identity || !is_hidden || !drawn.activation) return given;
    if (node.kind() == *drawn.activation) return given;
    Value other = Value::table();
    other[*drawn.activation] = true;
    if (given.is_table())
      for (const char* key : {"name", "from"})
        if (const Value* kept = given.find(key)) other[key] = *kept;
    return other.items().size() == 1 ? Value(*drawn.activation) : other;
  }
  /// What is before the first product, `depth` blocks, and the last product with what follows.
  Value of_depth(const std::vector<Value>& given, std::size_t depth) const {
    const std::size_t blocks = products_.size() - 1;
    Value all = Value::array();
    for (std::size_t i = 0; i < products_[0]; ++i) all.push_back(given[i]);
    for (std::size_t d = 0; d < depth; ++d) {
      const std::size_t block = std::min(d, blocks - 1);
      for (std::size_t i = products_[block]; i < products_[block + 1]; ++i) {
        Value copy = given[i];
        if (d > block && copy.is_table()) copy.erase("name");
        all.push_back(std::move(copy));
      }
    }
    for (std::size_t i = products_.back(); i < given.size(); ++i) all.push_back(given[i]);
    return all;
  }

  const NetworkSettings& settings_;
  Network network_;
  std::vector<std::size_t> products_;  // nodes
};

template <class T>
std::optional<T> one_of(const std::vector<T>& list, Random& random) {
  const std::uint64_t place = random.below(std::max<std::size_t>(list.size(), 1));  // drawn for empty lists, too
  return list.empty() ? std::nullopt : std::optional<T>(list[static_cast<std::size_t>(place)]);
}

}  // namespace

std::vector<MemberLayers> pack_layers(const NetworkSettings& settings, std::uint64_t seed, const Shape& input,
                                      const NetworkShelves& shelves) {
  const bool is_alike = settings.pack_widths.empty() && settings.pack_depths.empty() && settings.pack_activations.empty() &&
                        settings.pack_dropout.empty();
  const int folds = settings.pack > 1 && settings.pack % settings.pack_folds == 0 ? settings.pack_folds : 1;
  std::vector<MemberLayers> all{{.layers = settings.layers, .members = is_alike || settings.pack == 1 ? settings.pack : folds}};
  if (all[0].members == settings.pack) return all;
  const PackLayers layers(settings, input, shelves);
  for (int setting = 1; setting < settings.pack / folds; ++setting) {
    Random random(seed, purpose("layers of a member"), static_cast<std::uint32_t>(setting));
    Drawn drawn;
    drawn.width = one_of(settings.pack_widths, random);
    drawn.depth = one_of(settings.pack_depths, random);
    drawn.activation = one_of(settings.pack_activations, random);
    drawn.dropout = one_of(settings.pack_dropout, random);
    Value value = layers.layers(drawn);
    const auto same = std::find_if(all.begin(), all.end(), [&](const MemberLayers& group) { return group.layers == value; });
    if (same != all.end()) same->members += folds;
    else all.push_back({.layers = std::move(value), .members = folds});
  }
  return all;
}

}  // namespace tend

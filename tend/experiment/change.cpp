#include "tend/experiment/change.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::string_view layers_path = "network.layers.";

void refuse_unchangeable(const std::string& path) {
  static const std::vector<std::string> sections{"prepare", "network", "loss", "update", "train", "watch"};
  const std::string section = path.substr(0, path.find('.'));
  if (path != "data.target_range" && std::find(sections.begin(), sections.end(), section) == sections.end())
    throw Error(Trouble::usage, path, "a key that cannot be changed during a run",
                "data.target_range, or a path that begins with one of: prepare, network, loss, update, train, watch");
}

/// The layer named by a path of exactly one layer. A path with the number of layers means the end of the list.
std::size_t layer_of(const Value::Array& layers, const std::vector<std::string>& names, const std::string& path) {
  const std::string_view place = std::string_view(path).substr(layers_path.size());
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), index);
  if (error == std::errc() && end == place.data() + place.size()) {
    if (index <= layers.size()) return index;
  } else if (const auto found = std::find(names.begin(), names.end(), place); found != names.end()) {
    return static_cast<std::size_t>(found - names.begin());
  }
  throw Error(Trouble::usage, path, "no layer \"" + std::string(place) + "\"", "a place from 0, or one of: " + listed(names));
}

bool is_whole_layer(const std::string& path) {
  return path.starts_with(layers_path) && path.find('.', layers_path.size()) == std::string::npos;
}

/// Writes each name that counting would no longer produce. `names` are the wanted names, empty for a new layer without a name.
void keep_names(Value& layers, std::vector<std::string> names) {
  const std::vector<std::string> counted = layer_names(layers);
  std::set<std::string> taken(names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      names[i] = counted[i];
      const std::string kind = counted[i].substr(0, counted[i].rfind('_'));
      for (int number = 1; taken.contains(names[i]); ++number) names[i] = kind + "_" + std::to_string(number);
      taken.insert(names[i]);
    }
    Value& layer = layers.array_items()[i];
    if (names[i] == counted[i]) continue;
    if (layer.is_string()) {
      Value table = Value::table();
      table[layer.string()] = true;
      layer = std::move(table);
    }
    layer["name"] = names[i];
  }
}

[[noreturn]] void no_such_layer(const std::string& path, std::size_t layers) {
  throw Error(Trouble::usage, path, "no layer has the index " + std::to_string(layers),
              "an index from 0 to " + std::to_string(layers - 1));
}

/// Inserts, removes or replaces a whole layer.
void change_layers(Value& table, const Change& change) {
  Value& layers = table["network"]["layers"];
  std::vector<std::string> names = layer_names(layers);
  Value::Array& items = layers.array_items();
  const std::size_t at = layer_of(items, names, change.path);
  const auto place = static_cast<std::ptrdiff_t>(at);
  const Value* own = change.value.find("name");
  const std::string name = own && own->is_string() ? own->string() : "";
  if (change.kind == Change::Kind::insert) {
    const bool names_inputs = at < items.size() && items[at].is_table() &&
                              (items[at].find("from") ||
                               (!items[at].items().empty() && items[at].items().front().second.is_array()));
    if (names_inputs)
      throw Error(Trouble::usage, change.path,
                  "an insertion before a layer that names its inputs: nothing would read the new layer",
                  "a layer that reads the one above it", "change the names that \"" + names[at] + "\" reads instead");
    items.insert(items.begin() + place, change.value);
    names.insert(names.begin() + place, name);
  } else {
    if (at == items.size()) no_such_layer(change.path, at);
    if (change.kind == Change::Kind::remove) {
      items.erase(items.begin() + place);
      names.erase(names.begin() + place);
    } else {
      items[at] = change.value;
      names[at] = name;
    }
  }
  keep_names(layers, std::move(names));
}

template <class Section>
void refuse_unknown_key(const std::string& path, std::string_view name) {
  if (!path.starts_with(std::string(name) + ".")) return;
  const std::size_t start = name.size() + 1;
  const std::string key = path.substr(start, path.find('.', start) - start);
  std::vector<std::string> known;
  for (const FieldDescription& field : describe_fields<Section>()) known.push_back(field.name);
  if (std::find(known.begin(), known.end(), key) == known.end()) unknown_key(std::string(name), key, known);
}

void erase_path(Value& table, const std::string& path) {
  refuse_unknown_key<PrepareSettings>(path, "prepare");
  refuse_unknown_key<NetworkSettings>(path, "network");
  refuse_unknown_key<LossSettings>(path, "loss");
  refuse_unknown_key<UpdateSettings>(path, "update");
  refuse_unknown_key<TrainSettings>(path, "train");
  refuse_unknown_key<WatchSettings>(path, "watch");
  Value* at = &table;
  std::size_t first = 0;
  if (path.starts_with(layers_path)) {  // a setting of one layer
    const std::size_t dot = path.find('.', layers_path.size());
    Value& layers = table["network"]["layers"];
    const std::size_t index = layer_of(layers.array_items(), layer_names(layers), path.substr(0, dot));
    if (index == layers.array_items().size()) no_such_layer(path, index);
    at = &layers.array_items()[index];
    first = dot + 1;
  }
  for (std::size_t dot = path.find('.', first); dot != std::string::npos; first = dot + 1, dot = path.find('.', first)) {
    at = at->find(path.substr(first, dot - first));
    if (!at || !at->is_table()) return;  // the key is not set: its default holds already
  }
  at->erase(path.substr(first));
}

}  // namespace

Experiment changed(const Experiment& experiment, const std::vector<Change>& changes) {
  Value table = experiment.to_value();
  for (const Change& change : changes) {
    refuse_unchangeable(change.path);
    if (is_whole_layer(change.path)) change_layers(table, change);
    else if (change.kind == Change::Kind::insert)
      throw Error(Trouble::usage, change.path, "an insertion", "the path of a layer: network.layers.NAME");
    else if (change.kind == Change::Kind::remove) erase_path(table, change.path);
    else set_path(table, change.path, change.value);
  }
  Experiment result = Experiment::from_value(table, "changes");
  result.folder = experiment.folder;
  return result;
}

const char* name_of(Change::Kind kind) {
  static constexpr const char* names[] = {"set", "insert", "remove"};
  return names[static_cast<int>(kind)];
}

std::string text_of(const Change& change) {
  switch (change.kind) {
    case Change::Kind::insert: return "insert " + to_inline_toml(change.value) + " before " + change.path;
    case Change::Kind::remove: return "remove " + change.path;
    case Change::Kind::set: break;
  }
  return change.path + " = " + to_inline_toml(change.value);
}

Value changes_to_value(const std::vector<Change>& changes) {
  Value all = Value::array();
  for (const Change& change : changes) {
    Value one = Value::table();
    one["field"] = change.path;
    one["value"] = change.value;
    one["kind"] = name_of(change.kind);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace tend

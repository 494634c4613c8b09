#include "tend/train/experiment.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace tend {

namespace {

/// Keys of the format that this version cannot honour: refused plainly, never passed over.
const std::map<std::string, std::vector<std::string>>& keys_to_come() {
  static const std::map<std::string, std::vector<std::string>> keys{
      {"data", {"weight", "group", "time", "folds"}}, {"loss", {"class_weights", "label_smoothing"}}, {"train", {"weight_average"}}};
  return keys;
}

template <class Section>
void read_section(const Value& table, const std::string& name, Section& section) {
  const Value* v = table.find(name);
  if (!v) return;
  if (!v->is_table()) throw Error(Trouble::usage, name, v->describe(), "a table: [" + name + "]");
  if (const auto to_come = keys_to_come().find(name); to_come != keys_to_come().end())
    for (const std::string& key : to_come->second)
      if (const Value* there = v->find(key))
        throw Error(Trouble::usage, name + "." + key + (there->line ? " (line " + std::to_string(there->line) + ")" : ""), "a key that this version of tend cannot honour yet", "",
                    "take it out");
  section = read_fields(*v, name, section);
}

void check_sections(const Value& table, std::string_view name) {
  static const std::vector<std::string> known{"seed", "data", "prepare", "network", "loss", "update", "train", "watch", "tune"};
  for (const auto& [key, v] : table.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      unknown_key(std::string(name) + (v.line ? ":" + std::to_string(v.line) : ""), key, known);
}

template <class Section>
Value section_value(const Section& section) {
  Value all = write_fields(section, true), kept = Value::table();
  for (auto& [key, v] : all.items())
    if (!v.is_null() && !(v.is_string() && v.string().empty()) && !(v.is_array() && v.array_items().empty() && key != "steps")) kept[key] = v;
  return kept;
}

/// The key that names a layer's kind: the one that is not a setting. Bare words are their own.
std::string kind_of(const Value& layer) {
  if (layer.is_string()) return layer.string();
  return layer.is_table() && !layer.items().empty() ? layer.items()[0].first : "";
}

Value* layer_at(Value& layers, std::string_view place) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), index);
  if (error == std::errc() && end == place.data() + place.size()) return index < layers.array_items().size() ? &layers.array_items()[index] : nullptr;
  std::map<std::string, int> seen;
  for (Value& layer : layers.array_items()) {
    const Value* name = layer.find("name");
    const std::string kind = kind_of(layer), counted = kind + "_" + std::to_string(++seen[kind]);
    if ((name && name->is_string() ? name->string() : counted) == place) return &layer;
  }
  return nullptr;
}

/// A bare word becomes a table, so that settings can be added: "relu" -> {relu = true}, optimizer "adam" -> {name = "adam"}.
void open_up(Value& v, bool is_layer) {
  if (!v.is_string()) return;
  Value table = Value::table();
  if (is_layer) table[v.string()] = true;
  else table["name"] = v.string();
  v = std::move(table);
}

}  // namespace

Experiment Experiment::from_value(const Value& table, std::string_view name) {
  if (!table.is_table()) throw Error(Trouble::usage, std::string(name), table.describe(), "a table of sections");
  check_sections(table, name);
  Experiment e;
  e.written = table;
  if (const Value* seed = table.find("seed")) {
    std::int64_t number = 0;
    read_value(*seed, number, at_least(0), "", "seed");
    e.seed = static_cast<std::uint64_t>(number);
  }
  read_section(table, "data", e.data);
  read_section(table, "prepare", e.prepare);
  read_section(table, "network", e.network);
  read_section(table, "loss", e.loss);
  read_section(table, "update", e.update);
  read_section(table, "train", e.train);
  read_section(table, "watch", e.watch);
  if (const Value* tune = table.find("tune")) e.tune = *tune;
  for (auto [entry, usual] : {std::pair{&e.update.optimizer, "adam"}, {&e.update.schedule, "constant"}})
    if (entry->is_table() && !entry->find("name")) (*entry)["name"] = usual;
  for (const auto& [where, list] : {std::pair{"prepare.steps", &e.prepare.steps}, {"network.layers", &e.network.layers}})
    if (!list->is_array()) throw Error(Trouble::usage, where, list->describe(), "a list");
  if (table.find("network") && !e.is_literal()) throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "leave out [network] to have one inferred");
  if (e.is_literal() && e.loss.name.is_null()) throw Error(Trouble::usage, "loss.name", "nothing", "a loss, since the file has a [network]", "for instance [loss] name = \"softmax_cross_entropy\"");
  if (!e.train.early_stopping.is_null()) {
    if (!e.train.early_stopping.is_table()) throw Error(Trouble::usage, "train.early_stopping", e.train.early_stopping.describe(), "a table: { patience = 5 }");
    read_fields<EarlyStopping>(e.train.early_stopping, "train.early_stopping");
  }
  return e;
}

Experiment Experiment::parse(std::string_view text, std::string_view name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  return from_value(is_json ? parse_json(text, name) : parse_toml(text, name), name);
}

Experiment Experiment::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) throw Error(Trouble::missing, path, "no such file", "an experiment file");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Experiment e = parse(text.starts_with("\xEF\xBB\xBF") ? std::string_view(text).substr(3) : std::string_view(text), path);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  e.folder = folder.empty() ? "." : folder.string();
  return e;
}

Value Experiment::to_value() const {
  Value table = Value::table();
  table["seed"] = static_cast<std::int64_t>(seed);
  table["data"] = section_value(data);
  table["prepare"] = section_value(prepare);
  if (is_literal()) table["network"] = section_value(network);
  if (!loss.name.is_null()) table["loss"] = section_value(loss);
  table["update"] = section_value(update);
  table["train"] = section_value(train);
  table["watch"] = section_value(watch);
  if (!tune.is_null()) table["tune"] = tune;
  return table;
}

void set_path(Value& experiment, std::string_view path, const Value& v) {
  Value* at = &experiment;
  bool is_layer = false;
  const std::string whole(path);
  for (;;) {
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(0, dot);
    if (key.empty()) throw Error(Trouble::usage, whole, "an empty name in the path", "names with single dots between them, like train.epochs");
    if (at->is_array()) {
      at = layer_at(*at, key);
      if (!at) throw Error(Trouble::usage, whole, "no layer \"" + std::string(key) + "\"", "a layer's place from 0, or its name");
      is_layer = true;
      if (dot == std::string_view::npos) break;
    } else {
      open_up(*at, is_layer);
      if (!at->is_table() && !at->is_null()) throw Error(Trouble::usage, whole, at->describe() + " before \"" + std::string(key) + "\"", "a table there");
      at = &(*at)[key];
      if (dot == std::string_view::npos) break;
    }
    path.remove_prefix(dot + 1);
  }
  *at = v;
}

}  // namespace tend

#include "tend/experiment/experiment.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "tend/base/aliases.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/experiment/intervention.h"
#include "tend/experiment/problems.h"
#include "tend/network/activation_registry.h"
#include "tend/network/layer.h"
#include "tend/prepare/pipeline.h"
#include "tend/update/optimizer_registry.h"
#include "tend/update/schedule_registry.h"

namespace tend {

namespace {

/// Values that this version does not support. They are refused, never ignored.
struct ToCome {
  std::string_view section, key, value, instead;
};
constexpr ToCome to_come[] = {{"train", "precision", "bfloat16", "float32"}, {"train", "device", "cuda", "cpu"}};

void refuse_what_is_to_come(const std::string& section, const std::string& key, const Value& v) {
  for (const ToCome& t : to_come) {
    if (section != t.section || key != t.key || !v.is_string() || v.string() != t.value) continue;
    throw Error(Trouble::usage, section + "." + key,
                "\"" + std::string(t.value) + "\", a value that is not available in this version of tend", "",
                "for instance \"" + std::string(t.instead) + "\"");
  }
}

template <class Section>
void read_section(const Value& table, const std::string& name, Section& section, Problems& problems) {
  const Value* v = table.find(name);
  if (!v) return;
  if (!v->is_table())
    return problems.attempt(v->line, [&] { throw Error(Trouble::usage, name, v->describe(), "a table: [" + name + "]"); });
  for (const auto& entry : v->items())
    problems.attempt(entry.second.line, [&] {
      refuse_what_is_to_come(name, entry.first, entry.second);
      Value one = Value::table();
      one[entry.first] = entry.second;
      section = read_fields(one, name, section);
    });
}

void check_sections(const Value& table, std::string_view name, Problems& problems) {
  static const std::vector<std::string> known{"seed", "data", "prepare", "network", "loss", "update", "train", "watch", "tune"};
  for (const auto& entry : table.items())
    if (std::find(known.begin(), known.end(), entry.first) == known.end())
      problems.attempt(entry.second.line, [&] { unknown_key(std::string(name), entry.first, known); });
}

template <class Section>
Value section_value(const Section& section) {
  Value all = write_fields(section, true), kept = Value::table();
  for (auto& [key, v] : all.items())
    if (!v.is_null() && !(v.is_string() && v.string().empty()) && !(v.is_array() && v.array_items().empty() && key != "steps"))
      kept[key] = v;
  return kept;
}

/// An entry "adam" or {name = "adam", beta1 = 0.8} with all its settings; unchanged if the shelf has none of that name.
template <class I>
Value completed(const Value& entry, const Registry<I>& shelf) {
  const Value* name = entry.is_string() ? &entry : entry.find("name");
  const auto* known = name && name->is_string() ? shelf.find(name->string()) : nullptr;
  if (!known || known->fields.empty()) return entry;
  Value all = Value::table();
  all["name"] = name->string();
  for (const FieldDescription& field : known->fields)
    if (const Value* given = entry.find(field.name)) all[field.name] = *given;
    else if (!field.fallback.is_null()) all[field.name] = field.fallback;
  if (entry.is_table())
    for (const auto& [key, v] : entry.items()) all[key] = v;
  return all;
}

/// The key that names an entry's kind: a layer or an activation; otherwise (on a program's own shelf) the first key that is not a
/// setting of every layer. A bare word is its own kind.
std::string kind_of(const Value& entry) {
  if (entry.is_string()) return entry.string();
  if (!entry.is_table()) return "";
  for (const auto& [key, v] : entry.items())
    if (builtin_layers().find(key) || builtin_activations().find(key)) return key;
  for (const auto& [key, v] : entry.items())
    if (key != "name" && key != "from" && key != "initializer" && key != "bias_initializer") return key;
  return "";
}

Value& entry_at(Value& list, std::string_view place, const std::string& whole) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), index);
  const std::vector<std::string> names = layer_names(list);
  if (error != std::errc() || end != place.data() + place.size())
    index = static_cast<std::size_t>(std::find(names.begin(), names.end(), place) - names.begin());
  if (index < names.size()) return list.array_items()[index];
  throw Error(Trouble::usage, whole, "no entry \"" + std::string(place) + "\"",
              names.empty() ? "a list that is not empty" : "a place from 0, or one of: " + listed(names),
              hint_about(place, names));
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

Experiment Experiment::from_value(const Value& table, std::string_view name, bool is_open, const Shelves* shelves) {
  if (!table.is_table()) throw Error(Trouble::usage, std::string(name), table.describe(), "a table of sections");
  Problems problems{std::string(name)};
  check_sections(table, name, problems);
  Experiment e;
  e.written = table;
  if (const Value* seed = table.find("seed"))
    problems.attempt(seed->line, [&] {
      std::int64_t number = 0;
      read_value(*seed, number, at_least(0), "", "seed");
      e.seed = static_cast<std::uint64_t>(number);
    });
  read_section(table, "data", e.data, problems);
  read_section(table, "prepare", e.prepare, problems);
  read_section(table, "network", e.network, problems);
  read_section(table, "loss", e.loss, problems);
  read_section(table, "update", e.update, problems);
  read_section(table, "train", e.train, problems);
  read_section(table, "watch", e.watch, problems);
  TuneSettings tune;
  read_section(table, "tune", tune, problems);
  if (e.train.early_stopping.is_table()) {
    Value of_train = Value::table();
    of_train["train.early_stopping"] = e.train.early_stopping;
    EarlyStopping stopping;
    read_section(of_train, "train.early_stopping", stopping, problems);
  }
  problems.attempt(e.train.interventions.line, [&] { interventions_of(e.train.interventions); });
  if (shelves) look_at_entries(table, *shelves, problems);
  problems.refuse();
  ask_for_size(e.prepare.steps, e.data);
  if (const Value* given = table.find("tune")) e.tune = *given;
  for (auto [entry, usual] : {std::pair{&e.update.optimizer, "adam"}, {&e.update.schedule, "constant"}})
    if (entry->is_table() && !entry->find("name")) (*entry)["name"] = usual;
  for (const auto& [where, list] : {std::pair{"prepare.steps", &e.prepare.steps}, {"network.layers", &e.network.layers}})
    if (!list->is_array())
      throw Error(Trouble::usage, where, list->describe(), "a list", means_none(*list) ? "write [] for none" : "");
  e.is_open = is_open && !e.network.layers.array_items().empty();
  const Value* network = table.find("network");
  const bool names_no_layers = network && (network->items().empty() || network->find("layers"));
  if (names_no_layers && e.network.layers.array_items().empty() && !is_open)
    throw Error(Trouble::usage, "network.layers", "nothing", "a list of layers", "leave out [network] to have one inferred");
  if (e.is_literal() && e.loss.name.is_null())
    throw Error(
        Trouble::usage, "loss.name", "nothing", "a loss, since the file has a [network]",
        "[loss] name = \"softmax_cross_entropy\" for classes, \"sigmoid_cross_entropy\" for labels, \"mean_squared_error\" for numbers");
  if (!e.train.early_stopping.is_null() && !e.train.early_stopping.is_table())
    throw Error(Trouble::usage, "train.early_stopping", e.train.early_stopping.describe(), "a table: { patience = 5 }",
                "{ patience = 1000000 } never stops early" +
                    std::string(e.is_literal() ? ", and neither does a file without this key" : ""));
  return e;
}

Experiment Experiment::parse(std::string_view text, std::string_view name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  return from_value(is_json ? parse_json(text, name) : parse_toml(text, name), name);
}

Experiment Experiment::read(const std::string& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "an experiment file");
  Experiment e = parse(text->starts_with("\xEF\xBB\xBF") ? std::string_view(*text).substr(3) : std::string_view(*text), path);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  e.folder = folder.empty() ? "." : folder.string();
  return e;
}

Value Experiment::to_value() const {
  Value table = Value::table();
  table["seed"] = static_cast<std::int64_t>(seed);
  table["data"] = section_value(data);
  table["prepare"] = section_value(prepare);
  if (!network.layers.array_items().empty()) table["network"] = section_value(network);
  if (!loss.name.is_null()) table["loss"] = section_value(loss);
  table["update"] = section_value(update);
  table["update"]["optimizer"] = completed(update.optimizer, builtin_optimizers());
  table["update"]["schedule"] = completed(update.schedule, builtin_schedules());
  table["train"] = section_value(train);
  table["watch"] = section_value(watch);
  if (!tune.is_null()) table["tune"] = tune;
  return table;
}

std::vector<std::string> layer_names(const Value& list) {
  std::vector<std::string> names;
  std::map<std::string, int> seen;
  for (const Value& entry : list.array_items()) {
    const Value* name = entry.find("name");
    const std::string kind = kind_of(entry), counted = kind + "_" + std::to_string(++seen[kind]);
    names.push_back(name && name->is_string() ? name->string() : counted);
  }
  return names;
}

void set_path(Value& experiment, std::string_view path, const Value& v) {
  Value* at = &experiment;
  bool is_layer = false;
  const std::string whole(path);
  for (;;) {
    const std::size_t dot = path.find('.');
    const std::string_view key = path.substr(0, dot);
    if (key.empty())
      throw Error(Trouble::usage, whole, "an empty name in the path", "names with single dots between them, like train.epochs");
    if (at->is_array()) {
      at = &entry_at(*at, key, whole);
      is_layer = true;
      if (dot == std::string_view::npos) break;
    } else {
      open_up(*at, is_layer);
      if (!at->is_table() && !at->is_null())
        throw Error(Trouble::usage, whole, at->describe() + " before \"" + std::string(key) + "\"", "a table there");
      at = &(*at)[key];
      if (dot == std::string_view::npos) break;
    }
    path.remove_prefix(dot + 1);
  }
  *at = v;
}

}  // namespace tend

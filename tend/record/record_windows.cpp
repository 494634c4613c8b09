#include <algorithm>
#include <cstring>
#include <map>

#include "tend/base/error.h"
#include "tend/record/database.h"
#include "tend/record/record.h"

namespace tend {

namespace {

/// What a blob holds of each parameter, as floats: norms of gradient, update and weights, and elements that are not finite.
constexpr std::size_t floats_of_window = 4;

std::vector<std::byte> blob_of_windows(const Record::Windows& windows) {
  std::vector<std::byte> blob(windows.size() * floats_of_window * sizeof(float));
  std::byte* to = blob.data();
  for (const ParameterWindow& w : windows) {
    const float v[floats_of_window] = {static_cast<float>(w.gradient_norm), static_cast<float>(w.update_norm),
                                       static_cast<float>(w.weight_norm), static_cast<float>(w.not_finite)};
    std::memcpy(to, v, sizeof v);
    to += sizeof v;
  }
  return blob;
}

Value value_of_parameters(const std::vector<ParameterHistory>& parameters) {
  Value all = Value::array();
  for (const ParameterHistory& p : parameters) {
    Value one = Value::table();
    one["name"] = p.name, one["layer"] = p.layer, one["is_matrix"] = p.is_matrix, one["elements"] = p.elements;
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<ParameterHistory> parameters_of_value(const Value& v, const std::string& path) {
  const Error damaged(Trouble::data, path, "a damaged list of parameters", "names, layers and numbers of elements");
  if (!v.is_array()) throw damaged;
  std::vector<ParameterHistory> all;
  for (const Value& one : v.array_items()) {
    const Value *name = one.find("name"), *layer = one.find("layer"), *is_matrix = one.find("is_matrix"),
                *elements = one.find("elements");
    if (!name || !name->is_string() || !layer || !layer->is_string() || !is_matrix || !is_matrix->is_bool() || !elements ||
        !elements->is_integer())
      throw damaged;
    all.push_back({.name = name->string(),
                   .layer = layer->string(),
                   .is_matrix = is_matrix->boolean(),
                   .elements = elements->integer(),
                   .windows = {}});
  }
  return all;
}

/// Records of earlier versions do not have all tables.
bool has_table(Database& database, std::string_view name) {
  Statement find(database, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?");
  find.bind(name);
  return find.next() && find.integer(0) > 0;
}

}  // namespace

/// Not part of the first version of the schema, so that records of it can be continued.
void Record::create_window_tables() {
  database_->run(R"(
CREATE TABLE IF NOT EXISTS parameters(since INTEGER PRIMARY KEY, list TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS windows(last INTEGER PRIMARY KEY, first INTEGER NOT NULL, parameters BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS looks(step INTEGER PRIMARY KEY, layers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS noise(step INTEGER PRIMARY KEY, rows INTEGER NOT NULL, signal REAL NOT NULL, noise REAL NOT NULL, cost REAL NOT NULL);
)");
}

void Record::write_windows(const Batch& batch) {
  Statement list(*database_, "INSERT OR REPLACE INTO parameters VALUES(?, ?)");
  for (const Parameters& p : batch.parameters) list.bind(p.since).bind(to_json(value_of_parameters(p.all), -1)).done();
  Statement window(*database_, "INSERT OR REPLACE INTO windows VALUES(?, ?, ?)");
  for (const Windows& w : batch.windows)
    if (!w.empty()) window.bind(w[0].last).bind(w[0].first).bind(std::span<const std::byte>(blob_of_windows(w))).done();
  Statement look(*database_, "INSERT OR REPLACE INTO looks VALUES(?, ?)");
  for (const LayersLook& l : batch.looks) look.bind(l.step).bind(to_json(layers_to_value(l.layers), -1)).done();
  Statement noise(*database_, "INSERT OR REPLACE INTO noise VALUES(?, ?, ?, ?, ?)");
  for (const NoiseLook& l : batch.noise) noise.bind(l.step).bind(l.rows).bind(l.signal).bind(l.noise).bind(l.cost).done();
}

void Record::cut_windows_after(std::int64_t step) {
  for (const char* sql : {"DELETE FROM windows WHERE last > ?", "DELETE FROM parameters WHERE since > ?",
                          "DELETE FROM looks WHERE step > ?", "DELETE FROM noise WHERE step > ?"}) {
    Statement rows(*database_, sql);
    rows.bind(step).done();
  }
}

std::vector<LayersLook> Record::looks() const {
  std::vector<LayersLook> all;
  if (!has_table(*database_, "looks")) return all;
  Statement rows(*database_, "SELECT step, layers FROM looks ORDER BY step");
  while (rows.next()) all.push_back({rows.integer(0), layers_of_value(parse_json(rows.text(1), database_->path()))});
  return all;
}

std::vector<NoiseLook> Record::noise() const {
  std::vector<NoiseLook> all;
  if (!has_table(*database_, "noise")) return all;
  Statement rows(*database_, "SELECT step, rows, signal, noise, cost FROM noise ORDER BY step");
  while (rows.next())
    all.push_back({.step = rows.integer(0),
                   .rows = rows.integer(1),
                   .signal = rows.number(2),
                   .noise = rows.number(3),
                   .cost = rows.number(4)});
  return all;
}

std::vector<ParameterHistory> Record::parameters() const {
  if (!has_table(*database_, "parameters") || !has_table(*database_, "windows")) return {};
  std::vector<ParameterHistory> all;
  std::map<std::int64_t, std::vector<std::size_t>> places;  // by first step: where in `all` each parameter of the list is
  Statement lists(*database_, "SELECT since, list FROM parameters ORDER BY since");
  while (lists.next()) {
    std::vector<std::size_t>& of_list = places[lists.integer(0)];
    for (ParameterHistory& p : parameters_of_value(parse_json(lists.text(1), database_->path()), database_->path())) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const ParameterHistory& known) {
        return known.name == p.name && known.elements == p.elements;
      });
      of_list.push_back(static_cast<std::size_t>(found - all.begin()));
      if (found == all.end()) all.push_back(std::move(p));
    }
  }
  Statement windows(*database_, "SELECT first, last, parameters FROM windows ORDER BY last");
  while (windows.next()) {
    auto list = places.upper_bound(windows.integer(0));
    const auto blob = windows.blob(2);
    if (list == places.begin() || blob.size() != (--list)->second.size() * floats_of_window * sizeof(float)) continue;
    for (std::size_t i = 0; i < list->second.size(); ++i) {
      float v[floats_of_window];
      std::memcpy(v, blob.data() + i * sizeof v, sizeof v);
      all[list->second[i]].windows.push_back({.first = windows.integer(0),
                                              .last = windows.integer(1),
                                              .gradient_norm = static_cast<double>(v[0]),
                                              .update_norm = static_cast<double>(v[1]),
                                              .weight_norm = static_cast<double>(v[2]),
                                              .not_finite = static_cast<double>(v[3])});
    }
  }
  return all;
}

}  // namespace tend

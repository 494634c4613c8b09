#include "tend/experiment/problems.h"

#include <algorithm>

#include "tend/network/network.h"
#include "tend/prepare/step.h"

namespace tend {

namespace {

/// "train.epochs (line 7)" without the line.
std::string without_line(const std::string& where) {
  const std::size_t at = where.rfind(" (line ");
  return at != std::string::npos && where.back() == ')' ? where.substr(0, at) : where;
}

int line_of(const Value& v, int otherwise) { return v.line ? v.line : otherwise; }

/// Reads an entry's own value and each of its settings separately, so that each can be reported.
template <class I>
void look_at_settings(const Registry<I>& shelf, const Spec& spec, const std::string& where, int line, Problems& problems) {
  const auto* entry = shelf.find(spec.kind);
  if (!spec.value.is_null())
    problems.attempt(line_of(spec.value, line), [&] { entry->make({.kind = spec.kind, .value = spec.value}, where); });
  for (const auto& [key, v] : spec.options.items()) {
    Spec one{.kind = spec.kind};
    one.options[key] = v;
    problems.attempt(line_of(v, line), [&] { entry->make(one, where); });
  }
}

template <class I>
void look_at_entry(const Registry<I>& shelf, const Value& entry, const std::string& where, Problems& problems) {
  problems.attempt(entry.line, [&] {
    const Spec spec = read_spec(entry, shelf.names(), where);
    look_at_settings(shelf, spec, where + "." + spec.kind, entry.line, problems);
  });
}

template <class I>
void look_at_named(const Registry<I>& shelf, Value entry, const char* usual, const std::string& where, Problems& problems) {
  if (entry.is_table() && !entry.find("name")) entry["name"] = usual;
  problems.attempt(entry.line,
                   [&] { look_at_settings(shelf, read_named_spec(entry, shelf.names(), where), where, entry.line, problems); });
}

void look_at_layer(const Value& entry, std::size_t place, const Shelves& shelves, Problems& problems) {
  std::vector<std::string> kinds = shelves.layers.names();
  for (const std::string& name : shelves.activations.names()) kinds.push_back(name);
  std::string where = "network.layers[" + std::to_string(place) + "]";
  problems.attempt(entry.line, [&] {
    Spec spec = read_spec(entry, kinds, where);
    where += " " + spec.kind;
    for (const FieldDescription& key : describe_fields<NodeKeys>()) spec.options.erase(key.name);
    if (const auto* layer = shelves.layers.find(spec.kind)) {
      for (const FieldDescription& field : layer->fields)
        if (const Value* given = spec.options.find(field.name); given && field.words.find("<initializer>") != std::string::npos)
          look_at_entry(shelves.initializers, *given, where + "." + field.name, problems);
      look_at_settings(shelves.layers, spec, where, entry.line, problems);
    } else {
      look_at_settings(shelves.activations, spec, where, entry.line, problems);
    }
  });
}

const Value* at(const Value& table, const char* section, const char* key) {
  const Value* v = table.find(section);
  const Value* found = v ? v->find(key) : nullptr;
  return found && !found->is_null() ? found : nullptr;
}

}  // namespace

void Problems::attempt(int line, const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& e) {
    if (e.trouble != Trouble::usage) throw;
    const std::string key = without_line(e.where), place = name_ + ":" + std::to_string(line);
    const std::string where = line == 0 ? e.where : key == name_ ? place : place + ": " + key;
    found_.push_back({line, Error(e.trouble, where, e.got, e.wanted, e.hint)});
  }
}

void Problems::refuse() const {
  if (found_.empty()) return;
  if (found_.size() == 1) throw found_[0].error;
  std::vector<Problem> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
  std::string all = std::to_string(sorted.size()) + " problems";
  constexpr std::size_t most_listed = 20;
  for (std::size_t i = 0; i < std::min(most_listed, sorted.size()); ++i) all += std::string("\n  ") + sorted[i].error.what();
  if (sorted.size() > most_listed) all += "\n  and " + std::to_string(sorted.size() - most_listed) + " more";
  throw Error(Trouble::usage, name_, all);
}

void look_at_entries(const Value& table, const Shelves& shelves, Problems& problems) {
  if (const Value* steps = at(table, "prepare", "steps"); steps && steps->is_array())
    for (std::size_t i = 0; i < steps->array_items().size(); ++i)
      look_at_entry(builtin_steps(), steps->array_items()[i], "prepare.steps." + std::to_string(i), problems);
  if (const Value* initializer = at(table, "network", "initializer"))
    look_at_entry(shelves.initializers, *initializer, "network.initializer", problems);
  if (const Value* layers = at(table, "network", "layers"); layers && layers->is_array())
    for (std::size_t i = 0; i < layers->array_items().size(); ++i) look_at_layer(layers->array_items()[i], i, shelves, problems);
  if (const Value* loss = at(table, "loss", "name")) look_at_entry(shelves.losses, *loss, "loss.name", problems);
  if (const Value* optimizer = at(table, "update", "optimizer"))
    look_at_named(shelves.optimizers, *optimizer, "adam", "update.optimizer", problems);
  if (const Value* schedule = at(table, "update", "schedule")) {
    const std::size_t before = problems.count();
    Value own = *schedule;
    own.erase("warmup_steps");
    if (!own.is_table() || !own.items().empty()) look_at_named(shelves.schedules, own, "constant", "update.schedule", problems);
    if (problems.count() == before)  // the settings together
      problems.attempt(schedule->line, [&] { LearningRate(*schedule, 1, shelves.schedules); });
  }
}

}  // namespace tend

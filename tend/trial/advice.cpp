#include "tend/trial/advice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tend/prepare/step.h"

namespace tend {

namespace {

const Value& entry_of(const TrialContext& context, std::size_t place) {
  return context.experiment().network.layers.array_items()[place];
}
std::size_t place_of(const TrialContext& context, const Node& node) {
  return static_cast<std::size_t>(&node - context.network().nodes().data());
}

/// The place of the last node with weights; 0 if there is none.
std::size_t last_with_weights(const Network& network) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < network.nodes().size(); ++i)
    if (!network.nodes()[i].layout.parameters.empty()) last = i;
  return last;
}

bool is_named_by_others(const TrialContext& context, const Node& node) {
  const auto names_it = [&](const Value& v) { return v.is_string() && v.string() == node.name; };
  for (const Value& entry : context.experiment().network.layers.array_items()) {
    if (!entry.is_table()) continue;
    for (const auto& [key, value] : entry.items()) {
      if (key == "name") continue;
      if (names_it(value)) return true;
      if (value.is_array() && std::any_of(value.array_items().begin(), value.array_items().end(), names_it)) return true;
    }
  }
  return false;
}

/// Does the node read the one above it, since its entry names no other?
bool reads_above(const TrialContext& context, const Node& node) {
  const auto place = place_of(context, node);
  return !node.traits.takes_many && node.inputs == std::vector<int>{static_cast<int>(place) - 1} &&
         !entry_of(context, place).find("from");
}

/// Places at which there will be another activation.
struct Replaced {
  std::vector<std::size_t> places;
  std::string kind;
};

/// The initializer that the network chooses for a layer that names none, with another activation at some places.
std::string suitable_name(const Network& network, std::size_t place, const Replaced& other) {
  for (std::size_t i = place + 1; i < network.nodes().size(); ++i) {
    if (std::find(other.places.begin(), other.places.end(), i) != other.places.end())
      return std::string(builtin_activations().make(other.kind, "advice")->traits().weight_initializer);
    if (!network.nodes()[i].traits.passes_through) return std::string(network.nodes()[i].traits.weight_initializer);
  }
  return std::string(ActivationTraits{}.weight_initializer);
}

bool draws_alike(const TrialContext& context, const InitializerEntry& a, const InitializerEntry& b, const ParameterSpec& spec) {
  constexpr double most_apart = 0.15;  // below the factor of 1.41 between variances 1 / fan_in and 2 / fan_in
  if (a.needs_data() || a.name() == b.name()) return true;
  const Drawn own = context.drawn_by(a, spec), other = context.drawn_by(b, spec);
  return std::fabs(own.size - other.size) <= most_apart * other.size && std::fabs(own.mean) <= most_apart * other.size;
}

/// Inherited initializers that do not suit, by the name of the one that does: how many layers want it.
struct Weights {
  Changes changes;
  std::map<std::string, int> inherited;
};

void judge_weights(const TrialContext& context, std::size_t place, const Replaced& other, Weights& found) {
  const Node& node = context.network().nodes()[place];
  const Value& entry = entry_of(context, place);
  for (std::size_t p = 0; p < node.layout.parameters.size(); ++p) {
    const ParameterSpec& spec = node.layout.parameters[p];
    const InitializerEntry& own = *node.initializers[p];
    if (spec.shape.rank() < 2) {
      if (entry.find("bias_initializer") && spec.name.ends_with("bias") && !own.needs_data() &&
          context.drawn_by(own, spec).size > 1)
        found.changes.push_back({.path = layer_field(node) + ".bias_initializer", .value = "zeros"});
      continue;
    }
    const std::string wanted = suitable_name(context.network(), place, other);
    if (spec.name != "weights" || draws_alike(context, own, *builtin_initializers().make(wanted, "advice"), spec)) continue;
    if (entry.find("initializer")) found.changes.push_back({.path = layer_field(node) + ".initializer", .value = wanted});
    else if (spec.initializer.is_null()) ++found.inherited[wanted];
  }
}

Changes weights_for(const TrialContext& context, const std::vector<std::size_t>& only, const Replaced& other) {
  Weights found;
  for (std::size_t i = 0; i < context.network().nodes().size(); ++i)
    if (only.empty() || std::find(only.begin(), only.end(), i) != only.end()) judge_weights(context, i, other, found);
  if (context.experiment().network.initializer.is_null() || found.inherited.empty()) return found.changes;
  const auto most = std::max_element(found.inherited.begin(), found.inherited.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  found.changes.insert(found.changes.begin(), {.path = "network.initializer", .value = most->first});
  return found.changes;
}

}  // namespace

Changes standardized_inputs(const TrialContext& context) {
  if (context.has_codes()) return {};
  return {{.path = "prepare.steps", .value = with_row_step(context.experiment().prepare.steps, "standardize")}};
}

Changes imputed_inputs(const TrialContext& context) {
  const Value& present = context.experiment().prepare.steps;
  Value::Array steps = present.is_array() ? present.array_items() : Value::Array{};
  if (std::find(steps.begin(), steps.end(), Value("impute")) != steps.end())
    return {{.path = "prepare.steps", .value = with_row_step(present, "impute")}};
  steps.insert(steps.begin(), "impute");
  return {{.path = "prepare.steps", .value = steps}};
}

Changes suitable_weights(const TrialContext& context, const std::vector<std::size_t>& only) {
  return weights_for(context, only, {});
}

std::vector<std::size_t> hidden_activations(const Network& network) {
  const std::vector<Node>& nodes = network.nodes();
  std::vector<std::size_t> places;
  for (std::size_t i = 0, end = last_with_weights(network); i < end; ++i)
    if (nodes[i].activation && !nodes[i].traits.is_identity) places.push_back(i);
  return places;
}

Changes activations_at(const TrialContext& context, const std::vector<std::size_t>& places, const std::string& kind,
                       const std::vector<std::size_t>& weights) {
  std::vector<std::size_t> sorted = places;
  std::sort(sorted.rbegin(), sorted.rend());
  Changes changes;
  for (std::size_t place : sorted)
    if (const Node& node = context.network().nodes()[place]; kind_of(node) != kind)
      changes.push_back(replaced(context, node, kind));
  return joined(std::move(changes), weights_for(context, weights, {places, kind}));
}

Changes normalized_activations(const TrialContext& context) {
  const std::vector<Node>& nodes = context.network().nodes();
  Changes changes;
  for (std::size_t i = 1, last = last_with_weights(context.network()); i < last; ++i) {
    const bool suits = nodes[i].activation && !nodes[i].traits.is_identity && nodes[i - 1].traits.is_product &&
                       nodes[i].input_shapes[0].rank() % 2 == 1;
    if (suits) changes = joined(std::move(changes), inserted_before(context, nodes[i], "batch_norm"));
  }
  return changes;
}

Change without(const TrialContext& context, const Node& node) {
  if (context.network().nodes().size() == 1 || is_named_by_others(context, node)) return replaced(context, node, "linear");
  return {.path = layer_field(node), .value = {}, .kind = Change::Kind::remove};
}

Change replaced(const TrialContext& context, const Node& node, const std::string& kind) {
  const Value& entry = entry_of(context, place_of(context, node));
  Value layer = kind;
  for (const char* key : {"name", "from"})
    if (const Value* kept = entry.find(key)) {
      if (layer.is_string()) layer = Value::table(), layer[kind] = true;
      layer[key] = *kept;
    }
  return {.path = layer_field(node), .value = std::move(layer)};
}

Changes inserted_before(const TrialContext& context, const Node& node, const Value& layer) {
  if (!reads_above(context, node)) return {};
  return {{.path = layer_field(node), .value = layer, .kind = Change::Kind::insert}};
}

Changes width_of(const Node& node, std::int64_t units) {
  const std::string kind = kind_of(node);
  if (!node.layer || node.layout.parameters.empty()) return {};
  const Value written = node.layer->to_value();
  const Value* width = written.find(kind);
  if (!width || !width->is_integer()) return {};
  return {{.path = layer_field(node) + "." + kind, .value = units}};
}

bool takes_interventions(const TrialContext& context) {
  return context.run().counters().step > 0 && context.network().members() == 1;
}

Changes intervened(const TrialContext& context, Intervention intervention) {
  intervention.step = context.run().counters().step;
  return {{.path = "train.interventions", .value = with_intervention(context.experiment().train.interventions, intervention)}};
}

bool is_intervention(const Changes& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const Change& c) { return c.path == "train.interventions"; });
}

Changes first_of(std::initializer_list<Changes> lists) {
  const auto found = std::find_if(lists.begin(), lists.end(), [](const Changes& c) { return !c.empty(); });
  return found == lists.end() ? Changes{} : *found;
}

Changes joined(Changes first, const Changes& second) {
  const auto is_set_again = [&](const Change& c) {
    return c.kind == Change::Kind::set && !c.path.starts_with("network.layers") &&
           std::any_of(second.begin(), second.end(),
                       [&](const Change& later) { return later.kind == c.kind && later.path == c.path; });
  };
  std::erase_if(first, is_set_again);
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

double rounded(double v, int figures) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", figures, v);
  return std::strtod(text, nullptr);
}

}  // namespace tend

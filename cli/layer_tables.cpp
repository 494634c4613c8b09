#include "layer_tables.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "tend/base/text.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::size_t most_rows = 60, ratio_width = 24;
// CS231n, lecture 6: an update should change weights by about 1e-3 of their size.
constexpr double low_ratio = 1e-4, high_ratio = 1e-2;

void add_aligned(std::vector<std::string>& lines, const std::string& title, const std::vector<std::vector<std::string>>& rows,
                 const std::vector<bool>& right) {
  lines.push_back(title);
  const std::size_t shown = std::min(rows.size(), most_rows);
  for (const std::string& line : aligned({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown)}, right))
    lines.push_back(line);
  if (shown < rows.size()) lines.push_back("  and " + std::to_string(rows.size() - shown) + " more, which --json has");
}

/// One mark for each look at a layer: the share of its units that were 0 for all rows.
std::string dead_line(const std::vector<LayersLook>& looks, const std::string& layer) {
  constexpr std::int64_t whole = 1000;
  std::vector<std::int64_t> shares;
  const std::size_t every = looks.size() / ratio_width + 1;
  for (std::size_t i = every - 1; i < looks.size(); i += every)
    for (const LayerState& state : looks[i].layers)
      if (state.name == layer) shares.push_back(std::llround(static_cast<double>(whole) * state.dead_fraction));
  return shares.empty() ? "" : "[" + bars(shares, shows_blocks(), whole) + "]";
}

/// The layers of a network that differs in them from others of its pack: "dense 64, relu, dense 2".
std::string layers_text(const Value& member) {
  const Value* layers = member.find("layers");
  std::string text;
  if (!layers || !layers->is_array()) return text;
  for (const Value& layer : layers->array_items()) {
    text += text.empty() ? "" : ", ";
    if (layer.is_string()) text += layer.string();
    else if (layer.is_table() && !layer.items().empty())
      text += layer.items()[0].first + " " + to_inline_toml(layer.items()[0].second);
  }
  return text;
}

/// One line for each setting of a pack, the best first: the members of a pack with folds have the same settings in turn.
void add_members(std::vector<std::string>& lines, const Value& summary) {
  const Value* members = summary.find("members");
  if (!members || !members->is_array()) return;
  std::vector<const Value*> all;
  for (const Value& m : members->array_items()) all.push_back(&m);
  std::stable_sort(all.begin(), all.end(),
                   [](const Value* a, const Value* b) { return number_at(*a, "loss") < number_at(*b, "loss"); });
  std::vector<std::vector<std::string>> rows{
      {"  networks", "learning rate", "weight decay", "held-out loss", "share of the model", "", ""}};
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    double share = 0;
    for (;
         end < all.size() && number_at(*all[end], "learning_rate") == number_at(*all[i], "learning_rate") &&
         number_at(*all[end], "begun_step") == number_at(*all[i], "begun_step") && layers_text(*all[end]) == layers_text(*all[i]);
         ++end)
      share += number_at(*all[end], "share");
    const double begun = number_at(*all[i], "begun_step");
    rows.push_back({"  " + std::to_string(end - i), figure(number_at(*all[i], "learning_rate")),
                    figure(number_at(*all[i], "weight_decay")), figure(number_at(*all[i], "loss")), share_text(share),
                    begun > 0 ? "since step " + figure(begun) : "", layers_text(*all[i])});
    i = end;
  }
  add_aligned(lines, "Networks of the pack, those with the same settings together", rows, {true, true, true, true, true});
}

}  // namespace

std::string remark_on_parameter(const ParameterHistory& p) {
  const bool has_bad = std::any_of(p.windows.begin(), p.windows.end(), [](const auto& w) { return w.not_finite > 0; });
  if (has_bad) return "gradients that are not finite";
  if (!p.is_matrix) return "";
  const double ratio = usual_update_ratio(p);
  return ratio > high_ratio ? "above 1e-2" : ratio < low_ratio ? "below 1e-4" : "";
}

std::string name_in_network(const std::string& name) {
  if (!name.starts_with("member_")) return name;
  const std::size_t dot = name.find('.');
  return dot != std::string::npos && dot > 7 && name.find_first_not_of("0123456789", 7) == dot ? name.substr(dot + 1) : name;
}

std::vector<const ParameterHistory*> usual_of_pack(const std::vector<ParameterHistory>& all) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<const ParameterHistory*>> by_name;
  for (const ParameterHistory& p : all) {
    if (p.windows.empty()) continue;
    const std::string name = name_in_network(p.name);
    if (by_name[name].empty()) names.push_back(name);
    by_name[name].push_back(&p);
  }
  std::vector<const ParameterHistory*> usual;
  for (const std::string& name : names) {
    std::vector<const ParameterHistory*>& same = by_name[name];
    std::sort(same.begin(), same.end(),
              [](const auto* a, const auto* b) { return usual_update_ratio(*a) < usual_update_ratio(*b); });
    usual.push_back(same[same.size() / 2]);
  }
  return usual;
}

std::string ratio_line(const std::vector<ParameterWindow>& windows, std::size_t width, bool with_blocks) {
  if (windows.empty()) return "";
  constexpr std::int64_t levels = 8;
  const std::int64_t first = windows.front().first, steps = windows.back().last - first + 1;
  std::vector<std::int64_t> line;
  const auto columns = static_cast<std::int64_t>(std::min(width, windows.size()));
  auto window = windows.begin();
  for (std::int64_t c = 0; c < columns; ++c) {
    const std::int64_t end = first + steps * (c + 1) / columns - 1;
    double highest = 0;
    for (bool is_first = true; window != windows.end() && (is_first || window->last <= end); ++window, is_first = false)
      highest = std::max(highest, window->update_ratio());
    line.push_back(highest > 0 ? std::clamp<std::int64_t>(std::llround(2 * std::log10(highest)) + 11, 1, levels) : 0);
  }
  return bars(line, with_blocks, levels);
}

std::vector<std::string> layer_tables(const ShownRun& shown) {
  std::vector<std::string> lines;
  std::vector<std::vector<std::string>> rows{
      {"  parameter", "elements", "weights", "gradient", "update/weight", "start to end", ""}};
  const std::vector<const ParameterHistory*> usual = usual_of_pack(shown.parameters);
  for (const ParameterHistory* of : usual) {
    const ParameterHistory& p = *of;
    const double ratio = usual_update_ratio(p);
    rows.push_back({"  " + name_in_network(p.name), std::to_string(p.elements), figure(p.windows.back().weight_norm),
                    figure(p.windows.back().gradient_norm), figure(ratio), ratio_line(p.windows, ratio_width, shows_blocks()),
                    remark_on_parameter(p)});
  }
  if (rows.size() > 1)
    add_aligned(
        lines,
        std::string("Parameters: norms of weights and gradient at the end; usual size of an update, as a part of the weights") +
            (usual.size() < shown.parameters.size() ? "; of a pack the network in the middle" : ""),
        rows, {false, true, true, true, true});
  rows = {{"  layer", "kind", "units", "deviation", "zero", "at ends", "dead units", "start to end"}};
  for (const Value& layer : shown.layers.array_items())
    rows.push_back({"  " + text_at(layer, "name"), text_at(layer, "kind"), figure(number_at(layer, "units")),
                    figure(number_at(layer, "deviation")), share_text(number_at(layer, "zero_fraction")),
                    std::isnan(number_at(layer, "at_ends")) ? "" : share_text(number_at(layer, "at_ends")),
                    share_text(number_at(layer, "dead_fraction")), dead_line(shown.looks, text_at(layer, "name"))});
  if (rows.size() > 1)
    add_aligned(
        lines,
        "Outputs of the activations at the end, for training rows; start to end: the share of dead units, a full mark is all",
        rows, {false, false, true, true, true, true, true});
  add_members(lines, shown.summary);
  return lines;
}

Value parameters_to_value(const std::vector<ParameterHistory>& parameters) {
  Value all = Value::array();
  for (const ParameterHistory& p : parameters) {
    Value one = Value::table();
    one["name"] = p.name, one["layer"] = p.layer, one["elements"] = p.elements;
    one["update_ratio"] = usual_update_ratio(p);
    one["windows"] = Value::array();
    for (const ParameterWindow& w : p.windows)
      one["windows"].push_back(Value::Array{w.first, w.last, w.gradient_norm, w.update_norm, w.weight_norm, w.not_finite});
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace tend

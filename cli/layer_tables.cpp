#include "layer_tables.h"

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::size_t most_rows = 60, ratio_width = 24;
// CS231n, lecture 6: an update should change weights by about 1e-3 of their size.
constexpr double low_ratio = 1e-4, high_ratio = 1e-2;

double number_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_number() ? found->number() : std::nan("");
}
std::string name_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_string() ? found->string() : "";
}

std::string remark_on(const ParameterHistory& p, double ratio) {
  const bool has_bad = std::any_of(p.windows.begin(), p.windows.end(), [](const auto& w) { return w.not_finite > 0; });
  if (has_bad) return "gradients that are not finite";
  if (!p.is_matrix) return "";
  return ratio > high_ratio ? "above 1e-2" : ratio < low_ratio ? "below 1e-4" : "";
}

void add_aligned(std::vector<std::string>& lines, const std::string& title, const std::vector<std::vector<std::string>>& rows,
                 const std::vector<bool>& right) {
  lines.push_back(title);
  const std::size_t shown = std::min(rows.size(), most_rows);
  for (const std::string& line : aligned({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown)}, right))
    lines.push_back(line);
  if (shown < rows.size()) lines.push_back("  and " + std::to_string(rows.size() - shown) + " more, which --json has");
}

}  // namespace

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
  for (const ParameterHistory& p : shown.parameters) {
    if (p.windows.empty()) continue;
    const double ratio = usual_update_ratio(p);
    rows.push_back({"  " + p.name, std::to_string(p.elements), figure(p.windows.back().weight_norm),
                    figure(p.windows.back().gradient_norm), figure(ratio), ratio_line(p.windows, ratio_width, shows_blocks()),
                    remark_on(p, ratio)});
  }
  if (rows.size() > 1)
    add_aligned(lines, "Parameters: norms of weights and gradient at the end; usual size of an update, as a part of the weights",
                rows, {false, true, true, true, true});
  rows = {{"  layer", "kind", "units", "deviation", "zero", "dead units"}};
  for (const Value& layer : shown.layers.array_items())
    rows.push_back({"  " + name_at(layer, "name"), name_at(layer, "kind"), figure(number_at(layer, "units")),
                    figure(number_at(layer, "deviation")), share_text(number_at(layer, "zero_fraction")),
                    share_text(number_at(layer, "dead_fraction"))});
  if (rows.size() > 1)
    add_aligned(lines, "Outputs of the activations at the end, for training rows", rows, {false, false, true, true, true, true});
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

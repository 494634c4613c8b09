#include "tend/check/checks/initialization.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/trial/advice.h"
#include "tend/trial/twins.h"

namespace tend {
namespace {

double size_of(const NodeLook& n) { return std::hypot(n.mean, n.deviation); }
/// Differences between rows shrink by half or more, however the weights are chosen.
bool shrinks(const Node& node) { return node.traits.steepest_slope > 0 && node.traits.steepest_slope < 0.5; }

/// The state before the first step, and what several judgements need of it.
struct Start {
  const Setup& setup;
  const Look& look;
  double input_size = 0, input_differences = 0;  // root of the mean square; of the variance among rows
  std::size_t last = 0;                          // node of the last weights: it and those after it are the output
  std::vector<const NodeLook*> hidden;           // activations before it
  std::vector<CheckResult> told;

  explicit Start(const Setup& s) : setup(s), look(s.start()) {
    for (std::size_t i = 0; i < look.nodes.size(); ++i)
      if (!look.nodes[i].node->layout.parameters.empty()) last = i;
    for (std::size_t i = 0; i < last; ++i)
      if (look.nodes[i].node->activation || look.nodes[i].node->traits.output == OutputKind::probabilities)
        hidden.push_back(&look.nodes[i]);
    measure_input();
  }

  void measure_input() {
    if (setup.has_codes()) {  // what the first layer makes of them
      input_size = size_of(look.nodes[0]);
      input_differences = look.nodes[0].row_deviation;
      return;
    }
    const SampleRows& s = setup.training_sample();
    const SpreadOfRows spread = spread_of_rows(s.x.data(), s.count(), s.row_size);
    input_size = spread.size;
    input_differences = spread.differences;
  }

  void tell(Verdict verdict, const char* cause, const std::string& message, Changes changes, const NodeLook& at, double value,
            double expected) {
    told.push_back(CheckResult::alarm(verdict, cause, message, std::move(changes), "Use fewer layers, or wider ones.")
                       .at(at.node->name)
                       .with(value, expected));
  }

  /// Places of the activations before the output for which is_so(traits) holds.
  template <class IsSo>
  std::vector<std::size_t> hidden_where(const IsSo& is_so) const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < last; ++i)
      if (look.nodes[i].node->activation && is_so(look.nodes[i].node->traits)) places.push_back(i);
    return places;
  }
  /// Suitable weights, where those up to this node are not suitable; otherwise normalization layers, or standardized inputs.
  Changes sounder(const NodeLook& at) const {
    std::vector<std::size_t> on_the_way(static_cast<std::size_t>(&at - look.nodes.data()) + 1);
    std::iota(on_the_way.begin(), on_the_way.end(), std::size_t{0});
    const bool is_unsuited = !suitable_weights(setup, on_the_way).empty();
    return first_of({is_unsuited ? suitable_weights(setup) : Changes{}, normalized_activations(setup),
                     input_size > 10 ? standardized_inputs(setup) : Changes{}});
  }
  /// relu in place of such activations, in a deep stack with normalization layers: relu is not sure to pass the signal there.
  template <class IsSo>
  Changes relu_where(const IsSo& is_so) const {
    const bool is_deep = hidden.size() > 8;
    return joined(is_deep ? normalized_activations(setup) : Changes{}, activations_at(setup, hidden_where(is_so), "relu"));
  }
};

/// Numbers that are not finite, or soon will not be.
void judge_finite(Start& s) {
  bool has_exponential = false;
  for (const NodeLook& n : s.look.nodes) {
    has_exponential |= n.node->traits.is_steep();
    if (n.not_finite == 0 && std::max(std::fabs(n.lowest), std::fabs(n.highest)) < 1e30) continue;
    const auto seen = static_cast<double>(n.not_finite) / static_cast<double>(s.look.rows * n.node->layout.output.count());
    s.tell(Verdict::fail, has_exponential ? "activation-hidden" : "init",
           "Activations overflow before the first step: at " + n.node->name + ", " +
               (n.not_finite > 0 ? percent(seen) + " of the values are not finite."
                                 : "values reach " + short_number(std::max(std::fabs(n.lowest), std::fabs(n.highest))) + ".") +
               " The root mean square of the network's inputs is " + short_number(s.input_size) + ".",
           has_exponential ? s.relu_where([](const LayerTraits& t) { return t.is_steep(); }) : s.sounder(n), n, seen, 0);
    return;
  }
}

void judge_symmetry(Start& s) {
  const std::vector<std::size_t> alike = units_that_stay_alike(s.setup);
  if (alike.empty()) return;
  const NodeLook& n = s.look.nodes[alike[0]];
  s.tell(Verdict::fail, "init",
         "All " + std::to_string(n.units) + " units of " + n.node->name +
             " start with the same weights and get the same gradients, so they stay equal and act as one unit." +
             (alike.size() > 1 ? " This is true of " + std::to_string(alike.size()) + " layers." : ""),
         suitable_weights(s.setup, alike), n, 1, static_cast<double>(n.units));
}

/// The output without its activation, and weights that suit.
Changes living_output(const Start& s, const Node& node) { return joined({without(s.setup, node)}, suitable_weights(s.setup)); }

std::string dead_units(const NodeLook& n) {
  const std::string many = (n.dead_fraction == 1 ? "All " : percent(n.dead_fraction) + " of the ") + std::to_string(n.units);
  return n.units == 1 ? "The only unit of " + n.node->name + " is dead before the first step"
                      : many + " units of " + n.node->name + " are dead before the first step";
}

/// Layers through which nothing passes. True where one was found: what follows in later layers is a consequence.
bool judge_dead(Start& s, double most) {
  for (std::size_t i = 0; i < s.look.nodes.size(); ++i) {
    const NodeLook& n = s.look.nodes[i];
    if (!n.node->activation || n.dead_fraction <= most || (n.dead_fraction < 1 && n.units < 10)) continue;
    const bool is_output = i > s.last,
               is_deep = !is_output && std::find(s.hidden.begin(), s.hidden.end(), &n) - s.hidden.begin() >= 5;
    s.tell(n.dead_fraction == 1 ? Verdict::fail : Verdict::warn,
           is_output ? "activation-output"
           : is_deep ? "depth"
                     : "init",
           dead_units(n) + ": the output is 0 on all " + counted(s.look.rows, "row") + ", so the weights get no gradient.",
           is_output ? living_output(s, *n.node) : s.sounder(n), n, n.dead_fraction, 0);
    return true;
  }
  return false;
}

/// Layers after which the rows hardly differ.
bool judge_collapse(Start& s, double least) {
  const double given = std::min(1.0, s.input_differences), relative = s.input_differences / s.input_size;
  const NodeLook* worst = nullptr;
  double share = least;
  for (const NodeLook* n : s.hidden) {
    const double own = std::min(n->row_deviation / given, n->row_deviation / size_of(*n) / relative);
    if (own < share) share = own, worst = n;
  }
  if (!worst || !(given > 0)) return false;
  std::int64_t depth = 0, of_sigmoids = 0;
  for (const NodeLook* n : s.hidden) {
    ++depth;
    of_sigmoids += shrinks(*n->node);
    if (n == worst) break;
  }
  const double each = std::pow(share, 1 / static_cast<double>(depth));
  // Sound weights keep sqrt(1/2) or more at a relu, 1/4 at a sigmoid: where half of that is left, the weights are small.
  const bool is_weak = each<(2 * of_sigmoids > depth ? 0.125 : 0.35), is_activation = 2 * of_sigmoids> depth && !is_weak;
  s.tell(share < 1e-3 * least ? Verdict::fail : Verdict::warn,
         is_activation ? "activation-hidden"
         : is_weak     ? "init"
                       : "depth",
         "The standard deviation between rows shrinks to " + percent(share) + " of the input's by layer " + worst->node->name +
             "; " +
             (is_activation ? "the slope of " + kind_of(*worst->node) + " is too small"
              : is_weak ? (worst->slope < 0.01 ? "its inputs are so large that it is saturated" : "initial weights are too small")
                        : "the network is too deep for its initial weights") +
             ". On average, each of these " + std::to_string(depth) + " activation layers multiplies it by " +
             short_number(each) + ".",
         is_activation ? s.relu_where([](const LayerTraits& t) { return t.steepest_slope > 0 && t.steepest_slope < 0.5; })
                       : s.sounder(*worst),
         *worst, share, least);
  return true;
}

void judge_saturation(Start& s, double most) {
  double flat = 0;
  const NodeLook* worst = nullptr;
  std::int64_t count = 0;
  for (const NodeLook* n : s.hidden)
    if (n->node->activation && n->node->traits.is_bounded()) {
      flat += n->flat_fraction;
      ++count;
      if (!worst || n->flat_fraction > worst->flat_fraction) worst = n;
    }
  const double share = count > 0 ? flat / static_cast<double>(count) : 0;
  if (!worst || share <= most) return;
  const bool is_data = s.setup.has_alarm("data-scale") || s.input_size > 10;
  s.tell(Verdict::warn, is_data ? "data-scale" : "init",
         "The hidden " + kind_of(*worst->node) + " units are saturated before the first step; " +
             (is_data ? "the inputs are too large (root mean square " + short_number(s.input_size) + ")"
                      : "initial weights are too large") +
             ". For " + percent(share) + " of their values the slope is below 1 % of the steepest, so little gradient passes.",
         is_data ? standardized_inputs(s.setup) : s.sounder(*worst), *worst, share, most);
}

void judge_explosion(Start& s, double most) {
  for (const NodeLook& n : s.look.nodes) {
    const double growth = n.row_deviation / s.input_differences;
    if (!(growth > most) || !(n.row_deviation > most)) continue;
    const NodeLook& end = s.look.nodes.back();
    s.tell(
        end.row_deviation > 1e6 ? Verdict::fail : Verdict::warn, "init",
        "Activations grow too much from layer to layer; initial weights are too large. The standard deviation between rows is " +
            short_number(s.input_differences) + " at the input, " + short_number(n.row_deviation) + " at " + n.node->name +
            " and " + short_number(end.row_deviation) + " at the output.",
        s.sounder(n), n, growth, most);
    return;
  }
}

Value table_of(const Look& look) {
  Value layers = Value::array();
  for (const NodeLook& n : look.nodes) {
    Value v = Value::table();
    v["layer"] = n.node->name;
    for (const auto& [key, value] : {std::pair{"mean", n.mean},
                                     {"deviation", n.deviation},
                                     {"row_deviation", n.row_deviation},
                                     {"zero_fraction", n.zero_fraction},
                                     {"dead_fraction", n.dead_fraction},
                                     {"flat_fraction", n.flat_fraction}})
      v[key] = value;
    v["gradient_mean"] = n.has_gradient ? Value(n.gradient_mean) : Value();
    v["gradient_deviation"] = n.has_gradient ? Value(n.gradient_deviation) : Value();
    layers.push_back(std::move(v));
  }
  return layers;
}

}  // namespace

std::vector<CheckResult> Initialization::run(const Setup& setup) const {
  Start s(setup);
  if (!std::isfinite(s.input_size)) {  // the data's fault, not the start's
    CheckResult r = CheckResult::skipped("some inputs are not finite, so the activations cannot be judged.");
    r.record["layers"] = table_of(s.look);
    return {std::move(r)};
  }
  judge_finite(s);
  if (s.told.empty()) {
    judge_symmetry(s);
    if (s.told.empty() && !judge_dead(s, dead) && !judge_collapse(s, collapse)) judge_saturation(s, saturated);
    judge_explosion(s, explosion);
  }
  if (s.told.empty()) {
    double least = 1;
    for (const NodeLook* n : s.hidden) least = std::min(least, n->row_deviation / std::min(1.0, s.input_differences));
    const std::string kept = "the standard deviation between rows is at least " + percent(least) + " of that of the inputs.";
    s.told.push_back(CheckResult::pass(s.hidden.empty() ? "The network has no hidden activations that could block the signal."
                                                        : "The signal passes all hidden layers: after each, " + kept)
                         .with(least, collapse));
  }
  s.told[0].record["layers"] = table_of(s.look);
  return std::move(s.told);
}
}  // namespace tend

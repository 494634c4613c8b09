#include "tend/check/checks/output_and_loss.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/trial/advice.h"

namespace tend {

namespace {

/// The activation that ends the network, and the range of its outputs.
struct Output {
  const Node* node = nullptr;
  std::string kind = "linear", layer;
  OutputKind output_kind = OutputKind::values;
  double low = -HUGE_VAL, high = HUGE_VAL;
  std::int64_t units = 1;

  bool is_softmax() const { return output_kind == OutputKind::probabilities; }
  /// Like relu: outputs from 0 up without limit, and a kink.
  bool is_rectified() const {
    return node && node->activation && low == 0 && high == HUGE_VAL && !node->activation->kinks().empty();
  }
};

Output output_of(const Network& network) {
  Output o;
  o.node = output_activation(network);
  o.units = network.output_shape()[-1];
  o.layer = network.nodes().back().name;
  if (!o.node) return o;
  o.kind = kind_of(*o.node);
  o.low = o.node->traits.lowest, o.high = o.node->traits.highest;
  o.output_kind = o.node->traits.output;
  return o;
}

CheckResult alarm(Verdict verdict, const char* cause, const std::string& message, Changes changes, const Output& o) {
  return CheckResult::alarm(verdict, cause, message, std::move(changes)).at(o.layer);
}

/// The output that suits the loss over classes: probabilities, or for logits the last layer as it is.
Changes wanted_output(const Setup& setup, const Output& o, const std::string& kind) {
  if (kind == "probabilities_classes") return {replaced(setup, *o.node, "softmax")};
  if (kind == "probabilities_binary") return {replaced(setup, *o.node, "sigmoid")};
  return {without(setup, *o.node)};
}

/// A cross-entropy of logits, and an output that makes logits.
Changes cross_entropy_of_logits(const Setup& setup, const Output& o, bool has_classes) {
  Changes changes{{.path = "loss.name", .value = has_classes ? "softmax_cross_entropy" : "sigmoid_cross_entropy"}};
  if (o.node) changes.push_back(without(setup, *o.node));
  return changes;
}

/// One output for each class, where there is only one.
Changes output_for_each_class(const Setup& setup, const Output& o) {
  const std::vector<Node>& nodes = setup.network().nodes();
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& n) { return !n.layout.parameters.empty(); });
  const Changes width = last == nodes.rend() ? Changes{} : width_of(*last, setup.classes());
  return width.empty() ? width : joined(width, cross_entropy_of_logits(setup, o, true));
}

/// As many outputs as classes, where there are more.
Changes fewer_outputs(const Setup& setup) {
  const std::vector<Node>& nodes = setup.network().nodes();
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& n) { return !n.layout.parameters.empty(); });
  if (last == nodes.rend() || last->layout.output[-1] != setup.plan().coding().outputs) return {};
  return width_of(*last, setup.classes());
}

/// For one output: a sigmoid in place of the softmax where a probability is wanted.
Changes constant_output_replaced(const Setup& setup, const Output& o) {
  if (setup.task() != Task::regression && setup.classes() > 2) return output_for_each_class(setup, o);
  const bool wants_values = setup.task() == Task::regression || setup.plan().loss().kind().starts_with("logits");
  return {wants_values ? without(setup, *o.node) : replaced(setup, *o.node, "sigmoid")};
}

void judge_shape(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  if (o.units == 1 && o.output_kind != OutputKind::values)
    told.push_back(alarm(Verdict::fail, "activation-output",
                         "The output is always " + std::string(o.is_softmax() ? "1" : "0") + ": " + o.kind +
                             " over a single output is constant, so the network cannot learn.",
                         constant_output_replaced(setup, o), o));
  else if (setup.task() == Task::classification && setup.plan().coding().outputs == 1 && setup.classes() > 2)
    told.push_back(CheckResult::alarm(Verdict::fail, "activation-output",
                                      "The network has one output, which can distinguish two classes, but there are " +
                                          std::to_string(setup.classes()) + ".",
                                      output_for_each_class(setup, o),
                                      "Give the last layer " + std::to_string(setup.classes()) + " outputs.")
                       .at(o.layer));
  else if (const std::int64_t outputs = setup.plan().coding().outputs;
           setup.task() == Task::classification && setup.classes() > 1 && outputs > 1 && outputs > setup.classes())
    told.push_back(CheckResult::alarm(Verdict::warn, "architecture",
                                      "The network has more outputs than classes: " + std::to_string(outputs) + " outputs for " +
                                          std::to_string(setup.classes()) + " classes. No row belongs to the other outputs.",
                                      fewer_outputs(setup),
                                      "Give the last layer " + std::to_string(setup.classes()) + " outputs.")
                       .at(o.layer)
                       .with(static_cast<double>(outputs), static_cast<double>(setup.classes())));
}

/// Does a row have no label, or several? Otherwise one label a row is one class a row.
bool has_free_labels(const Array& targets) {
  const std::int64_t width = targets.row_size();
  for (const float* row = targets.as<float>(); row != targets.as<float>() + targets.rows() * width; row += width)
    if (std::accumulate(row, row + width, 0.0F) != 1) return true;
  return false;
}

/// Classes or labels, under a loss that is made for them.
void judge_classes(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  const std::string kind = setup.plan().loss().kind(), loss(setup.plan().loss().name());
  const bool wants_logits = kind.starts_with("logits"), is_binary = kind.ends_with("binary");
  const bool is_probability = o.node && o.node->traits.is_probability();
  if (wants_logits && o.is_softmax())
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "Softmax is applied twice: by the last layer and inside " + loss +
                             ", which expects logits. Gradients become small, and the loss cannot come near 0.",
                         wanted_output(setup, o, kind), o));
  else if (wants_logits && o.output_kind == OutputKind::values && (std::isfinite(o.low) || std::isfinite(o.high)))
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "The last activation is " + o.kind + ", but " + loss + " expects logits of any size and sign.",
                         wanted_output(setup, o, kind), o));
  else if (!wants_logits && !o.node)
    told.push_back(
        alarm(Verdict::fail, "activation-output",
              "The loss " + loss + " expects probabilities, but no activation turns the last layer's outputs into probabilities.",
              cross_entropy_of_logits(setup, o, !is_binary), o));
  else if (!wants_logits && !is_probability)
    told.push_back(alarm(Verdict::fail, "activation-output",
                         "The loss " + loss + " expects probabilities, but " + o.kind + " does not produce them.",
                         wanted_output(setup, o, kind), o));
  else if (kind == "probabilities_classes" && o.units > 1 && !o.is_softmax())
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "The outputs are not a probability distribution: the " + std::to_string(o.units) + " " + o.kind +
                             " outputs do not sum to 1, but " + loss + " expects exclusive classes.",
                         wanted_output(setup, o, kind), o));
  else if (setup.task() == Task::multilabel && wants_logits && !is_binary && o.units > 1 &&
           has_free_labels(setup.plan().train_targets()))
    told.push_back(alarm(Verdict::warn, "loss-choice",
                         "The loss " + loss + " lets only one label win, but a row can have several labels, or none.",
                         cross_entropy_of_logits(setup, o, false), o));
  else if (setup.task() == Task::multilabel && o.is_softmax() && o.units > 1)
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "Softmax lets only one label win, but a row can have several labels.",
                         {replaced(setup, *o.node, "sigmoid")}, o));
}

/// Classes under a loss of values.
void judge_values_of_classes(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  const std::string loss(setup.plan().loss().name());
  const Changes changes = cross_entropy_of_logits(setup, o,
                                                  setup.task() == Task::classification && setup.plan().coding().outputs > 1);
  const bool is_flat = setup.plan().loss().error_power() == 1;
  if (is_flat || !o.node || o.is_rectified())
    told.push_back(alarm(Verdict::warn, "loss-choice",
                         "The loss " + loss + " is made for numeric targets, but the targets are " +
                             (setup.task() == Task::multilabel ? "labels." : std::to_string(setup.classes()) + " classes."),
                         changes, o));
  else if (o.is_softmax() && o.units > 1)
    told.push_back(
        alarm(Verdict::warn, "loss-choice",
              "The loss " + loss + " on softmax outputs has almost no gradient where a prediction is confident but wrong.",
              changes, o));
}

/// Targets outside the range of the output. Up to 1 % of them is no fault: noise at a bound.
void judge_range(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  if (o.low == -HUGE_VAL && o.high == HUGE_VAL) return;
  const Array& t = setup.plan().train_targets();
  const std::int64_t n = t.shape().count();
  std::int64_t beyond = 0;
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto v = static_cast<double>(t.as<float>()[i]);
    beyond += v < o.low - 0.01 || v > o.high + 0.01;
    least = std::min(least, v), most = std::max(most, v);
  }
  const double share = static_cast<double>(beyond) / static_cast<double>(n);
  if (share <= 0.01) return;
  const std::string range = o.high == HUGE_VAL   ? "is never below " + short_number(o.low)
                            : o.low == -HUGE_VAL ? "is never above " + short_number(o.high)
                                                 : "is always between " + short_number(o.low) + " and " + short_number(o.high);
  told.push_back(alarm(Verdict::fail, "activation-output",
                       "The output cannot reach " + percent(share) + " of the targets: " + o.kind + " " + range +
                           ", but the targets are between " + short_number(least) + " and " + short_number(most) + ".",
                       {without(setup, *o.node)}, o)
                     .with(share, 0));
}

/// Values under a loss that is made for classes. Shares between 0 and 1 may be learnt as probabilities.
void judge_loss_of_values(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  const std::string kind = setup.plan().loss().kind(), loss(setup.plan().loss().name());
  const Array& y = setup.plan().parts().train.y;
  const double* values = y.as<double>();
  const bool are_shares = std::all_of(values, values + y.shape().count(), [](double v) { return v >= 0 && v <= 1; });
  if (kind == "values" || (kind.ends_with("_binary") && are_shares)) return;
  Changes changes{{.path = "loss.name", .value = "mean_squared_error"}};
  if (o.node && o.node->traits.is_probability()) changes.push_back(without(setup, *o.node));
  told.push_back(alarm(Verdict::fail, "loss-choice",
                       "The loss " + loss + " is made for classes, but the targets are numbers, from " +
                           short_number(*std::min_element(values, values + y.shape().count())) + " to " +
                           short_number(*std::max_element(values, values + y.shape().count())) + ".",
                       std::move(changes), o));
}

void judge_reduction(const Setup& setup, double large_rate, const Output& o, std::vector<CheckResult>& told) {
  const bool is_plain = setup.plan().optimizer().grows_with_gradient();  // others divide by the gradient's size
  if (setup.experiment().loss.reduction != "sum" || !is_plain || setup.experiment().update.clip_norm > 0) return;
  const double rate = setup.plan().optimizer().learning_rate() * static_cast<double>(setup.plan().batch_size());
  if (rate < large_rate) return;
  told.push_back(alarm(Verdict::warn, "loss-reduction",
                       "The loss is a sum over " + counted(setup.plan().batch_size(), "row") +
                           ", which makes the steps too large: the learning rate " +
                           short_number(setup.plan().optimizer().learning_rate()) + " acts like " + short_number(rate) +
                           " on the mean loss.",
                       {{.path = "loss.reduction", .value = "mean"}}, o)
                     .with(rate, large_rate));
}

}  // namespace

std::vector<CheckResult> OutputAndLoss::run(const Setup& setup) const {
  const Output o = output_of(setup.network());
  std::vector<CheckResult> told;
  const Node& end = setup.network().nodes().back();
  if (end.traits.takes_many)
    return {CheckResult::skipped("the network ends in " + kind_of(end) + ", so its output has no single activation.")};
  if (setup.task() == Task::regression) judge_loss_of_values(setup, o, told);
  if (told.empty()) judge_shape(setup, o, told);
  const bool is_of_values = setup.plan().loss().kind() == "values";
  if (!told.empty()) {
  } else if (setup.task() == Task::regression) {
    judge_range(setup, o, told);
  } else if (is_of_values) {
    judge_values_of_classes(setup, o, told);
  } else {
    judge_classes(setup, o, told);
  }
  judge_reduction(setup, large_rate, o, told);
  if (told.empty())
    told.push_back(CheckResult::pass("The output (" + counted(o.units, "unit") + ", " + (o.node ? o.kind : "no activation") +
                                     ") suits the loss " + std::string(setup.plan().loss().name()) + " and the targets."));
  return told;
}

}  // namespace tend

#include "tend/check/checks/output_and_loss.h"

#include <algorithm>
#include <cmath>

#include "tend/check/advice.h"

namespace tend {

namespace {

/// The activation that ends the network, and what it can put out.
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

/// An output for each class where there is one for all.
Changes output_for_each_class(const Setup& setup, const Output& o) {
  const std::vector<Node>& nodes = setup.network().nodes();
  const auto last = std::find_if(nodes.rbegin(), nodes.rend(), [](const Node& n) { return !n.layout.parameters.empty(); });
  const Changes width = last == nodes.rend() ? Changes{} : width_of(*last, setup.classes());
  return width.empty() ? width : joined(width, cross_entropy_of_logits(setup, o, true));
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
                         "A softmax over one output is the constant " + std::string(o.is_softmax() ? "1" : "0") +
                             ": the network cannot answer anything else.",
                         constant_output_replaced(setup, o), o));
  else if (setup.task() == Task::classification && setup.plan().coding().outputs == 1 && setup.classes() > 2)
    told.push_back(CheckResult::alarm(Verdict::fail, "activation-output",
                                      "One output says yes or no, but there are " + std::to_string(setup.classes()) + " classes.",
                                      output_for_each_class(setup, o),
                                      "Give the last layer " + std::to_string(setup.classes()) + " outputs.")
                       .at(o.layer));
}

/// Classes or labels, under a loss that is made for them.
void judge_classes(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  const std::string kind = setup.plan().loss().kind(), loss(setup.plan().loss().name());
  const bool wants_logits = kind.starts_with("logits"), is_binary = kind.ends_with("binary");
  const bool is_probability = o.node && o.node->traits.is_probability();
  if (wants_logits && o.is_softmax())
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "Softmax is applied twice: by the last layer and inside " + loss +
                             ", which takes logits; the slopes shrink and the loss cannot come near 0.",
                         wanted_output(setup, o, kind), o));
  else if (wants_logits && o.output_kind == OutputKind::values && (std::isfinite(o.low) || std::isfinite(o.high)))
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "The output passes " + o.kind + " before " + loss + ", which takes logits of any size and sign.",
                         wanted_output(setup, o, kind), o));
  else if (!wants_logits && !o.node)
    told.push_back(
        alarm(Verdict::fail, "activation-output",
              "The loss " + loss + " is of probabilities, but nothing makes probabilities of the last layer's outputs.",
              cross_entropy_of_logits(setup, o, !is_binary), o));
  else if (!wants_logits && !is_probability)
    told.push_back(alarm(Verdict::fail, "activation-output",
                         "The loss " + loss + " is of probabilities; " + o.kind + " gives none.", wanted_output(setup, o, kind),
                         o));
  else if (kind == "probabilities_classes" && o.units > 1 && !o.is_softmax())
    told.push_back(alarm(Verdict::warn, "activation-output",
                         std::to_string(o.units) + " " + o.kind + " outputs under " + loss +
                             ": the classes exclude each other, but nothing makes their probabilities sum to 1.",
                         wanted_output(setup, o, kind), o));
  else if (setup.task() == Task::multilabel && o.is_softmax() && o.units > 1)
    told.push_back(alarm(Verdict::warn, "activation-output",
                         "Softmax lets one label win over the others, but rows may have several.",
                         {replaced(setup, *o.node, "sigmoid")}, o));
}

/// Classes under a loss of values.
void judge_values_of_classes(const Setup& setup, const Output& o, std::vector<CheckResult>& told) {
  const std::string loss(setup.plan().loss().name());
  const Changes changes = cross_entropy_of_logits(setup, o,
                                                  setup.task() == Task::classification && setup.plan().coding().outputs > 1);
  const bool is_flat = setup.plan().loss().error_power() == 1;
  if (is_flat || !o.node || o.is_rectified())
    told.push_back(
        alarm(Verdict::warn, "loss-choice",
              loss + " measures distances between numbers; the targets are " + std::to_string(setup.classes()) + " classes.",
              changes, o));
  else if (o.is_softmax() && o.units > 1)
    told.push_back(alarm(Verdict::warn, "loss-choice", loss + " on softmax has hardly any slope where an answer is surely wrong.",
                         changes, o));
}

/// Values that the output cannot be. A share: noise at a bound is no fault.
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
  const std::string reach = o.high == HUGE_VAL   ? "is never below " + short_number(o.low)
                            : o.low == -HUGE_VAL ? "is never above " + short_number(o.high)
                                                 : "lies between " + short_number(o.low) + " and " + short_number(o.high);
  told.push_back(alarm(Verdict::fail, "activation-output",
                       "The output " + o.kind + " " + reach + ", but targets go from " + short_number(least) + " to " +
                           short_number(most) + ": " + short_number(100 * share) + " % of them are out of reach.",
                       {without(setup, *o.node)}, o)
                     .with(share, 0));
}

void judge_reduction(const Setup& setup, double large_rate, const Output& o, std::vector<CheckResult>& told) {
  const bool is_plain = setup.plan().optimizer().grows_with_gradient();  // others divide by the gradient's size
  if (setup.experiment().loss.reduction != "sum" || !is_plain || setup.experiment().update.clip_norm > 0) return;
  const double rate = setup.plan().optimizer().learning_rate() * static_cast<double>(setup.plan().batch_size());
  if (rate < large_rate) return;
  told.push_back(alarm(Verdict::warn, "loss-reduction",
                       "The loss is summed over " + std::to_string(setup.plan().batch_size()) + " rows: the learning rate " +
                           short_number(setup.plan().optimizer().learning_rate()) + " acts like " + short_number(rate) +
                           " on their mean.",
                       {{.path = "loss.reduction", .value = "mean"}}, o)
                     .with(rate, large_rate));
}

}  // namespace

std::vector<CheckResult> OutputAndLoss::run(const Setup& setup) const {
  const Output o = output_of(setup.network());
  std::vector<CheckResult> told;
  const Node& end = setup.network().nodes().back();
  if (end.traits.takes_many)
    return {CheckResult::skipped("The network ends in " + kind_of(end) + ": what its outputs can be is not one activation's.")};
  judge_shape(setup, o, told);
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
    told.push_back(CheckResult::pass("The output (" + o.kind + ", " + std::to_string(o.units) + " wide) goes with " +
                                     std::string(setup.plan().loss().name()) + " and the targets."));
  return told;
}

}  // namespace tend

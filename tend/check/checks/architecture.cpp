#include "tend/check/checks/architecture.h"

#include <algorithm>

#include "tend/trial/advice.h"

namespace tend {

namespace {

constexpr std::int64_t usual_width = 64, usual_batch_size = 32;
constexpr double usual_momentum = 0.9;

std::ptrdiff_t readers_of(const Network& network, int node) {
  return std::count_if(network.nodes().begin(), network.nodes().end(),
                       [&](const Node& n) { return std::find(n.inputs.begin(), n.inputs.end(), node) != n.inputs.end(); });
}

/// The product that feeds only this one, with only linear maps between them; nullptr where there is none.
const Node* product_before(const Network& network, const Node& node) {
  for (int i = node.inputs[0]; i >= 0;) {
    const Node& below = network.nodes()[static_cast<std::size_t>(i)];
    if (readers_of(network, i) > 1) return nullptr;
    if (below.traits.is_product) return &below;
    if (!is_fixed_map(below)) return nullptr;
    i = below.inputs[0];
  }
  return nullptr;
}

void judge_linear_rows(const Setup& setup, std::vector<CheckResult>& told) {
  const Network& network = setup.network();
  std::string first, text;
  Changes changes;
  for (const Node& node : network.nodes()) {
    if (!node.traits.is_product) continue;
    const Node* below = product_before(network, node);
    if (!below) continue;
    const std::int64_t middle = below->layout.output[-1], in = below->input_shapes[0][-1], out = node.layout.output[-1];
    if (middle < in && middle < out) continue;
    if (text.empty()) {
      first = below->name;
      text = below->name + " and " + node.name + " have no activation between them: together they compute only one linear layer.";
    }
    changes = joined(std::move(changes), inserted_before(setup, node, "relu"));
  }
  if (!text.empty())
    told.push_back(CheckResult::alarm(Verdict::warn, "activation-hidden", text, std::move(changes),
                                      "Put an activation, for example relu, after " + first + ".")
                       .at(first));
}

void judge_widths(const Setup& setup, std::vector<CheckResult>& told) {
  const Network& network = setup.network();
  if (setup.task() != Task::classification || setup.classes() < 3 || network.input_shape().count() < 2) return;
  for (const Node& node : network.nodes()) {
    if (&node == &network.nodes().back() || node.layout.output.count() > 1 || node.layout.output == network.output_shape())
      continue;
    if (node.traits.pools) return;  // judge_pooling judges it
    told.push_back(CheckResult::alarm(Verdict::warn, "capacity",
                                      node.name + " has only one output, but the layers after it must distinguish " +
                                          std::to_string(setup.classes()) + " classes.",
                                      width_of(node, usual_width), "Make " + node.name + " wider.")
                       .at(node.name)
                       .with(1, static_cast<double>(setup.classes())));
    return;
  }
}

/// A convolution and an activation, where an image arrives.
Changes convolution_before(const Setup& setup, const Node& node) {
  Value convolution = Value::table();
  convolution["conv2d"] = usual_width;
  convolution["kernel"] = 3;
  convolution["padding"] = "same";
  return joined(inserted_before(setup, node, convolution), inserted_before(setup, node, "relu"));
}

void judge_pooling(const Setup& setup, std::vector<CheckResult>& told) {
  const Network& network = setup.network();
  const Shape& input = network.input_shape();
  if (input.rank() < 3 || input[0] * input[1] == 1) return;
  for (const Node& node : network.nodes()) {
    if (!node.layout.parameters.empty()) return;
    if (!node.traits.pools || node.layout.output.count() > input[-1]) continue;
    told.push_back(CheckResult::alarm(Verdict::warn, "architecture",
                                      node.name + " reduces the image from " + counted(input.count(), "value") + " to " +
                                          std::to_string(node.layout.output.count()) + " before the first layer with weights.",
                                      convolution_before(setup, node), "Put convolutions before " + node.name + ".")
                       .at(node.name)
                       .with(static_cast<double>(node.layout.output.count()), static_cast<double>(input.count())));
    return;
  }
}

/// The momentum of such a layer is the share of the running statistics that a step keeps.
void judge_statistics(const Network& network, std::vector<CheckResult>& told) {
  std::string first;
  Changes changes;
  for (const Node& node : network.nodes()) {
    if (!node.traits.normalizes_over_rows()) continue;
    const Value written = node.layer->to_value();
    const Value* momentum = written.find("momentum");
    if (!momentum || momentum->number() < 1) continue;
    if (first.empty()) first = node.name;
    changes.push_back({.path = layer_field(node) + ".momentum", .value = usual_momentum});
  }
  if (!first.empty())
    told.push_back(CheckResult::alarm(Verdict::fail, "architecture",
                                      "The running statistics of " + first +
                                          " never change, because its momentum is 1: inference does not normalize as training "
                                          "does.",
                                      std::move(changes))
                       .at(first)
                       .with(1, usual_momentum));
}

/// With one row in a batch, a layer that normalizes over rows divides by the deviation of that row.
void judge_batch_of_one(const Setup& setup, std::vector<CheckResult>& told) {
  if (setup.plan().batch_size() != 1) return;
  for (const Node& node : setup.network().nodes()) {
    if (!node.traits.normalizes_over_rows()) continue;
    told.push_back(
        CheckResult::alarm(Verdict::warn, "batch-size",
                           node.name + " normalizes over the rows of a batch, and a batch has 1 row: in training each row is "
                                       "normalized by its own statistics, in inference by the running ones, so the two disagree.",
                           {{.path = "train.batch_size", .value = usual_batch_size}})
            .at(node.name)
            .with(1, static_cast<double>(usual_batch_size)));
    return;
  }
}

std::string remarks(const Setup& setup, int deep) {
  const Network& network = setup.network();
  std::string text;
  int products = 0;
  bool has_help = false;
  for (const Node& node : network.nodes()) {
    products += node.traits.is_product;
    has_help |= node.traits.normalizes || node.traits.passes_gradient;
    if (!node.traits.normalizes_over_rows() || node.inputs[0] < 0 || !text.empty()) continue;
    const Node& below = network.nodes()[static_cast<std::size_t>(node.inputs[0])];
    if (below.traits.is_product && below.layout.parameters.size() > 1)
      text = " The bias of " + below.name + " has no effect, because " + node.name + " subtracts the mean.";
  }
  if (products > deep && !has_help)
    text += " A network of " + std::to_string(products) +
            " layers with weights is hard to train without normalization or shortcut connections.";
  return text;
}

}  // namespace

std::vector<CheckResult> Architecture::run(const Setup& setup) const {
  std::vector<CheckResult> told;
  judge_statistics(setup.network(), told);
  judge_batch_of_one(setup, told);
  judge_pooling(setup, told);
  judge_widths(setup, told);
  judge_linear_rows(setup, told);
  if (told.empty())
    told.push_back(
        CheckResult::pass("The network has " + counted(static_cast<std::int64_t>(setup.network().nodes().size()), "layer") +
                          " and " + counted(setup.plan().layout().parameter_elements, "parameter") + "." + remarks(setup, deep)));
  return told;
}

}  // namespace tend

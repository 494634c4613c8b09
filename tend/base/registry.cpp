#include "tend/base/registry.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tend {

namespace {

/// Words of other programs, in lower case, and what they are called here.
constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"kaiming_normal", "he_normal"}, {"kaiming_uniform", "he_uniform"}, {"xavier_normal", "glorot_normal"}, {"xavier_uniform", "glorot_uniform"},
    {"glorot", "glorot_uniform"}, {"he", "he_normal"}, {"kaiming", "he_normal"}, {"lsuv", "data_dependent"}, {"gaussian", "normal"}, {"linear_layer", "dense"},
    {"fc", "dense"}, {"fully_connected", "dense"}, {"conv", "conv2d"}, {"convolution", "conv2d"}, {"convolution2d", "conv2d"}, {"conv2", "conv2d"},
    {"maxpool", "max_pool2d"}, {"maxpool2d", "max_pool2d"}, {"max_pool", "max_pool2d"}, {"max_pooling2d", "max_pool2d"}, {"maxpooling2d", "max_pool2d"},
    {"avgpool", "average_pool2d"}, {"avgpool2d", "average_pool2d"}, {"avg_pool2d", "average_pool2d"}, {"average_pool", "average_pool2d"},
    {"global_avg_pool", "global_average_pool"}, {"gap", "global_average_pool"}, {"batchnorm", "batch_norm"}, {"batchnorm1d", "batch_norm"},
    {"batchnorm2d", "batch_norm"}, {"batch_normalization", "batch_norm"}, {"layernorm", "layer_norm"}, {"silu", "swish"}, {"logistic", "sigmoid"},
    {"leakyrelu", "leaky_relu"}, {"lrelu", "leaky_relu"}, {"identity", "linear"}, {"hardsigmoid", "hard_sigmoid"}, {"logsoftmax", "log_softmax"},
    {"exp", "exponential"}, {"cross_entropy", "softmax_cross_entropy"}, {"crossentropy", "softmax_cross_entropy"},
    {"sparse_categorical_crossentropy", "softmax_cross_entropy"}, {"categorical_crossentropy", "categorical_cross_entropy"}, {"nll", "categorical_cross_entropy"},
    {"bce", "binary_cross_entropy"}, {"binary_crossentropy", "binary_cross_entropy"}, {"bce_with_logits", "sigmoid_cross_entropy"}, {"mse", "mean_squared_error"},
    {"l2_loss", "mean_squared_error"}, {"mae", "mean_absolute_error"}, {"l1_loss", "mean_absolute_error"}, {"hinge", "multiclass_hinge"}, {"smooth_l1", "huber"},
    {"gd", "sgd"}, {"nag", "nesterov"}, {"cosine_annealing", "cosine"}, {"step_lr", "step"}, {"exponential_lr", "exponential"}, {"zscore", "standardize"},
    {"normalize", "standardize"}, {"standard_scaler", "standardize"}, {"minmax", "scale_0_1"}, {"min_max", "scale_0_1"}, {"onehot", "one_hot"},
    {"horizontal_flip", "flip_horizontal"}, {"lr", "learning_rate"}, {"l2_penalty", "l2"}, {"kernel_size", "kernel"}, {"strides", "stride"}, {"filters", "conv2d"}};

std::string our_word(std::string_view word, const std::vector<std::string>& known) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::replace(lower.begin(), lower.end(), '-', '_');
  const auto is_known = [&](std::string_view k) { return std::find(known.begin(), known.end(), k) != known.end(); };
  if (is_known(lower)) return lower;
  for (const auto& [theirs, ours] : aliases)
    if (theirs == lower && is_known(ours)) return std::string(ours);
  return nearest(word, known);
}

[[noreturn]] void unknown_kind(const std::string& got, const std::vector<std::string>& known, const std::string& where, int line) {
  std::vector<std::string> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  std::string all;
  for (const std::string& k : sorted) all += (all.empty() ? "" : ", ") + k;
  const std::string near = our_word(got, known);
  throw Error(Trouble::usage, where + (line ? " (line " + std::to_string(line) + ")" : ""), "\"" + got + "\"", "one of: " + all,
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

bool is_among(const std::vector<std::string>& known, const std::string& word) { return std::find(known.begin(), known.end(), word) != known.end(); }

}  // namespace

Spec read_spec(const Value& v, const std::vector<std::string>& known, const std::string& where) {
  if (v.is_string()) {
    if (!is_among(known, v.string())) unknown_kind(v.string(), known, where, v.line);
    return {v.string(), {}, Value::table()};
  }
  if (!v.is_table() || v.items().empty())
    throw Error(Trouble::usage, where, v.describe(), "a name, or a table with one", "for instance \"relu\" or { dense = 32 }");
  Spec spec;
  for (const auto& [key, item] : v.items()) {
    if (!is_among(known, key)) continue;
    if (!spec.kind.empty()) throw Error(Trouble::usage, where, "both \"" + spec.kind + "\" and \"" + key + "\" in one entry", "one of them", "write two entries");
    spec.kind = key;
    if (!(item.is_bool() && item.boolean())) spec.value = item;
  }
  if (spec.kind.empty()) unknown_kind(v.items()[0].first, known, where, v.line);
  for (const auto& [key, item] : v.items())
    if (key != spec.kind) spec.options[key] = item;
  return spec;
}

Spec read_named_spec(const Value& v, const std::vector<std::string>& known, const std::string& where) {
  if (v.is_string()) return read_spec(v, known, where);
  const Value* name = v.find("name");
  if (!name || !name->is_string())
    throw Error(Trouble::usage, where, v.is_table() ? "a table without a name" : v.describe(), "a name, or a table with name = \"...\"");
  if (!is_among(known, name->string())) unknown_kind(name->string(), known, where + ".name", name->line);
  Spec spec{name->string(), {}, Value::table()};
  for (const auto& [key, item] : v.items())
    if (key != "name") spec.options[key] = item;
  return spec;
}

Value write_spec(std::string_view kind, const Value& value, const Value& options) {
  if (value.is_null() && options.items().empty()) return kind;
  Value table = Value::table();
  table[kind] = value.is_null() ? Value(true) : value;
  for (const auto& [key, item] : options.items()) table[key] = item;
  return table;
}

}  // namespace tend

#include "tend/base/aliases.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "tend/base/settings.h"

namespace tend {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// The names that other programs use, in lower case without punctuation, and our names for them. A word may have several
/// meanings: the first one that is known in the current context is used.
// clang-format off
constexpr Pair aliases[] = {
    // initializers
    {"kaimingnormal", "he_normal"}, {"kaiminguniform", "he_uniform"}, {"kaiming", "he_normal"}, {"he", "he_normal"},
    {"xaviernormal", "glorot_normal"}, {"xavieruniform", "glorot_uniform"}, {"glorot", "glorot_uniform"}, {"lecun", "lecun_normal"},
    {"lsuv", "data_dependent"}, {"gaussian", "normal"}, {"randomnormal", "normal"}, {"randomuniform", "uniform"}, {"zero", "zeros"},
    {"one", "ones"}, {"eye", "identity"}, {"truncnormal", "truncated_normal"},
    // layers
    {"linear", "dense"}, {"linearlayer", "dense"}, {"fc", "dense"}, {"fullyconnected", "dense"}, {"innerproduct", "dense"},
    {"conv", "conv2d"}, {"convolution", "conv2d"}, {"convolution2d", "conv2d"}, {"conv2", "conv2d"}, {"depthwiseconv", "depthwise_conv2d"},
    {"maxpool", "max_pool2d"}, {"maxpooling", "max_pool2d"}, {"maxpooling2d", "max_pool2d"}, {"avgpool", "average_pool2d"},
    {"avgpool2d", "average_pool2d"}, {"averagepool", "average_pool2d"}, {"averagepooling2d", "average_pool2d"}, {"meanpool", "average_pool2d"},
    {"globalavgpool", "global_average_pool"}, {"globalaveragepooling2d", "global_average_pool"}, {"gap", "global_average_pool"},
    {"adaptiveavgpool2d", "global_average_pool"}, {"batchnorm1d", "batch_norm"}, {"batchnorm2d", "batch_norm"},
    {"batchnormalization", "batch_norm"}, {"bn", "batch_norm"}, {"layernormalization", "layer_norm"}, {"ln", "layer_norm"},
    {"groupnormalization", "group_norm"}, {"concatenate", "concat"}, {"cat", "concat"}, {"residual", "add"}, {"skip", "add"},
    {"view", "reshape"}, {"drop", "dropout"}, {"embed", "embedding"},
    // activations
    {"silu", "swish"}, {"logistic", "sigmoid"}, {"lrelu", "leaky_relu"}, {"exp", "exponential"}, {"none", "linear"}, {"identity", "linear"},
    {"hardswish", "swish"}, {"softplus", "softplus"}, {"rectifier", "relu"},
    // losses
    {"crossentropy", "softmax_cross_entropy"}, {"crossentropyloss", "softmax_cross_entropy"}, {"ce", "softmax_cross_entropy"},
    {"softmaxcrossentropywithlogits", "softmax_cross_entropy"}, {"sparsecategoricalcrossentropy", "softmax_cross_entropy"},
    {"categoricalcrossentropy", "categorical_cross_entropy"}, {"nll", "categorical_cross_entropy"}, {"nllloss", "categorical_cross_entropy"},
    {"bce", "binary_cross_entropy"}, {"bceloss", "binary_cross_entropy"}, {"binarycrossentropy", "binary_cross_entropy"},
    {"bcewithlogits", "sigmoid_cross_entropy"}, {"bcewithlogitsloss", "sigmoid_cross_entropy"}, {"logloss", "softmax_cross_entropy"},
    {"mse", "mean_squared_error"}, {"mseloss", "mean_squared_error"}, {"l2loss", "mean_squared_error"}, {"squarederror", "mean_squared_error"},
    {"mae", "mean_absolute_error"}, {"l1", "mean_absolute_error"}, {"l1loss", "mean_absolute_error"}, {"hinge", "multiclass_hinge"},
    {"svm", "multiclass_hinge"}, {"smoothl1", "huber"}, {"smoothl1loss", "huber"},
    // optimizers and schedules
    {"gd", "sgd"}, {"stochasticgradientdescent", "sgd"}, {"nag", "nesterov"}, {"sgdmomentum", "momentum"},
    {"cosineannealing", "cosine"}, {"cosineannealinglr", "cosine"}, {"cosinedecay", "cosine"}, {"steplr", "step"}, {"exponentiallr", "exponential"},
    {"exponentialdecay", "exponential"}, {"inversetimedecay", "inverse_time"}, {"onecyclelr", "one_cycle"}, {"reducelronplateau", "reduce_on_plateau"},
    // preparation
    {"zscore", "standardize"}, {"normalize", "standardize"}, {"standardscaler", "standardize"}, {"minmax", "scale_0_1"}, {"minmaxscaler", "scale_0_1"},
    {"rescale", "scale"}, {"horizontalflip", "flip_horizontal"}, {"randomhorizontalflip", "flip_horizontal"}, {"imputer", "impute"},
    {"fillna", "impute"}, {"onehotencoder", "one_hot"}, {"crop", "random_crop"}, {"greyscale", "grayscale"}, {"gray", "grayscale"},
    // settings
    {"lr", "learning_rate"}, {"rate", "learning_rate"}, {"stepsize", "learning_rate"}, {"kernelsize", "kernel"}, {"strides", "stride"}, {"pad", "padding"}, {"eps", "epsilon"},
    {"usebias", "bias"}, {"kernelinitializer", "initializer"}, {"weightinitializer", "initializer"}, {"init", "initializer"},
    {"kernelconstraint", "max_norm"}, {"l1penalty", "l1"}, {"l1regularization", "l1"}, {"classweight", "class_weights"}, {"ema", "weight_average"},
    {"emadecay", "weight_average"}, {"kernelregularizer", "l2"}, {"l2penalty", "l2"}, {"weightdecay", "l2"}, {"batch", "batch_size"}, {"bs", "batch_size"}, {"minibatch", "batch_size"}, {"maxepochs", "epochs"},
    {"maxiter", "epochs"}, {"wd", "weight_decay"}, {"l2", "weight_decay"}, {"clipnorm", "clip_norm"}, {"gradclip", "clip_norm"}, {"maxgradnorm", "clip_norm"},
    {"warmup", "warmup_steps"}, {"earlystop", "early_stopping"}, {"restorebestweights", "restore_best"}, {"randomseed", "seed"},
    {"randomstate", "seed"}, {"dtype", "precision"}, {"monitor", "metric"}, {"valid", "validation"}, {"val", "validation"}, {"validationsplit", "validation"},
    {"testsize", "test"}, {"stepsizelr", "every_epochs"}, {"gamma", "factor"}, {"dataset", "data"}, {"model", "network"}, {"optimizer", "update"},
    {"preprocess", "prepare"}, {"preprocessing", "prepare"}, {"training", "train"}, {"criterion", "loss"}, {"path", "source"}, {"file", "source"}, {"y", "target"},
    {"numembeddings", "vocabulary"}, {"vocabsize", "vocabulary"}, {"inputdim", "vocabulary"}};
// clang-format on

constexpr Pair advices[] = {
    {"weightdecay", "weight_decay stands in [update], or l2 in a layer"},
    {"activation", "an activation is an entry of its own after the layer: { dense = 32 }, \"relu\""},
    {"units", "the units are the layer's value: { dense = 32 }"},
    {"filters", "the filters are the layer's value: { conv2d = 32 }"},
    {"outchannels", "the filters are the layer's value: { conv2d = 32 }"},
    {"infeatures", "inputs are counted by themselves: { dense = 32 } says only the outputs"},
    {"inchannels", "channels are counted by themselves: { conv2d = 32 } says only the filters"},
    {"inputshape", "the shape of the input is that of the data"},
    {"inputdim", "the shape of the input is that of the data"},
    {"poolsize", "the size is the layer's value: { max_pool2d = 2 }"},
    {"betas", "two settings: beta1 and beta2"},
    {"kernelregularizer", "write l2 = 1e-4"},
    {"fromlogits", "two losses: softmax_cross_entropy takes logits, categorical_cross_entropy probabilities"},
    {"amsgrad", "an optimizer of its own: \"amsgrad\""},
    {"nesterov", "an optimizer of its own: \"nesterov\""},
    {"metrics", "all metrics of the task are reported; train.metric says which one decides"},
    {"p", "the fraction dropped is the layer's value: { dropout = 0.5 }"},
    {"scheduler", "update.schedule"},
    {"device", "train.device"},
    {"learningrate", "the optimizer's: optimizer = { name = \"adam\", learning_rate = 1e-3 }"},
    {"lr", "the optimizer's: optimizer = { name = \"adam\", learning_rate = 1e-3 }"}};

/// "Max-Pool_2D" -> "maxpool2d": words that differ only in punctuation and capitals are the same word.
std::string plain(std::string_view word) {
  std::string text;
  for (const char c : word)
    if (std::isalnum(static_cast<unsigned char>(c))) text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::string our_word(std::string_view word, const std::vector<std::string>& known) {
  const std::string theirs = plain(word);
  const auto is_known = [&](std::string_view k) { return std::find(known.begin(), known.end(), k) != known.end(); };
  if (word == "Linear" && is_known("dense")) return "dense";  // PyTorch's layer, not the activation
  const auto written_otherwise = std::find_if(known.begin(), known.end(),
                                              [&](const std::string& k) { return !theirs.empty() && plain(k) == theirs; });
  if (written_otherwise != known.end()) return *written_otherwise;
  for (const auto& [alias, ours] : aliases)
    if (alias == theirs && is_known(ours)) return std::string(ours);
  return nearest(word, known);
}

std::string advice_about(std::string_view word) {
  const std::string theirs = plain(word);
  for (const auto& [alias, advice] : advices)
    if (alias == theirs) return std::string(advice);
  return "";
}

std::string hint_about(std::string_view word, const std::vector<std::string>& known) {
  const std::string ours = our_word(word, known);
  return ours.empty() ? advice_about(word) : "did you mean \"" + ours + "\"?";
}

}  // namespace tend

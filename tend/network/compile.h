#pragma once
#include "tend/network/network.h"
#include "tend/network/program.h"

namespace tend {

struct CompileOptions {
  std::int64_t rows = 1;
  const Backend* backend = nullptr;
  bool training = false;                  ///< keep what backward needs, backward itself, dropout, batch statistics
  bool backward = true;                   ///< when training: the gradients; else the forward pass alone, as training takes it
  bool penalties = false;                 ///< without a sweep too: adds the penalties' gradients
  bool fuse = true;                       ///< activations inside the kernels before and behind them
  bool accumulate = false;                ///< add into gradients instead of assigning them
  bool input_gradient = false;            ///< the gradient of the network's input too
  const LossFunctions* loss = nullptr;    ///< nullptr: none; when training, the outputs' gradient is then read where targets lie
  std::int64_t target_width = 1;          ///< elements of a row's target
  std::int64_t places = 1;                ///< of a row, each with a loss of its own: [T, K] has T of them
  bool mean = true;                       ///< reduction over rows
  bool weighted = false;                  ///< rows have weights in the batch, one element each, behind the targets
  const SweepFunctions* sweep = nullptr;  ///< nullptr: no update
  int last = -1;                          ///< not below 0: forward alone, up to this node, whose output is the Program's
};

/// Compiles a network for a fixed number of rows: forward, loss, backward, penalties, update as one list of kernel calls, arena
/// planned by lifetimes. The Program says how large each buffer must be (Workspace allocates them), and where its update begins.
Program compile(const Network& network, const StateLayout& state, const CompileOptions& options);

}  // namespace tend

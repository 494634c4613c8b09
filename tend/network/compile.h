#pragma once
#include "tend/network/network.h"
#include "tend/network/program.h"

namespace tend {

struct CompileOptions {
  std::int64_t rows = 1;
  const Backend* backend = nullptr;
  bool training = false;                  ///< keeps what backward needs; runs backward, dropout, batch statistics
  bool backward = true;                   ///< when training: computes gradients; false: only the forward pass of training
  bool penalties = false;                 ///< adds the penalties' gradients, even without a sweep
  bool fuse = true;                       ///< runs activations inside the kernels before and after them
  bool accumulate = false;                ///< adds to gradients instead of assigning them
  bool input_gradient = false;            ///< also computes the gradient of the network's input
  const LossFunctions* loss = nullptr;    ///< nullptr: no loss; training then reads the outputs' gradient instead of targets
  std::int64_t target_width = 1;          ///< elements of a row's target
  std::int64_t places = 1;                ///< in a row, each with its own loss: [T, K] has T places
  bool mean = true;                       ///< reduction over rows
  bool weighted = false;                  ///< rows have weights in the batch, one element each, after the targets
  int weight_sets = 1;                    ///< of weights, one after the other; member m of a pack uses set m % weight_sets
  const SweepFunctions* sweep = nullptr;  ///< nullptr: no update
  Join join = Join::values;               ///< of the members' outputs, in inference
  bool joined = true;                     ///< false: the outputs stay apart, [members, rows, outputs], without a loss
  int last = -1;                          ///< 0 or more: only forward, up to this node, whose output is the Program's
};

/// Compiles a network for a fixed number of rows into one list of kernel calls: forward, loss, backward, penalties, update. Plans
/// the arena by lifetimes. The Program holds the size of each buffer (Workspace allocates them) and where its update begins.
Program compile(const Network& network, const StateLayout& state, const CompileOptions& options);

}  // namespace tend

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/gradcheck/numeric.h"
#include "tend/loss/loss_registry.h"
#include "tend/network/network.h"

namespace tend {

struct GradientCheckOptions {
  int elements = 12;       ///< of each tensor; those of at most so many elements are checked whole
  int burn_in_steps = 10;  ///< plain gradient descent first, each changing a tensor by a thousandth of its norm
  double step = 6e-6;      ///< h of the central differences: cbrt(eps) of double
  double seconds = 8;      ///< about: fewer elements (but 1 of each tensor) where one evaluation is slow
  std::int64_t rows = 4;   ///< of check_gradients(run, options): at most, fewer where they are dear
};

/// A network with a loss and a few rows. The state is read, never changed.
struct GradientSubject {
  const Network* network = nullptr;
  const LossEntry* loss = nullptr;
  const StateLayout* layout = nullptr;  ///< of `state`, float32
  const Block* state = nullptr;
  std::int64_t rows = 0, target_width = 1;
  std::int64_t places = 1;              ///< of a row, each with a loss of its own
  std::vector<double> inputs, targets;  ///< [rows, ...] as the network and the loss take them
  bool takes_codes = false, mean = true;
  std::uint64_t seed = 0;            ///< of the dropout mask, which stays the same
  const Backend* trained = nullptr;  ///< float32: the kernels that train; nullptr: fast_backend()
};

/// One parameter tensor. part: "loss", or "penalty" where l2 or l1 are set (checked alone).
struct TensorCheck {
  std::string tensor, part;
  Shape shape;
  int checked = 0, kinks = 0;  ///< kinks: elements not counted, since a max changed sides within a step
  std::int64_t at = -1;        ///< the worst element
  double numeric = 0, analytic = 0, trained = 0, error = 0, trained_error = 0;
  GradientBand band = GradientBand::right;
  std::string mistake;  ///< "the sign is wrong"; of the trained gradient where only that is wrong
};

struct GradientReport {
  std::vector<TensorCheck> tensors;
  double loss = 0;  ///< where it was checked, after burn-in
  std::int64_t rows = 0, evaluations = 0;
  bool passed() const;
};

/// Three ways: numeric in double on plain loops, analytic in double on plain loops, analytic as it is really trained (float32,
/// fused, with the kernels that train). Errors are relative, less what rounding leaves unsure; bands are the lecture's.
GradientReport check_gradients(const GradientSubject& subject, const GradientCheckOptions& options = {});

}  // namespace tend

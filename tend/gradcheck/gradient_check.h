#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/gradcheck/numeric.h"
#include "tend/loss/loss_registry.h"
#include "tend/network/network.h"

namespace tend {

struct GradientCheckOptions {
  int elements = 12;       ///< checked elements of each tensor; smaller tensors are checked completely
  int burn_in_steps = 10;  ///< first plain gradient descent; each step changes a tensor by a thousandth of its norm
  double step = 6e-6;      ///< h of the central differences: cbrt(eps) of double
  double seconds = 8;      ///< approximate limit: fewer elements (at least 1 per tensor) where evaluations are slow
  std::int64_t rows = 4;   ///< most rows of check_gradients(run, options); fewer where they are expensive
};

/// A network with a loss and a few rows. The state is read, never changed.
struct GradientSubject {
  const Network* network = nullptr;  ///< of one member: the members of a pack have losses of their own
  const LossEntry* loss = nullptr;
  const StateLayout* layout = nullptr;  ///< of `state`, float32
  const Block* state = nullptr;
  std::int64_t rows = 0, target_width = 1;
  std::int64_t places = 1;              ///< in a row, each with its own loss
  std::vector<double> inputs, targets;  ///< [rows, ...] as the network and the loss take them
  bool takes_codes = false, mean = true;
  std::uint64_t seed = 0;            ///< seed of the dropout mask, which stays the same
  const Backend* trained = nullptr;  ///< the float32 kernels of training; nullptr: fast_backend()
};

/// The result for one parameter tensor. part: "loss", or "penalty" if l2 or l1 is set (checked separately).
struct TensorCheck {
  std::string tensor, part;
  Shape shape;
  int checked = 0, kinks = 0;  ///< kinks: elements not counted, because a max changed sides within a step
  std::int64_t at = -1;        ///< the worst element
  double numeric = 0, analytic = 0, trained = 0, error = 0, trained_error = 0;
  GradientBand band = GradientBand::right;
  std::string mistake;  ///< "the sign is wrong"; about the trained gradient if only that is wrong
};

struct GradientReport {
  std::vector<TensorCheck> tensors;
  double loss = 0;  ///< at the checked point, after burn-in
  std::int64_t rows = 0, evaluations = 0;
  bool passed() const;
};

/// Compares three gradients: numeric in double on plain loops, analytic in double on plain loops, analytic as in training
/// (float32, fused, with the training kernels). Errors are relative, without the uncertainty from rounding; bands are the
/// lecture's.
GradientReport check_gradients(const GradientSubject& subject, const GradientCheckOptions& options = {});

/// How far central differences of some elements are from backpropagation, both in double or both in float32, without any
/// allowance for rounding or kinks: |numeric - analytic| / (|numeric| + |analytic|), of the vectors of these elements. In double
/// it falls with step^2 until rounding, which grows with 1 / step, is larger; in float32 rounding is larger at almost any step.
/// The elements: in each tensor `elements` of the largest gradients.
double difference_error(const GradientSubject& subject, double step, bool in_float32, int elements = 6);

}  // namespace tend

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/kernels/functions.h"
#include "tend/kernels/kernel.h"
#include "tend/kernels/step_inputs.h"
#include "tend/tensor/shape.h"

namespace tend {

/// An activation that a kernel applies to each span of its output as soon as the span is finished and still in cache.
/// forward: the kernel writes z to its output slot, then y = f(z) to `y` (if it is the same slot: in place, z is not kept).
/// backward: the kernel's output is dy of the activation; it becomes dz = dy f'(z) in place. `z` (may be empty unless
/// functions.needs_input) and `y` are those that the forward pass kept, with the layout of the kernel's output.
struct Epilogue {
  PointwiseFunctions functions = {};
  bool backward = false;
  Slot z = {}, y = {};
  explicit operator bool() const { return functions.forward != nullptr; }
};

/// y [N,K] = x [N,F] W [F,K] + b [K].
struct DenseSpec {
  std::int64_t rows = 0, inputs = 0, outputs = 0;
};

/// Images channels last: x [N, height, width, channels], W [kernel_height, kernel_width, channels, filters], b [filters], y [N,
/// out_height, out_width, filters]. x is padded with zeros; bottom and right padding follow from the sizes.
struct ConvolutionSpec {
  std::int64_t rows = 0, height = 0, width = 0, channels = 0, filters = 0, kernel_height = 0, kernel_width = 0, stride_height = 1,
               stride_width = 1, pad_top = 0, pad_left = 0, out_height = 0, out_width = 0;
  /// Returns the floating-point operations of one product with `images` images.
  double flops_of(std::int64_t images) const {
    return 2.0 * static_cast<double>(images) * static_cast<double>(out_height * out_width * filters) *
           static_cast<double>(channels * kernel_height * kernel_width);
  }
  double flops() const { return flops_of(rows); }
};

/// Windows over images, channels last. Average: padded zeros count as values of the window.
struct PoolSpec {
  std::int64_t rows = 0, height = 0, width = 0, channels = 0, window_height = 0, window_width = 0, stride_height = 1,
               stride_width = 1, pad_top = 0, pad_left = 0, out_height = 0, out_width = 0;
};

/// x [rows, channels]: a dense batch, or images with rows = N * height * width.
struct BatchNormSpec {
  std::int64_t rows = 0, channels = 0;
  double momentum = 0.9;  ///< the share of the running statistics that is kept
  double epsilon = 1e-5;
};

/// x [rows, places, channels]: each row is normalized separately, in `groups` groups of neighbouring channels over all places.
/// gamma, beta [channels]. Rows of features have one place.
struct GroupNormSpec {
  std::int64_t rows = 0, places = 1, channels = 0, groups = 1;
  double epsilon = 1e-5;
};

/// x [rows, channels], slopes [channels], or [1] if shared.
struct PReluSpec {
  std::int64_t rows = 0, channels = 0;
  bool is_shared = false;
};

/// A table of `vocabulary` rows of `units` numbers, looked up at `positions` places. Codes are the numbers 0, 1, 2 ...
struct EmbeddingSpec {
  std::int64_t positions = 0, vocabulary = 0, units = 0;
  /// Returns the row of a code, or -1 for none: NaN, below 0, or at least `vocabulary`. Fractions are truncated.
  std::int64_t row_of(double code) const {
    return code >= 0 && code < static_cast<double>(vocabulary) ? static_cast<std::int64_t>(code) : -1;
  }
};

/// Rows of a batch, each of `row_size` elements. Element e of row r in step s draws from Philox with key = seed and counter = (e
/// / 8, low 32 bits of first_row + r, low 32 bits of s, purpose): 8 elements share a block, 16 bits each, word (e % 8) / 2, low
/// half first. first_row is that of StepInputs: a batch cut into parts draws the same numbers as the whole. An element is kept if
/// its 16 bits >= round(rate 65536); kept elements are multiplied by 65536 / (65536 - round(rate 65536)).
struct DropoutSpec {
  std::int64_t rows = 0, row_size = 0;
  std::uint32_t purpose = 0;
};

/// Self-attention over the places of each row: x [rows, places, 3 features] holds queries, keys and values side by side, each
/// split into `heads` pieces of features / heads.
struct AttentionSpec {
  std::int64_t rows = 0, places = 0, features = 0, heads = 1;
  bool is_causal = false;  ///< a place attends only to itself and earlier places
};

/// Recurrent cells over the places of each row. Order of gates: lstm i f g o; gru r z n (the reset is applied after the product).
enum class Cell : std::uint8_t { lstm, gru };
struct RecurrentSpec {
  std::int64_t rows = 0, places = 0, units = 0;
  Cell cell = Cell::lstm;
  bool only_last = false;  ///< the incoming gradient dh covers only the last place
  std::int64_t gates() const { return cell == Cell::lstm ? 4 : 3; }
};

/// One parameter's segment of the contiguous parameter block (offset and count in elements).
struct SweepSegment {
  std::int64_t offset = 0, count = 0;
  bool decays = true;
  std::int64_t columns = 0;  ///< of a matrix: its last axis; 0 for a vector
  int member = 0;            ///< of a pack; gradients are clipped by the norm of each member
  Slot inputs = {};          ///< its GroupInputs in Buffer::step; empty: it follows StepInputs
};

/// How the outputs of a pack's members become one output, which a loss or an answer reads like that of one network:
///   values: the mean. softmax: the logarithm of the mean of softmax(o). sigmoid: the logit of the mean of sigmoid(o).
/// Means are weighted by the members' shares. A member with share 0 has no effect, whatever its outputs are.
enum class Join : std::uint8_t { values, softmax, sigmoid };
struct JoinSpec {
  std::int64_t members = 1, rows = 0, outputs = 0;  ///< outputs: of one place
  Join join = Join::values;
};

/// Places in Buffer::signals (doubles): the batch's mean loss, the gradient norm before clipping (0 if clip_norm is off), then
/// for each parameter tensor p at `first_parameter + 4 p` the four sums of SweepChunk.
namespace signal_place {
inline constexpr int loss = 0, clip_norm = 1, first_parameter = 8, per_parameter = 4;
}

/// Emits kernel calls for one element type. Back ends are immutable and live as long as the program. All tensors are plain,
/// row-major, dense, of the back end's element type unless stated otherwise. Each emission may be several calls with temporaries
/// between them. NaN, infinities and subnormals propagate as in IEEE 754. accumulate: add to the content of the output instead of
/// assigning (an output is never read otherwise).
class Backend {
 public:
  virtual ~Backend() = default;
  virtual ElementType element_type() const = 0;
  virtual Isa isa() const = 0;
  virtual std::string name() const = 0;  ///< "reference f64", "avx512 + oneDNN 2.6.3"

  virtual void dense_forward(Emitter&, const DenseSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue& = {}) const = 0;
  /// dx [N,F] = dy [N,K] W^T, then the epilogue (backward) if given.
  virtual void dense_backward_data(Emitter&, const DenseSpec&, Slot dy, Slot w, Slot dx, const Epilogue& = {}) const = 0;
  /// dW [F,K] = x^T dy, db [K] = sum of dy over rows (db may be empty).
  virtual void dense_backward_weights(Emitter&, const DenseSpec&, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) const = 0;

  virtual void convolution_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y,
                                   const Epilogue& = {}) const = 0;
  virtual void convolution_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx,
                                         const Epilogue& = {}) const = 0;
  virtual void convolution_backward_weights(Emitter&, const ConvolutionSpec&, Slot x, Slot dy, Slot dw, Slot db,
                                            bool accumulate) const = 0;

  /// Depthwise: each channel has filters / channels filters of its own, adjacent in w [kernel_height, kernel_width, filters] and
  /// in y.
  virtual void depthwise_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y,
                                 const Epilogue& = {}) const = 0;
  virtual void depthwise_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx,
                                       const Epilogue& = {}) const = 0;
  virtual void depthwise_backward_weights(Emitter&, const ConvolutionSpec&, Slot x, Slot dy, Slot dw, Slot db,
                                          bool accumulate) const = 0;

  /// `where` [y's count] bytes: index within the window (row-major) of the maximum, the first among equals; 255 if the window
  /// holds only padding. NaN wins over everything; padding never wins. Windows have at most 254 places. where may be empty.
  virtual void max_pool_forward(Emitter&, const PoolSpec&, Slot x, Slot y, Slot where) const = 0;
  virtual void max_pool_backward(Emitter&, const PoolSpec&, Slot dy, Slot where, Slot dx, const Epilogue& = {}) const = 0;
  virtual void average_pool_forward(Emitter&, const PoolSpec&, Slot x, Slot y) const = 0;
  virtual void average_pool_backward(Emitter&, const PoolSpec&, Slot dy, Slot dx, const Epilogue& = {}) const = 0;

  /// Applies the functions to `count` elements.
  virtual void pointwise_forward(Emitter&, std::int64_t count, const PointwiseFunctions&, Slot z, Slot y) const = 0;
  virtual void pointwise_backward(Emitter&, std::int64_t count, const PointwiseFunctions&, Slot z, Slot y, Slot dy,
                                  Slot dz) const = 0;

  /// Softmax over the last axis; log: log_softmax. backward reads only y.
  virtual void softmax_forward(Emitter&, std::int64_t rows, std::int64_t classes, bool log, Slot x, Slot y) const = 0;
  virtual void softmax_backward(Emitter&, std::int64_t rows, std::int64_t classes, bool log, Slot y, Slot dy, Slot dx) const = 0;

  /// Training: uses statistics of the batch and updates running_mean and running_variance (unbiased). `saved` [2, channels] keeps
  /// the mean and 1 / sqrt(variance + epsilon) for backward. Welford or two passes, never E[x^2] - E[x]^2.
  virtual void batch_norm_training(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot beta, Slot running_mean,
                                   Slot running_variance, Slot saved, Slot y, const Epilogue& = {}) const = 0;
  virtual void batch_norm_inference(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot beta, Slot running_mean,
                                    Slot running_variance, Slot y, const Epilogue& = {}) const = 0;
  virtual void batch_norm_backward(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot saved, Slot dy,
                                   Slot dx /*may be empty*/, Slot dgamma, Slot dbeta, bool accumulate,
                                   const Epilogue& = {}) const = 0;

  /// `saved` [rows, groups, 2] keeps each group's mean and 1 / sqrt(variance + epsilon) for backward.
  virtual void group_norm_forward(Emitter&, const GroupNormSpec&, Slot x, Slot gamma, Slot beta, Slot saved, Slot y,
                                  const Epilogue& = {}) const = 0;
  virtual void group_norm_backward(Emitter&, const GroupNormSpec&, Slot x, Slot gamma, Slot saved, Slot dy,
                                   Slot dx /*may be empty*/, Slot dgamma, Slot dbeta, bool accumulate,
                                   const Epilogue& = {}) const = 0;

  /// y = x if x > 0, otherwise slope x. At 0 the derivative is the slope.
  virtual void prelu_forward(Emitter&, const PReluSpec&, Slot x, Slot slopes, Slot y) const = 0;
  virtual void prelu_backward(Emitter&, const PReluSpec&, Slot x, Slot slopes, Slot dy, Slot dx /*may be empty*/, Slot dslopes,
                              bool accumulate) const = 0;

  /// y [count] = the largest of each `pieces` neighbours in z [count, pieces], at most 255 pieces. `where` (bytes, may be empty)
  /// keeps the index of the largest, the first among equals. NaN wins.
  virtual void piece_max_forward(Emitter&, std::int64_t count, std::int64_t pieces, Slot z, Slot y, Slot where) const = 0;
  virtual void piece_max_backward(Emitter&, std::int64_t count, std::int64_t pieces, Slot dy, Slot where, Slot dz) const = 0;

  /// y [positions, units] = rows of w [vocabulary, units]; NaN if a code has no row. backward: dw is the sum of dy over a code's
  /// positions, in order; dcodes (may be empty) is 0.
  virtual void embedding_forward(Emitter&, const EmbeddingSpec&, Slot codes, Slot w, Slot y) const = 0;
  virtual void embedding_backward(Emitter&, const EmbeddingSpec&, Slot codes, Slot dy, Slot dcodes, Slot dw,
                                  bool accumulate) const = 0;

  /// rate: a double in Buffer::step. seed and step also come from Buffer::step. backward draws the same mask again.
  virtual void dropout_forward(Emitter&, const DropoutSpec&, Slot rate, Slot x, Slot y) const = 0;
  virtual void dropout_backward(Emitter&, const DropoutSpec&, Slot rate, Slot dy, Slot dx, const Epilogue& = {}) const = 0;

  /// y [rows, places, features] = softmax(q k^T / sqrt(features / heads)) v by head. shares [rows, heads, places, places] keeps
  /// the softmax for backward; it may be empty. backward writes dx [rows, places, 3 features].
  virtual void attention_forward(Emitter&, const AttentionSpec&, Slot x, Slot shares, Slot y) const = 0;
  virtual void attention_backward(Emitter&, const AttentionSpec&, Slot x, Slot shares, Slot dy, Slot dx) const = 0;

  /// gates [rows, places, G units]: holds the inputs' contribution on entry, and the gates' values, kept for backward, on return.
  /// u [units, G units] and b [G units] (only gru; may be empty) are applied to the output of the previous place. h [rows,
  /// places, units]: the outputs, zeros before the first place. kept [rows, places, units]: lstm: the cells; gru: h U_n + b_n.
  virtual void recurrent_forward(Emitter&, const RecurrentSpec&, Slot gates, Slot u, Slot b, Slot kept, Slot h) const = 0;
  /// dh: gradient of h, or with only_last [rows, units]. dgates: gradient of the gates' inputs; dproducts: gradient of h U + b
  /// (gru; for lstm it equals dgates and is empty); before [rows, places, units]: h of the previous place.
  virtual void recurrent_backward(Emitter&, const RecurrentSpec&, Slot gates, Slot u, Slot kept, Slot h, Slot dh, Slot dgates,
                                  Slot dproducts, Slot before) const = 0;

  /// y [rows, width] = x + b [width] in every row; y may be x. db [width] = the sum of dy over rows.
  virtual void add_to_rows(Emitter&, std::int64_t rows, std::int64_t width, Slot x, Slot b, Slot y) const = 0;
  virtual void sum_rows(Emitter&, std::int64_t rows, std::int64_t width, Slot dy, Slot db, bool accumulate) const = 0;

  /// y = sum of inputs, each of `count` elements; y may be one of them.
  virtual void add(Emitter&, std::int64_t count, const std::vector<Slot>& inputs, Slot y, const Epilogue& = {}) const = 0;
  /// y [rows, sum of widths] = the inputs [rows, widths[i]] side by side; split is its inverse (empty outputs are skipped).
  virtual void concat(Emitter&, std::int64_t rows, const std::vector<std::int64_t>& widths, const std::vector<Slot>& inputs,
                      Slot y) const = 0;
  virtual void split(Emitter&, std::int64_t rows, const std::vector<std::int64_t>& widths, Slot y,
                     const std::vector<Slot>& outputs) const = 0;

  /// Computes the loss of rows and its gradient: signals[loss] = mean over rows (double, summed in fixed order); values [rows]
  /// doubles are kept if `values` is given; slope = scale * d/do (scale: 1 / rows for reduction mean, 1 for sum; decided here).
  /// slope may be empty.
  virtual void loss(Emitter&, const LossFunctions&, std::int64_t rows, std::int64_t outputs, bool mean, Slot o, Slot t,
                    Slot weights, Slot values, Slot slope) const = 0;

  /// y [rows, outputs] = the members' outputs o [members, rows, outputs] joined by their shares [members].
  virtual void join_members(Emitter&, const JoinSpec&, Slot o, Slot shares, Slot y) const = 0;
  /// signals[loss] = the mean of the finite ones among the members' losses (doubles); NaN if there are none.
  virtual void mean_of_losses(Emitter&, std::int64_t members, Slot losses) const = 0;

  /// gradient += 2 * penalty * weight over one segment; skipped while the penalty (a double in Buffer::step) is 0.
  virtual void penalty(Emitter&, const SweepSegment&, Slot penalty) const = 0;
  /// gradient += penalty * sign(weight) over one segment, sign(0) = 0; skipped likewise.
  virtual void sign_penalty(Emitter&, const SweepSegment&, Slot penalty) const = 0;
  /// Treats one segment as a matrix with a column for each of `units`. Columns with a norm above the limit (a double in
  /// Buffer::step) are multiplied by limit / (1e-7 + norm); the others, and columns whose norm is NaN, do not change. Skipped
  /// while the limit is 0.
  virtual void max_norm(Emitter&, const SweepSegment&, std::int64_t units, Slot limit) const = 0;
  /// average += share * (value - average), `count` elements each; skipped while the share (a double in Buffer::step) is 0.
  virtual void average(Emitter&, std::int64_t count, Slot share, Slot value, Slot average) const = 0;
  /// Clips by norm (the members of a pack each by their own; the signal is the largest), then runs the optimizer over all
  /// segments, with the rate, decay and constants of each, and writes the norms of each to Buffer::signals. Parameters start
  /// at the beginning of Buffer::state and Buffer::gradient; slot s starts at slots[s] in Buffer::state with the same offsets. If
  /// clip_norm is 0 there is no norm pass. If the norm is not finite the gradient does not change.
  virtual void sweep(Emitter&, const SweepFunctions&, const std::vector<SweepSegment>&, const std::vector<Slot>& slots) const = 0;
};

/// Plain loops in float or double, in one block if that is simplest.
const Backend& reference_backend(ElementType type);
/// Float32: our own kernels for the given instruction set (portable, avx2, avx512; not above best_isa()), and oneDNN for
/// convolutions.
const Backend& fast_backend(Isa isa = best_isa());

}  // namespace tend

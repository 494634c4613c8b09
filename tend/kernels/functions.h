#pragma once
#include <cstdint>
#include <vector>

namespace tend {

class Backend;
class Emitter;
struct Slot;
struct SweepSegment;

/// The instruction sets that our own kernels are compiled for. `reference` is plain loops with the standard library's functions.
enum class Isa : std::uint8_t { reference, portable, avx2, avx512 };
Isa best_isa();  ///< the best instruction set of this processor
const char* name_of(Isa isa);

/// Functions over spans that shelves pass to kernels, compiled for one element type T (float or double) and one instruction set.
/// `self` points to the settings of the shelf entry, which live as long as the Program. Spans may be the same memory (in place)
/// but must not overlap otherwise. n may be 0.

/// An activation: y = f(z); dz = dy f'(z).
struct PointwiseFunctions {
  void (*forward)(const void* self, const void* z, void* y, std::int64_t n) = nullptr;
  /// z may be nullptr unless needs_input; dz may be dy.
  void (*backward)(const void* self, const void* z, const void* y, const void* dy, void* dz, std::int64_t n) = nullptr;
  const void* self = nullptr;
  bool needs_input = false;  ///< backward reads z, not only y
  const char* name = "";
};

/// A loss of rows: o [rows, outputs] predictions, t [rows, target_width] targets (if takes_codes: class codes, one value a row).
/// Writes values[r] (double) = the row's loss and, if not nullptr, slopes [rows, outputs] (T) = scale * d value / d o. weights,
/// if not nullptr, holds one T a row that multiplies value and slope.
struct LossFunctions {
  void (*rows)(const void* self, const void* o, const void* t, const void* weights, std::int64_t rows, std::int64_t outputs,
               double scale, double* values, void* slopes) = nullptr;
  const void* self = nullptr;
  bool takes_codes = false;
  const char* name = "";
};

/// The facts about one tensor between the two passes of a sweep.
struct TensorFacts {
  double weight_norm = 0, direction_norm = 0;  ///< direction_norm: norm of the first pass's direction
  std::int64_t rows = 0, columns = 0;          ///< of a matrix (last axis: columns; the rest: rows); 0 for a vector
};

/// The operands of one chunk of an optimizer's sweep. All pointers are T*.
/// For each element: g = clip(gradient, -clip_value, clip_value) * scale (no clipping if clip_value is 0);
/// decay (0 for parameters without decay): coupled: g += decay w; decoupled: w -= rate decay w; then the entry's element().
struct SweepChunk {
  void* weight;
  const void* gradient;
  void* slots[4];
  std::int64_t count;
  const double* constants;  ///< StepInputs::optimizer
  double rate, clip_value, scale, decay;
  double* sums;       ///< output, 4 sums (first of two passes: of the direction, not of the change): gradient^2 (as given),
                      ///< (change of weight)^2, weight^2 (after the step), count of non-finite gradients
  int pass = 0;       ///< 0: the whole step; otherwise the first or the second of two
  double factor = 1;  ///< used by the second pass
  bool is_matrix = false;
};
/// An optimizer. If its step depends on more than one element (takes_two_passes()), the first pass of a sweep leaves a direction
/// in slot 2 and does not change the weights. Then the calls of emit_between() work on the whole direction, and factor() computes
/// the factor of each tensor. The second pass changes the weights by -rate factor direction.
struct SweepFunctions {
  void (*chunk)(const SweepChunk& chunk) = nullptr;
  /// Computes the constants of a step: rate is the scheduled learning rate, step counts from 1. Writes 16
  /// (StepInputs::optimizer). The code that fills the inputs of a step calls it: no kernel calls it or reads `self`.
  void (*constants)(const void* self, double rate, std::int64_t step, double* out) = nullptr;
  const void* self = nullptr;
  int slots = 0;  ///< number of slots that a chunk sees, at most 4
  const char* name = "";
  double (*factor)(const TensorFacts& facts) = nullptr;  ///< only for two passes
  /// Emits the calls between two passes, made of the back end's own products. nullptr: the direction stays as it is. `slots`
  /// holds all slots that the entry names.
  void (*emit_between)(const Backend& backend, Emitter& emitter, const std::vector<SweepSegment>& segments,
                       const std::vector<Slot>& slots) = nullptr;
  bool takes_two_passes() const { return factor != nullptr; }
};

}  // namespace tend

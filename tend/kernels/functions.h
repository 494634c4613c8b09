#pragma once
#include <cstdint>
#include <vector>

namespace tend {

class Backend;
class Emitter;
struct Slot;
struct SweepSegment;

/// Instruction sets that our own kernels are compiled for. `reference` is plain loops with the standard library's functions.
enum class Isa : std::uint8_t { reference, portable, avx2, avx512 };
Isa best_isa();  ///< of this processor
const char* name_of(Isa isa);

/// Functions over spans that shelves hand to kernels, compiled for one element type T (float or double) and one
/// instruction set. `self` points to the settings of the shelf entry (alive as long as the Program). Spans may be the same
/// memory (in place) but must not overlap otherwise. n may be 0.

/// An activation: y = f(z); dz = dy f'(z).
struct PointwiseFunctions {
  void (*forward)(const void* self, const void* z, void* y, std::int64_t n) = nullptr;
  /// z may be nullptr unless needs_input; dz may be dy.
  void (*backward)(const void* self, const void* z, const void* y, const void* dy, void* dz, std::int64_t n) = nullptr;
  const void* self = nullptr;
  bool needs_input = false;  ///< backward reads z, not y alone
  const char* name = "";
};

/// A loss of rows: o [rows, outputs] predictions, t [rows, target_width] targets (codes of classes when the loss takes codes:
/// one value a row). values[r] (double) = the row's loss; slopes [rows, outputs] (T), where not nullptr, = scale * d value / d o.
/// weights, where not nullptr, holds one T a row that multiplies value and slope.
struct LossFunctions {
  void (*rows)(const void* self, const void* o, const void* t, const void* weights, std::int64_t rows, std::int64_t outputs,
               double scale, double* values, void* slopes) = nullptr;
  const void* self = nullptr;
  bool takes_codes = false;
  const char* name = "";
};

/// A tensor between the two passes of a sweep.
struct TensorFacts {
  double weight_norm = 0, direction_norm = 0;  ///< of the first pass's direction
  std::int64_t rows = 0, columns = 0;          ///< of a matrix (its last axis, and the rest); 0 of a vector
};

/// What one chunk of an optimizer's sweep works on. All pointers are T*.
/// For each element: g = clip(gradient, -clip_value, clip_value) * scale (no clipping when clip_value is 0);
/// decay (0 for parameters that are spared): coupled: g += decay w; decoupled: w -= rate decay w; then the entry's element().
struct SweepChunk {
  void* weight;
  const void* gradient;
  void* slots[4];
  std::int64_t count;
  const double* constants;  ///< StepInputs::optimizer
  double rate, clip_value, scale, decay;
  double* sums;       ///< out, 4 (first of two passes: of the direction instead of the change): sum of gradient^2 (as given), of
                      ///< (change of weight)^2, of weight^2 (after), count of non-finite gradients
  int pass = 0;       ///< 0: the whole step; else the first or the second of two
  double factor = 1;  ///< of the second pass
  bool is_matrix = false;
};
/// An optimizer. Where its step depends on more than one element (takes_two_passes()) a sweep's first pass leaves a direction in
/// slot 2 and the weights as they are; then emit_between()'s calls work on the direction as a whole and factor() gives each
/// tensor's factor; the second pass moves the weights by -rate factor direction.
struct SweepFunctions {
  void (*chunk)(const SweepChunk& chunk) = nullptr;
  /// Constants of a step: rate is the scheduled learning rate, step counts from 1. Writes 16 (StepInputs::optimizer). For whoever
  /// fills the inputs of a step: no kernel calls it or looks at `self`.
  void (*constants)(const void* self, double rate, std::int64_t step, double* out) = nullptr;
  const void* self = nullptr;
  int slots = 0;  ///< that a chunk sees: at most 4
  const char* name = "";
  double (*factor)(const TensorFacts& facts) = nullptr;  ///< of two passes
  /// Emits the calls between two passes, out of the back end's own products; nullptr: the direction stays as it is. `slots` are
  /// all that the entry names.
  void (*emit_between)(const Backend& backend, Emitter& emitter, const std::vector<SweepSegment>& segments,
                       const std::vector<Slot>& slots) = nullptr;
  bool takes_two_passes() const { return factor != nullptr; }
};

}  // namespace tend

#pragma once
#include <cstdint>
#include <type_traits>

#include "tend/kernels/kernel.h"

namespace tend {

/// The inputs of every step, at the beginning of Buffer::step. The defaults change nothing: no clipping, no decay, no averaging.
/// Layers' own inputs (dropout rates, penalties, limits; doubles) follow directly: layer_input_slot().
struct StepInputs {
  static constexpr int most_constants = 16;

  std::uint64_t seed = 0;
  std::int64_t step = 1;  ///< counts from 1; random masks depend on it
  std::int64_t first_row =
      0;  ///< number of this batch's first row in the batch of the whole step; a rank or a part of a batch may start later
  std::int64_t update = 1;  ///< counts from 1 since the optimizer's slots had their first values
  double learning_rate = 0;
  double clip_value = 0;  ///< 0: no clipping
  double clip_norm = 0;   ///< 0: no clipping
  double weight_decay = 0;
  double average_share = 0;               ///< share of the new weights in their moving averages; 0: averages stay
  double optimizer[most_constants] = {};  ///< constants of the optimizer for this step (OptimizerEntry::fill)
};
static_assert(std::is_standard_layout_v<StepInputs> && std::is_trivially_copyable_v<StepInputs> && sizeof(StepInputs) % 8 == 0);

/// What a group of parameters gets instead of StepInputs::learning_rate, weight_decay and optimizer: the parameters of one member
/// of a pack, or those of a layer that learns at a rate of its own. The groups follow the layers' own inputs.
struct GroupInputs {
  double learning_rate = 0, weight_decay = 0;
  double optimizer[StepInputs::most_constants] = {};
};
static_assert(std::is_standard_layout_v<GroupInputs> && std::is_trivially_copyable_v<GroupInputs>);

/// Returns the place of a field in Buffer::step: step_slot(&StepInputs::clip_norm).
template <class Field>
Slot step_slot(Field StepInputs::*field) {
  static constexpr StepInputs any;
  return {Buffer::step, reinterpret_cast<const char*>(&(any.*field)) - reinterpret_cast<const char*>(&any)};
}
/// Returns the place of the layers' input number i, from 0, in the order of Network::step_inputs().
inline Slot layer_input_slot(std::int64_t i) { return {Buffer::step, static_cast<std::int64_t>(sizeof(StepInputs)) + 8 * i}; }

/// Sets the rate, the decay and the constants of a chunk: those of its group at `group` bytes from the inputs, or of the step
/// (0).
template <class Chunk>
void set_inputs(Chunk& chunk, const StepInputs& in, std::int64_t group, bool decays) {
  const auto* of = group ? reinterpret_cast<const GroupInputs*>(reinterpret_cast<const char*>(&in) + group) : nullptr;
  chunk.constants = of ? of->optimizer : in.optimizer;
  chunk.rate = of ? of->learning_rate : in.learning_rate;
  chunk.decay = !decays ? 0 : of ? of->weight_decay : in.weight_decay;
}

/// Returns the inputs at the beginning of a Buffer::step.
inline const StepInputs& step_inputs_at(const void* step) { return *static_cast<const StepInputs*>(step); }

}  // namespace tend

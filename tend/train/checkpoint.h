#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tend/train/plan.h"
#include "tend/train/training.h"

namespace tend {

/// What a checkpoint says about itself.
struct CheckpointHeader {
  std::string version, isa;  ///< of tend; the instruction set of the kernels that made the steps
  Value experiment;          ///< complete, of the state that goes on
  Value fingerprint;         ///< of the data (Prepared::fingerprint)
  std::int64_t step = 0, epoch = 0;
};

/// All that a training and who watches it need to go on with the same bits, besides the data: a safetensors file with the blocks
/// of the present, the best and the last good state and of those that the watcher keeps, and the description "checkpoint" (JSON)
/// with experiments, history and fingerprints. Reads only what is immutable: may be called on another thread while the training
/// goes on.
std::vector<std::byte> checkpoint_bytes(const TrainingState& state);

/// Throws Error{data} if the bytes are damaged or no checkpoint of this format.
CheckpointHeader checkpoint_header(std::span<const std::byte> bytes, const std::string& name);

/// Do two checkpoints hold the same state, whatever time it took?
bool same_state(std::span<const std::byte> a, std::span<const std::byte> b, const std::string& name);

/// What differs between a checkpoint and a training that would go on with it: the data, the instruction set, the version. Empty
/// if the training goes on with the same bits.
std::vector<std::string> checkpoint_differences(const CheckpointHeader& header, const Plan& plan);

/// The state in a checkpoint. `like`: a plan on the data of the run; its parts are shared. Throws Error{data}; Error{usage} if
/// the experiment in the checkpoint does not fit the data.
TrainingState state_of_checkpoint(std::span<const std::byte> bytes, const std::string& name,
                                  const std::shared_ptr<const Plan>& like);

}  // namespace tend

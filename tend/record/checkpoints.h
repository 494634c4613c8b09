#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tend/train/training.h"

namespace tend {

/// The checkpoints of a run: folders FOLDER/checkpoints/step-000000001234 with state.safetensors (train/checkpoint.h) and
/// manifest.json: its bytes, its SHA-256, and the CRC-32C of each tensor.
struct SavedCheckpoint {
  std::string path;
  std::int64_t step = 0;
};

/// Writes a checkpoint so that it survives a power failure once this returns: flushed files in a temporary folder, flushed
/// folder, renaming, flushed folder above; then reads it back and compares; only then removes the oldest beyond two. Nothing is
/// written if a checkpoint of this step is there and whole. Throws Error{write}.
SavedCheckpoint save_checkpoint(const std::string& run, const TrainingState& state);

/// For a training that went back: saves its state, and removes the checkpoints of later steps, from which a resumed run would go
/// on otherwise. At each moment a whole checkpoint is there. Throws Error{write}.
SavedCheckpoint save_checkpoint_gone_back(const std::string& run, const TrainingState& state);

/// The checkpoints of a run, the newest first, found by scanning the folder. Whether they are whole is not checked.
std::vector<SavedCheckpoint> list_checkpoints(const std::string& run);

/// Reads state.safetensors of a checkpoint and proves it by its manifest. Throws Error{data} that names the damaged tensor if it
/// can.
std::vector<std::byte> read_checkpoint(const std::string& path);

struct FoundCheckpoint {
  SavedCheckpoint saved;
  std::vector<std::byte> bytes;
  std::vector<std::string> damaged;  ///< newer ones that were passed over: why
};
/// The newest checkpoint of a run that is whole. Throws Error{missing} if there is none, Error{data} if all are damaged.
FoundCheckpoint find_checkpoint(const std::string& run);

}  // namespace tend

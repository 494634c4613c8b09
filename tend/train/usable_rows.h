#pragma once
#include <cstdint>
#include <vector>

#include "tend/train/model.h"

namespace tend {

/// The rows that a model can answer. It cannot answer a row with a cell that is missing or infinite after the preparation, or,
/// where an embedding reads the rows, with a number for which it has no code.
struct UsableRows {
  std::vector<std::int64_t> rows;
  DataNotes notes = {};  ///< how many rows it cannot answer, the first one and its cell
};
UsableRows usable_rows(const Model& model, const Dataset& data);

}  // namespace tend

#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// One place of a block of rows; G gates, all floats. `gates_row` and `row` are the distances in floats between rows of the
/// gates, and of kept and h.
struct CellStep {
  std::int64_t rows, units, gates_row, row;
  float* gates;
  const float* product;      ///< [rows, G units]: h U + b
  const float* kept_before;  ///< lstm: the cells of the previous place, rows `before_row` apart
  const float* h_before;     ///< gru: the outputs of the previous place, likewise
  std::int64_t before_row;
  float *kept, *h;
  float* h_copy;  ///< [rows, units]: input of the next product
};
struct CellSlope {
  std::int64_t rows, units, gates_row, row;
  const float *gates, *kept;
  const float *kept_before, *h_before;
  std::int64_t before_row;
  const float* dh;  ///< from the layer above, rows dh_row apart
  std::int64_t dh_row;
  float* carried;             ///< [rows, units]; lstm: gradient of the cells, in and out
  float* dh_next;             ///< [rows, units]; in: from the next place; gru: out: the part that bypasses the product
  float *dgates, *dproducts;  ///< dproducts: only gru
  float* dproduct_copy;       ///< [rows, G units]: input of the product with U^T
  float* before;              ///< h of the previous place, for the gradient of U
};

struct RecurrentTable {
  void (*lstm)(const CellStep& step);
  void (*gru)(const CellStep& step);
  void (*lstm_backward)(const CellSlope& step);
  void (*gru_backward)(const CellSlope& step);
};
const RecurrentTable& recurrent_table(Isa isa);

}  // namespace tend

#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// One place of a block of rows; G gates, all floats. Gates, kept and h lie `gates_row` and `row` floats from one row to the
/// next.
struct CellStep {
  std::int64_t rows, units, gates_row, row;
  float* gates;
  const float* product;      ///< [rows, G units]: h U + b
  const float* kept_before;  ///< lstm: the cells one place before, `before_row` apart
  const float* h_before;     ///< gru, likewise
  std::int64_t before_row;
  float *kept, *h;
  float* h_copy;  ///< [rows, units]: what the next product takes
};
struct CellSlope {
  std::int64_t rows, units, gates_row, row;
  const float *gates, *kept;
  const float *kept_before, *h_before;
  std::int64_t before_row;
  const float* dh;  ///< from above, dh_row apart
  std::int64_t dh_row;
  float* carried;             ///< [rows, units] in and out: lstm: slope of the cells
  float* dh_next;             ///< [rows, units] in: from the place behind; gru: out: what goes past the product
  float *dgates, *dproducts;  ///< dproducts: gru
  float* dproduct_copy;       ///< [rows, G units]: what the product with U^T takes
  float* before;              ///< h one place before, for the gradient of U
};

struct RecurrentTable {
  void (*lstm)(const CellStep& step);
  void (*gru)(const CellStep& step);
  void (*lstm_backward)(const CellSlope& step);
  void (*gru_backward)(const CellSlope& step);
};
const RecurrentTable& recurrent_table(Isa isa);

}  // namespace tend

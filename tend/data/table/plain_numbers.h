#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "tend/data/table/cells.h"

namespace tend {

/// A column that may hold plain numbers, and the place of its values.
struct PlainColumn {
  std::int64_t column = 0;      ///< of the cells
  double* out = nullptr;        ///< the value of the first row; those of the others follow at the stride
  bool may_hold_codes = false;  ///< whole numbers with leading zeros, or rounded ones, are then none
  bool is_read = false;         ///< result: all cells are finite numbers, or missing
};

/// Digits with or without a sign.
bool is_whole_number(std::string_view cell);
/// Has the whole number more digits than the double that was read from it? Those above 2^53 are rounded.
bool is_rounded(std::string_view cell, double v);

/// Reads all columns in one pass over the rows, on several threads: a table of numbers is read as fast as its text comes from
/// memory. Columns that are not read need a closer look (typed_column.h); their values are left undefined.
void read_plain_numbers(const Cells& cells, const DataSettings& settings, std::int64_t stride, std::vector<PlainColumn>& columns);

}  // namespace tend

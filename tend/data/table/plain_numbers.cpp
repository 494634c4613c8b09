#include "tend/data/table/plain_numbers.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

#include "tend/base/executor.h"
#include "tend/base/text.h"

namespace tend {
namespace {

constexpr std::int64_t rows_of_block = 4096;
constexpr std::size_t most_exact_digits = 15;

struct PlainPass {
  const Cells& cells;
  MissingWords missing;
  bool is_usual;
  char decimal;
  std::int64_t stride;
  const std::vector<PlainColumn>& columns;
  std::unique_ptr<std::atomic<bool>[]> failed;

  bool reads(std::string_view cell, bool may_hold_codes, double& out) const {
    // Most cells are numbers, so this check comes first; "nan" is treated the same by both checks.
    if (is_usual && read_number(cell, out, decimal)) {
      const bool may_be_code = may_hold_codes && cell.size() > 1 && cell[0] == '0' && is_digit(cell[1]);
      return !may_be_code && !std::isinf(out) && !(may_hold_codes && is_rounded(cell, out));
    }
    if (missing.contains(cell)) return out = std::numeric_limits<double>::quiet_NaN(), true;
    return !is_usual && read_number(cell, out, decimal) && !std::isinf(out) &&
           !(may_hold_codes && ((cell[0] == '0' && cell.size() > 1) || is_rounded(cell, out)));
  }

  void read_block(std::int64_t block) const {
    const std::int64_t first = block * rows_of_block, last = std::min(cells.rows(), first + rows_of_block);
    std::vector<std::size_t> left;
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (!failed[k].load(std::memory_order_relaxed)) left.push_back(k);
    for (std::int64_t row = first; row < last; ++row) {
      bool any_failed = false;
      for (const std::size_t k : left) {
        const PlainColumn& column = columns[k];
        if (reads(stripped(cells.at(row, column.column)), column.may_hold_codes, column.out[row * stride])) continue;
        failed[k].store(true, std::memory_order_relaxed);
        any_failed = true;
      }
      if (any_failed) std::erase_if(left, [&](std::size_t k) { return failed[k].load(std::memory_order_relaxed); });
    }
  }
};

}  // namespace

bool is_whole_number(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  return !cell.empty() && std::all_of(cell.begin(), cell.end(), is_digit);
}

bool is_rounded(std::string_view cell, double v) {
  const std::size_t first = cell.find_first_of("123456789");
  if (cell.size() <= most_exact_digits || !std::isfinite(v) || first == cell.npos || !is_whole_number(cell)) return false;
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, std::abs(v), std::chars_format::fixed);
  const std::string_view digits = cell.substr(first);
  return end.ec != std::errc() || digits != std::string_view(text, static_cast<std::size_t>(end.ptr - text));
}

void read_plain_numbers(const Cells& cells, const DataSettings& settings, std::int64_t stride,
                        std::vector<PlainColumn>& columns) {
  if (columns.empty()) return;
  const MissingWords missing(settings.missing);
  PlainPass pass{.cells = cells,
                 .missing = missing,
                 .is_usual = missing.is_usual(),
                 .decimal = settings.decimal[0],
                 .stride = stride,
                 .columns = columns,
                 .failed = std::make_unique<std::atomic<bool>[]>(columns.size())};
  const auto blocks = static_cast<int>((cells.rows() + rows_of_block - 1) / rows_of_block);
  const auto pool = make_pool(blocks > 4 ? std::min(usual_threads(), 8) : 1);
  run_blocks(*pool, blocks, [&](std::int64_t block) { pass.read_block(block); });
  for (std::size_t k = 0; k < columns.size(); ++k) columns[k].is_read = !pass.failed[k];
}

}  // namespace tend

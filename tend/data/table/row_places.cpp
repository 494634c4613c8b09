#include "tend/data/table/row_places.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "tend/base/executor.h"
#include "tend/data/table/cells.h"

namespace tend {
namespace {

constexpr std::size_t small_text = 1 << 20;  // one thread is enough
constexpr std::uint64_t every_byte = 0x0101010101010101u;

/// Has the highest bit of each byte of `v` that is less than n (at most 128), and of some bytes after the first such one.
constexpr std::uint64_t bytes_below(std::uint64_t v, unsigned n) { return (v - every_byte * n) & ~v & (every_byte << 7); }

/// Returns the place of the next delimiter or line end. Eight bytes at once are searched for the delimiter and for bytes up to
/// CR, which are few besides line ends.
inline const char* end_of_cell(const char* at, const char* end, char delimiter) {
  const auto is_end = [delimiter](char c) { return c == delimiter || c == '\n' || c == '\r'; };
  if constexpr (std::endian::native == std::endian::little) {
    const std::uint64_t wanted = every_byte * static_cast<unsigned char>(delimiter);
    while (end - at >= 8) {
      std::uint64_t bytes;
      std::memcpy(&bytes, at, 8);
      const std::uint64_t found = bytes_below(bytes ^ wanted, 1) | bytes_below(bytes, '\r' + 1);
      at += found ? std::countr_zero(found) / 8 : 8;
      if (!found) continue;
      if (is_end(*at)) return at;
      ++at;
    }
  }
  while (at < end && !is_end(*at)) ++at;
  return at;
}

/// Returns the place after a quoted cell, and the text after its closing quote, which belongs to it; nullptr if the quote has no
/// end.
const char* end_of_quoted(const char* open, const char* end, char delimiter) {
  for (const char* at = open + 1; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (!at) return nullptr;
    if (at + 1 >= end || at[1] != '"') return end_of_cell(at + 1, end, delimiter);
    ++at;
  }
  return nullptr;
}

/// Writes NUL, the content and NULs up to the end of the cell.
void mark_quoted(char* open, const char* end) {
  char* out = open;
  *out++ = '\0';
  bool is_inside = true;
  for (const char* at = open + 1; at < end; ++at) {
    if (is_inside && *at == '"') {
      if (at + 1 < end && at[1] == '"') *out++ = *at++;
      else is_inside = false;
    } else {
      *out++ = *at;
    }
  }
  while (out < end) *out++ = '\0';
}

}  // namespace

std::size_t count_lines(const char* from, const char* end) {
  std::size_t lines = 0;
  const char* p = from;
  for (constexpr std::uint64_t low = every_byte * 0x7f, line_ends = every_byte * '\n'; end - p >= 8; p += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, p, 8);
    bytes ^= line_ends;
    lines += static_cast<std::size_t>(std::popcount(~(((bytes & low) + low) | bytes | low)));  // the bytes that are 0
  }
  lines += static_cast<std::size_t>(std::count(p, end, '\n'));
  p = from;
  while (p < end && (p = static_cast<const char*>(std::memchr(p, '\r', static_cast<std::size_t>(end - p)))))
    ++p, lines += p >= end || *p != '\n';
  return lines;
}

/// A part of the text that one thread splits, and the rows that it may write.
struct RowPlaces::Range {
  const char *at, *end;
  std::size_t first_row, rows = 0;
  Trouble trouble = {};
};

std::string_view RowPlaces::marked(const char* from, const char* end) {
  ++from;
  const auto* stop = static_cast<const char*>(std::memchr(from, '\0', static_cast<std::size_t>(end - from)));
  return {from, static_cast<std::size_t>((stop ? stop : end) - from)};
}

/// Splits one row and returns the place of its line end. Places of more than width() cells are not written, and quoted cells are
/// only marked while places are written.
const char* RowPlaces::split_row(const char* at, const char* end, std::uint32_t* places, std::size_t& cells,
                                 Trouble& trouble) const {
  const char* const row = at;
  for (cells = 0;; ++at) {
    if (cells < width_) places[cells] = static_cast<std::uint32_t>(at - row);
    ++cells;
    while (at < end && *at == ' ' && delimiter_ != ' ') ++at;
    if (at < end && *at == '"') {
      const char* const open = at;
      at = end_of_quoted(open, end, delimiter_);
      if (!at) {
        trouble = {Trouble::open_quote, static_cast<std::size_t>(open - text_), cells};
        return end;
      }
      if (width_ > 0) mark_quoted(text_ + (open - text_), at);
    } else {
      at = end_of_cell(at, end, delimiter_);
    }
    if (at >= end || *at != delimiter_) break;
  }
  if (static_cast<std::size_t>(at - row) >= std::numeric_limits<std::uint32_t>::max() - 1)
    trouble = {Trouble::long_line, static_cast<std::size_t>(row - text_), cells};
  if (width_ > 0) places[width_] = static_cast<std::uint32_t>(at - row + 1);
  return at;
}

void RowPlaces::split(Range& range) {
  const char* at = range.at;
  while (at < range.end && range.trouble.kind == Trouble::none) {
    const char* const row = at;
    std::size_t cells = 0;
    std::uint32_t* const places = places_ + (range.first_row + range.rows) * (width_ + 1);
    at = split_row(at, range.end, places, cells, range.trouble);
    const bool is_blank = cells == 1 && (row == at || (width_ != 1 && stripped(content(row, at)).empty()));
    if (at < range.end) at += *at == '\r' && at + 1 < range.end && at[1] == '\n' ? 2 : 1;
    if (is_blank || range.trouble.kind != Trouble::none) continue;
    if (cells != width_) {
      range.trouble = {Trouble::ragged, static_cast<std::size_t>(row - text_), cells};
      return;
    }
    starts_[range.first_row + range.rows++] = static_cast<std::size_t>(row - text_);
  }
}

RowPlaces::RowPlaces(char* text, std::size_t size, char delimiter) : text_(text), size_(size), delimiter_(delimiter) {
  // The first row that is not empty decides the width.
  const char *at = text_, *const end = text_ + size_;
  while (at < end && width_ == 0) {
    const char* const row = at;
    std::size_t cells = 0;
    at = split_row(at, end, nullptr, cells, trouble_);
    if (trouble_.kind != Trouble::none) return;
    const std::string_view line = stripped({row, static_cast<std::size_t>(at - row)});
    if (cells != 1 || (!line.empty() && line != "\"\"")) width_ = cells;
    if (at < end) ++at;
  }
  if (width_ == 0) return;
  const int threads = std::min(usual_threads(), 8);
  if (threads == 1 || size_ <= small_text || !split_on_threads(threads)) split_all();
}

void RowPlaces::reserve(std::size_t rows) {
  starts_memory_ = BigMemory(rows * sizeof(std::size_t));
  places_memory_ = BigMemory(rows * (width_ + 1) * sizeof(std::uint32_t));
  starts_ = starts_memory_.as<std::size_t>();
  places_ = places_memory_.as<std::uint32_t>();
}

void RowPlaces::split_all() {
  Range all{.at = text_, .end = text_ + size_, .first_row = 0};
  reserve(std::min(count_lines(all.at, all.end) + 1, size_ / width_ + 1) + 1);
  split(all);
  keep(all);
}

/// Cuts the text after line ends. Each part first counts its lines, so that it knows where its rows go; empty lines leave gaps,
/// which are then closed. Returns false if the text has quotes, which may hold line ends, or has only one line.
bool RowPlaces::split_on_threads(int threads) {
  const std::string_view text(text_, size_);
  const auto parts = static_cast<std::size_t>(4 * threads);
  std::vector<Range> ranges;
  for (std::size_t from = 0, i = 1; from < size_; ++i) {
    std::size_t to = i >= parts ? size_ : std::max(from, size_ / parts * i);
    to = std::min(text.find('\n', to), size_ - 1) + 1;
    ranges.push_back({.at = text_ + from, .end = text_ + to, .first_row = 0});
    from = to;
  }
  if (ranges.size() < 2) return false;
  const auto pool = make_pool(threads);
  const auto on_each = [&](auto body) {
    run_blocks(*pool, static_cast<std::int64_t>(ranges.size()), [&](std::int64_t i) { body(static_cast<std::size_t>(i)); });
  };
  std::vector<std::size_t> lines(ranges.size());
  std::atomic<bool> has_quotes{false};
  on_each([&](std::size_t i) {
    const auto size = static_cast<std::size_t>(ranges[i].end - ranges[i].at);
    if (has_quotes || std::memchr(ranges[i].at, '"', size)) {
      has_quotes = true;
      return;
    }
    lines[i] = std::min(count_lines(ranges[i].at, ranges[i].end) + 1, size / width_ + 1) + 1;
  });
  if (has_quotes) return false;
  std::size_t most = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) ranges[i].first_row = std::exchange(most, most + lines[i]);
  reserve(most);
  on_each([&](std::size_t i) { split(ranges[i]); });
  for (const Range& range : ranges) keep(range);
  return true;
}

/// Moves the rows of a range after those of the ranges before it.
void RowPlaces::keep(const Range& range) {
  if (trouble_.kind != Trouble::none) return;
  if (range.first_row != rows_) {
    std::memmove(&starts_[rows_], &starts_[range.first_row], range.rows * sizeof starts_[0]);
    std::memmove(&places_[rows_ * (width_ + 1)], &places_[range.first_row * (width_ + 1)],
                 range.rows * (width_ + 1) * sizeof places_[0]);
  }
  rows_ += range.rows;
  trouble_ = range.trouble;
}

void RowPlaces::remove_if(const std::function<bool(std::size_t)>& is_removed) {
  std::size_t to = 0;
  for (std::size_t row = 0; row < rows_; ++row) {
    if (is_removed(row)) continue;
    if (to != row) {
      starts_[to] = starts_[row];
      std::memcpy(&places_[to * (width_ + 1)], &places_[row * (width_ + 1)], (width_ + 1) * sizeof places_[0]);
    }
    ++to;
  }
  rows_ = to;
}

}  // namespace tend

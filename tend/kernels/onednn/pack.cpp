#include "tend/kernels/onednn/pack.h"

#include <algorithm>

namespace tend::onednn {
namespace {

constexpr std::int64_t elements_per_block = 8192;

int blocks_of(std::int64_t lines, std::int64_t line_size) {
  const std::int64_t lines_per_block = std::max<std::int64_t>(1, elements_per_block / std::max<std::int64_t>(1, line_size));
  return static_cast<int>((lines + lines_per_block - 1) / lines_per_block);
}

/// The first line of a block. Blocks have nearly equal numbers of lines.
std::int64_t first_line(std::int64_t lines, int blocks, int block) { return lines * block / blocks; }

/// The start of line number `line` (channels fastest, then columns, then rows) in oneDNN's order, and its channel.
struct Line {
  std::int64_t channel, place;
  Line(const WeightsLayout& l, std::int64_t channels, std::int64_t line) : channel(line % channels) {
    const auto columns = static_cast<std::int64_t>(l.column.size());
    const std::int64_t at = line / channels;
    place = l.channel[static_cast<std::size_t>(channel)] + l.column[static_cast<std::size_t>(at % columns)] +
            l.row[static_cast<std::size_t>(at / columns)];
  }
};

std::int64_t kernel_places(const WeightsLayout& l) { return static_cast<std::int64_t>(l.row.size() * l.column.size()); }

}  // namespace

PackWeights::PackWeights(WeightsLayout layout)
    : layout_(std::move(layout)),
      lines_(kernel_places(layout_) * static_cast<std::int64_t>(layout_.channel.size())),
      blocks_(blocks_of(lines_, static_cast<std::int64_t>(layout_.filter.size()))) {}

void PackWeights::run(void* const* operands, int block, void*) const {
  const auto* plain = static_cast<const float*>(operands[0]);
  auto* packed = static_cast<float*>(operands[1]);
  const auto padded_channels = static_cast<std::int64_t>(layout_.channel.size());
  const auto padded_filters = static_cast<std::int64_t>(layout_.filter.size());
  for (std::int64_t i = first_line(lines_, blocks_, block); i < first_line(lines_, blocks_, block + 1); ++i) {
    const Line line(layout_, padded_channels, i);
    const bool real = line.channel < layout_.channels;
    const float* from = plain + (i / padded_channels * layout_.channels + line.channel) * layout_.filters;
    float* to = packed + line.place;
    const std::int64_t filled = real ? layout_.filters : 0;
    for (std::int64_t k = 0; k < filled; ++k) to[layout_.filter[static_cast<std::size_t>(k)]] = from[k];
    for (std::int64_t k = filled; k < padded_filters; ++k) to[layout_.filter[static_cast<std::size_t>(k)]] = 0;
  }
}

}  // namespace tend::onednn

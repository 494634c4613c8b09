#include "tend/kernels/onednn/pack.h"

#include <algorithm>

namespace tend::onednn {
namespace {

constexpr std::int64_t elements_per_block = 8192;

int blocks_of(std::int64_t lines, std::int64_t line_size) {
  const std::int64_t lines_per_block = std::max<std::int64_t>(1, elements_per_block / std::max<std::int64_t>(1, line_size));
  return static_cast<int>((lines + lines_per_block - 1) / lines_per_block);
}

/// The first line of a block: blocks take equal shares.
std::int64_t first_line(std::int64_t lines, int blocks, int block) { return lines * block / blocks; }

/// Where line number `line` (channels fastest, then columns, then rows) starts in oneDNN's order, and its channel.
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

SumPartials::SumPartials(WeightsLayout layout, int groups, std::int64_t stride, std::int64_t bias_count, bool accumulate)
    : layout_(std::move(layout)),
      groups_(groups),
      stride_(stride),
      bias_count_(bias_count),
      accumulate_(accumulate),
      lines_(kernel_places(layout_) * layout_.channels),
      run_(layout_.filters_together()),
      blocks_(blocks_of(lines_, layout_.filters * groups)) {}

template <int Run>
void SumPartials::sum_lines(const float* partials, float* plain, std::int64_t first, std::int64_t last) const {
  for (std::int64_t i = first; i < last; ++i) {
    const Line line(layout_, layout_.channels, i);
    for (std::int64_t k = 0; k < layout_.filters; k += Run) {
      const float* from = partials + line.place + layout_.filter[static_cast<std::size_t>(k)];
      float sum[Run];
      std::copy_n(from, Run, sum);
      for (int g = 1; g < groups_; ++g)
        for (int j = 0; j < Run; ++j) sum[j] += from[g * stride_ + j];
      float* to = plain + i * layout_.filters + k;
      const int real = static_cast<int>(std::min<std::int64_t>(Run, layout_.filters - k));
      for (int j = 0; j < real; ++j) to[j] = accumulate_ ? to[j] + sum[j] : sum[j];
    }
  }
}

void SumPartials::sum_bias(const float* partials, float* bias) const {
  for (std::int64_t k = 0; k < bias_count_; ++k) {
    const float* from = partials + layout_.count + k;
    float sum = from[0];
    for (int g = 1; g < groups_; ++g) sum += from[g * stride_];
    bias[k] = accumulate_ ? bias[k] + sum : sum;
  }
}

void SumPartials::run(void* const* operands, int block, void*) const {
  const auto* partials = static_cast<const float*>(operands[0]);
  auto* plain = static_cast<float*>(operands[1]);
  if (block == 0 && bias_count_ > 0) sum_bias(partials, static_cast<float*>(operands[2]));
  const std::int64_t first = first_line(lines_, blocks_, block), last = first_line(lines_, blocks_, block + 1);
  switch (run_) {
    case 16: return sum_lines<16>(partials, plain, first, last);
    case 8: return sum_lines<8>(partials, plain, first, last);
    case 4: return sum_lines<4>(partials, plain, first, last);
    case 2: return sum_lines<2>(partials, plain, first, last);
    default: return sum_lines<1>(partials, plain, first, last);
  }
}

}  // namespace tend::onednn

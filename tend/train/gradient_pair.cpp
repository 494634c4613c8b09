#include <algorithm>

#include "tend/base/random.h"
#include "tend/train/run.h"

namespace tend {

std::vector<GradientPair> Run::gradient_pair(std::uint32_t draw) const {
  const StateLayout& layout = plan_->layout();
  if (layout.type != ElementType::float32) return {};
  const auto seed = static_cast<std::uint64_t>(counters_->seed);
  const BatchSource source = plan_->batches(seed);
  const std::vector<Place>& places = state_.directory().places();
  // A copy only where the gradient pass changes running statistics.
  Block copy;
  if (std::any_of(places.begin(), places.end(), [](const Place& p) { return p.kind == PlaceKind::statistic; })) copy = state_;
  std::byte* state = copy.bytes() ? copy.data() : const_cast<std::byte*>(state_.data());
  // Between two steps nothing reads the arena and the gradient; the signals of the last step are put back.
  const std::vector<double> signals(workspace_->signals(), workspace_->signals() + whole_->signal_count());
  AlignedBytes second(gradient_.size()), batch(source.batch_bytes);
  std::byte* const gradients[2] = {const_cast<std::byte*>(gradient_.data()), second.data()};
  std::vector<std::int64_t> which(static_cast<std::size_t>(whole_->rows()));
  for (std::uint32_t i = 0; i < 2; ++i) {
    Random random(seed, purpose("gradient pair"), draw, i);
    for (std::int64_t& row : which) {
      row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(source.rows())));
      if (!source.feed->rows.empty()) row = source.feed->rows[static_cast<std::size_t>(row)];
    }
    const std::int64_t number = 2 * static_cast<std::int64_t>(draw) + i;  // of its augmentation and dropout
    source.write(which.data(), whole_->rows(), number, batch.data());
    plan_->fill(*workspace_, seed ^ purpose("gradient pair"), number);
    whole_->gradient(workspace_->memory(state, gradients[i], batch.data()), *executor_);
  }
  std::copy(signals.begin(), signals.end(), workspace_->signals());
  std::vector<GradientPair> all;
  for (std::size_t p = 0; p < layout.segments.size(); ++p) {
    const std::int64_t first = layout.segments[p].offset, count = places[p].shape.count();
    const auto *a = reinterpret_cast<const float*>(gradients[0]) + first,
               *b = reinterpret_cast<const float*>(gradients[1]) + first;
    GradientPair pair;
    for (std::int64_t e = 0; e < count; ++e) {
      const auto x = static_cast<double>(a[e]), y = static_cast<double>(b[e]);
      pair.product += x * y;
      pair.variance += (x - y) * (x - y) / 2;
    }
    all.push_back(pair);
  }
  return all;
}

}  // namespace tend

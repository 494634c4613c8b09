#include "tend/train/loader.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr std::int64_t most_ring_bytes = std::int64_t{8} << 20;

}  // namespace

Loader::Loader(const Part& part, const Array& targets, const Pipeline& pipeline, const LoaderPlan& plan)
    : writer_{part, targets, pipeline, plan} {
  const std::int64_t n = part.rows();
  steps_per_epoch_ = (n + plan.batch_size - 1) / plan.batch_size;
  if (plan.drops_single_row && n % plan.batch_size == 1) --steps_per_epoch_;
  const auto places = static_cast<std::size_t>(std::clamp<std::int64_t>(most_ring_bytes / std::max<std::int64_t>(plan.batch_bytes, 1), 3, 32));
  ring_.resize(places);
  for (Place& place : ring_) {
    place.data = AlignedBytes(plan.batch_bytes);
    place.which.resize(static_cast<std::size_t>(plan.batch_size));
  }
  order_.resize(static_cast<std::size_t>(n));
  thread_ = std::jthread([this] { work(); });
}

Loader::~Loader() {
  stop_ = true;
  room_.fetch_add(1);
  room_.notify_all();
}

void Loader::order(std::uint64_t seed, std::int64_t epoch, bool shuffle, std::vector<std::int64_t>& rows) {
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  if (!shuffle) return;
  Random random(seed, purpose("shuffle"), static_cast<std::uint32_t>(epoch));
  random.shuffle(rows.data(), rows.size());
}

void Loader::work() {
  const std::int64_t total = plan_.epochs * steps_per_epoch_, n = writer_.part.rows(), places = static_cast<std::int64_t>(ring_.size());
  for (std::int64_t step = 0; step < total; ++step) {
    for (std::int64_t seen = room_.load(); !stop_ && step - used_.load() >= places; seen = room_.load()) room_.wait(seen);
    if (stop_) return;
    const std::int64_t epoch = step / steps_per_epoch_, in_epoch = step % steps_per_epoch_;
    if (in_epoch == 0) order(plan_.seed, epoch, plan_.shuffle, order_);
    const std::int64_t first = in_epoch * plan_.batch_size;
    fill(ring_[static_cast<std::size_t>(step % places)], first, std::min(plan_.batch_size, n - first), epoch, step);
    made_.store(step + 1);
    made_.notify_one();
  }
}

void Loader::fill(Place& place, std::int64_t first, std::int64_t rows, std::int64_t epoch, std::int64_t step) {
  std::copy_n(order_.begin() + first, rows, place.which.begin());
  writer_.write(place.which.data(), rows, epoch, step, place.data.data());
  place.batch = {place.data.data(), rows, epoch, place.which.data(), (step + 1) % steps_per_epoch_ == 0};
}

void BatchWriter::write(const std::int64_t* which, std::int64_t rows, std::int64_t epoch, std::int64_t step, std::byte* data) const {
  auto* x = reinterpret_cast<float*>(data);
  part.gather(which, 0, rows, x);
  if (plan.augments && pipeline.augments())
    for (std::int64_t r = 0; r < rows; ++r) pipeline.augment(x + r * part.x.row_size(), plan.seed, step, r);
  const std::int64_t width = targets.row_size();
  const bool is_whole = rows == plan.batch_size;
  auto* t = reinterpret_cast<float*>(data + (is_whole ? plan.target_offset : plan.ragged_target_offset));
  for (std::int64_t r = 0; r < rows; ++r)
    std::memcpy(t + r * width, targets.as<float>() + which[r] * width, static_cast<std::size_t>(width) * sizeof(float));
  if (plan.slides) slide_windows(which, rows, epoch, x, t);
  auto* w = reinterpret_cast<float*>(data + (is_whole ? plan.weight_offset : plan.ragged_weight_offset));
  for (std::int64_t r = 0; r < rows && plan.weights; ++r) w[r] = plan.weights[which[r]];
}

std::int64_t Loader::slide(std::uint64_t seed, std::int64_t epoch, std::int64_t row, std::int64_t places) {
  Random random(seed, purpose("slide"), static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(row));
  return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(places)));
}

/// Rows lie one after the other in memory as in the text; the last ones stop at its end.
void BatchWriter::slide_windows(const std::int64_t* which, std::int64_t rows, std::int64_t epoch, float* x, float* t) const {
  const std::int64_t places = part.x.row_size(), width = targets.row_size(), last = (part.rows() - 1) * places;
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t start = std::min(which[r] * places + Loader::slide(plan.seed, epoch, which[r], places), last);
    std::copy_n(part.x.as<float>() + start, places, x + r * places);
    std::copy_n(targets.as<float>() + start * (width / places), width, t + r * width);
  }
}

Batch Loader::next() {
  const std::int64_t wanted = used_.load();
  if (wanted >= plan_.epochs * steps_per_epoch_) return {};
  for (std::int64_t made = made_.load(); made <= wanted; made = made_.load()) made_.wait(made);
  return ring_[static_cast<std::size_t>(wanted % static_cast<std::int64_t>(ring_.size()))].batch;
}

void Loader::done() {
  const std::int64_t used = used_.load() + 1;
  used_.store(used);
  // Waking the maker costs more than a small batch: let it sleep until half of the ring is free.
  if (made_.load() - used <= static_cast<std::int64_t>(ring_.size()) / 2) {
    room_.fetch_add(1);
    room_.notify_one();
  }
}

}  // namespace tend

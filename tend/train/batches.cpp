#include "tend/train/batches.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr std::int64_t most_ring_bytes = std::int64_t{8} << 20;

std::int64_t round_up(std::int64_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

std::int64_t BatchSource::steps_per_epoch() const {
  const std::int64_t n = rows(), rest = n % batch_size;
  const bool is_used = rest > 0 && !feed->drops_rest && !(rest == 1 && drops_single_row);
  return n / batch_size + is_used;
}

BatchPlace BatchSource::after(BatchPlace place) const {
  const std::int64_t left = rows() - place.row - rows_at(place);
  const bool ends = left == 0 || (feed->drops_rest && left < batch_size) || (left == 1 && drops_single_row);
  return ends ? BatchPlace{place.epoch + 1, 0} : BatchPlace{place.epoch, place.row + rows_at(place)};
}

std::int64_t BatchSource::target_offset(std::int64_t batch_rows) const {
  return round_up(batch_rows * part->x.row_size() * static_cast<std::int64_t>(sizeof(float)));
}

std::int64_t BatchSource::weight_offset(std::int64_t batch_rows) const {
  return target_offset(batch_rows) + round_up(batch_rows * targets->row_size() * static_cast<std::int64_t>(sizeof(float)));
}

void BatchSource::write(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, std::byte* data) const {
  auto* x = reinterpret_cast<float*>(data);
  auto* t = reinterpret_cast<float*>(data + target_offset(batch_rows));
  const std::int64_t size = part->x.row_size(), width = targets->row_size();
  part->gather(which, 0, batch_rows, x);
  for (std::int64_t r = 0; r < batch_rows; ++r) {
    const std::int64_t of = feed->targets_of.empty() ? which[r] : feed->targets_of[static_cast<std::size_t>(which[r])];
    std::memcpy(t + r * width, targets->as<float>() + of * width, static_cast<std::size_t>(width) * sizeof(float));
    if (!has_weights()) continue;
    auto* w = reinterpret_cast<float*>(data + weight_offset(batch_rows)) + r;
    const float weight = weights ? weights[of] : 1;
    if (folds == 1) *w = weight;
    for (int f = 0; folds > 1 && f < folds; ++f)  // the weights of the rows that a member learns from have mean 1
      w[f * batch_rows] = fold_of[which[r]] == f ? 0 : weight * static_cast<float>(folds) / static_cast<float>(folds - 1);
  }
  if (!feed->is_plain && pipeline->augments())
    for (std::int64_t r = 0; r < batch_rows; ++r) pipeline->augment(x + r * size, seed, epoch, which[r]);
  if (!feed->is_plain && slides) slide_windows(which, batch_rows, epoch, x, t);
  if (feed->input_factor != 1)
    for (std::int64_t i = 0; i < batch_rows * size; ++i) x[i] *= feed->input_factor;
}

std::int64_t BatchSource::slide(std::uint64_t seed, std::int64_t epoch, std::int64_t row, std::int64_t places) {
  Random random(seed, purpose("slide"), static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(row));
  return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(places)));
}

/// Rows follow one another in memory as in the text; the windows of the last rows stop at its end.
void BatchSource::slide_windows(const std::int64_t* which, std::int64_t batch_rows, std::int64_t epoch, float* x,
                                float* t) const {
  const std::int64_t places = part->x.row_size(), width = targets->row_size(), last = (part->rows() - 1) * places;
  for (std::int64_t r = 0; r < batch_rows; ++r) {
    const std::int64_t start = std::min(which[r] * places + slide(seed, epoch, which[r], places), last);
    std::copy_n(part->x.as<float>() + start, places, x + r * places);
    std::copy_n(targets->as<float>() + start * (width / places), width, t + r * width);
  }
}

void order_of_epoch(std::uint64_t seed, std::int64_t epoch, bool shuffle, std::vector<std::int64_t>& rows) {
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  if (!shuffle) return;
  Random random(seed, purpose("shuffle"), static_cast<std::uint32_t>(epoch));
  random.shuffle(rows.data(), rows.size());
}

BatchMaker::BatchMaker(const BatchSource& source, BatchPlace start)
    : source_(source), place_(start), order_(static_cast<std::size_t>(source.rows())) {}

Batch BatchMaker::make(std::byte* data, std::vector<std::int64_t>& which) {
  if (ordered_epoch_ != place_.epoch) {
    order_of_epoch(source_.seed, place_.epoch, source_.shuffle, order_);
    ordered_epoch_ = place_.epoch;
  }
  Batch batch{
      .data = data, .rows = source_.rows_at(place_), .which = which.data(), .place = place_, .next = source_.after(place_)};
  for (std::int64_t r = 0; r < batch.rows; ++r) {
    const auto at = static_cast<std::size_t>(order_[static_cast<std::size_t>(place_.row + r)]);
    which[static_cast<std::size_t>(r)] = source_.feed->rows.empty() ? static_cast<std::int64_t>(at) : source_.feed->rows[at];
  }
  source_.write(which.data(), batch.rows, place_.epoch, data);
  place_ = batch.next;
  return batch;
}

Loader::Loader(const BatchSource& source, BatchPlace start) : maker_(source, start) {
  ring_.resize(
      static_cast<std::size_t>(std::clamp<std::int64_t>(most_ring_bytes / std::max<std::int64_t>(source.batch_bytes, 1), 3, 32)));
  for (Place& place : ring_) {
    place.data = AlignedBytes(source.batch_bytes);
    place.which.resize(static_cast<std::size_t>(source.batch_size));
  }
  thread_ = std::jthread([this] { work(); });
}

Loader::~Loader() {
  stop_ = true;
  room_.fetch_add(1);
  room_.notify_all();
}

void Loader::work() {
  const auto places = static_cast<std::int64_t>(ring_.size());
  for (std::int64_t step = 0;; ++step) {
    for (std::int64_t seen = room_.load(); !stop_ && step - used_.load() >= places; seen = room_.load()) room_.wait(seen);
    if (stop_) return;
    Place& place = ring_[static_cast<std::size_t>(step % places)];
    place.batch = maker_.make(place.data.data(), place.which);
    made_.store(step + 1);
    made_.notify_one();
  }
}

Batch Loader::next() {
  const std::int64_t wanted = used_.load();
  for (std::int64_t made = made_.load(); made <= wanted; made = made_.load()) made_.wait(made);
  return ring_[static_cast<std::size_t>(wanted % static_cast<std::int64_t>(ring_.size()))].batch;
}

void Loader::done() {
  const std::int64_t used = used_.load() + 1;
  used_.store(used);
  // Waking the maker costs more than a small batch, so it sleeps until half of the ring is free.
  if (made_.load() - used <= static_cast<std::int64_t>(ring_.size()) / 2) {
    room_.fetch_add(1);
    room_.notify_one();
  }
}

}  // namespace tend

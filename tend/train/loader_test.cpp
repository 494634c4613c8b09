#include "tend/train/loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tend {
namespace {

struct Rows {
  explicit Rows(std::int64_t n) {
    part.x = Array({n, 2}, ElementType::float32);
    part.y = Array({n, 1}, ElementType::float64);
    targets = Array({n, 1}, ElementType::float32);
    for (std::int64_t i = 0; i < n; ++i) part.x.as<float>()[2 * i] = targets.as<float>()[i] = static_cast<float>(i);
  }
  Part part;
  Array targets;
  Pipeline pipeline;
};

LoaderPlan plan(std::int64_t batch, std::int64_t epochs, bool shuffle = true) {
  return {.seed = 1, .batch_size = batch, .epochs = epochs, .batch_bytes = 4096, .target_offset = 2048, .ragged_target_offset = 1024, .shuffle = shuffle};
}

TEST(Loader, every_row_comes_once_an_epoch_with_its_target) {
  const Rows rows(103);
  Loader loader(rows.part, rows.targets, rows.pipeline, plan(10, 3));
  EXPECT_EQ(loader.steps_per_epoch(), 11);
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::set<float> seen;
    for (int step = 0; step < 11; ++step) {
      const Batch batch = loader.next();
      ASSERT_EQ(batch.rows, step < 10 ? 10 : 3);
      EXPECT_EQ(batch.epoch, epoch);
      EXPECT_EQ(batch.ends_epoch, step == 10);
      const auto* x = reinterpret_cast<const float*>(batch.data);
      const auto* t = reinterpret_cast<const float*>(batch.data + (batch.rows == 10 ? 2048 : 1024));
      for (std::int64_t r = 0; r < batch.rows; ++r) {
        EXPECT_EQ(x[2 * r], t[r]);
        seen.insert(t[r]);
      }
      loader.done();
    }
    EXPECT_EQ(seen.size(), 103u);
  }
  EXPECT_EQ(loader.next().rows, 0);
}

TEST(Loader, a_rows_weight_comes_with_it) {
  const Rows rows(23);
  std::vector<float> weights(23);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 100 + static_cast<float>(i);
  LoaderPlan weighted = plan(10, 1);
  weighted.weights = weights.data();
  weighted.weight_offset = 3072;
  weighted.ragged_weight_offset = 1536;
  Loader loader(rows.part, rows.targets, rows.pipeline, weighted);
  for (int step = 0; step < 3; ++step) {
    const Batch batch = loader.next();
    const auto* w = reinterpret_cast<const float*>(batch.data + (batch.rows == 10 ? 3072 : 1536));
    for (std::int64_t r = 0; r < batch.rows; ++r) EXPECT_EQ(w[r], 100 + static_cast<float>(batch.which[r]));
    loader.done();
  }
}

TEST(Loader, the_order_depends_on_seed_and_epoch_alone) {
  std::vector<std::int64_t> a(50), b(50), c(50), d(50);
  Loader::order(1, 0, true, a);
  Loader::order(1, 0, true, b);
  Loader::order(1, 1, true, c);
  Loader::order(2, 0, true, d);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(a, d);
}

TEST(Loader, without_shuffling_rows_keep_their_order) {
  const Rows rows(7);
  Loader loader(rows.part, rows.targets, rows.pipeline, plan(4, 1, false));
  EXPECT_EQ(loader.next().which[3], 3);
  loader.done();
  EXPECT_EQ(loader.next().which[2], 6);
}

TEST(Loader, a_single_row_at_the_end_is_left_out_where_it_cannot_be_normalized) {
  const Rows rows(9);
  LoaderPlan p = plan(4, 1);
  p.drops_single_row = true;
  EXPECT_EQ(Loader(rows.part, rows.targets, rows.pipeline, p).steps_per_epoch(), 2);
}

TEST(Loader, can_be_left_at_any_time) {
  const Rows rows(1000);
  for (int taken = 0; taken < 5; ++taken) {
    Loader loader(rows.part, rows.targets, rows.pipeline, plan(10, 100));
    for (int i = 0; i < taken; ++i) {
      loader.next();
      loader.done();
    }
  }
}

TEST(Loader, windows_of_a_text_start_elsewhere_in_every_epoch_and_stay_inside) {
  // Rows of 4 letters; the text counts 0, 1, 2 ..., what follows is one more.
  Part part;
  part.x = Array({5, 4}, ElementType::float32);
  part.y = Array({5, 4}, ElementType::float64);
  Array targets({5, 4}, ElementType::float32);
  for (std::int64_t i = 0; i < 20; ++i) part.x.as<float>()[i] = static_cast<float>(i), targets.as<float>()[i] = static_cast<float>(i + 1);
  const Pipeline pipeline;
  LoaderPlan slides = plan(5, 20);
  slides.slides = true;
  Loader loader(part, targets, pipeline, slides);
  std::set<float> starts;
  for (int epoch = 0; epoch < 20; ++epoch) {
    const Batch batch = loader.next();
    const auto* x = reinterpret_cast<const float*>(batch.data);
    const auto* t = reinterpret_cast<const float*>(batch.data + 2048);
    for (std::int64_t r = 0; r < 5; ++r) {
      const std::int64_t start = std::min<std::int64_t>(4 * batch.which[r] + Loader::slide(1, epoch, batch.which[r], 4), 16);
      for (std::int64_t i = 0; i < 4; ++i) {
        EXPECT_EQ(x[4 * r + i], static_cast<float>(start + i));
        EXPECT_EQ(t[4 * r + i], static_cast<float>(start + i + 1));
      }
      starts.insert(static_cast<float>(start));
    }
    loader.done();
  }
  EXPECT_EQ(starts.size(), 17u);
  EXPECT_EQ(Loader::slide(1, 3, 2, 1), 0);
}

}  // namespace
}  // namespace tend

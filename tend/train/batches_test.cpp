#include "tend/train/batches.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

namespace tend::batches_test {
namespace {

struct NumberedRows {
  explicit NumberedRows(std::int64_t n) {
    part.x = Array({n, 2}, ElementType::float32);
    part.y = Array({n, 1}, ElementType::float64);
    targets = Array({n, 1}, ElementType::float32);
    for (std::int64_t i = 0; i < n; ++i) part.x.as<float>()[2 * i] = targets.as<float>()[i] = static_cast<float>(i);
  }
  BatchSource source(std::int64_t batch_size, bool shuffle = true) const {
    return {.part = &part,
            .targets = &targets,
            .pipeline = &pipeline,
            .feed = &feed,
            .seed = 1,
            .batch_size = batch_size,
            .batch_bytes = 4096,
            .shuffle = shuffle};
  }
  Part part;
  Array targets;
  Pipeline pipeline;
  Feed feed;
};

const float* targets_in(const BatchSource& source, const Batch& batch) {
  return reinterpret_cast<const float*>(batch.data + source.target_offset(batch.rows));
}

/// The rows of the batches from a place until the epochs have ended.
std::vector<std::vector<std::int64_t>> rows_from(const BatchSource& source, BatchPlace place, std::int64_t epochs) {
  BatchMaker maker(source, place);
  AlignedBytes data(source.batch_bytes);
  std::vector<std::int64_t> which(static_cast<std::size_t>(source.batch_size));
  std::vector<std::vector<std::int64_t>> all;
  while (place.epoch < epochs) {
    const Batch batch = maker.make(data.data(), which);
    all.emplace_back(batch.which, batch.which + batch.rows);
    place = batch.next;
  }
  return all;
}

TEST(Loader, every_row_comes_once_an_epoch_with_its_target) {
  const NumberedRows rows(103);
  const BatchSource source = rows.source(10);
  Loader loader(source, {});
  EXPECT_EQ(source.steps_per_epoch(), 11);
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::set<float> seen;
    for (int step = 0; step < 11; ++step) {
      const Batch batch = loader.next();
      ASSERT_EQ(batch.rows, step < 10 ? 10 : 3);
      EXPECT_EQ(batch.place, (BatchPlace{epoch, 10 * step}));
      EXPECT_EQ(batch.next.row == 0, step == 10);
      const auto* x = reinterpret_cast<const float*>(batch.data);
      const float* t = targets_in(source, batch);
      for (std::int64_t r = 0; r < batch.rows; ++r) {
        EXPECT_EQ(x[2 * r], t[r]);
        seen.insert(t[r]);
      }
      loader.done();
    }
    EXPECT_EQ(seen.size(), 103u);
  }
}

TEST(Loader, begins_anywhere_with_the_batches_that_come_there) {
  const NumberedRows rows(103);
  const BatchSource source = rows.source(10);
  const auto whole = rows_from(source, {}, 3);
  for (std::size_t first : {std::size_t{0}, std::size_t{4}, std::size_t{10}, std::size_t{11}, std::size_t{25}}) {
    const BatchPlace start{static_cast<std::int64_t>(first / 11), 10 * static_cast<std::int64_t>(first % 11)};
    Loader loader(source, start);
    for (std::size_t step = first; step < whole.size(); ++step) {
      const Batch batch = loader.next();
      EXPECT_EQ(std::vector<std::int64_t>(batch.which, batch.which + batch.rows), whole[step]);
      loader.done();
    }
  }
}

TEST(Batches, of_another_size_go_on_with_the_rows_not_yet_seen) {
  const NumberedRows rows(103);
  std::set<std::int64_t> seen;
  const auto first = rows_from(rows.source(10), {}, 1), second = rows_from(rows.source(16), {0, 30}, 1);
  for (std::size_t step = 0; step < 3; ++step) seen.insert(first[step].begin(), first[step].end());
  for (const auto& batch : second) seen.insert(batch.begin(), batch.end());
  EXPECT_EQ(seen.size(), 103u);
  EXPECT_EQ(second.size(), 5u);  // 16, 16, 16, 16, 9
}

TEST(Batches, a_rows_weight_comes_with_it) {
  NumberedRows rows(23);
  std::vector<float> weights(23);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 100 + static_cast<float>(i);
  BatchSource source = rows.source(10);
  source.weights = weights.data();
  BatchMaker maker(source, {});
  AlignedBytes data(source.batch_bytes);
  std::vector<std::int64_t> which(10);
  for (int step = 0; step < 3; ++step) {
    const Batch batch = maker.make(data.data(), which);
    const auto* w = reinterpret_cast<const float*>(batch.data + source.weight_offset(batch.rows));
    for (std::int64_t r = 0; r < batch.rows; ++r) EXPECT_EQ(w[r], 100 + static_cast<float>(batch.which[r]));
  }
}

TEST(Batches, the_order_depends_on_seed_and_epoch_alone) {
  std::vector<std::int64_t> a(50), b(50), c(50), d(50);
  order_of_epoch(1, 0, true, a);
  order_of_epoch(1, 0, true, b);
  order_of_epoch(1, 1, true, c);
  order_of_epoch(2, 0, true, d);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(a, d);
}

TEST(Batches, without_shuffling_rows_keep_their_order) {
  const NumberedRows rows(7);
  const auto batches = rows_from(rows.source(4, false), {}, 1);
  EXPECT_EQ(batches[0][3], 3);
  EXPECT_EQ(batches[1][2], 6);
}

TEST(Batches, hold_the_rows_that_they_are_fed_and_may_learn_the_targets_of_others) {
  NumberedRows rows(20);
  rows.feed.rows = {3, 5, 8, 13, 17};
  rows.feed.targets_of.resize(20);
  for (std::size_t r = 0; r < 20; ++r) rows.feed.targets_of[r] = 19 - static_cast<std::int64_t>(r);
  rows.feed.drops_rest = true;
  rows.feed.input_factor = 2;
  const BatchSource source = rows.source(2);
  EXPECT_EQ(source.steps_per_epoch(), 2);
  BatchMaker maker(source, {});
  AlignedBytes data(source.batch_bytes);
  std::vector<std::int64_t> which(2);
  for (int step = 0; step < 6; ++step) {
    const Batch batch = maker.make(data.data(), which);
    ASSERT_EQ(batch.rows, 2);
    for (std::int64_t r = 0; r < 2; ++r) {
      EXPECT_TRUE(std::count(rows.feed.rows.begin(), rows.feed.rows.end(), batch.which[r]));
      EXPECT_EQ(targets_in(source, batch)[r], static_cast<float>(19 - batch.which[r]));
      EXPECT_EQ(reinterpret_cast<const float*>(batch.data)[2 * r], static_cast<float>(2 * batch.which[r]));
    }
  }
}

TEST(Batches, a_single_row_at_the_end_is_left_out_where_it_cannot_be_normalized) {
  const NumberedRows rows(9);
  BatchSource source = rows.source(4);
  source.drops_single_row = true;
  EXPECT_EQ(source.steps_per_epoch(), 2);
  EXPECT_EQ(rows_from(source, {}, 1).size(), 2u);
}

TEST(Loader, can_be_left_at_any_time) {
  const NumberedRows rows(1000);
  for (int taken = 0; taken < 5; ++taken) {
    Loader loader(rows.source(10), {});
    for (int i = 0; i < taken; ++i) {
      loader.next();
      loader.done();
    }
  }
}

TEST(Batches, windows_of_a_text_start_elsewhere_in_every_epoch_and_stay_inside) {
  // Rows of 4 letters. The text counts 0, 1, 2 ..., so the next letter is larger by one.
  Part part;
  part.x = Array({5, 4}, ElementType::float32);
  part.y = Array({5, 4}, ElementType::float64);
  Array targets({5, 4}, ElementType::float32);
  for (std::int64_t i = 0; i < 20; ++i)
    part.x.as<float>()[i] = static_cast<float>(i), targets.as<float>()[i] = static_cast<float>(i + 1);
  const Pipeline pipeline;
  const Feed feed;
  const BatchSource source{.part = &part,
                           .targets = &targets,
                           .pipeline = &pipeline,
                           .feed = &feed,
                           .seed = 1,
                           .batch_size = 5,
                           .batch_bytes = 4096,
                           .slides = true};
  BatchMaker maker(source, {});
  AlignedBytes data(source.batch_bytes);
  std::vector<std::int64_t> which(5);
  std::set<float> starts;
  for (int epoch = 0; epoch < 20; ++epoch) {
    const Batch batch = maker.make(data.data(), which);
    const auto* x = reinterpret_cast<const float*>(batch.data);
    const float* t = targets_in(source, batch);
    for (std::int64_t r = 0; r < 5; ++r) {
      const std::int64_t start = std::min<std::int64_t>(4 * batch.which[r] + BatchSource::slide(1, epoch, batch.which[r], 4), 16);
      for (std::int64_t i = 0; i < 4; ++i) {
        EXPECT_EQ(x[4 * r + i], static_cast<float>(start + i));
        EXPECT_EQ(t[4 * r + i], static_cast<float>(start + i + 1));
      }
      starts.insert(static_cast<float>(start));
    }
  }
  EXPECT_EQ(starts.size(), 17u);
  EXPECT_EQ(BatchSource::slide(1, 3, 2, 1), 0);
}

}  // namespace
}  // namespace tend::batches_test

#include "tend/base/executor.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tend::executor_test {
namespace {

struct Tally {
  explicit Tally(int blocks, int threads) : calls(static_cast<std::size_t>(blocks)), inside(static_cast<std::size_t>(threads)) {}
  std::vector<std::atomic<int>> calls;
  std::vector<std::atomic<int>> inside;  ///< number of bodies that each worker is running now
  std::atomic<bool> wrong{false};

  static void body(void* context, int block, int worker) {
    auto& tally = *static_cast<Tally*>(context);
    if (worker < 0 || worker >= static_cast<int>(tally.inside.size())) {
      tally.wrong = true;
      return;
    }
    if (tally.inside[static_cast<std::size_t>(worker)].fetch_add(1) != 0) tally.wrong = true;
    tally.calls[static_cast<std::size_t>(block)].fetch_add(1);
    tally.inside[static_cast<std::size_t>(worker)].fetch_sub(1);
  }
};

TEST(Pool, runs_every_block_once_and_no_worker_twice_at_a_time) {
  for (int threads : {1, 2, 3, 8}) {
    const auto pool = make_pool(threads);
    EXPECT_EQ(pool->threads(), threads);
    for (int blocks : {0, 1, 2, 7, 64, 1000}) {
      Tally tally(blocks, threads);
      pool->run(blocks, &Tally::body, &tally);
      EXPECT_FALSE(tally.wrong);
      for (const auto& count : tally.calls) ASSERT_EQ(count.load(), 1) << blocks << " blocks on " << threads << " threads";
    }
  }
}

TEST(Pool, never_takes_a_block_of_one_run_into_the_next) {
  // Short runs follow each other quickly. Each has its own context, which is destroyed afterwards: a late claim would access a
  // destroyed context.
  const auto pool = make_pool(4);
  for (int i = 0; i < 20000; ++i) {
    std::atomic<int> sum{0};
    const int blocks = 1 + i % 5;
    pool->run(
        blocks, [](void* context, int block, int) { static_cast<std::atomic<int>*>(context)->fetch_add(block + 1); }, &sum);
    ASSERT_EQ(sum.load(), blocks * (blocks + 1) / 2);
  }
}

TEST(Pool, makes_what_the_bodies_wrote_visible_to_the_caller_and_to_later_runs) {
  const auto pool = make_pool(3);
  std::vector<int> plain(64, 0);  // not atomic: a thread sanitizer would report a missing ordering
  for (int i = 0; i < 500; ++i)
    pool->run(
        64,
        [](void* context, int block, int) { ++(*static_cast<std::vector<int>*>(context))[static_cast<std::size_t>(63 - block)]; },
        &plain);
  for (int value : plain) EXPECT_EQ(value, 500);
}

TEST(Pool, wakes_workers_that_have_gone_to_sleep) {
  const auto pool = make_pool(2);
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    struct Meeting {
      std::atomic<int> here{0};
    } meeting;
    // Both blocks wait for each other, so one thread could not finish.
    pool->run(
        2,
        [](void* context, int, int) {
          auto& here = static_cast<Meeting*>(context)->here;
          here.fetch_add(1);
          while (here.load() < 2) std::this_thread::yield();
        },
        &meeting);
    EXPECT_EQ(meeting.here.load(), 2);
  }
}

TEST(Pool, lets_the_caller_sleep_while_a_worker_is_long) {
  const auto pool = make_pool(2);
  struct Work {
    std::atomic<int> started{0}, finished{0};
  } work;
  pool->run(
      2,
      [](void* context, int, int worker) {
        auto& w = *static_cast<Work*>(context);
        w.started.fetch_add(1);
        while (w.started.load() < 2) std::this_thread::yield();
        if (worker != 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        w.finished.fetch_add(1);
      },
      &work);
  EXPECT_EQ(work.finished.load(), 2);
}

TEST(Pool, joins_its_workers_awake_or_asleep) {
  for (int i = 0; i < 50; ++i) {
    const auto pool = make_pool(4);
    if (i % 2 == 0)
      pool->run(
          4, [](void*, int, int) {}, nullptr);
    if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(UsualThreads, are_the_cores_until_a_number_is_set) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_EQ(usual_threads(), usable_cores());
  set_usual_threads(3);
  EXPECT_EQ(usual_threads(), 3);
  set_usual_threads(0);
  EXPECT_EQ(usual_threads(), usable_cores());
}

}  // namespace
}  // namespace tend::executor_test

#include "tend/base/executor.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

#include "tend/base/error.h"

namespace tend {
namespace {

void rest_for_a_moment() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Polls for about `limit` without yielding the core. Returns true as soon as done() holds.
template <class Done>
bool spin(std::chrono::nanoseconds limit, Done done) {
  constexpr int looks_between_clock_reads = 32;
  const auto end = std::chrono::steady_clock::now() + limit;
  do {
    for (int i = 0; i < looks_between_clock_reads; ++i) {
      if (done()) return true;
      rest_for_a_moment();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

constexpr std::chrono::microseconds spin_limit{50};

/// One word hands out the blocks: the high part is the number of the run, the low part counts the blocks not yet claimed. A claim
/// is a compare-and-exchange of the whole word, so a late claim fails instead of taking a block of the next run.
class Pool final : public Executor {
 public:
  explicit Pool(int threads) {
    workers_.reserve(static_cast<std::size_t>(threads - 1));
    try {
      for (int worker = 1; worker < threads; ++worker) workers_.emplace_back([this, worker] { serve(worker); });
    } catch (const std::system_error&) {  // the system allows no more threads: results do not depend on their number
    }
  }
  ~Pool() override {
    {
      const std::lock_guard lock(mutex_);
      ending_.store(true, std::memory_order_seq_cst);
    }
    work_came_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  int threads() const override { return static_cast<int>(workers_.size()) + 1; }

  void run(int blocks, Body body, void* context) override {
    TEND_EXPECTS(!running_.exchange(true, std::memory_order_acquire));
    if (blocks <= 1 || workers_.empty()) {
      for (int block = 0; block < blocks; ++block) body(context, block, 0);
    } else {
      share_out(blocks, body, context);
    }
    running_.store(false, std::memory_order_release);
  }

 private:
  static constexpr std::uint64_t unclaimed_mask = 0xFFFFFFFFu;

  void share_out(int blocks, Body body, void* context) {
    body_ = body;
    context_ = context;
    blocks_ = blocks;
    finished_.store(0, std::memory_order_relaxed);
    const std::uint64_t number = (ticket_.load(std::memory_order_relaxed) >> 32) + 1;
    ticket_.store(number << 32 | static_cast<std::uint32_t>(blocks), std::memory_order_seq_cst);
    wake(blocks - 1);
    claim_and_work(0);
    await_claimed_blocks();
  }

  void wake(int wanted) {
    int asleep = sleeping_.load(std::memory_order_seq_cst);
    if (asleep == 0) return;
    { const std::lock_guard lock(mutex_); }  // a thread that counted itself as sleeping is now inside wait()
    for (; asleep > 0 && wanted > 0; --asleep, --wanted) work_came_.notify_one();
  }

  bool work_is_waiting() const { return (ticket_.load(std::memory_order_seq_cst) & unclaimed_mask) != 0; }

  void claim_and_work(int worker) {
    std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
    while ((ticket & unclaimed_mask) != 0) {
      if (!ticket_.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      const int blocks = blocks_;  // belongs to the run claimed from, which cannot end before this block is finished
      body_(context_, blocks - static_cast<int>(ticket & unclaimed_mask), worker);
      finish_one(blocks, worker);
      ticket = ticket_.load(std::memory_order_acquire);
    }
  }

  void finish_one(int blocks, int worker) {
    if (finished_.fetch_add(1, std::memory_order_seq_cst) + 1 < blocks || worker == 0) return;
    if (!caller_sleeps_.load(std::memory_order_seq_cst)) return;
    { const std::lock_guard lock(mutex_); }
    all_finished_.notify_one();
  }

  void await_claimed_blocks() {
    const auto all_finished = [this] { return finished_.load(std::memory_order_seq_cst) == blocks_; };
    if (all_finished() || spin(spin_limit, all_finished)) return;
    std::unique_lock lock(mutex_);
    caller_sleeps_.store(true, std::memory_order_seq_cst);
    all_finished_.wait(lock, all_finished);
    caller_sleeps_.store(false, std::memory_order_relaxed);
  }

  void serve(int worker) {
    const auto wanted = [this] { return work_is_waiting() || ending_.load(std::memory_order_seq_cst); };
    for (;;) {
      if (!spin(spin_limit, wanted)) {
        std::unique_lock lock(mutex_);
        sleeping_.fetch_add(1, std::memory_order_seq_cst);
        work_came_.wait(lock, wanted);
        sleeping_.fetch_sub(1, std::memory_order_relaxed);
      }
      if (ending_.load(std::memory_order_relaxed)) return;
      claim_and_work(worker);
    }
  }

  alignas(64) std::atomic<std::uint64_t> ticket_{0};
  alignas(64) std::atomic<int> finished_{0};
  alignas(64) Body body_ = nullptr;
  void* context_ = nullptr;
  int blocks_ = 0;
  std::atomic<bool> running_{false}, caller_sleeps_{false}, ending_{false};
  std::atomic<int> sleeping_{0};
  std::mutex mutex_;
  std::condition_variable work_came_, all_finished_;
  std::vector<std::thread> workers_;
};

}  // namespace

std::unique_ptr<Executor> make_pool(int threads) {
  TEND_EXPECTS(threads >= 1);
  return std::make_unique<Pool>(threads);
}

int usable_cores() {
#ifdef __linux__
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
#endif
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

namespace {
std::atomic<int> threads_set = 0;
}
int usual_threads() { return threads_set > 0 ? threads_set.load() : usable_cores(); }
void set_usual_threads(int threads) {
  TEND_EXPECTS(threads >= 0);
  threads_set = threads;
}

}  // namespace tend

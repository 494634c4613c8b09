#pragma once
#include <cstdint>
#include <memory>
#include <type_traits>

namespace tend {

/// Runs the blocks of a piece of work. Calls `body(context, block, worker)` once for each block 0 .. blocks-1, in any order, on
/// any thread. worker is 0 .. threads()-1 and is never the same on two threads at once. Returns when all blocks are done. Blocks
/// must not depend on each other. Bodies must not throw.
class Executor {
 public:
  using Body = void (*)(void* context, int block, int worker);
  virtual ~Executor() = default;
  virtual int threads() const = 0;
  virtual void run(int blocks, Body body, void* context) = 0;
};

/// Calls body(block) for each block 0 .. blocks-1 on the executor's threads. Blocks must not depend on each other, and must not
/// throw.
template <class Body>
void run_blocks(Executor& executor, std::int64_t blocks, Body&& body) {
  executor.run(
      static_cast<int>(blocks),
      [](void* context, int block, int) { (*static_cast<std::remove_reference_t<Body>*>(context))(block); },
      const_cast<void*>(static_cast<const void*>(&body)));
}

/// A thread pool of our own. The caller is worker 0. Free threads claim the next block; waiting threads spin for a short time,
/// then sleep. Only one run at a time. threads = 1 is a plain loop. run() allocates nothing.
std::unique_ptr<Executor> make_pool(int threads);

/// The number of cores that this process may use.
int usable_cores();
/// The number of threads where a caller names none: usable_cores(), or what set_usual_threads() said last. (The command line sets
/// it by --threads or OMP_NUM_THREADS; the library reads no environment.)
int usual_threads();
/// 0: usable_cores() again. Readers, checks and training use so many threads from now on.
void set_usual_threads(int threads);

}  // namespace tend

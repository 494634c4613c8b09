#pragma once
#include <memory>

namespace tend {

/// Runs the blocks of a piece of work. `body(context, block, worker)` is called once for each block 0 .. blocks-1, in any
/// order, on any thread, worker being 0 .. threads()-1 and never the same on two threads at once. Returns when all are done.
/// Blocks must not depend on each other. Bodies must not throw.
class Executor {
 public:
  using Body = void (*)(void* context, int block, int worker);
  virtual ~Executor() = default;
  virtual int threads() const = 0;
  virtual void run(int blocks, Body body, void* context) = 0;
};

/// A pool of our own: the caller is worker 0, blocks are claimed as threads come free, waiting threads spin for a short time,
/// then sleep. One run at a time. threads = 1: plain loop. Allocates nothing in run().
std::unique_ptr<Executor> make_pool(int threads);

/// The cores that this process may use. (The command line obeys OMP_NUM_THREADS; the library reads no environment.)
int usual_threads();

}  // namespace tend

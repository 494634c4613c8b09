#include "tend/kernels/onednn/library.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "tend/base/error.h"
#include "tend/kernels/onednn/convolution.h"

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
#include <omp.h>
#endif

namespace tend::onednn {

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
OneThread::OneThread() : threads_before_(omp_get_max_threads()) {
  if (threads_before_ != 1) omp_set_num_threads(1);
}
OneThread::~OneThread() {
  if (threads_before_ != 1) omp_set_num_threads(threads_before_);
}
#elif DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_SEQ
OneThread::OneThread() = default;
OneThread::~OneThread() = default;
#else
#error "tend wants a oneDNN that is built with OpenMP or without threads"
#endif

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void throw_error(const char* what, const dnnl::error& error) {
  throw Error(Trouble::usage, what, "oneDNN " + version() + " says \"" + error.what() + "\"", "sizes that it can handle");
}

std::string version() {
  const dnnl_version_t* v = dnnl_version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

/// Objects that only one call uses at a time.
struct Primitive::Memories {
  std::atomic_flag taken = ATOMIC_FLAG_INIT;
  dnnl::stream stream{cpu()};
  std::vector<dnnl::memory> memories;
  std::vector<dnnl_exec_arg_t> arguments;
  std::vector<void*> addresses;

  Memories(const std::vector<Argument>& described, const dnnl::memory::desc& scratchpad) {
    for (const Argument& a : described) add(a.index, a.desc);
    if (scratchpad.get_size() > 0) add(DNNL_ARG_SCRATCHPAD, scratchpad);
  }
  void add(int index, const dnnl::memory::desc& desc) {
    memories.emplace_back(desc, cpu(), static_cast<void*>(DNNL_MEMORY_NONE));
    arguments.push_back({index, memories.back().get()});
    addresses.push_back(nullptr);
  }
  /// Sets an address only if it changed: 2.6 writes the zeros of padded places each time.
  void point(std::size_t i, void* address) {
    if (addresses[i] == address) return;
    TEND_EXPECTS(dnnl_memory_set_data_handle(memories[i].get(), address) == dnnl_success);
    addresses[i] = address;
  }
};

Primitive::Primitive(const dnnl::primitive& primitive, const std::vector<Argument>& arguments,
                     const dnnl::memory::desc& scratchpad, int at_once)
    : primitive_(primitive), arguments_(arguments), scratch_bytes_(static_cast<std::int64_t>(scratchpad.get_size())) {
  const int cores = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  for (int i = 0; i < std::min(at_once, cores); ++i) memories_.push_back(std::make_unique<Memories>(arguments, scratchpad));
}
Primitive::~Primitive() = default;

void Primitive::run(void* const* addresses, void* scratch, int place) const {
  // If there are more threads than cores, all memory objects may be taken. The call then waits for one, without allocating.
  std::size_t i = static_cast<std::size_t>(place) % memories_.size();
  while (memories_[i]->taken.test_and_set(std::memory_order_acquire)) {
    i = (i + 1) % memories_.size();
    if (i == 0) std::this_thread::yield();
  }
  Memories& m = *memories_[i];
  {
    const OneThread alone;
    for (std::size_t a = 0; a < arguments_.size(); ++a) m.point(a, addresses[a]);
    if (m.memories.size() > arguments_.size()) m.point(arguments_.size(), scratch);
    TEND_EXPECTS(dnnl_primitive_execute(primitive_.get(), m.stream.get(), static_cast<int>(m.arguments.size()),
                                        m.arguments.data()) == dnnl_success);
    TEND_EXPECTS(dnnl_stream_wait(m.stream.get()) == dnnl_success);
  }
  m.taken.clear(std::memory_order_release);
}

}  // namespace tend::onednn

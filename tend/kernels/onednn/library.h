#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

namespace tend::onednn {

/// While an object lives, oneDNN uses only the calling thread. Its destructor restores the thread's OpenMP setting.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int threads_before_ = 1;
};

const dnnl::engine& cpu();
[[noreturn]] void throw_error(const char* what, const dnnl::error& error);

/// A primitive and the memory objects to run it with. They are made in advance, so that run() makes none. run() may be called
/// from several threads at once.
class Primitive {
 public:
  struct Argument {
    int index;  ///< DNNL_ARG_...
    dnnl::memory::desc desc;
  };

  /// `at_once`: the number of threads expected to run it at the same time; more are allowed.
  Primitive(const dnnl::primitive& primitive, const std::vector<Argument>& arguments, const dnnl::memory::desc& scratchpad,
            int at_once);
  ~Primitive();
  std::int64_t scratch_bytes() const { return scratch_bytes_; }
  /// addresses[i] belongs to the i-th argument. `place` (a block's number) distributes threads over the memory objects.
  void run(void* const* addresses, void* scratch, int place) const;

 private:
  struct Memories;

  dnnl::primitive primitive_;
  std::vector<Argument> arguments_;
  std::int64_t scratch_bytes_;
  std::vector<std::unique_ptr<Memories>> memories_;
};

}  // namespace tend::onednn

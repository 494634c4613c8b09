#pragma once
#include <cstdint>

#include "tend/kernels/backend.h"

namespace tend {

/// Inner functions of pooling over `images` images, channels last, as in Backend (kernels/backend.h).
struct PoolTable {
  void (*max)(const PoolSpec& s, std::int64_t images, const float* x, float* y, std::uint8_t* where);
  void (*max_backward)(const PoolSpec& s, std::int64_t images, const float* dy, const std::uint8_t* where, float* dx);
  void (*average)(const PoolSpec& s, std::int64_t images, const float* x, float* y);
  void (*average_backward)(const PoolSpec& s, std::int64_t images, const float* dy, float* dx);
};
const PoolTable& pool_table(Isa isa);

}  // namespace tend

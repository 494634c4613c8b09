#pragma once
#include <utility>
#include <vector>

#include "tend/kernels/backend.h"
#include "tend/kernels/function_kernel.h"

namespace tend {

/// This header serves entries that emit calls between the two passes of a sweep (update/optimizer.h).

template <class T>
T* as(void* operand) {
  return static_cast<T*>(operand);
}

/// Emits f(operands, T(0)) for the back end's element type T, as one block.
template <class F>
void emit_function(const Backend& backend, Emitter& e, const char* name, std::vector<Slot> operands, F f) {
  if (backend.element_type() == ElementType::float64)
    e.call(make_kernel({.name = name}, [f](void* const* o, int, void*) { f(o, 0.0); }), std::move(operands));
  else e.call(make_kernel({.name = name}, [f](void* const* o, int, void*) { f(o, 0.0f); }), std::move(operands));
}

}  // namespace tend

#pragma once
#include <cmath>

/// Functions that shelf entries (activations, losses, optimizers) call unqualified after `using namespace tend::math;`. The same
/// source then serves double and float on reference kernels (here: the standard library's functions) and the vectorized float
/// type of each instruction set (argument-dependent lookup finds the functions of tend/kernels/simd/lane.h).
namespace tend::math {

using std::abs;
using std::erf;
using std::exp;
using std::expm1;
using std::log;
using std::log1p;
using std::sqrt;
using std::tanh;

/// condition ? a : b for every lane.
template <class T>
constexpr T select(bool condition, T a, T b) {
  return condition ? a : b;
}
}  // namespace tend::math

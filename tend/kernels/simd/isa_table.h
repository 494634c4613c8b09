#pragma once
#include "tend/kernels/functions.h"

/// Declares the tables of inner functions `NAME` that a *_isa.cpp file defines in each instruction set's namespace, and defines
/// FUNCTION(Isa), which selects one. Use it in namespace tend, with types and functions declared before.
#if defined(__x86_64__)
#define TEND_ISA_TABLE(TYPE, NAME, FUNCTION) \
  namespace portable {                       \
  extern const TYPE NAME;                    \
  }                                          \
  namespace avx2 {                           \
  extern const TYPE NAME;                    \
  }                                          \
  namespace avx512 {                         \
  extern const TYPE NAME;                    \
  }                                          \
  const TYPE& FUNCTION(Isa isa) { return isa == Isa::avx512 ? avx512::NAME : isa == Isa::avx2 ? avx2::NAME : portable::NAME; }
#else
#define TEND_ISA_TABLE(TYPE, NAME, FUNCTION) \
  namespace portable {                       \
  extern const TYPE NAME;                    \
  }                                          \
  const TYPE& FUNCTION(Isa) { return portable::NAME; }
#endif

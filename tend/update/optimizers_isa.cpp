#include "tend/update/optimizers_isa.h"

#include "tend/kernels/simd/lane.h"
#include "tend/update/optimizers.h"
#include "tend/update/sweep_chunk.h"

namespace tend::TEND_ISA {

namespace {

template <class O>
void chunk_of(const SweepChunk& chunk) {
  sweep_chunk<O, f32>(chunk);
}

template <class List>
struct Table;
template <class... Os>
struct Table<Types<Os...>> {
  static constexpr SweepFunctions all[sizeof...(Os)] = {{.chunk = &chunk_of<Os>}...};
};

}  // namespace

SweepFunctions optimizer_at(int place) { return Table<all_optimizers>::all[place]; }

}  // namespace tend::TEND_ISA

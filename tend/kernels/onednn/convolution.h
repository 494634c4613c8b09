#pragma once
#include <string>

#include "tend/kernels/backend.h"

/// The wall around oneDNN (2.6 and 3.x): nothing outside this folder names it. Its errors become Error here.
namespace tend::onednn {

/// Convolutions in float as described in Backend. The batch is cut into fixed blocks of images; each block is one single-threaded
/// call of oneDNN on plain channels-last images. The weights are packed once a step into oneDNN's preferred order. Bits depend on
/// shape and instruction set, not on threads. The activation runs on each block while it is in cache. All memory that oneDNN uses
/// belongs to the arena or to the thread's scratch. `isa` is ignored: oneDNN chooses the instruction set of its kernels itself
/// for the whole process. NaN and infinities propagate. On processors without AVX2 oneDNN also multiplies padding, so an infinity
/// of dy or w next to a padded border may become NaN. Throws Error if oneDNN has no convolution of that kind.
void convolution_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&, Isa isa);
void convolution_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx, const Epilogue&, Isa isa);

std::string version();  ///< "2.6.3"

}  // namespace tend::onednn

#pragma once
#include <string>

#include "tend/kernels/backend.h"

/// The wall around oneDNN (2.6 and 3.x): nothing outside this folder names it, its errors become Error here.
namespace tend::onednn {

/// Convolutions in float as Backend describes them. The batch is cut into fixed blocks of images, each one single-threaded
/// call of oneDNN on plain channels-last images; the weights are packed once a step into the order that oneDNN likes best.
/// Bits depend on shape and instruction set, not on threads. The activation runs on each block while it is in cache.
/// All memory that oneDNN works in is the arena's or the thread's scratch. `isa` is not obeyed: oneDNN chooses the
/// instruction set of its kernels by itself and for the whole process.
/// NaN and infinities travel; on processors without AVX2 oneDNN multiplies padding too, so that an infinity of dy or w beside a
/// padded border may become NaN. Throws Error where oneDNN has no convolution of that kind.
void convolution_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&, Isa isa);
void convolution_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx, const Epilogue&, Isa isa);

std::string version();  ///< "2.6.3"

}  // namespace tend::onednn

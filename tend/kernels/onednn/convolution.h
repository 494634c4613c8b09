#pragma once
#include <string>

#include "tend/kernels/backend.h"

namespace tend::onednn {

/// Convolutions as Backend says, in float32, on fixed blocks of images, each a call in one thread: the bits do not depend on the
/// number of threads. oneDNN picks its own instruction set (its limit is global to the process): `isa` tells only what Backend's
/// functions were compiled for.
void convolution_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&, Isa isa);
void convolution_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx, const Epilogue&, Isa isa);
void convolution_backward_weights(Emitter&, const ConvolutionSpec&, Slot x, Slot dy, Slot dw, Slot db, bool accumulate, Isa isa);

std::string version();  ///< "2.6.3"

}  // namespace tend::onednn

#pragma once
#include "tend/kernels/functions.h"

/// The functions of the shelf's activations, by place in all_activations, compiled for each instruction set.
namespace tend::portable {
PointwiseFunctions activation_at(int place);
}
namespace tend::avx2 {
PointwiseFunctions activation_at(int place);
}
namespace tend::avx512 {
PointwiseFunctions activation_at(int place);
}

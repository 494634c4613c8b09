#pragma once
#include "tend/kernels/functions.h"

/// The functions of the shelf's optimizers, by place in all_optimizers, compiled for each instruction set.
namespace tend::portable {
SweepFunctions optimizer_at(int place);
}
namespace tend::avx2 {
SweepFunctions optimizer_at(int place);
}
namespace tend::avx512 {
SweepFunctions optimizer_at(int place);
}

#pragma once
#include "tend/kernels/functions.h"

/// The functions of the shelf's losses, by place in all_losses, compiled for each instruction set.
namespace tend::portable {
LossFunctions loss_at(int place);
}
namespace tend::avx2 {
LossFunctions loss_at(int place);
}
namespace tend::avx512 {
LossFunctions loss_at(int place);
}

#pragma once
#include "tend/kernels/functions.h"

/// The functions of the shelf's losses, by place in all_losses, compiled for each instruction set. codes: for rows whose targets
/// are codes of classes, if the loss takes them.
namespace tend::portable {
LossFunctions loss_at(int place, bool codes);
}
namespace tend::avx2 {
LossFunctions loss_at(int place, bool codes);
}
namespace tend::avx512 {
LossFunctions loss_at(int place, bool codes);
}

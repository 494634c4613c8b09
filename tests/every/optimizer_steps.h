#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "tend/update/optimizer.h"
#include "tend/update/sweep_chunk.h"

namespace tend {

/// The exam's weights after its three steps, in double, with other settings or decay. Tests of optimizers compare them with the
/// numbers of PyTorch for the same steps.
template <class O>
std::array<double, 3> after_three_steps(const O& optimizer, double weight_decay = 0) {
  std::array<double, 3> w = {three_step_weights[0], three_step_weights[1], three_step_weights[2]};
  std::vector<std::array<double, 3>> slots(4);
  for (int s = 0; s < static_cast<int>(O::slots.size()); ++s) slots[static_cast<std::size_t>(s)].fill(optimizer.initial(s));
  for (std::int64_t step = 1; step <= 3; ++step) {
    const auto made = optimizer.constants(optimizer.learning_rate, step);
    double constants[16] = {}, sums[4];
    for (std::size_t i = 0; i < made.size(); ++i) constants[i] = made[i];
    SweepChunk chunk{w.data(), three_step_gradients[step - 1], {}, 3, constants, optimizer.learning_rate, 0, 1, weight_decay,
                     sums};
    for (std::size_t s = 0; s < 4; ++s) chunk.slots[s] = slots[s].data();
    sweep_chunk<O, double>(chunk);
  }
  return w;
}

}  // namespace tend

#pragma once
#include <string_view>
#include <vector>

#include "tend/exchange/log_rows.h"

namespace tend {

/// The values in what a training printed on a terminal, one row for each line that has a known loss, accuracy, learning rate or
/// gradient norm:
///   names and numbers   "Epoch 3/10 - loss: 0.5 - val_loss: 0.4" of Keras, "iter 100: loss 4.2", "Epoch: [0][10/500] Loss 6.9 (7.0)",
///                       "Test set: Average loss: 0.05, Accuracy: 9832/10000 (98%)"
///   dictionaries        {'loss': 0.5, 'learning_rate': 5e-05, 'epoch': 0.1} of the Trainer of Hugging Face
///   tables              a line of names over lines of as many numbers, of fastai
/// Lines of a progress bar that is not at its end are left out, as are colours. Rows without an epoch belong to the last one that
/// was printed.
std::vector<LogRow> rows_of_console(std::string_view text);

}  // namespace tend

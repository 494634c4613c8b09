#pragma once
#include <string>
#include <vector>

#include "tend/report/page.h"
#include "tend/tend.h"

namespace tend {

/// The loss of each row: of classes minus the logarithm of the probability of the true one (mean over the places of a row), of
/// labels the mean cross-entropy, of values the sum of the squared errors over the variances of the targets. Infinite where an
/// answer is not a number.
std::vector<double> losses_of_rows(const Prediction& predicted, const Dataset& data);

/// The rows with the highest loss: number or file, picture or cells, what is true and what is predicted. `part`: its name.
PageTable worst_rows(const Model& model, const Dataset& data, const std::string& part);

}  // namespace tend

#pragma once
#include <string>
#include <vector>

#include "tend/experiment/infer.h"

namespace tend {

/// A complete experiment file in TOML with comments: what each key means, why inference chose its value, which other values are
/// usual, and where PyTorch or Keras do something else by default. It reads back as `literal`.
std::string commented_toml(const Experiment& literal, const std::vector<Inferred>& reasons);

}  // namespace tend

#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Does a step that changes training images at random turn images of one class into images of another, as mirroring does with b
/// and d? For each step alone: the class of the most similar other training image, for each image as it is and as the step
/// changes it. warn, data-label: for `most` more of some class's images that class is a certain other one.
struct Augmentation {
  double most = 0.25;
  static constexpr auto fields = std::tuple{field_of<Augmentation>("most", &Augmentation::most, part_of_one(), "",
                                                                   "share of a class's images that may look like another class")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 12;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend

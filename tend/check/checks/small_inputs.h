#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do small inputs slow this training? Adam and similar optimizers divide by the gradient's size, but the first layer's weights
/// have to grow by as much as the inputs are too small, and its biases, whose inputs are 1, move first. Where what is not 0 in
/// the largest column is below `small`, the training's steps, all of them where they are cheap, are taken as the file has them
/// and again with the inputs multiplied to unit size, a fifth of the rows held out, thrice, of three seeds. warn: as they are,
/// the held-out rows' loss is more than `most` times that with unit size, and the difference more than `worth` of the chance
/// loss, even if it fell on as fast to the end of the run. Columns of .01 that move together by the hundred are learnt by Adam as
/// well as standardized ones; seven of them at a rate of 1e-3 are not. (LeCun et al., 1998, "Efficient BackProp", 4.3.)
struct SmallInputs {
  double small = 1.0 / 30, most = 1.3, worth = 0.05;
  static constexpr auto fields = std::tuple{
      field_of<SmallInputs>("small", &SmallInputs::small, above(0), "",
                            "size of the largest column below which inputs are tested"),
      field_of<SmallInputs>("most", &SmallInputs::most, above(1), "",
                            "ratio of the loss with small inputs to that with inputs of unit size"),
      field_of<SmallInputs>("worth", &SmallInputs::worth, above(0), "",
                            "difference of these losses, as a share of the loss of a constant guess")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 11;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend

#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Identity: dense W [F,K]: 1 on the diagonal. Convolutions [kernel,kernel,C,K]: channel c passes to filter c at the window's
/// centre (Dirac). All other elements are 0. Multiplied by gain. Le et al., 2015.
struct Identity {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<Identity>("gain", &Identity::gain, any_number(), "", "The value on the diagonal.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random&) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = 0;
    const Shape& s = target.shape;
    const std::int64_t outputs = target.outputs(), inputs = s.rank() > 1 ? s[-2] : 1;
    std::int64_t centre = 0;  // the window's centre, counted in [inputs, outputs] matrices
    for (int axis = 0; axis + 2 < s.rank(); ++axis) centre = centre * s[axis] + s[axis] / 2;
    for (std::int64_t i = 0; i < inputs && i < outputs; ++i) w[(centre * inputs + i) * outputs + i] = gain;
  }
  std::string formula() const { return "identity, times gain"; }
};

}  // namespace tend

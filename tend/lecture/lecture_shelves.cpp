#include "tend/lecture/lecture_shelves.h"

#include <array>
#include <cmath>

namespace tend {

namespace {

struct TanhWithMistake {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = -1, highest = 1, steepest_slope = 1;

  template <class T>
  T value(T z) const {
    return std::tanh(z);
  }
  template <class T>
  T slope(T, T y) const {
    return T(1) - y;
  }
};

/// Of an activation from outside the shelf.
template <class A>
using OwnActivation = ActivationModel<A>;

}  // namespace

const Shelves& lecture_shelves() {
  static const Shelves all = [] {
    Shelves shelves = builtin_shelves();
    shelves.activations.add<OwnActivation, TanhWithMistake>("tanh_with_mistake");
    return shelves;
  }();
  return all;
}

}  // namespace tend

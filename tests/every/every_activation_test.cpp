#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "shelf_exam.h"
#include "tend/network/activation_registry.h"

namespace tend {
namespace {

template <class Check>
void every_activation(Check check) {
  for (const auto& entry : builtin_activations().entries()) {
    SCOPED_TRACE(entry.name);
    check(*builtin_activations().make(Value(entry.name), "here"));
  }
}

/// Values, and slopes as backward gives them for dy = 1.
template <class T>
struct Curve {
  std::vector<T> y, dz;
};
template <class T>
Curve<T> curve(const ActivationEntry& activation, Isa isa, const std::vector<T>& z) {
  const PointwiseFunctions f = activation.functions(element_type<T>(), isa);
  Curve<T> c{std::vector<T>(z.size()), std::vector<T>(z.size())};
  const std::vector<T> dy(z.size(), T(1));
  const auto n = static_cast<std::int64_t>(z.size());
  f.forward(f.self, z.data(), c.y.data(), n);
  f.backward(f.self, f.needs_input ? z.data() : nullptr, c.y.data(), dy.data(), c.dz.data(), n);
  return c;
}

std::vector<float> many_floats() {
  std::vector<float> z;
  for (float x = -30; x <= 30; x += 0.0173f) z.push_back(x);
  for (float x = 1e-44f; x < 1e38f; x *= 3.7f) z.insert(z.end(), {x, -x});
  z.insert(z.end(), {0.0f, -0.0f, 1e30f, -1e30f, 3e38f, -3e38f});
  return z;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

TEST(EveryActivation, has_the_derivative_of_its_value_as_slope) {
  every_activation([](const ActivationEntry& activation) {
    std::vector<double> z;
    for (double x = -12; x <= 12; x += 0.0731) z.push_back(x);
    z.insert(z.end(), {-40, -25, 25, 40, 1e-3, -1e-3});
    const double epsilon = std::numeric_limits<double>::epsilon();
    std::vector<double> above, below, steps;
    for (double x : z) {
      const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(x));
      steps.push_back(step);
      above.push_back(x + step);
      below.push_back(x - step);
    }
    const auto here = curve(activation, Isa::reference, z), up = curve(activation, Isa::reference, above),
               down = curve(activation, Isa::reference, below);
    for (std::size_t i = 0; i < z.size(); ++i) {
      bool at_kink = false;
      for (double kink : activation.kinks()) at_kink |= std::abs(z[i] - kink) <= steps[i];
      if (at_kink) continue;
      const double measured = (up.y[i] - down.y[i]) / (2 * steps[i]);
      EXPECT_NEAR(here.dz[i], measured, 8 * steps[i] * steps[i] * std::max(1.0, std::abs(measured))) << "at " << z[i];
    }
  });
}

TEST(EveryActivation, agrees_in_each_instruction_set_with_double) {
  const std::vector<float> z = many_floats();
  const std::vector<double> exact(z.begin(), z.end());
  const double epsilon = std::numeric_limits<float>::epsilon(), least = std::numeric_limits<float>::denorm_min();
  every_activation([&](const ActivationEntry& activation) {
    const auto reference = curve(activation, Isa::reference, exact);
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      const auto fast = curve(activation, isa, z);
      for (std::size_t i = 0; i < z.size(); ++i) {
        const auto y = static_cast<float>(reference.y[i]), slope = static_cast<float>(reference.dz[i]);
        const double size = std::min(1.0, std::abs(exact[i]));
        const double bound = 8 * epsilon * (std::abs(reference.y[i]) + size) + 2 * least;
        const double slope_bound = 8 * epsilon * (std::abs(reference.dz[i]) + 1);
        ASSERT_TRUE(fast.y[i] == y || std::abs(fast.y[i] - y) <= bound)
            << "value at " << z[i] << ": " << fast.y[i] << ", not " << y;
        ASSERT_TRUE(fast.dz[i] == slope || std::abs(fast.dz[i] - slope) <= slope_bound)
            << "slope at " << z[i] << ": " << fast.dz[i] << ", not " << slope;
      }
    }
  });
}

template <class T>
void expect_nan_to_travel(const ActivationEntry& activation, Isa isa) {
  std::vector<T> z(37, T(0.5));
  z[3] = z[36] = std::numeric_limits<T>::quiet_NaN();
  const auto c = curve(activation, isa, z);
  for (std::size_t i = 0; i < z.size(); ++i) {
    EXPECT_EQ(std::isnan(c.y[i]), i == 3 || i == 36) << i;
    // Where the slope is 1 whatever the input, NaN comes with the gradient.
    EXPECT_EQ(std::isnan(c.dz[i]), (i == 3 || i == 36) && activation.name() != "linear") << i;
  }
}

TEST(EveryActivation, lets_nan_travel) {
  every_activation([](const ActivationEntry& activation) {
    for (Isa isa : every_isa()) expect_nan_to_travel<float>(activation, isa);
    expect_nan_to_travel<double>(activation, Isa::reference);
  });
}

template <class T>
void expect_limits(const ActivationEntry& activation, Isa isa) {
  const T infinity = std::numeric_limits<T>::infinity();
  const auto c = curve<T>(activation, isa, {T(-1e4), T(1e4), T(-1e30), T(1e30), -infinity, infinity});
  for (std::size_t i = 0; i < c.y.size(); ++i) {
    EXPECT_FALSE(std::isnan(c.y[i])) << i;
    EXPECT_FALSE(std::isnan(c.dz[i])) << i;
  }
}

TEST(EveryActivation, makes_no_nan_of_large_or_infinite_inputs) {
  every_activation([](const ActivationEntry& activation) {
    for (Isa isa : every_isa()) expect_limits<float>(activation, isa);
    expect_limits<double>(activation, Isa::reference);
  });
}

TEST(EveryActivation, gives_the_same_bits_in_place_and_however_a_span_is_cut) {
  const std::vector<float> z = many_floats();
  every_activation([&](const ActivationEntry& activation) {
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      const PointwiseFunctions f = activation.functions(ElementType::float32, isa);
      const auto whole = curve(activation, isa, z);
      std::vector<float> y = z;
      f.forward(f.self, y.data(), y.data(), static_cast<std::int64_t>(y.size()));
      EXPECT_TRUE(same_bits(y, whole.y));
      std::vector<float> dz(z.size(), 1.0f);
      f.backward(f.self, f.needs_input ? z.data() : nullptr, y.data(), dz.data(), dz.data(), static_cast<std::int64_t>(z.size()));
      EXPECT_TRUE(same_bits(dz, whole.dz));
      std::vector<float> pieces(z.size() + 1, -7.0f);
      for (std::size_t first = 0, n = 0; first < z.size(); first += n, n = (n + 1) % 41)
        f.forward(f.self, z.data() + first, pieces.data() + first, static_cast<std::int64_t>(n = std::min(n, z.size() - first)));
      EXPECT_EQ(pieces.back(), -7.0f);
      pieces.pop_back();
      EXPECT_TRUE(same_bits(pieces, whole.y));
    }
  });
}

TEST(EveryActivation, reads_what_it_writes) { expect_round_trips(builtin_activations(), false); }

struct Cubed {  // an entry from outside
  double power = 3;
  static constexpr auto fields = std::tuple{field_of<Cubed>("power", &Cubed::power)};
  static constexpr std::string_view value_field = "power";
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  template <class T>
  T value(T z) const {
    return z * z * z;
  }
  template <class T>
  T slope(T z, T) const {
    return T(power) * z * z;
  }
};

TEST(EveryActivation, may_come_from_outside) {
  Registry<ActivationEntry> registry = builtin_activations();
  registry.add<ActivationModel, Cubed>("cubed");
  const auto cubed = registry.make(Value("cubed"), "here");
  for (Isa isa : every_isa()) {
    const auto c = curve<float>(*cubed, isa, {2, -1});
    EXPECT_EQ(c.y, (std::vector<float>{8, -1}));
    EXPECT_EQ(c.dz, (std::vector<float>{12, 3}));
  }
}

}  // namespace
}  // namespace tend

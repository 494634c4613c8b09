#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"
#include "tend/gradcheck/mistake.h"

namespace tend {

namespace {

/// Values, and the slopes that backward computes for dy = 1.
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

void derivative(Examiner& exam, const ActivationEntry& activation) {
  exam.begin_test("gradient");
  const double epsilon = std::numeric_limits<double>::epsilon();
  std::vector<double> z, above, below, steps;
  for (double x = -12; x <= 12; x += 0.0731) z.push_back(x);
  z.insert(z.end(), {-40, -25, 25, 40, 1e-3, -1e-3});
  for (double x : z) {
    steps.push_back(std::cbrt(epsilon) * std::max(1.0, std::abs(x)));
    above.push_back(x + steps.back());
    below.push_back(x - steps.back());
  }
  const auto here = curve(activation, Isa::reference, z), up = curve(activation, Isa::reference, above),
             down = curve(activation, Isa::reference, below);
  std::vector<double> numeric(z.size());
  std::size_t wrong = z.size();
  for (std::size_t i = 0; i < z.size(); ++i) {
    numeric[i] = NAN;
    bool at_kink = false;
    for (double kink : activation.kinks()) at_kink |= std::abs(z[i] - kink) <= steps[i];
    if (at_kink) continue;
    numeric[i] = (up.y[i] - down.y[i]) / (2 * steps[i]);
    const double error = relative_error(here.dz[i], numeric[i], 1);
    if (!(error <= 8 * steps[i] * steps[i]) && wrong == z.size()) wrong = i;
    else if (wrong == z.size()) exam.gradient_error(error);
    exam.expect(true, "");
  }
  if (wrong < z.size())
    exam.wrong_gradient("the slope", kind_of_mistake(here.dz, numeric, {static_cast<std::int64_t>(z.size())}, 1e-6), wrong,
                        here.dz[wrong], numeric[wrong]);
}

void agreement(Examiner& exam, const ActivationEntry& activation) {
  const std::vector<float> z = many_floats();
  const std::vector<double> exact(z.begin(), z.end());
  const double epsilon = std::numeric_limits<float>::epsilon(), least = std::numeric_limits<float>::denorm_min();
  const auto reference = curve(activation, Isa::reference, exact);
  for (Isa isa : every_isa()) {
    exam.begin_test("agreement of instruction sets", name_of(isa));
    const auto fast = curve(activation, isa, z);
    for (std::size_t i = 0; i < z.size(); ++i) {
      const auto y = static_cast<float>(reference.y[i]), slope = static_cast<float>(reference.dz[i]);
      const double size = std::min(1.0, std::abs(exact[i]));
      exam.near(fast.y[i], y, 8 * epsilon * (std::abs(reference.y[i]) + size) + 2 * least,
                ("the value at " + std::to_string(z[i])).c_str());
      exam.near(fast.dz[i], slope, 8 * epsilon * (std::abs(reference.dz[i]) + 1),
                ("the slope at " + std::to_string(z[i])).c_str());
    }
  }
}

template <class T>
void hard_values(Examiner& exam, const ActivationEntry& activation, Isa isa) {
  exam.begin_test("hard values", std::string(name_of(isa)) + (sizeof(T) == 4 ? " float32" : " float64"));
  std::vector<T> z(37, T(0.5));
  z[3] = z[36] = std::numeric_limits<T>::quiet_NaN();
  const auto c = curve(activation, isa, z);
  bool slope_moves = false;  // if the slope is constant, NaN comes only with the gradient
  for (T x : {T(-3), T(-0.25), T(0.25), T(0.5), T(7)}) slope_moves |= curve<T>(activation, isa, {x}).dz[0] != c.dz[0];
  for (std::size_t i = 0; i < z.size(); ++i) {
    const bool is_hard = i == 3 || i == 36;
    exam.expect(std::isnan(c.y[i]) == is_hard, "NaN does not travel through the value, or comes from nowhere");
    exam.expect(std::isnan(c.dz[i]) == (is_hard && slope_moves), "NaN does not travel through the slope, or comes from nowhere");
  }
  const T infinity = std::numeric_limits<T>::infinity();
  const auto limits = curve<T>(activation, isa, {T(-1e4), T(1e4), T(-1e30), T(1e30), -infinity, infinity});
  for (std::size_t i = 0; i < limits.y.size(); ++i)
    exam.expect(!std::isnan(limits.y[i]) && !std::isnan(limits.dz[i]), "large or infinite inputs give NaN");
}

/// Checks the traits that the entry declares.
void declarations(Examiner& exam, const ActivationEntry& activation) {
  exam.begin_test("declared traits");
  const ActivationTraits traits = activation.traits();
  std::vector<double> z;
  for (double x = -30; x <= 30; x += 0.0173) z.push_back(x);
  z.insert(z.end(), {-1e6, 1e6});
  const auto c = curve(activation, Isa::reference, z);
  const double steepest = (traits.steepest_slope > 0 ? traits.steepest_slope : HUGE_VAL) * (1 + 1e-12);
  for (std::size_t i = 0; i < z.size(); ++i) {
    exam.expect(c.y[i] >= traits.lowest && c.y[i] <= traits.highest,
                "a value is beyond the lowest or the highest that is declared");
    exam.expect(std::abs(c.dz[i]) <= steepest, "a slope is steeper than the steepest that is declared");
    exam.expect(!traits.is_identity || c.y[i] == z[i], "it is declared to be the identity, and changes its input");
  }
}

void spans(Examiner& exam, const ActivationEntry& activation) {
  const std::vector<float> z = many_floats();
  for (Isa isa : every_isa()) {
    exam.begin_test("spans", name_of(isa));
    const PointwiseFunctions f = activation.functions(ElementType::float32, isa);
    const auto whole = curve(activation, isa, z);
    std::vector<float> y = z;
    f.forward(f.self, y.data(), y.data(), static_cast<std::int64_t>(y.size()));
    exam.expect(same_bits(y, whole.y), "other bits in place");
    std::vector<float> dz(z.size(), 1.0f);
    f.backward(f.self, f.needs_input ? z.data() : nullptr, y.data(), dz.data(), dz.data(), static_cast<std::int64_t>(z.size()));
    exam.expect(same_bits(dz, whole.dz), "other bits of the slope in place");
    std::vector<float> pieces(z.size() + 1, -7.0f);
    for (std::size_t first = 0, n = 0; first < z.size(); first += n, n = (n + 1) % 41)
      f.forward(f.self, z.data() + first, pieces.data() + first, static_cast<std::int64_t>(n = std::min(n, z.size() - first)));
    exam.expect(pieces.back() == -7.0f, "something is written after the end of the span");
    pieces.pop_back();
    exam.expect(same_bits(pieces, whole.y), "other bits when a span is cut");
  }
}

}  // namespace

ShelfResult examine_activations(const Registry<ActivationEntry>& activations) {
  Examiner exam("activations");
  for (const auto& entry : activations.entries()) {
    exam.begin_entry(entry.name);
    exam.begin_case("");
    examine_text(exam, activations, entry, false);
    exam.guarded([&] {
      const auto activation = activations.make(Value(entry.name), "here");
      derivative(exam, *activation);
      agreement(exam, *activation);
      for (Isa isa : every_isa()) hard_values<float>(exam, *activation, isa);
      hard_values<double>(exam, *activation, Isa::reference);
      declarations(exam, *activation);
      spans(exam, *activation);
    });
  }
  return exam.result();
}

}  // namespace tend

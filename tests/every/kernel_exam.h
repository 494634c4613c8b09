#pragma once
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tend/exam/workbench.h"

namespace tend::bench {

using Bench = Workbench;

using Values = std::vector<float>;

/// Inputs for kernels: the same for each test on every machine.
class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}
  std::int64_t one_of(std::initializer_list<std::int64_t> choices) { return choices.begin()[engine_() % choices.size()]; }
  bool coin() { return engine_() % 2 == 0; }
  /// Values between low and high, none of them 0.
  Values values(std::int64_t count, float low = -1, float high = 1) {
    Values all(static_cast<std::size_t>(count));
    for (float& v : all) do
        v = low + (high - low) * static_cast<float>(engine_() % (1 << 24)) / (1 << 24);
      while (v == 0);
    return all;
  }
  /// As above, but one in `every` values is hard for arithmetic.
  Values hard_values(std::int64_t count, unsigned every = 40) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float hard[] = {
        std::numeric_limits<float>::quiet_NaN(), infinity, -infinity, 1e30f, -1e30f, 1e-40f, -1.4e-45f, 0.0f, -0.0f};
    Values all = values(count);
    for (float& v : all)
      if (engine_() % every == 0) v = hard[engine_() % std::size(hard)];
    return all;
  }

 private:
  std::mt19937 engine_;
};

/// An activation for tests in float and double whose backward needs z: y = z / (1 + |z|), y' = 1 / (1 + |z|)^2.
template <class T>
PointwiseFunctions softsign() {
  PointwiseFunctions f;
  f.needs_input = true;
  f.name = "softsign";
  f.forward = [](const void*, const void* z, void* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      const T v = static_cast<const T*>(z)[i];
      static_cast<T*>(y)[i] = v / (1 + std::abs(v));
    }
  };
  f.backward = [](const void*, const void* z, const void*, const void* dy, void* dz, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      const T u = 1 + std::abs(static_cast<const T*>(z)[i]);
      static_cast<T*>(dz)[i] = static_cast<const T*>(dy)[i] / u / u;
    }
  };
  return f;
}
/// An activation whose backward needs only y: y = z where z > 0, otherwise z / 4.
template <class T>
PointwiseFunctions quarter() {
  PointwiseFunctions f;
  f.name = "quarter";
  f.forward = [](const void*, const void* z, void* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      const T v = static_cast<const T*>(z)[i];
      static_cast<T*>(y)[i] = v <= 0 ? v / 4 : v;
    }
  };
  f.backward = [](const void*, const void*, const void* y, const void* dy, void* dz, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      const T d = static_cast<const T*>(dy)[i];
      static_cast<T*>(dz)[i] = static_cast<const T*>(y)[i] <= 0 ? d / 4 : d;
    }
  };
  return f;
}

/// One run of an operation on one back end. Inputs are given in float, whatever element type the back end uses.
class Side {
 public:
  struct Result {
    std::string name;
    std::vector<double> values;
  };
  using Operation = std::function<void(Side&)>;

  /// `is_magnitude`: uses every input's absolute value and no activations, so that results are sums of the terms' magnitudes.
  Side(const Backend& backend, bool is_magnitude) : backend_(backend), is_magnitude_(is_magnitude) {}

  const Backend& backend() const { return backend_; }
  Bench& bench() { return bench_; }
  bool is_double() const { return backend_.element_type() == ElementType::float64; }
  std::int64_t element_bytes() const { return size_of(backend_.element_type()); }

  Slot in(const Values& values) {
    if (!is_double()) return bench_.put(values);
    std::vector<double> wide(values.begin(), values.end());
    if (is_magnitude_)
      for (double& v : wide) v = std::abs(v);
    return bench_.put(wide);
  }
  Slot out(std::int64_t count) { return bench_.temporary(count * element_bytes()); }
  /// Declares that the operation's result is at `slot`. Spare memory after it would be read as part of the result.
  void result(std::string name, Slot slot, std::int64_t count) {
    results_.push_back({std::move(name), slot, count, Kind::element});
  }
  void double_result(std::string name, Slot slot, std::int64_t count) {
    results_.push_back({std::move(name), slot, count, Kind::real});
  }
  void byte_result(std::string name, Slot slot, std::int64_t count) {
    results_.push_back({std::move(name), slot, count, Kind::byte});
  }

  Epilogue forward_epilogue(bool wants_input, Slot y) const {
    if (is_magnitude_) return {};
    return {wants_input ? functions<true>() : functions<false>(), false, {}, y};
  }
  Epilogue backward_epilogue(bool wants_input, Slot z, Slot y) const {
    if (is_magnitude_) return {};
    return {wants_input ? functions<true>() : functions<false>(), true, z, y};
  }

  std::vector<Result> run(const Operation& operation, int threads) {
    operation(*this);
    bench_.run(threads, static_cast<unsigned>(threads));
    std::vector<Result> all;
    for (const Place& r : results_) all.push_back({r.name, read(r)});
    return all;
  }

 private:
  enum class Kind { element, real, byte };
  struct Place {
    std::string name;
    Slot slot;
    std::int64_t count;
    Kind kind;
  };
  template <bool wants_input>
  PointwiseFunctions functions() const {
    if constexpr (wants_input) return is_double() ? softsign<double>() : softsign<float>();
    return is_double() ? quarter<double>() : quarter<float>();
  }
  template <class T>
  std::vector<double> read_as(const Place& r) {
    const std::vector<T> values = bench_.values<T>(r.slot, r.count);
    return std::vector<double>(values.begin(), values.end());
  }
  std::vector<double> read(const Place& r) {
    if (r.kind == Kind::byte) return read_as<std::uint8_t>(r);
    if (r.kind == Kind::real || is_double()) return read_as<double>(r);
    return read_as<float>(r);
  }

  const Backend& backend_;
  bool is_magnitude_;
  Bench bench_;
  std::vector<Place> results_;
};

/// The allowed distance of a result from the reference: `factor` eps times the magnitude of the terms of its sum, by result and
/// place; without magnitudes, times the reference's value. factor 0: equal.
struct Tolerance {
  double factor = 0;
  std::function<double(std::size_t result, std::size_t place)> magnitude;
};

inline void expect_near(const Side::Result& got, const Side::Result& wanted, std::size_t result, const Tolerance& tolerance) {
  ASSERT_EQ(got.values.size(), wanted.values.size());
  int told = 0;
  for (std::size_t i = 0; i < got.values.size() && told < 3; ++i) {
    const double g = got.values[i], exact = wanted.values[i], w = static_cast<double>(static_cast<float>(exact));
    if (std::isnan(w) ? std::isnan(g) : g == w) continue;
    double allowed = 0;
    if (std::isfinite(w) && tolerance.factor > 0) {
      const double magnitude = tolerance.magnitude ? tolerance.magnitude(result, i) : std::abs(exact);
      allowed = tolerance.factor * (std::numeric_limits<float>::epsilon() * magnitude + std::numeric_limits<float>::denorm_min());
    }
    if (std::abs(g - exact) <= allowed) continue;
    ADD_FAILURE() << got.name << "[" << i << "] of " << got.values.size() << " is " << g << ", the reference " << exact
                  << ", allowed " << allowed;
    ++told;
  }
}

inline bool equal_bits(const std::vector<Side::Result>& a, const std::vector<Side::Result>& b) {
  for (std::size_t r = 0; r < a.size(); ++r)
    for (std::size_t i = 0; i < a[r].values.size(); ++i)
      if (std::memcmp(&a[r].values[i], &b[r].values[i], 8) != 0 && !(std::isnan(a[r].values[i]) && std::isnan(b[r].values[i])))
        return false;
  return true;
}

inline std::vector<Isa> instruction_sets_here() {
  std::vector<Isa> all;
  for (Isa isa : {Isa::portable, Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

/// The back end computes the wanted values, writes only its outputs, and produces the same bits on 1 to 4 threads.
inline void expect_agrees(const Backend& backend, const std::vector<Side::Result>& wanted, const Side::Operation& operation,
                          const Tolerance& tolerance) {
  SCOPED_TRACE(backend.name());
  std::vector<Side::Result> first;
  for (int threads = 1; threads <= 4; ++threads) {
    Side side(backend, false);
    const std::vector<Side::Result> got = side.run(operation, threads);
    EXPECT_TRUE(side.bench().guards_are_whole()) << "something was written outside the outputs";
    if (threads == 1) {
      first = got;
      ASSERT_EQ(got.size(), wanted.size());
      for (std::size_t r = 0; r < got.size(); ++r) expect_near(got[r], wanted[r], r, tolerance);
    } else {
      EXPECT_TRUE(equal_bits(first, got)) << "other bits on " << threads << " threads than on one";
    }
  }
}

/// All fast back ends of this machine agree with the reference in double.
inline void expect_agrees(const Side::Operation& operation, const Tolerance& tolerance) {
  Side exact(reference_backend(ElementType::float64), false);
  const std::vector<Side::Result> wanted = exact.run(operation, 1);
  EXPECT_TRUE(exact.bench().guards_are_whole()) << "the reference wrote outside its outputs";
  for (const Isa isa : instruction_sets_here()) expect_agrees(fast_backend(isa), wanted, operation, tolerance);
}

/// The same for sums of products of `terms` terms: the magnitude is the sum of the terms' absolute values.
inline void expect_agrees_as_sum(const Side::Operation& operation, double terms) {
  Side sizes(reference_backend(ElementType::float64), true);
  const std::vector<Side::Result> magnitudes = sizes.run(operation, 1);
  expect_agrees(operation, {8 + std::sqrt(terms), [&](std::size_t r, std::size_t i) { return magnitudes[r].values[i]; }});
}

}  // namespace tend::bench

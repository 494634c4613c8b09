#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "shelf_exam.h"
#include "tend/base/random.h"
#include "tend/update/optimizer_registry.h"

namespace tend {
namespace {

/// How the sweep around an optimizer is set.
struct Setting {
  double clip_value = 0, scale = 1, decay = 0, rate = 0.01;
};

template <class T>
struct Parameters {
  std::vector<T> weights, gradient;
  std::vector<std::vector<T>> slots;
  double sums[4] = {};

  Parameters(const OptimizerEntry& optimizer, const std::vector<float>& w, const std::vector<float>& g)
      : weights(w.begin(), w.end()), gradient(g.begin(), g.end()) {
    for (const SlotSpec& slot : optimizer.slots()) slots.emplace_back(w.size(), static_cast<T>(slot.initial));
  }
  /// Steps 1 .. steps, each in pieces of `piece` elements; sums are those of the last one's whole, where there is one piece.
  void sweep(const OptimizerEntry& optimizer, Isa isa, const Setting& s, int steps, std::size_t piece) {
    const SweepFunctions f = optimizer.functions(element_type<T>(), isa);
    ASSERT_EQ(static_cast<std::size_t>(f.slots), slots.size());
    for (int step = 1; step <= steps; ++step) {
      double constants[16];
      f.constants(f.self, s.rate, step, constants);
      for (std::size_t first = 0; first < weights.size(); first += piece) {
        const std::size_t n = std::min(piece, weights.size() - first);
        SweepChunk chunk{weights.data() + first,
                         gradient.data() + first,
                         {},
                         static_cast<std::int64_t>(n),
                         constants,
                         s.rate,
                         s.clip_value,
                         s.scale,
                         s.decay,
                         sums};
        for (std::size_t k = 0; k < slots.size(); ++k) chunk.slots[k] = slots[k].data() + first;
        f.chunk(f.self, chunk);
      }
    }
  }
};

struct Start {
  std::vector<float> weights, gradient;
};
Start start(std::size_t n) {
  Random random(5, purpose("every_optimizer"));
  Start s;
  for (std::size_t i = 0; i < n; ++i) {
    s.weights.push_back(static_cast<float>(random.normal()));
    s.gradient.push_back(i % 7 == 0 ? 0.0f : static_cast<float>(random.normal() * std::pow(10, random.uniform(-4, 1))));
  }
  return s;
}

template <class Check>
void every_optimizer(Check check) {
  for (const auto& entry : builtin_optimizers().entries()) {
    SCOPED_TRACE(entry.name);
    check(*builtin_optimizers().make_named(Value(entry.name), "here"));
  }
}

const Setting settings[] = {
    {}, {.clip_value = 0.5}, {.scale = 0.25}, {.decay = 0.1}, {.clip_value = 2, .scale = 0.5, .decay = 0.01, .rate = -0.1}};

TEST(EveryOptimizer, agrees_in_each_instruction_set_with_double) {
  const Start s = start(3000);
  const double epsilon = std::numeric_limits<float>::epsilon();
  every_optimizer([&](const OptimizerEntry& optimizer) {
    for (const Setting& setting : settings) {
      Parameters<double> exact(optimizer, s.weights, s.gradient);
      exact.sweep(optimizer, Isa::reference, setting, 3, 1 << 20);
      for (Isa isa : every_isa()) {
        SCOPED_TRACE(name_of(isa));
        Parameters<float> fast(optimizer, s.weights, s.gradient);
        fast.sweep(optimizer, isa, setting, 3, 1 << 20);
        for (std::size_t i = 0; i < s.weights.size(); ++i)
          ASSERT_NEAR(fast.weights[i], exact.weights[i], 16 * epsilon * (1 + std::abs(exact.weights[i]))) << i;
        for (std::size_t k = 0; k < exact.slots.size(); ++k) {
          double largest = 0;  // where gradient and decay cancel, what is left is right to the size of the others
          for (double x : exact.slots[k]) largest = std::max(largest, std::abs(x));
          for (std::size_t i = 0; i < s.weights.size(); ++i)
            ASSERT_NEAR(fast.slots[k][i], exact.slots[k][i], 16 * epsilon * largest) << "slot " << k << ", " << i;
        }
      }
    }
  });
}

TEST(EveryOptimizer, sums_squares_of_gradients_changes_and_weights) {
  const Start s = start(3001);
  every_optimizer([&](const OptimizerEntry& optimizer) {
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      Parameters<float> p(optimizer, s.weights, s.gradient);
      p.sweep(optimizer, isa, {.clip_value = 0.5, .decay = 0.1, .rate = 0.125}, 1, 1 << 20);
      double expected[3] = {};
      for (std::size_t i = 0; i < s.weights.size(); ++i) {
        const double change = p.weights[i] - s.weights[i];
        expected[0] += static_cast<double>(s.gradient[i]) * s.gradient[i];
        expected[1] += change * change;
        expected[2] += static_cast<double>(p.weights[i]) * p.weights[i];
      }
      for (int k = 0; k < 3; ++k) EXPECT_NEAR(p.sums[k], expected[k], 1e-5 * expected[k]) << k;
      EXPECT_EQ(p.sums[3], 0);
    }
  });
}

TEST(EveryOptimizer, gives_the_same_bits_however_its_elements_are_cut) {
  const Start s = start(1500);
  every_optimizer([&](const OptimizerEntry& optimizer) {
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      Parameters<float> whole(optimizer, s.weights, s.gradient);
      whole.sweep(optimizer, isa, settings[4], 2, 1 << 20);
      for (std::size_t piece : {1u, 7u, 64u, 513u}) {
        Parameters<float> cut(optimizer, s.weights, s.gradient);
        cut.sweep(optimizer, isa, settings[4], 2, piece);
        EXPECT_EQ(cut.weights, whole.weights) << piece;
        EXPECT_EQ(cut.slots, whole.slots) << piece;
      }
    }
  });
}

TEST(EveryOptimizer, counts_gradients_that_are_not_finite_and_lets_them_travel) {
  Start s = start(1000);
  s.gradient[3] = NAN;
  s.gradient[700] = INFINITY;
  s.gradient[999] = -INFINITY;
  every_optimizer([&](const OptimizerEntry& optimizer) {
    for (Isa isa : every_isa()) {
      SCOPED_TRACE(name_of(isa));
      Parameters<float> p(optimizer, s.weights, s.gradient);
      p.sweep(optimizer, isa, {}, 1, 1 << 20);
      EXPECT_EQ(p.sums[3], 3);
      EXPECT_FALSE(std::isfinite(p.sums[0]));
      EXPECT_TRUE(std::isnan(p.weights[3]));
      for (std::size_t i = 0; i < 1000; ++i) ASSERT_TRUE(std::isfinite(p.weights[i]) || i == 3 || i == 700 || i == 999) << i;
    }
  });
}

TEST(EveryOptimizer, sums_gradients_whose_squares_no_float_holds) {
  every_optimizer([](const OptimizerEntry& optimizer) {
    for (Isa isa : every_isa())
      for (float size : {1e-25f, 1e25f}) {
        Parameters<float> p(optimizer, std::vector<float>(100, 0.0f), std::vector<float>(100, size));
        p.sweep(optimizer, isa, {}, 1, 1 << 20);
        const double square = static_cast<double>(size) * size;
        EXPECT_NEAR(p.sums[0] / square, 100, 1e-3) << name_of(isa) << " " << size;
        EXPECT_EQ(p.sums[3], 0);
      }
  });
}

TEST(EveryOptimizer, goes_down_a_slope) {
  every_optimizer([](const OptimizerEntry& optimizer) {
    Parameters<double> p(optimizer, {3, -3}, {0, 0});
    const SweepFunctions f = optimizer.functions(ElementType::float64, Isa::reference);
    for (int step = 1; step <= 300; ++step) {
      for (std::size_t i = 0; i < 2; ++i) p.gradient[i] = 2 * p.weights[i];
      double constants[16];
      f.constants(f.self, optimizer.learning_rate(), step, constants);
      SweepChunk chunk{p.weights.data(), p.gradient.data(), {}, 2, constants, optimizer.learning_rate(), 0, 1, 0, p.sums};
      for (std::size_t k = 0; k < p.slots.size(); ++k) chunk.slots[k] = p.slots[k].data();
      f.chunk(f.self, chunk);
    }
    EXPECT_LT(std::abs(p.weights[0]), 2.98);
    EXPECT_DOUBLE_EQ(p.weights[0], -p.weights[1]);
  });
}

TEST(EveryOptimizer, takes_no_elements_at_all) {
  every_optimizer([](const OptimizerEntry& optimizer) {
    for (Isa isa : every_isa()) {
      Parameters<float> p(optimizer, {}, {});
      const SweepFunctions f = optimizer.functions(ElementType::float32, isa);
      double constants[16];
      f.constants(f.self, 0.1, 1, constants);
      double sums[4] = {9, 9, 9, 9};
      f.chunk(f.self, SweepChunk{nullptr, nullptr, {}, 0, constants, 0.1, 0, 1, 0, sums});
      for (double sum : sums) EXPECT_EQ(sum, 0);
    }
  });
}

TEST(EveryOptimizer, reads_what_it_writes) { expect_round_trips(builtin_optimizers(), true); }

}  // namespace
}  // namespace tend

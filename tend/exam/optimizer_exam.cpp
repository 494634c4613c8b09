#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/base/random.h"
#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"
#include "tend/gradient/mistake.h"

namespace tend {

namespace {

/// How the sweep around an optimizer is set.
struct Setting {
  double clip_value = 0, scale = 1, decay = 0, rate = 0.01;
};
const Setting settings[] = {
    {}, {.clip_value = 0.5}, {.scale = 0.25}, {.decay = 0.1}, {.clip_value = 2, .scale = 0.5, .decay = 0.01, .rate = -0.1}};

constexpr std::size_t in_one_piece = 1 << 20;

template <class T>
struct Parameters {
  std::vector<T> weights, gradient;
  std::vector<std::vector<T>> slots;
  double sums[4] = {};

  Parameters(const OptimizerEntry& optimizer, const std::vector<float>& w, const std::vector<float>& g)
      : weights(w.begin(), w.end()), gradient(g.begin(), g.end()) {
    for (const SlotSpec& slot : optimizer.slots()) slots.emplace_back(w.size(), static_cast<T>(slot.initial));
  }
  /// Step number `step` in pieces of `piece` elements; sums are those of the last piece.
  void sweep(const SweepFunctions& f, const Setting& s, std::int64_t step, std::size_t piece = in_one_piece) {
    double constants[16];
    f.constants(f.self, s.rate, step, constants);
    for (std::size_t first = 0; first == 0 || first < weights.size(); first += piece) {
      SweepChunk chunk{weights.data() + first,
                       gradient.data() + first,
                       {},
                       static_cast<std::int64_t>(std::min(piece, weights.size() - first)),
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
  void sweeps(const OptimizerEntry& optimizer, Isa isa, const Setting& s, int steps, std::size_t piece = in_one_piece) {
    const SweepFunctions f = optimizer.functions(element_type<T>(), isa);
    for (int step = 1; step <= steps; ++step) sweep(f, s, step, piece);
  }
};

struct Start {
  std::vector<float> weights, gradient;
};
Start start(std::size_t n) {
  Random random(5, purpose("exam of optimizers"));
  Start s;
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = random.normal();
    s.weights.push_back(
        static_cast<float>(weight));  // of its gradient's sign: where decay and gradient cancel, rounding is all that is left
    s.gradient.push_back(
        i % 7 == 0 ? 0.0f : static_cast<float>(std::copysign(random.normal(), weight) * std::pow(10, random.uniform(-4, 1))));
  }
  return s;
}

class OptimizerExam {
 public:
  OptimizerExam(Examiner& exam, const OptimizerEntry& optimizer) : exam_(exam), optimizer_(optimizer) {}

  void sit() {
    three_steps();
    decay();
    goes_down();
    for (Isa isa : every_isa()) {
      agreement(isa);
      sums(isa);
      cuts(isa);
      hard_values(isa);
    }
  }

 private:
  /// The numbers that the entry gives from its paper or from an independent implementation.
  void three_steps() {
    exam_.begin_test("three steps");
    const SweepFunctions f = optimizer_.functions(ElementType::float64, Isa::reference);
    Parameters<double> p(optimizer_, {1, -2, 0.5}, {0, 0, 0});
    for (std::int64_t step = 1; step <= 3; ++step) {
      p.gradient.assign(three_step_gradients[step - 1], three_step_gradients[step - 1] + 3);
      p.sweep(f, {.rate = optimizer_.learning_rate()}, step);
    }
    const auto wanted = optimizer_.three_steps();
    std::vector<double> moved(3), should(3);
    bool right = true;
    for (std::size_t i = 0; i < 3; ++i) {
      moved[i] = p.weights[i] - three_step_weights[i], should[i] = wanted[i] - three_step_weights[i];
      right &= std::abs(p.weights[i] - wanted[i]) <= 1e-13;
    }
    if (!exam_.expect(right, ("the way of the weights: " + kind_of_mistake(moved, should, {3}, 1e-9)).c_str()))
      for (std::size_t i = 0; i < 3; ++i)
        exam_.near(p.weights[i], wanted[i], 1e-13, "the weight after three steps", static_cast<std::int64_t>(i));
  }

  /// Coupled decay acts through the gradient, decoupled decay beside it; neither moves a weight of 0 without a gradient.
  void decay() {
    exam_.begin_test("weight decay");
    const SweepFunctions f = optimizer_.functions(ElementType::float64, Isa::reference);
    Parameters<double> with(optimizer_, {1, -2, 0}, {0.5, -1, 0}), other(optimizer_, {1, -2, 0}, {0.5, -1, 0});
    const double rate = optimizer_.learning_rate(), share = 0.1;
    with.sweep(f, {.decay = share, .rate = rate}, 1);
    if (optimizer_.decoupled_decay()) {
      for (double& w : other.weights) w *= 1 - rate * share;
    } else {
      for (std::size_t i = 0; i < 3; ++i) other.gradient[i] += share * other.weights[i];
    }
    other.sweep(f, {.rate = rate}, 1);
    for (std::size_t i = 0; i < 3; ++i)
      exam_.near(with.weights[i], other.weights[i], 1e-15, "the weight after a step with decay", static_cast<std::int64_t>(i));
  }

  void goes_down() {
    exam_.begin_test("descent");
    const SweepFunctions f = optimizer_.functions(ElementType::float64, Isa::reference);
    Parameters<double> p(optimizer_, {3, -3}, {0, 0});
    for (int step = 1; step <= 300; ++step) {
      for (std::size_t i = 0; i < 2; ++i) p.gradient[i] = 2 * p.weights[i];
      p.sweep(f, {.rate = optimizer_.learning_rate()}, step);
    }
    exam_.expect(std::abs(p.weights[0]) < 2.98, "300 steps on w^2 lead nowhere");
    exam_.near(p.weights[0], -p.weights[1], 1e-12, "a weight and its mirror image");
  }

  void agreement(Isa isa) {
    exam_.begin_test("agreement of instruction sets", name_of(isa));
    const Start s = start(3000);
    const double epsilon = std::numeric_limits<float>::epsilon();
    for (const Setting& setting : settings) {
      Parameters<double> exact(optimizer_, s.weights, s.gradient);
      exact.sweeps(optimizer_, Isa::reference, setting, 3);
      Parameters<float> fast(optimizer_, s.weights, s.gradient);
      fast.sweeps(optimizer_, isa, setting, 3);
      for (std::size_t i = 0; i < s.weights.size(); ++i)
        exam_.near(fast.weights[i], exact.weights[i], 16 * epsilon * (1 + std::abs(exact.weights[i])), "the weight",
                   static_cast<std::int64_t>(i));
      for (std::size_t k = 0; k < exact.slots.size(); ++k) {
        double largest = 0;  // where gradient and decay cancel, what is left is right to the size of the others
        for (double x : exact.slots[k]) largest = std::max(largest, std::abs(x));
        for (std::size_t i = 0; i < s.weights.size(); ++i)
          exam_.near(fast.slots[k][i], exact.slots[k][i], 16 * epsilon * largest, "the slot's element",
                     static_cast<std::int64_t>(i));
      }
    }
  }

  void sums(Isa isa) {
    exam_.begin_test("sums", name_of(isa));
    const Start s = start(3001);
    Parameters<float> p(optimizer_, s.weights, s.gradient);
    p.sweeps(optimizer_, isa, {.clip_value = 0.5, .decay = 0.1, .rate = 0.125}, 1);
    double expected[3] = {};
    for (std::size_t i = 0; i < s.weights.size(); ++i) {
      const double change = p.weights[i] - s.weights[i];
      expected[0] += static_cast<double>(s.gradient[i]) * s.gradient[i];
      expected[1] += change * change;
      expected[2] += static_cast<double>(p.weights[i]) * p.weights[i];
    }
    static constexpr const char* what[] = {"the sum of squared gradients", "the sum of squared changes",
                                           "the sum of squared weights"};
    for (int k = 0; k < 3; ++k) exam_.near(p.sums[k], expected[k], 1e-5 * expected[k], what[k]);
    exam_.near(p.sums[3], 0, 0, "the count of gradients that are not finite");
    for (float size : {1e-25f, 1e25f}) {  // whose squares no float holds
      Parameters<float> extreme(optimizer_, std::vector<float>(100, 0.0f), std::vector<float>(100, size));
      extreme.sweeps(optimizer_, isa, {}, 1);
      exam_.near(extreme.sums[0] / (static_cast<double>(size) * size), 100, 1e-3,
                 "the sum of squares of gradients of 1e25 or 1e-25, over theirs");
    }
    Parameters<float> none(optimizer_, {}, {});
    none.sums[0] = 9;
    none.sweeps(optimizer_, isa, {}, 1);
    exam_.near(none.sums[0], 0, 0, "the sum over no elements at all");
  }

  void cuts(Isa isa) {
    exam_.begin_test("cuts", name_of(isa));
    const Start s = start(1500);
    Parameters<float> whole(optimizer_, s.weights, s.gradient);
    whole.sweeps(optimizer_, isa, settings[4], 2);
    for (std::size_t piece : {1u, 7u, 64u, 513u}) {
      Parameters<float> cut(optimizer_, s.weights, s.gradient);
      cut.sweeps(optimizer_, isa, settings[4], 2, piece);
      exam_.expect(cut.weights == whole.weights && cut.slots == whole.slots, "other bits when the elements are cut into pieces");
    }
  }

  void hard_values(Isa isa) {
    exam_.begin_test("hard values", name_of(isa));
    Start s = start(1000);
    s.gradient[3] = NAN, s.gradient[700] = INFINITY, s.gradient[999] = -INFINITY;
    Parameters<float> p(optimizer_, s.weights, s.gradient);
    p.sweeps(optimizer_, isa, {}, 1);
    exam_.near(p.sums[3], 3, 0, "the count of gradients that are not finite");
    exam_.expect(!std::isfinite(p.sums[0]), "the sum of squared gradients hides those that are not finite");
    exam_.expect(std::isnan(p.weights[3]), "a gradient that is NaN does not travel to its weight");
    for (std::size_t i = 0; i < 1000; ++i)
      exam_.expect(std::isfinite(p.weights[i]) || i == 3 || i == 700 || i == 999, "a weight is not finite where its gradient is");
  }

  Examiner& exam_;
  const OptimizerEntry& optimizer_;
};

}  // namespace

ShelfResult examine_optimizers(const Registry<OptimizerEntry>& optimizers) {
  Examiner exam("optimizers");
  for (const auto& entry : optimizers.entries()) {
    exam.begin_entry(entry.name);
    exam.begin_case("");
    examine_text(exam, optimizers, entry, true);
    exam.guarded([&] { OptimizerExam(exam, *optimizers.make_named(Value(entry.name), "here")).sit(); });
  }
  return exam.result();
}

}  // namespace tend

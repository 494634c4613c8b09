#include <algorithm>
#include <cmath>
#include <limits>

#include "tend/base/random.h"
#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"
#include "tend/exam/workbench.h"
#include "tend/gradcheck/mistake.h"

namespace tend {

namespace {

/// The settings of the sweep around an optimizer.
struct Setting {
  double clip_value = 0, decay = 0, rate = 0.01;
};
const Setting settings[] = {{}, {.clip_value = 0.5}, {.decay = 0.1}, {.clip_value = 2, .decay = 0.01, .rate = -0.1}};

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
  /// Runs step number `step` in pieces of `piece` elements; sums are those of the last piece.
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
                       1,
                       s.decay,
                       sums};
      for (std::size_t k = 0; k < slots.size(); ++k) chunk.slots[k] = slots[k].data() + first;
      f.chunk(chunk);
    }
  }
  void sweeps(const OptimizerEntry& optimizer, Isa isa, const Setting& s, int steps, std::size_t piece = in_one_piece) {
    const SweepFunctions f = optimizer.functions(element_type<T>(), isa);
    for (int step = 1; step <= steps; ++step) sweep(f, s, step, piece);
  }
};

/// Runs whole steps of a back end on one tensor, as in training.
class Steps {
 public:
  Steps(const OptimizerEntry& optimizer, const Backend& backend, const std::vector<float>& weights, std::int64_t columns = 0)
      : optimizer_(optimizer),
        is_double_(backend.element_type() == ElementType::float64),
        count_(static_cast<std::int64_t>(weights.size())) {
    put(Workbench::state_slot(0), {weights.begin(), weights.end()});
    for (const SlotSpec& slot : optimizer.slots()) {
      slots_.push_back(Workbench::state_slot(static_cast<std::int64_t>(slots_.size() + 1) * count_ * bytes()));
      put(slots_.back(), std::vector<double>(weights.size(), slot.initial));
    }
    backend.sweep(bench_, optimizer.functions(backend.element_type(), backend.isa()), {{.count = count_, .columns = columns}},
                  slots_);
  }
  void step(std::int64_t number, const Setting& s, const std::vector<double>& gradient) {
    put(Workbench::gradient_slot(0), gradient);
    StepInputs& in = bench_.inputs();
    optimizer_.fill(in, s.rate, number);
    in.clip_value = s.clip_value;
    in.weight_decay = s.decay;
    in.step = number;
    bench_.run();
  }
  std::vector<double> weights() { return get(Workbench::state_slot(0)); }
  std::vector<double> slot(std::size_t k) { return get(slots_[k]); }
  bool guards_are_whole() const { return bench_.guards_are_whole(); }

 private:
  std::int64_t bytes() const { return is_double_ ? 8 : 4; }
  void put(Slot slot, const std::vector<double>& values) {
    if (is_double_) bench_.write(slot, values);
    else bench_.write(slot, std::vector<float>(values.begin(), values.end()));
  }
  std::vector<double> get(Slot slot) {
    if (is_double_) return bench_.values<double>(slot, count_);
    const std::vector<float> narrow = bench_.values<float>(slot, count_);
    return {narrow.begin(), narrow.end()};
  }

  const OptimizerEntry& optimizer_;
  bool is_double_;
  std::int64_t count_;
  Workbench bench_;
  std::vector<Slot> slots_;
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
        static_cast<float>(weight));  // has its gradient's sign: if decay and gradient cancel, only rounding is left
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
    grows();
    for (Isa isa : every_isa()) agreement(isa);
    if (facts_.takes_two_passes()) return;  // one chunk is not a step
    for (Isa isa : every_isa()) {
      sums(isa);
      cuts(isa);
      hard_values(isa);
    }
  }

 private:
  /// Checks the numbers that the entry declares from its paper or from an independent implementation.
  void three_steps() {
    exam_.begin_test("three steps");
    Steps p(optimizer_, exact_, {1, -2, 0.5f});
    for (std::int64_t step = 1; step <= 3; ++step)
      p.step(step, {.rate = optimizer_.learning_rate()}, {three_step_gradients[step - 1], three_step_gradients[step - 1] + 3});
    const auto wanted = optimizer_.three_steps();
    const std::vector<double> weights = p.weights();
    std::vector<double> moved(3), should(3);
    bool right = true;
    for (std::size_t i = 0; i < 3; ++i) {
      moved[i] = weights[i] - three_step_weights[i], should[i] = wanted[i] - three_step_weights[i];
      right &= std::abs(weights[i] - wanted[i]) <= 1e-13;
    }
    if (!exam_.expect(right, ("the way of the weights: " + kind_of_mistake(moved, should, {3}, 1e-9)).c_str()))
      for (std::size_t i = 0; i < 3; ++i)
        exam_.near(weights[i], wanted[i], 1e-13, "the weight after three steps", static_cast<std::int64_t>(i));
  }

  /// Coupled decay acts through the gradient, decoupled decay separately; neither moves a weight of 0 without a gradient.
  void decay() {
    exam_.begin_test("weight decay");
    const double rate = optimizer_.learning_rate(), share = 0.1;
    if (facts_.takes_two_passes() && !facts_.emit_between) return;  // the decay is part of the scaled direction
    const bool decoupled = optimizer_.decoupled_decay();
    const auto kept = static_cast<float>(decoupled ? 1 - rate * share : 1);
    Steps with(optimizer_, exact_, {1, -2, 0}), other(optimizer_, exact_, {kept, -2 * kept, 0});
    with.step(1, {.decay = share, .rate = rate}, {0.5, -1, 0});
    other.step(1, {.rate = rate},
               decoupled ? std::vector<double>{0.5, -1, 0} : std::vector<double>{0.5 + share, -1 - 2 * share, 0});
    const std::vector<double> a = with.weights(), b = other.weights();
    for (std::size_t i = 0; i < 3; ++i)
      exam_.near(a[i], b[i], decoupled ? 3e-7 : 1e-14, "the weight after a step with decay", static_cast<std::int64_t>(i));
  }

  void goes_down() {
    exam_.begin_test("descent");
    Steps p(optimizer_, exact_, {3, -3});
    for (std::int64_t step = 1; step <= 300; ++step) {
      const std::vector<double> w = p.weights();
      p.step(step, {.rate = optimizer_.learning_rate()}, {2 * w[0], 2 * w[1]});
    }
    const std::vector<double> w = p.weights();
    exam_.expect(std::abs(w[0]) < 2.98, "300 steps on w^2 lead nowhere");
    exam_.near(w[0], -w[1], 1e-12, "a weight and its mirror image");
    exam_.expect(p.guards_are_whole(), "something was written outside the state");
  }

  /// If the entry declares that steps grow with the gradient, doubled gradients must double the changes.
  void grows() {
    exam_.begin_test("declared traits");
    if (!optimizer_.grows_with_gradient()) return;
    Steps once(optimizer_, exact_, {1, -2, 0.5f}), twice(optimizer_, exact_, {1, -2, 0.5f});
    for (std::int64_t step = 1; step <= 3; ++step) {
      const double* g = three_step_gradients[step - 1];
      once.step(step, {}, {g[0], g[1], g[2]});
      twice.step(step, {}, {2 * g[0], 2 * g[1], 2 * g[2]});
    }
    const std::vector<double> a = once.weights(), b = twice.weights();
    for (std::size_t i = 0; i < 3; ++i)
      exam_.near(b[i] - three_step_weights[i], 2 * (a[i] - three_step_weights[i]), 1e-12, "the way under twice the gradients",
                 static_cast<std::int64_t>(i));
  }

  /// Compares each instruction set with plain loops in double, on a vector and on matrices.
  void agreement(Isa isa) {
    exam_.begin_test("agreement of instruction sets", name_of(isa));
    const Start s = start(2000);
    const Backend& fast_backend_of = isa == Isa::reference ? reference_backend(ElementType::float32) : fast_backend(isa);
    const double epsilon = std::numeric_limits<float>::epsilon();
    const bool is_directed = facts_.takes_two_passes();
    // Results of a whole tensor come from sums and products of some thousand terms.
    const double tolerance = (is_directed ? 64 : 16) * epsilon;
    const std::int64_t steps = optimizer_.compared_steps();
    for (std::int64_t columns : {0, 40, 50})
      for (const Setting& setting : settings) {
        Steps exact(optimizer_, exact_, s.weights, columns), fast(optimizer_, fast_backend_of, s.weights, columns);
        for (std::int64_t step = 1; step <= steps; ++step) {  // on a bowl, so that gradients depend on curvature
          std::vector<double> gradient = exact.weights();
          for (std::size_t i = 0; i < gradient.size(); ++i)
            gradient[i] = static_cast<float>(static_cast<double>(s.gradient[i]) + 0.3 * gradient[i]);
          exact.step(step, setting, gradient);
          fast.step(step, setting, gradient);
        }
        compare(fast.weights(), exact.weights(), tolerance, 1, "the weight");
        if (is_directed) continue;
        for (std::size_t k = 0; k < optimizer_.slots().size(); ++k) {
          const std::vector<double> wanted = exact.slot(k);
          double largest = 0;  // where gradient and decay cancel, the error is relative to the others
          for (double x : wanted) largest = std::max(largest, std::abs(x));
          compare(fast.slot(k), wanted, 16 * epsilon * largest, 0, "the slot's element");
        }
      }
  }
  void compare(const std::vector<double>& got, const std::vector<double>& wanted, double tolerance, double relative,
               const char* what) {
    for (std::size_t i = 0; i < got.size(); ++i)
      if (!exam_.near(got[i], wanted[i], tolerance * (relative == 0 ? 1 : 1 + std::abs(wanted[i])), what,
                      static_cast<std::int64_t>(i)))
        return;
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
    for (float size : {1e-25f, 1e25f}) {  // float cannot hold their squares
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
    whole.sweeps(optimizer_, isa, settings[3], 2);
    for (std::size_t piece : {1u, 7u, 64u, 513u}) {
      Parameters<float> cut(optimizer_, s.weights, s.gradient);
      cut.sweeps(optimizer_, isa, settings[3], 2, piece);
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
  const SweepFunctions facts_ = optimizer_.functions(ElementType::float64, Isa::reference);
  const Backend& exact_ = reference_backend(ElementType::float64);
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

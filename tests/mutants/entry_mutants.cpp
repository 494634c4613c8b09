#include <cmath>

#include "mutants.h"
#include "tend/loss/losses.h"
#include "tend/network/activations.h"
#include "tend/network/initializers.h"
#include "tend/update/optimizers.h"
#include "tend/update/schedules.h"

namespace tend {
namespace {

#define VALUE        \
  template <class T> \
  T value(T z) const
#define SLOPE        \
  template <class T> \
  T slope([[maybe_unused]] T z, [[maybe_unused]] T y) const

// Activations.
struct TanhSlope : Tanh {
  SLOPE { return T(1) - y; }
};
struct TanhSign : Tanh {
  SLOPE { return (y - T(1)) * (y + T(1)); }
};
struct SigmoidSlope : Sigmoid {
  SLOPE { return y; }
};
struct ReluDropsNan : Relu {
  VALUE {
    using namespace tend::math;
    return select(z > T(0), z, T(0));
  }
};
struct ReluHalf : Relu {
  SLOPE {
    using namespace tend::math;
    return T(0.5) * Relu::slope(z, y);
  }
};
struct ReluBounded : Relu {
  static constexpr double highest = 1;
};
struct ExponentialFlat : Exponential {
  static constexpr double steepest_slope = 1;
};
struct SwishIdentity : Swish {
  static constexpr bool is_identity = true;
};
struct LeakyReluNoLeak : LeakyRelu {
  SLOPE {
    using namespace tend::math;
    return select(z > T(0), T(1), T(0));
  }
};
struct EluAlphaMissing : Elu {
  SLOPE {
    using namespace tend::math;
    return select(y < T(0), y, T(1));
  }
};
struct GeluTermMissing : Gelu {
  SLOPE {
    using namespace tend::math;
    return T(0.5) * (T(1) + erf(z * T(0.70710678118654752)));
  }
};
struct SoftplusOverflows : Softplus {
  VALUE {
    using namespace tend::math;
    return log(T(1) + exp(z));
  }
};
struct SwishSigmoidAlone : Swish {
  SLOPE {
    using namespace tend::math;
    return T(1) / (T(1) + exp(-z));
  }
};
struct HardSigmoidUnkinked : HardSigmoid {
  SLOPE { return T(1.0 / 6) + T(0) * y; }
};

#define ROW          \
  template <class T> \
  T row(const T* o, const T* t, std::int64_t k, T* slope) const
#define TARGET_ROW   \
  template <class T> \
  T target_row(const T* o, const T* t, std::int64_t k, T* slope) const
template <class T>
void scale(T* slope, std::int64_t k, double by) {
  for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = slope[j] * T(by);
}

// Losses.
struct SquareHalfSlope : MeanSquaredError {
  ROW {
    const T v = MeanSquaredError::row(o, t, k, slope);
    scale(slope, k, 0.5);
    return v;
  }
};
struct SquareSummed : MeanSquaredError {
  ROW {
    const T v = MeanSquaredError::row(o, t, k, slope);
    scale(slope, k, static_cast<double>(k));
    return v;
  }
};
struct AbsoluteSign : MeanAbsoluteError {
  ROW {
    const T v = MeanAbsoluteError::row(o, t, k, slope);
    scale(slope, k, -1);
    return v;
  }
};
struct HuberUnbounded : Huber {
  ROW {
    const T v = Huber::row(o, t, k, slope);
    for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = (o[j] - t[j]) / T(static_cast<double>(k));
    return v;
  }
};
struct EntropyWithoutTarget : SoftmaxCrossEntropy {
  ROW {
    using namespace tend::math;
    const T v = SoftmaxCrossEntropy::row(o, t, k, slope);
    T place(0);
    for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = slope[j] + select(place == t[0], T(1), T(0)), place = place + T(1);
    return v;
  }
};
struct EntropyOverflows : SigmoidCrossEntropy {
  ROW {
    using namespace tend::math;
    SigmoidCrossEntropy::row(o, t, k, slope);
    T v(0);
    for (std::int64_t j = 0; j < k; ++j) v += log(T(1) + exp(o[j])) - o[j] * t[j];
    return v / T(static_cast<double>(k));
  }
};
struct HingeSign : MulticlassHinge {
  ROW {
    const T v = MulticlassHinge::row(o, t, k, slope);
    scale(slope, k, -1);
    return v;
  }
  TARGET_ROW { return MulticlassHinge::target_row(o, t, k, slope); }
};
struct BinaryWrongTarget : BinaryCrossEntropy {
  ROW {
    const T v = BinaryCrossEntropy::row(o, t, k, slope);
    for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = slope[j] + t[j];
    return v;
  }
};

#define ELEMENT      \
  template <class T> \
  static void element(T& w, T g, T* s, [[maybe_unused]] const T* c)

// Optimizers.
struct AdamUncorrected : Adam {
  std::array<double, 7> constants(double rate, std::int64_t) const {
    return {rate, beta1, 1 - beta1, beta2, 1 - beta2, 1, epsilon};
  }
};
struct AdamBetasSwapped : Adam {
  std::array<double, 7> constants(double rate, std::int64_t step) const {
    Adam a = *this;
    std::swap(a.beta1, a.beta2);
    return a.constants(rate, step);
  }
};
struct AdamCountsFromZero : Adam {
  std::array<double, 7> constants(double rate, std::int64_t step) const { return Adam::constants(rate, step + 1); }
};
struct AdamGrows : Adam {
  static constexpr bool grows_with_gradient = true;
};
struct AdamwCoupled : Adamw {
  ELEMENT { Adamw::element(w, g + T(0.01) * w, s, c); }
};
struct AdagradForgets : Adagrad {
  ELEMENT {
    using namespace tend::math;
    s[0] = T(0.1) + g * g;
    w = w - c[0] * g / (sqrt(s[0]) + c[1]);
  }
};
struct RmspropRootMissing : Rmsprop {
  ELEMENT {
    s[0] = c[1] * s[0] + c[2] * g * g;
    s[1] = c[3] * s[1] + g / (s[0] + c[4]);
    w = w - c[0] * s[1];
  }
};
struct NesterovLooksBack : Nesterov {
  ELEMENT {
    s[0] = c[1] * s[0] + g;
    w = w - c[0] * s[0];
  }
};
struct MomentumDampened : Momentum {
  ELEMENT {
    s[0] = c[1] * s[0] + T(0.1) * g;
    w = w - c[0] * s[0];
  }
};
struct SgdUphill : Sgd {
  ELEMENT {
    const T before = w;
    Sgd::element(w, g, s, c);
    w = before + (before - w);
  }
};
struct LionUnsigned : Lion {
  ELEMENT {
    const T d = c[1] * s[0] + c[2] * g;
    w = w - c[0] * d;
    s[0] = c[3] * s[0] + c[4] * g;
  }
};
struct MomentumSlotStuck : Momentum {
  ELEMENT {
    T kept = s[0];
    Momentum::element(w, g, &kept, c);
  }
};

#define FILL void fill(double* w, const FillTarget& target, Random& random) const
FillTarget turned(FillTarget t) {
  std::swap(t.fan_in, t.fan_out);
  return t;
}

// Initializers.
struct HeFanOut : HeNormal {
  FILL { HeNormal::fill(w, turned(target), random); }
};
struct XavierNoRoot : Xavier {
  FILL {
    Xavier x = *this;
    x.gain /= std::sqrt(static_cast<double>(target.fan_in));
    x.fill(w, target, random);
  }
};
struct GlorotLimitIsDeviation : GlorotUniform {
  FILL {
    GlorotUniform g = *this;
    g.gain /= std::sqrt(3.0);
    g.fill(w, target, random);
  }
};
struct HeLastUnwritten : HeNormal {
  FILL {
    FillTarget t = target;
    const double last = w[target.shape.count() - 1];
    HeNormal::fill(w, t, random);
    w[target.shape.count() - 1] = last;
  }
};
struct HeIgnoresSeed : HeNormal {
  FILL {
    static_cast<void>(random);
    Random own(1, 2);
    HeNormal::fill(w, target, own);
  }
};
struct LecunUniformNormal : LecunUniform {
  FILL {
    for (std::int64_t i = 0; i < target.shape.count(); ++i)
      w[i] = random.normal() / std::sqrt(static_cast<double>(target.fan_in));
  }
};
struct NormalWritesBehind : Normal {
  FILL {
    Normal::fill(w, target, random);
    w[target.shape.count()] = 0;
  }
};

// Schedules.
struct CosineBelowZero : CosineSchedule {
  double factor(const Progress& p) const { return std::cos(3.14159265358979 * p.done); }
};
struct ExponentialRises : ExponentialSchedule {
  double factor(const Progress& p) const { return std::pow(multiplier, -p.epoch); }
};
struct StepStartsLow : StepSchedule {
  double factor(const Progress& p) const { return std::pow(multiplier, 1 + std::floor(p.epoch / every_epochs)); }
};
struct InverseTimeDivides : InverseTimeSchedule {
  double factor(const Progress& p) const {
    return p.done == 0 ? 1 : InverseTimeSchedule::factor({.step = p.step, .epoch = p.epoch, .done = p.done}) / p.done;
  }
};

template <template <class> class Model, class I, class E>
Registry<I> registry_of(const std::string& name) {
  Registry<I> one;
  one.template add<Model, E>(name);
  return one;
}
template <class A>
using ActivationOf = ActivationModel<A>;
template <class L>
using LossOf = LossModel<L>;
template <class O>
using OptimizerOf = OptimizerModel<O>;

template <class E>
Mutant activation(const char* name, const char* entry, const char* test, const char* says = "") {
  return {name, entry, test, [entry] { return examine_activations(registry_of<ActivationOf, ActivationEntry, E>(entry)); }, says};
}
template <class E>
Mutant loss(const char* name, const char* entry, const char* test, const char* says = "") {
  return {name, entry, test, [entry] { return examine_losses(registry_of<LossOf, LossEntry, E>(entry)); }, says};
}
template <class E>
Mutant optimizer(const char* name, const char* entry, const char* test, const char* says = "") {
  return {name, entry, test, [entry] { return examine_optimizers(registry_of<OptimizerOf, OptimizerEntry, E>(entry)); }, says};
}
template <class E>
Mutant initializer(const char* name, const char* entry, const char* test, const char* says = "") {
  return {name, entry, test, [entry] { return examine_initializers(registry_of<InitializerModel, InitializerEntry, E>(entry)); },
          says};
}
template <class E>
Mutant schedule(const char* name, const char* entry, const char* test, const char* says = "") {
  return {name, entry, test, [entry] { return examine_schedules(registry_of<ScheduleModel, ScheduleEntry, E>(entry)); }, says};
}

}  // namespace

std::vector<Mutant> entry_mutants() {
  return {
      activation<TanhSlope>("tanh: slope 1 - y", "tanh", "gradient"),
      activation<TanhSign>("tanh: the sign of the slope", "tanh", "gradient", "the sign is wrong"),
      activation<SigmoidSlope>("sigmoid: slope y", "sigmoid", "gradient"),
      activation<ReluDropsNan>("relu: NaN becomes 0", "relu", "hard values", "NaN does not travel"),
      activation<ReluHalf>("relu: half the slope", "relu", "gradient", "a factor of 0.5"),
      activation<ReluBounded>("relu: declares a limit that it passes", "relu", "declared traits",
                              "beyond the lowest or the highest"),
      activation<ExponentialFlat>("exponential: declares a slope that it passes", "exponential", "declared traits", "steeper"),
      activation<SwishIdentity>("swish: declares to be the identity", "swish", "declared traits", "changes its input"),
      activation<LeakyReluNoLeak>("leaky_relu: no slope below zero", "leaky_relu", "gradient"),
      activation<EluAlphaMissing>("elu: alpha missing in the slope", "elu", "gradient"),
      activation<GeluTermMissing>("gelu: a term missing in the slope", "gelu", "gradient"),
      activation<SoftplusOverflows>("softplus: log(1 + exp(z)) overflows", "softplus", "agreement of instruction sets"),
      activation<SwishSigmoidAlone>("swish: the slope of the sigmoid alone", "swish", "gradient"),
      activation<HardSigmoidUnkinked>("hard_sigmoid: a slope beyond its bounds", "hard_sigmoid", "gradient"),
      loss<SquareHalfSlope>("mean_squared_error: the factor 2 missing", "mean_squared_error", "gradient", "a factor of 0.5"),
      loss<SquareSummed>("mean_squared_error: the slope not divided by the outputs", "mean_squared_error", "gradient"),
      loss<AbsoluteSign>("mean_absolute_error: the sign of the slope", "mean_absolute_error", "gradient", "the sign is wrong"),
      loss<HuberUnbounded>("huber: the slope not bounded", "huber", "gradient"),
      loss<EntropyWithoutTarget>("softmax_cross_entropy: the slope without the target", "softmax_cross_entropy", "gradient"),
      loss<EntropyOverflows>("sigmoid_cross_entropy: log(1 + exp(o)) overflows", "sigmoid_cross_entropy", "hard values"),
      loss<HingeSign>("multiclass_hinge: the sign of the slope", "multiclass_hinge", "gradient", "the sign is wrong"),
      loss<BinaryWrongTarget>("binary_cross_entropy: a term too much", "binary_cross_entropy", "gradient"),
      optimizer<AdamUncorrected>("adam: no bias correction", "adam", "three steps"),
      optimizer<AdamBetasSwapped>("adam: beta1 and beta2 swapped", "adam", "three steps"),
      optimizer<AdamCountsFromZero>("adam: steps counted from another number", "adam", "three steps"),
      optimizer<AdamGrows>("adam: declares steps that grow with the gradient", "adam", "declared traits", "twice the gradients"),
      optimizer<AdamwCoupled>("adamw: decay in the gradient", "adamw", "three steps"),
      optimizer<AdagradForgets>("adagrad: the accumulator forgets", "adagrad", "three steps"),
      optimizer<RmspropRootMissing>("rmsprop: the root missing", "rmsprop", "three steps"),
      optimizer<NesterovLooksBack>("nesterov: no look ahead", "nesterov", "three steps"),
      optimizer<MomentumDampened>("momentum: the gradient dampened", "momentum", "three steps", "a factor of 0.1"),
      optimizer<MomentumSlotStuck>("momentum: the velocity never kept", "momentum", "three steps"),
      optimizer<SgdUphill>("sgd: uphill", "sgd", "descent"),
      optimizer<LionUnsigned>("lion: the sign function forgotten", "lion", "three steps"),
      initializer<HeFanOut>("he_normal: by fan_out", "he_normal", "variance"),
      initializer<XavierNoRoot>("xavier: the root forgotten", "xavier", "variance"),
      initializer<GlorotLimitIsDeviation>("glorot_uniform: the deviation taken for the limit", "glorot_uniform", "variance"),
      initializer<HeLastUnwritten>("he_normal: the last element not written", "he_normal", "filling"),
      initializer<HeIgnoresSeed>("he_normal: the seed ignored", "he_normal", "seed"),
      initializer<LecunUniformNormal>("lecun_uniform: normal", "lecun_uniform", "variance"),
      initializer<NormalWritesBehind>("normal: an element written behind the tensor", "normal", "filling"),
      schedule<CosineBelowZero>("cosine: below zero", "cosine", "limits"),
      schedule<ExponentialRises>("exponential: rises", "exponential", "limits"),
      schedule<StepStartsLow>("step: the first step too early", "step", "limits"),
      schedule<InverseTimeDivides>("inverse_time: divided by what is done", "inverse_time", "limits"),
  };
}

}  // namespace tend

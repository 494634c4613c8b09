#include <cmath>
#include <cstring>

#include "tend/exam/exam.h"
#include "tend/exam/layer_trial.h"
#include "tend/gradcheck/mistake.h"

namespace tend {

namespace {

const double epsilon = std::numeric_limits<double>::epsilon();

/// The activation z / (1 + |z|) for tests of fusion; its backward reads z.
template <class T>
PointwiseFunctions softsign() {
  PointwiseFunctions f;
  f.needs_input = true;
  f.name = "softsign";
  f.forward = [](const void*, const void* z, void* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
      static_cast<T*>(y)[i] = static_cast<const T*>(z)[i] / (1 + std::abs(static_cast<const T*>(z)[i]));
  };
  f.backward = [](const void*, const void* z, const void*, const void* dy, void* dz, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      const T u = 1 + std::abs(static_cast<const T*>(z)[i]);
      static_cast<T*>(dz)[i] = static_cast<const T*>(dy)[i] / (u * u);
    }
  };
  return f;
}
PointwiseFunctions softsign(ElementType type) { return type == ElementType::float64 ? softsign<double>() : softsign<float>(); }

class LayerExam {
 public:
  LayerExam(Examiner& exam, const LayerSample& sample, const LayerRegistry& layers, const ExamBackends& backends)
      : exam_(exam), sample_(sample), traits_(sample.layer->traits()), layers_(layers), backends_(backends) {}

  void sit() {
    exam_.begin_test("text");
    exam_.guarded([&] { survives_text(); });
    exam_.begin_test("wrong shape");
    exam_.guarded([&] { refuses_wrong_shapes(); });
    if (traits_.is_view) return;
    if (traits_.passes_gradient) return exam_.guarded([&] { passes_gradient(); });
    exam_.guarded([&] { gradients(); });
    exam_.guarded([&] { accumulation(); });
    for (const Backend* backend : backends_.others) exam_.guarded([&] { agrees(*backend); });
    exam_.guarded([&] { rows_apart(); });
    exam_.guarded([&] { epilogues(*backends_.exact); });
    for (const Backend* backend : backends_.others) exam_.guarded([&] { epilogues(*backend); });
  }

 private:
  TrialSetting setting() const {
    TrialSetting s;
    if (sample_.codes == 0) return s;
    Random random(9, purpose("exam codes"));
    for (std::size_t k = 0; k < sample_.inputs.size(); ++k) {
      std::vector<double> codes(static_cast<std::size_t>(s.rows * sample_.inputs[k].count()));
      for (double& c : codes) c = static_cast<double>(random.below(static_cast<std::uint64_t>(sample_.codes)));
      s.given["input " + std::to_string(k)] = codes;
    }
    return s;
  }
  LayerTrial trial(const Backend& backend, const TrialSetting& s) const { return {*sample_.layer, sample_.inputs, backend, s}; }

  void survives_text() {
    const Value text = sample_.layer->to_value();
    const Value again = layers_.make(parse_toml("layer = " + to_inline_toml(text), "text")["layer"], "layer")->to_value();
    if (!(text == again)) exam_.fault("is written as " + to_inline_toml(text) + " and read as " + to_inline_toml(again));
  }

  void refuses_wrong_shapes() {
    for (const Shape& wrong : {Shape{}, Shape{2, 3, 4, 5, 6}}) {
      try {
        sample_.layer->layout(std::vector<Shape>(sample_.inputs.size(), wrong));  // some layers take any shape
      } catch (const Error& e) {
        exam_.expect(!e.got.empty() && !e.wanted.empty(),
                     "an Error for a wrong shape says neither what came nor what was wanted");
      }
    }
  }

  /// Takes central differences of dot(output, seed) in double: step cbrt(eps) max(1, |x|), tolerance from eps^(2/3).
  void gradients() {
    exam_.begin_test("gradient");
    LayerTrial whole = trial(*backends_.exact, setting());
    whole.run();
    for (double y : whole.read("output"))
      if (!exam_.expect(!std::isnan(y), "the output has elements that are never written, or NaN")) break;
    exam_.expect(whole.guards_are_whole(), "something was written outside the outputs");
    TrialSetting ahead = setting();
    ahead.backward = false;
    LayerTrial forward = trial(*backends_.exact, ahead);
    const std::vector<double> seed = whole.read("output gradient");
    for (const std::string& name : whole.inputs()) {
      const bool is_input = name.starts_with("input ");
      if (is_input && sample_.codes != 0) continue;
      compare_slopes(forward, seed, name, whole.read(is_input ? "input gradient " + name.substr(6) : "gradient of " + name),
                     whole.shape_of(name));
    }
  }

  /// Checks with central differences that each input's gradient is the output's, as the layer declares.
  void passes_gradient() {
    exam_.begin_test("gradient");
    TrialSetting ahead = setting();
    ahead.backward = false;
    LayerTrial forward = trial(*backends_.exact, ahead);
    Random random(13, purpose("exam seed"));
    std::vector<double> seed(static_cast<std::size_t>(forward.rows() * forward.layout().output.count()));
    for (double& s : seed) s = random.normal();
    for (const std::string& name : forward.inputs()) compare_slopes(forward, seed, name, seed, forward.shape_of(name));
    for (const Backend* backend : backends_.others) {
      exam_.begin_test("agreement of back ends", backend->name());
      LayerTrial exact = trial(*backends_.exact, ahead), fast = trial(*backend, ahead);
      exact.run();
      fast.run();
      compare("output", fast.read("output"), exact.read("output"));
    }
  }

  void compare_slopes(LayerTrial& forward, const std::vector<double>& seed, const std::string& name,
                      const std::vector<double>& analytic, const Shape& shape) {
    std::vector<double> values = forward.read(name), numeric(values.size());
    const auto dot_at = [&](std::size_t i, double x) {
      const double kept = values[i];
      values[i] = x;
      forward.write(name, values);
      forward.run();
      values[i] = kept;
      const std::vector<double> y = forward.read("output");
      double sum = 0;
      for (std::size_t k = 0; k < y.size(); ++k) sum += y[k] * seed[k];
      return sum;
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(values[i]));
      numeric[i] = (dot_at(i, values[i] + step) - dot_at(i, values[i] - step)) / (2 * step);
    }
    forward.write(name, values);
    const double tolerance = 300 * std::pow(epsilon, 2.0 / 3);
    double size = 1;
    for (double n : numeric) size = std::max(size, std::abs(n));
    for (std::size_t i = 0; i < numeric.size(); ++i) {
      const double error = relative_error(analytic[i], numeric[i], size);
      if (error <= tolerance) {
        exam_.gradient_error(error);
        exam_.expect(true, "");
        continue;
      }
      exam_.wrong_gradient("the gradient of " + name + " " + shape.text(), kind_of_mistake(analytic, numeric, shape), i,
                           analytic[i], numeric[i]);
      return;
    }
  }

  void accumulation() {
    for (const Backend* backend : all_backends()) {
      exam_.begin_test("accumulation", backend->name());
      TrialSetting added = setting();
      added.accumulate = true;
      LayerTrial once = trial(*backend, setting()), more = trial(*backend, added);
      once.run();
      more.run();
      for (const ParameterSpec& p : once.layout().parameters) {
        const auto a = once.read("gradient of " + p.name), b = more.read("gradient of " + p.name);
        for (std::size_t i = 0; i < a.size(); ++i)
          if (!exam_.near(b[i], a[i] + LayerTrial::prefilled, 1e-5 * (10 + std::abs(a[i])),
                          ("the sum of what stood there and the gradient of " + p.name).c_str(), static_cast<std::int64_t>(i)))
            break;
      }
    }
  }

  /// Checks that a back end agrees with plain loops in double, in training and inference, with the same bits on 1 to 4 threads.
  void agrees(const Backend& backend) {
    for (bool training : {true, false}) {
      TrialSetting s = setting();
      s.training = s.backward = training;
      if (!training && traits_.only_in_training) continue;
      exam_.begin_test(training ? "agreement of back ends" : "inference", backend.name());
      LayerTrial exact = trial(*backends_.exact, s);
      exact.run();
      std::map<std::string, std::vector<double>> first;
      for (s.threads = 1; s.threads <= 4; ++s.threads) {
        LayerTrial fast = trial(backend, s);
        fast.run();
        exam_.expect(fast.guards_are_whole(), "something was written outside the outputs");
        for (const std::string& name : fast.results()) {
          if (sample_.codes != 0 && name.starts_with("input gradient")) continue;
          const std::vector<double> got = fast.read(name);
          if (s.threads == 1) compare(name, got, exact.read(name));
          else if (std::memcmp(got.data(), first[name].data(), got.size() * sizeof(double)) != 0)
            exam_.fault(name + " has other bits on " + std::to_string(s.threads) + " threads than on one");
          if (s.threads == 1) first[name] = got;
        }
      }
    }
  }

  void compare(const std::string& name, const std::vector<double>& got, const std::vector<double>& wanted) {
    double size = 1;
    for (double w : wanted) size = std::max(size, std::abs(w));
    for (std::size_t i = 0; i < got.size(); ++i)
      if (!exam_.near(got[i], wanted[i], 64 * static_cast<double>(std::numeric_limits<float>::epsilon()) * size, name.c_str(),
                      static_cast<std::int64_t>(i))) {
        const std::string kind = kind_of_mistake(got, wanted, {static_cast<std::int64_t>(got.size())}, 1e-4);
        if (!kind.empty()) exam_.fault(name + ": " + kind);
        return;
      }
  }

  /// Checks that no row depends on the others: always in inference, in training unless the layer declares mixes_rows.
  void rows_apart() {
    for (bool training : {true, false}) {
      if ((training && traits_.mixes_rows) || (!training && traits_.only_in_training)) continue;
      exam_.begin_test("rows apart", training ? "training" : "inference");
      TrialSetting s = setting();
      s.training = training;
      s.backward = false;
      LayerTrial all = trial(*backends_.exact, s);
      all.run();
      s.rows = 1;
      for (std::size_t k = 0; k < sample_.inputs.size(); ++k) {
        std::vector<double> x = all.read("input " + std::to_string(k));
        x.resize(static_cast<std::size_t>(sample_.inputs[k].count()));
        s.given["input " + std::to_string(k)] = x;
      }
      LayerTrial one = trial(*backends_.exact, s);
      one.run();
      const std::vector<double> many = all.read("output"), alone = one.read("output");
      for (std::size_t i = 0; i < alone.size(); ++i)
        if (!exam_.near(alone[i], many[i], 1e-12 * (1 + std::abs(many[i])), "the output of a row by itself",
                        static_cast<std::int64_t>(i)))
          return;
    }
  }

  /// Checks that activations fused into a layer's output and into its input's gradient equal separate passes.
  void epilogues(const Backend& backend) {
    const PointwiseFunctions f = softsign(backend.element_type());
    TrialSetting s = setting();
    LayerTrial plain = trial(backend, s);
    plain.run();
    if (traits_.takes_epilogue) {
      exam_.begin_test("activation fused", backend.name());
      const std::vector<double> wanted = applied(plain.read("output"), {});
      for (bool in_place : {true, false}) {
        TrialSetting fused = s;
        fused.backward = false;
        fused.after.functions = f;
        fused.in_place = in_place;
        LayerTrial with = trial(backend, fused);
        with.run();
        compare(in_place ? "output" : "activated", with.read(in_place ? "output" : "activated"), wanted);
        if (!in_place) compare("output", with.read("output"), plain.read("output"));
      }
    }
    if (!traits_.backward_takes_epilogue || sample_.codes != 0) return;
    exam_.begin_test("slope fused", backend.name());
    TrialSetting fused = s;
    fused.below.functions = f;
    LayerTrial with = trial(backend, fused);
    with.run();
    compare("input gradient 0", with.read("input gradient 0"), applied(plain.read("input gradient 0"), plain.read("input 0")));
  }

  /// Returns softsign of x; with z: x times the slope of softsign at z.
  static std::vector<double> applied(std::vector<double> x, const std::vector<double>& z) {
    const PointwiseFunctions f = softsign<double>();
    if (z.empty()) f.forward(nullptr, x.data(), x.data(), static_cast<std::int64_t>(x.size()));
    else f.backward(nullptr, z.data(), nullptr, x.data(), x.data(), static_cast<std::int64_t>(x.size()));
    return x;
  }

  std::vector<const Backend*> all_backends() const {
    std::vector<const Backend*> all{backends_.exact};
    all.insert(all.end(), backends_.others.begin(), backends_.others.end());
    return all;
  }

  Examiner& exam_;
  const LayerSample& sample_;
  LayerTraits traits_;
  const LayerRegistry& layers_;
  const ExamBackends& backends_;
};

}  // namespace

ShelfResult examine_layers(const LayerRegistry& layers, const ExamBackends& backends) {
  Examiner exam("layers");
  for (const auto& entry : layers.entries()) {
    exam.begin_entry(entry.name);
    exam.guarded([&] {
      int number = 0;
      for (const LayerSample& sample : layers.make(Value(entry.name), "layer")->cases()) {
        exam.begin_case("case " + std::to_string(number++));
        LayerExam(exam, sample, layers, backends).sit();
      }
      exam.begin_test("cases");
      exam.expect(number > 0, "cases() is empty: nothing was examined");
    });
  }
  return exam.result();
}

}  // namespace tend

#include <gtest/gtest.h>

#include "layer_bench.h"
#include "tend/network/layers.h"

namespace tend {
namespace {

const double epsilon = std::numeric_limits<double>::epsilon();

/// Calls check(layer, input shapes, label) for each case of each layer that computes something.
template <class Check>
void every_case(Check check) {
  int examined = 0;
  for_each_type(all_layers{}, [&]<class L> {
    int number = 0;
    for (const LayerCase<L>& c : L::cases()) {
      const LayerModel<L> layer(c.layer);
      const LayerTraits traits = layer.traits();
      if (traits.is_view || traits.passes_gradient) continue;
      SCOPED_TRACE(std::string(entry_name<L>) + " case " + std::to_string(number++));
      check(layer, c.inputs);
      ++examined;
    }
  });
  EXPECT_GT(examined, 15);
}

/// Central differences of dot(output, seed) by one value; step and tolerance from the type.
double numeric_slope(LayerRun<double>& run, double& x) {
  const double step = std::cbrt(epsilon) * std::max(1.0, std::abs(x)), kept = x;
  x = kept + step;
  const double above = run.forward_dot();
  x = kept - step;
  const double below = run.forward_dot();
  x = kept;
  return (above - below) / (2 * step);
}

void expect_slopes(LayerRun<double>& run, Slot values, Slot gradient, std::int64_t n, double offset, const std::string& what) {
  run.forward_dot();
  const std::vector<double> analytic = run.read(gradient, n);
  const double tolerance = 300 * std::pow(epsilon, 2.0 / 3);
  for (std::int64_t i = 0; i < n; ++i) {
    const double numeric = numeric_slope(run, run.bench.at<double>(values)[i]), got = analytic[static_cast<std::size_t>(i)] - offset;
    ASSERT_NEAR(got, numeric, tolerance * std::max(1.0, std::abs(numeric))) << what << "[" << i << "]";
  }
}

TEST(EveryLayer, gradients_are_those_of_central_differences_in_double) {
  every_case([](const LayerEntry& layer, const std::vector<Shape>& shapes) {
    LayerRun<double> run(layer, shapes, reference_backend(ElementType::float64));
    for (std::size_t k = 0; k < shapes.size(); ++k)
      expect_slopes(run, run.pass().inputs[k], run.pass().input_gradients[k], run.rows * shapes[k].count(), 0, "input " + std::to_string(k));
    for (const ParameterSpec& p : run.layout().parameters)
      expect_slopes(run, run.pass().parameters.at(p.name), run.pass().gradients.at(p.name), p.shape.count(), 0, p.name);
  });
}

TEST(EveryLayer, gradients_of_parameters_are_added_when_they_accumulate) {
  every_case([](const LayerEntry& layer, const std::vector<Shape>& shapes) {
    for (const Backend* backend : {&reference_backend(ElementType::float32), &fast_backend()}) {
      LayerRun<float> assigned(layer, shapes, *backend, false), added(layer, shapes, *backend, true);
      assigned.bench.run();
      added.bench.run();
      for (const ParameterSpec& p : assigned.layout().parameters) {
        const auto a = assigned.read(assigned.pass().gradients.at(p.name), p.shape.count()), b = added.read(added.pass().gradients.at(p.name), p.shape.count());
        for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i] + LayerRun<float>::prefilled, b[i], 1e-4) << p.name;
      }
    }
  });
}

TEST(EveryLayer, fast_kernels_agree_with_reference) {
  every_case([](const LayerEntry& layer, const std::vector<Shape>& shapes) {
    LayerRun<double> reference(layer, shapes, reference_backend(ElementType::float64));
    LayerRun<float> fast(layer, shapes, fast_backend());
    const auto expect_near = [](const std::vector<double>& got, const std::vector<double>& wanted, const std::string& what) {
      for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 2e-5 * std::max(1.0, std::abs(wanted[i]))) << what << "[" << i << "]";
    };
    expect_near(fast.output(), reference.output(), "output");
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      const std::int64_t n = fast.rows * shapes[k].count();
      expect_near(fast.read(fast.pass().input_gradients[k], n), reference.read(reference.pass().input_gradients[k], n), "input gradient");
    }
    for (const ParameterSpec& p : fast.layout().parameters)
      expect_near(fast.read(fast.pass().gradients.at(p.name), p.shape.count()), reference.read(reference.pass().gradients.at(p.name), p.shape.count()), p.name);
  });
}

TEST(EveryLayer, survives_the_way_to_text_and_back) {
  for_each_type(all_layers{}, [&]<class L> {
    for (const LayerCase<L>& c : L::cases()) {
      const Value text = LayerModel<L>(c.layer).to_value();
      const Value again = builtin_layers().make(parse_toml("layer = " + to_inline_toml(text), "text")["layer"], "layer")->to_value();
      EXPECT_EQ(text, again) << to_inline_toml(text) << " and " << to_inline_toml(again);
    }
  });
}

TEST(EveryLayer, declares_the_shape_that_it_writes) {
  every_case([](const LayerEntry& layer, const std::vector<Shape>& shapes) {
    LayerRun<double> run(layer, shapes, reference_backend(ElementType::float64));
    for (double y : run.output()) ASSERT_FALSE(std::isnan(y));
  });
}

}  // namespace
}  // namespace tend

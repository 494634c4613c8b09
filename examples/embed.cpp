// A program that has its own data, trains a network, saves and loads it, and predicts.
#include <cmath>
#include <cstdio>
#include <vector>

#include <tend/tend.h>

int main() {
  std::vector<float> x;   // two noisy rings of points
  std::vector<double> y;  // which ring: 0 or 1
  for (int i = 0; i < 2000; ++i) {
    const double angle = 0.1 * i, radius = (i % 2 ? 2.0 : 1.0) + 0.2 * std::sin(7.3 * i);
    x.insert(x.end(), {static_cast<float>(radius * std::cos(angle)), static_cast<float>(radius * std::sin(angle))});
    y.push_back(i % 2);
  }
  const auto data = tend::Dataset::classification(tend::Array::borrow<float>(x, {2000, 2}),
                                                  tend::Array::borrow<double>(y, {2000, 1}), 2);
  const auto experiment = tend::Experiment::parse(R"(
    [data]
    validation = 0.2
    [network]
    layers = [{ dense = 32 }, "relu", { dense = 2 }]
    [loss]
    name = "softmax_cross_entropy"
    [update]
    optimizer = { name = "adam", learning_rate = 0.01 }
    [train]
    epochs = 20)",
                                                  "rings");

  tend::Training training(experiment, data);
  const tend::Summary& summary = training.run();
  for (const auto& [name, value] : summary.validation) std::printf("validation %s %.4f\n", name.c_str(), value);

  training.model().save("rings.safetensors");
  const tend::Model model = tend::Model::load("rings.safetensors");
  const std::vector<float> points{1, 0, 0, 2};
  std::vector<float> probabilities(4);
  model.predict(points, probabilities);
  std::printf("inner %.3f  outer %.3f\n", probabilities[0], probabilities[3]);
}

#include <cstdio>

#include <tend/tend.h>

int main() {
  const float x[] = {0, 0, 0, 1, 1, 0, 1, 1};
  const double y[] = {0, 1, 1, 0};
  const auto data = tend::Dataset::classification(tend::Array::borrow<float>(x, {4, 2}), tend::Array::borrow<double>(y, {4, 1}),
                                                  2);
  const auto experiment = tend::Experiment::parse(R"(
    network.layers = [{ dense = 16 }, "tanh", { dense = 2 }]
    loss.name = "softmax_cross_entropy"
    update.optimizer = { name = "adam", learning_rate = 0.05 }
    train = { epochs = 200, batch_size = 4 })",
                                                  "xor");
  tend::Training training(experiment, data, {.threads = 1});
  training.run();
  float out[8];
  training.model().predict(x, out);
  const bool learnt = out[0] > 0.9f && out[3] > 0.9f && out[5] > 0.9f && out[6] > 0.9f;
  std::puts(learnt ? "xor is learnt" : "xor is not learnt");
  return learnt ? 0 : 1;
}

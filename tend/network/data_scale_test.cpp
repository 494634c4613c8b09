#include "tend/network/data_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tend/network/compile.h"

namespace tend {
namespace {

constexpr std::int64_t rows = 64;

void fill_rows(float* x) {
  Random random(5, purpose("rows"));
  for (std::int64_t i = 0; i < rows * 6 * 6 * 2; ++i) x[i] = static_cast<float>(3 + 7 * random.normal());
}

struct Scaled {
  Network network;
  StateLayout layout;
  Block before, after;
  explicit Scaled(const char* layers, bool with_averages = false)
      : network(parse_toml(std::string("layers = ") + layers, "test")["layers"], {6, 6, 2}), layout(network, ElementType::float32, {}, with_averages),
        before(initial_state(network, layout, {}, 1)), after(before) {
    const auto pool = make_pool(2);
    scale_by_data(network, layout, fast_backend(), rows, fill_rows, *pool, after);
  }

  /// Of node `last`'s output in training.
  double deviation(int last) {
    CompileOptions options;
    options.rows = rows, options.backend = &fast_backend(), options.training = true, options.fuse = false, options.last = last;
    const Program program = compile(network, layout, options);
    Workspace workspace({&program}, 1);
    AlignedBytes batch(program.batch_bytes());
    fill_rows(reinterpret_cast<float*>(batch.data()));
    Block state = after;
    const auto alone = make_pool(1);
    program.run(workspace.memory(state.data(), nullptr, batch.data()), *alone);
    const auto* y = reinterpret_cast<const float*>(workspace.arena() + program.output().offset);
    const auto n = static_cast<double>(rows * network.nodes()[static_cast<std::size_t>(last)].layout.output.count());
    double sum = 0, square = 0;
    for (int i = 0; i < static_cast<int>(n); ++i) sum += static_cast<double>(y[i]), square += static_cast<double>(y[i]) * static_cast<double>(y[i]);
    return std::sqrt((square - sum * sum / n) / (n - 1));
  }
};

TEST(DataScale, gives_each_layer_an_output_of_deviation_1_before_its_activation) {
  Scaled s(R"([{ conv2d = 5, initializer = "data_dependent" }, "relu", "batch_norm", "flatten", { dense = 20, initializer = "data_dependent" }, "tanh",
               { dense = 3, initializer = "data_dependent" }])");
  for (int last : {0, 4, 6}) EXPECT_NEAR(s.deviation(last), 1, 1e-4) << last;
}

TEST(DataScale, changes_nothing_but_the_weights_that_ask_for_it) {
  Scaled s(R"([{ conv2d = 5 }, "batch_norm", "flatten", { dense = 3, initializer = "data_dependent" }])");
  for (const Place& place : s.layout.directory->places()) {
    const bool is_same = std::memcmp(s.before.data() + place.offset_bytes, s.after.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes())) == 0;
    EXPECT_EQ(is_same, place.name != "dense_1.weights") << place.name;
  }
}

TEST(DataScale, leaves_moving_averages_equal_to_their_weights) {
  Scaled s(R"(["flatten", { dense = 3, initializer = "data_dependent" }])", true);
  const Place& weights = s.layout.directory->at("dense_1.weights");
  const Place& average = s.layout.directory->at("dense_1.weights.moving_average");
  EXPECT_EQ(std::memcmp(s.after.data() + weights.offset_bytes, s.after.data() + average.offset_bytes, static_cast<std::size_t>(weights.bytes())), 0);
}

}  // namespace
}  // namespace tend

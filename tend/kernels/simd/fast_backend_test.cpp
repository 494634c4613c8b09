#include "tend/kernels/simd/fast_backend.h"

#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "tend/kernels/simd/replay.h"

namespace tend::fast_backend_test {
namespace {

std::vector<Isa> isas() {
  std::vector<Isa> all{Isa::portable};
  for (Isa isa : {Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

PointwiseFunctions relu() {
  PointwiseFunctions f;
  f.forward = [](const void*, const void* z, void* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
      static_cast<float*>(y)[i] = static_cast<const float*>(z)[i] < 0 ? 0 : static_cast<const float*>(z)[i];
  };
  f.backward = [](const void*, const void*, const void* y, const void* dy, void* dz, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
      static_cast<float*>(dz)[i] = static_cast<const float*>(y)[i] > 0 ? static_cast<const float*>(dy)[i] : 0;
  };
  f.name = "relu";
  return f;
}

/// Gradient descent that also computes the four sums of SweepChunk.
SweepFunctions descent() {
  SweepFunctions f;
  f.chunk = [](const SweepChunk& c) {
    for (int i = 0; i < 4; ++i) c.sums[i] = 0;
    for (std::int64_t i = 0; i < c.count; ++i) {
      float& w = static_cast<float*>(c.weight)[i];
      const double g = static_cast<const float*>(c.gradient)[i], change = -c.constants[0] * (g * c.scale + c.decay * w);
      w = static_cast<float>(w + change);
      c.sums[0] += g * g;
      c.sums[1] += change * change;
      c.sums[2] += static_cast<double>(w) * w;
      c.sums[3] += !std::isfinite(g);
    }
  };
  f.name = "descent";
  return f;
}

void set_step(Replay& e, double rate, double clip_norm) {
  e.inputs().learning_rate = e.inputs().optimizer[0] = rate;
  e.inputs().clip_norm = clip_norm;
  *e.doubles(layer_input_slot(0)) = 0.3;  // dropout's rate and the penalty
}

/// Emits a computation large enough for several blocks and returns the places of its results.
using Emit = std::function<std::vector<std::pair<Slot, std::int64_t>>(Replay&, const Backend&)>;

/// Runs blocks from first to last, from last to first and on three threads, each on fresh memory.
void expect_equal_bits(const Emit& emit) {
  const auto pool = make_pool(3);
  for (Isa isa : isas()) {
    std::vector<std::vector<float>> first;
    for (int way = 0; way < 3; ++way) {
      Replay e(1 << 22);
      set_step(e, 0.01, 0.5);
      const auto results = emit(e, fast_backend(isa));
      bool is_cut = false;
      for (std::size_t c = 0; c < e.calls(); ++c) is_cut = is_cut || e.kernel(c).blocks() > 1;
      EXPECT_TRUE(is_cut);
      way == 2 ? e.run(*pool) : e.run(way == 1);
      for (std::size_t i = 0; i < results.size(); ++i) {
        const float* p = e.floats(results[i].first);
        if (way == 0) first.emplace_back(p, p + results[i].second);
        else
          EXPECT_EQ(std::memcmp(first[i].data(), p, 4 * first[i].size()), 0) << name_of(isa) << " result " << i << " way " << way;
      }
    }
  }
}

TEST(FastBackend, bits_of_dense_layers_do_not_depend_on_blocks_or_threads) {
  for (auto [rows, inputs, outputs] : {std::array<std::int64_t, 3>{70, 130, 200}, {65, 1030, 1027}})  // cut only; also packed
    expect_equal_bits([=](Replay& e, const Backend& b) {
      const DenseSpec s{rows, inputs, outputs};
      const Slot x = e.normal(rows * inputs, 1), w = e.normal(inputs * outputs, 2), bias = e.normal(outputs, 3),
                 dy = e.normal(rows * outputs, 4);
      const Slot y = e.temporary(4 * rows * outputs), dx = e.temporary(4 * rows * inputs), dw = e.temporary(4 * inputs * outputs),
                 db = e.temporary(4 * outputs);
      b.dense_forward(e, s, x, w, bias, y, {relu(), false, {}, y});
      b.dense_backward_data(e, s, dy, w, dx, {relu(), true, {}, x});
      b.dense_backward_weights(e, s, x, dy, dw, db, false);
      return std::vector<std::pair<Slot, std::int64_t>>{
          {y, rows * outputs}, {dx, rows * inputs}, {dw, inputs * outputs}, {db, outputs}};
    });
}

TEST(FastBackend, bits_of_batch_norm_do_not_depend_on_blocks_or_threads) {
  for (auto [rows, channels] : {std::pair<std::int64_t, std::int64_t>{300, 200}, {4000, 19}})  // by channels; by rows
    expect_equal_bits([=](Replay& e, const Backend& b) {
      const BatchNormSpec s{rows, channels};
      const Slot x = e.normal(rows * channels, 1), gamma = e.normal(channels, 2), beta = e.normal(channels, 3),
                 dy = e.normal(rows * channels, 4);
      const Slot mean = e.floats_of(channels, 0), variance = e.floats_of(channels, 1), saved = e.temporary(8 * channels);
      const Slot y = e.temporary(4 * rows * channels), dx = e.temporary(4 * rows * channels), dgamma = e.temporary(4 * channels),
                 dbeta = e.temporary(4 * channels);
      b.batch_norm_training(e, s, x, gamma, beta, mean, variance, saved, y, {relu(), false, {}, y});
      b.batch_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, false, {relu(), true, {}, y});
      return std::vector<std::pair<Slot, std::int64_t>>{{y, rows * channels}, {dx, rows * channels}, {saved, 2 * channels},
                                                        {mean, channels},     {variance, channels},  {dgamma, channels},
                                                        {dbeta, channels}};
    });
}

TEST(FastBackend, bits_of_passes_do_not_depend_on_blocks_or_threads) {
  expect_equal_bits([](Replay& e, const Backend& b) {
    const std::int64_t rows = 400, width = 259;
    const Slot x = e.normal(rows * width, 1), y = e.temporary(4 * rows * width), dropped = e.temporary(4 * rows * width);
    b.softmax_forward(e, rows, width, false, x, y);
    b.dropout_forward(e, {rows, width, 9}, layer_input_slot(0), x, dropped);
    const PoolSpec pool{100, 9, 11, 19, 3, 2, 2, 2, 1, 0, 5, 6};
    const Slot image = e.normal(100 * 9 * 11 * 19, 2), pooled = e.temporary(4 * 100 * 5 * 6 * 19),
               where = e.temporary(100 * 5 * 6 * 19);
    const Slot slope = e.temporary(4 * 100 * 9 * 11 * 19);
    b.max_pool_forward(e, pool, image, pooled, where);
    b.max_pool_backward(e, pool, pooled, where, slope, {relu(), true, {}, image});
    return std::vector<std::pair<Slot, std::int64_t>>{
        {y, rows * width}, {dropped, rows * width}, {pooled, 100 * 5 * 6 * 19}, {slope, 100 * 9 * 11 * 19}};
  });
}

TEST(FastBackend, bits_of_a_sweep_do_not_depend_on_blocks_or_threads) {
  expect_equal_bits([](Replay& e, const Backend& b) {
    const std::vector<SweepSegment> segments{{0, 70001, true}, {70001, 13, false}, {70014, 60000, true}};
    for (std::int64_t i = 0; i < 130014; ++i) {
      e.floats({Buffer::state, 0})[i] = static_cast<float>(i % 97) - 40;
      e.floats({Buffer::gradient, 0})[i] = 0.01f * static_cast<float>(i % 31) - 0.1f;
    }
    b.penalty(e, segments[0], layer_input_slot(0));
    b.sign_penalty(e, segments[2], layer_input_slot(0));
    b.sweep(e, descent(), segments, {});
    b.max_norm(e, segments[2], 500, layer_input_slot(0));
    return std::vector<std::pair<Slot, std::int64_t>>{{{Buffer::state, 0}, 130014}, {{Buffer::signals, 0}, 2 * (8 + 12)}};
  });
}

TEST(FastBackend, a_sweep_clips_by_the_norm_of_all_segments_and_tells_it) {
  for (Isa isa : isas())
    for (std::int64_t count : {4, 40000}) {  // one call; several
      Replay e(1 << 20);
      set_step(e, 1, 0);
      const std::vector<SweepSegment> segments{{0, count, false}, {count, 1, false}};
      fast_backend(isa).sweep(e, descent(), segments, {});
      float *w = e.floats({Buffer::state, 0}), *g = e.floats({Buffer::gradient, 0});
      const double *signals = e.doubles({Buffer::signals, 0}),
                   *second = signals + signal_place::first_parameter + signal_place::per_parameter;
      g[0] = 3, g[count] = 4;
      e.run();
      EXPECT_EQ(w[0], -3.0f);
      EXPECT_EQ(signals[signal_place::clip_norm], 0.0);
      EXPECT_EQ(signals[signal_place::first_parameter], 9.0);
      EXPECT_EQ(second[0], 16.0);
      e.inputs().clip_norm = 2.5;
      w[0] = w[count] = 0;
      e.run();
      EXPECT_EQ(signals[signal_place::clip_norm], 5.0);
      EXPECT_EQ(w[0], -1.5f);
      EXPECT_EQ(w[count], -2.0f);
      e.inputs().clip_value = 3;  // values are clipped before the norm is computed: sqrt(18)
      e.run();
      EXPECT_NEAR(signals[signal_place::clip_norm], 4.242640687, 1e-9);
      g[1] = std::numeric_limits<float>::infinity();
      e.inputs().clip_value = 0;
      w[0] = 0;
      e.run();
      EXPECT_EQ(w[0], -3.0f) << "a norm that is not finite leaves the gradient as it is";
      EXPECT_EQ(signals[signal_place::first_parameter + 3], 1.0);
    }
}

TEST(FastBackend, a_tiny_network_is_one_block_a_call_so_that_no_thread_is_woken) {
  Replay e;
  const Backend& b = fast_backend();
  const DenseSpec s{32, 64, 100};
  const Slot x = e.normal(32 * 64, 1), w = e.normal(64 * 100, 2), y = e.temporary(4 * 32 * 100), dx = e.temporary(4 * 32 * 64),
             dw = e.temporary(4 * 64 * 100);
  b.dense_forward(e, s, x, w, {}, y, {relu(), false, {}, y});
  b.dense_backward_data(e, s, y, w, dx, {});
  b.dense_backward_weights(e, s, x, y, dw, {}, false);
  b.sweep(e, descent(), {{0, 6400, true}, {6400, 100, true}}, {});
  ASSERT_EQ(e.calls(), 4u);
  for (std::size_t c = 0; c < e.calls(); ++c) EXPECT_EQ(e.kernel(c).blocks(), 1) << e.kernel(c).name();
}

TEST(FastBackend, dropping_everything_gives_zeros_even_of_infinities) {
  for (Isa isa : isas()) {
    Replay e;
    set_step(e, 1, 0);
    *e.doubles(layer_input_slot(0)) = 1;
    const Slot x = e.floats_of(33, std::numeric_limits<float>::infinity()), y = e.floats_of(33, 7);
    fast_backend(isa).dropout_forward(e, {3, 11, 4}, layer_input_slot(0), x, y);
    e.run();
    for (int i = 0; i < 33; ++i) EXPECT_EQ(e.floats(y)[i], 0.0f);
  }
}

}  // namespace
}  // namespace tend::fast_backend_test

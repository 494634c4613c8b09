// Products, convolutions and pools of each fast back end against the reference in double.
#include "tests/every/kernel_exam.h"

namespace tend::bench::every_kernel_test {
namespace {

std::string text_of(const DenseSpec& s) {
  return std::to_string(s.rows) + " rows, " + std::to_string(s.inputs) + " -> " + std::to_string(s.outputs);
}

std::vector<DenseSpec> dense_shapes(unsigned seed, int count) {
  std::vector<DenseSpec> all{{1, 1, 1}, {128, 300, 257}, {64, 784, 96}, {3, 2048, 10}, {513, 20, 2}};
  Draw draw(seed);
  const auto size = [&] { return draw.one_of({1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 47, 64, 65, 97, 100, 128, 131}); };
  for (int i = 0; i < count; ++i) {
    const std::int64_t rows = size(), inputs = size();
    all.push_back({rows, inputs, size()});
  }
  return all;
}

/// All three passes of a dense layer. `hard`: which of x, w, dy hold hard values (0: none).
void examine_dense(const DenseSpec& s, int hard, unsigned seed, bool is_large = false) {
  SCOPED_TRACE(text_of(s) + ", seed " + std::to_string(seed));
  Draw draw(seed);
  const auto values = [&](std::int64_t count, int who) { return hard == who ? draw.hard_values(count) : draw.values(count); };
  const Values x = values(s.rows * s.inputs, 1), w = values(s.inputs * s.outputs, 2), dy = values(s.rows * s.outputs, 3);
  const Values b = draw.values(s.outputs), old_w = draw.values(s.inputs * s.outputs), old_b = draw.values(s.outputs);
  const Values z = draw.values(s.rows * s.inputs), y = draw.values(s.rows * s.inputs);
  const bool with_bias = draw.coin(), in_place = draw.coin(), wants_input = draw.coin(), with_epilogue = draw.coin(),
             accumulate = draw.coin();
  // The magnitudes of large products would need another pass of plain loops. Instead, values are at most 1.
  const auto examine = [&](const Side::Operation& operation, double terms) {
    if (!is_large) return expect_agrees_as_sum(operation, terms);
    expect_agrees(operation, {8 + std::sqrt(terms), [&](std::size_t, std::size_t) { return terms / 4; }});
  };
  examine(
      [&](Side& side) {
        const Slot z_out = side.out(s.rows * s.outputs), y_out = in_place ? z_out : side.out(s.rows * s.outputs);
        const Epilogue epilogue = with_epilogue ? side.forward_epilogue(wants_input, y_out) : Epilogue{};
        side.backend().dense_forward(side.bench(), s, side.in(x), side.in(w), with_bias ? side.in(b) : Slot{}, z_out, epilogue);
        side.result("y", epilogue ? y_out : z_out, s.rows * s.outputs);
        if (epilogue && !in_place) side.result("z", z_out, s.rows * s.outputs);
        else side.result("y again", epilogue ? y_out : z_out, s.rows * s.outputs);
      },
      static_cast<double>(s.inputs));
  examine(
      [&](Side& side) {
        const Slot dx = side.out(s.rows * s.inputs);
        const Epilogue epilogue = with_epilogue
                                      ? side.backward_epilogue(wants_input, wants_input ? side.in(z) : Slot{}, side.in(y))
                                      : Epilogue{};
        side.backend().dense_backward_data(side.bench(), s, side.in(dy), side.in(w), dx, epilogue);
        side.result("dx", dx, s.rows * s.inputs);
      },
      static_cast<double>(s.outputs));
  examine(
      [&](Side& side) {
        const Slot dw = accumulate ? side.in(old_w) : side.out(s.inputs * s.outputs);
        const Slot db = !with_bias ? Slot{} : accumulate ? side.in(old_b) : side.out(s.outputs);
        side.backend().dense_backward_weights(side.bench(), s, side.in(x), side.in(dy), dw, db, accumulate);
        side.result("dw", dw, s.inputs * s.outputs);
        if (db) side.result("db", db, s.outputs);
      },
      static_cast<double>(s.rows));
}

TEST(EveryKernel, dense_agrees_at_many_shapes) {
  unsigned seed = 1;
  for (const DenseSpec& s : dense_shapes(11, 60)) examine_dense(s, 0, ++seed);
}

TEST(EveryKernel, dense_lets_nan_infinities_and_subnormals_travel) {
  unsigned seed = 100;
  for (int hard = 1; hard <= 3; ++hard)
    for (const DenseSpec& s : dense_shapes(12, 15)) examine_dense(s, hard, ++seed);
}

TEST(EveryKernel, large_products_are_cut_and_packed_without_a_trace) { examine_dense({257, 1024, 1031}, 0, 200, true); }

/// Sizes in one direction of a convolution or a pool.
struct Extent {
  std::int64_t in, window, stride, pad, out;
};
Extent draw_extent(Draw& draw, std::initializer_list<std::int64_t> sizes) {
  Extent e{draw.one_of(sizes), draw.one_of({1, 2, 3, 3, 5}), draw.one_of({1, 1, 1, 2, 3}), 0, 0};
  if (e.window > e.in) e.window = e.in;
  const bool padded = draw.coin();
  e.pad = padded ? e.window / 2 : 0;
  const std::int64_t behind = padded ? std::min(e.window - 1, e.window / 2 + draw.one_of({-1, 0, 0, 1})) : 0;
  e.out = (e.in + e.pad + std::max<std::int64_t>(0, behind) - e.window) / e.stride + 1;
  return e;
}

ConvolutionSpec draw_convolution(Draw& draw) {
  ConvolutionSpec s;
  const Extent h = draw_extent(draw, {1, 5, 7, 8, 11, 13}), w = draw_extent(draw, {1, 2, 6, 9, 12});
  s.rows = draw.one_of({1, 2, 3, 7, 8, 16, 19, 33, 65});
  s.channels = draw.one_of({1, 2, 3, 5, 8, 16, 17, 24, 32});
  s.filters = draw.one_of({1, 2, 3, 6, 8, 10, 16, 19, 32, 33});
  s.height = h.in, s.kernel_height = h.window, s.stride_height = h.stride, s.pad_top = h.pad, s.out_height = h.out;
  s.width = w.in, s.kernel_width = w.window, s.stride_width = w.stride, s.pad_left = w.pad, s.out_width = w.out;
  return s;
}

std::string text_of(const ConvolutionSpec& s) {
  const auto by = [](std::int64_t a, std::int64_t b) { return std::to_string(a) + "x" + std::to_string(b); };
  return std::to_string(s.rows) + " images " + by(s.height, s.width) + "x" + std::to_string(s.channels) + " -> " +
         by(s.out_height, s.out_width) + "x" + std::to_string(s.filters) + ", kernel " + by(s.kernel_height, s.kernel_width) +
         ", stride " + by(s.stride_height, s.stride_width) + ", pad " + by(s.pad_top, s.pad_left);
}

void examine_convolution(const ConvolutionSpec& s, int hard, unsigned seed) {
  SCOPED_TRACE(text_of(s) + ", seed " + std::to_string(seed));
  Draw draw(seed);
  const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.filters,
                     nw = s.kernel_height * s.kernel_width * s.channels * s.filters;
  const auto values = [&](std::int64_t count, int who) { return hard == who ? draw.hard_values(count) : draw.values(count); };
  const Values x = values(nx, 1), w = values(nw, 2), dy = values(ny, 3), b = draw.values(s.filters), old_w = draw.values(nw);
  const Values old_b = draw.values(s.filters), z = draw.values(nx), y = draw.values(nx);
  const bool with_bias = draw.coin(), in_place = draw.coin(), wants_input = draw.coin(), with_epilogue = draw.coin(),
             accumulate = draw.coin();
  const auto window = static_cast<double>(s.kernel_height * s.kernel_width);
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot z_out = side.out(ny), y_out = in_place ? z_out : side.out(ny);
        const Epilogue epilogue = with_epilogue ? side.forward_epilogue(wants_input, y_out) : Epilogue{};
        side.backend().convolution_forward(side.bench(), s, side.in(x), side.in(w), with_bias ? side.in(b) : Slot{}, z_out,
                                           epilogue);
        side.result("y", epilogue ? y_out : z_out, ny);
        side.result(epilogue && !in_place ? "z" : "y again", epilogue && in_place ? y_out : z_out, ny);
      },
      window * static_cast<double>(s.channels));
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot dx = side.out(nx);
        const Epilogue epilogue = with_epilogue
                                      ? side.backward_epilogue(wants_input, wants_input ? side.in(z) : Slot{}, side.in(y))
                                      : Epilogue{};
        side.backend().convolution_backward_data(side.bench(), s, side.in(dy), side.in(w), dx, epilogue);
        side.result("dx", dx, nx);
      },
      window * static_cast<double>(s.filters));
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot dw = accumulate ? side.in(old_w) : side.out(nw);
        const Slot db = !with_bias ? Slot{} : accumulate ? side.in(old_b) : side.out(s.filters);
        side.backend().convolution_backward_weights(side.bench(), s, side.in(x), side.in(dy), dw, db, accumulate);
        side.result("dw", dw, nw);
        if (db) side.result("db", db, s.filters);
      },
      static_cast<double>(s.rows * s.out_height * s.out_width));
}

TEST(EveryKernel, convolutions_agree_at_many_shapes) {
  Draw draw(21);
  for (unsigned seed = 1; seed <= 60; ++seed) examine_convolution(draw_convolution(draw), 0, seed);
}

TEST(EveryKernel, convolutions_let_nan_infinities_and_subnormals_travel) {
  if (best_isa() < Isa::avx2) GTEST_SKIP() << "without AVX2 oneDNN multiplies padding too: infinity times 0 is NaN";
  Draw draw(22);
  for (unsigned seed = 1; seed <= 36; ++seed) examine_convolution(draw_convolution(draw), 1 + static_cast<int>(seed % 3), seed);
}

PoolSpec draw_pool(Draw& draw) {
  PoolSpec s;
  const Extent h = draw_extent(draw, {1, 4, 7, 8, 11}), w = draw_extent(draw, {1, 3, 6, 9, 12});
  s.rows = draw.one_of({1, 2, 7, 16, 33});
  s.channels = draw.one_of({1, 3, 8, 16, 17, 33});
  s.height = h.in, s.window_height = h.window, s.stride_height = h.stride, s.pad_top = h.pad, s.out_height = h.out;
  s.width = w.in, s.window_width = w.window, s.stride_width = w.stride, s.pad_left = w.pad, s.out_width = w.out;
  return s;
}

std::string text_of(const PoolSpec& s) {
  const auto by = [](std::int64_t a, std::int64_t b) { return std::to_string(a) + "x" + std::to_string(b); };
  return std::to_string(s.rows) + " images " + by(s.height, s.width) + "x" + std::to_string(s.channels) + " -> " +
         by(s.out_height, s.out_width) + ", window " + by(s.window_height, s.window_width) + ", stride " +
         by(s.stride_height, s.stride_width) + ", pad " + by(s.pad_top, s.pad_left);
}

/// Values with many equal ones: the pool must take the first.
Values with_ties(Draw& draw, std::int64_t count) {
  Values all(static_cast<std::size_t>(count));
  for (float& v : all) v = static_cast<float>(draw.one_of({-2, -1, 0, 1, 1, 2}));
  return all;
}

void examine_pool(const PoolSpec& s, const Values& x, const Values& dy, unsigned seed) {
  SCOPED_TRACE(text_of(s) + ", seed " + std::to_string(seed));
  Draw draw(seed);
  const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.channels;
  const bool keeps_where = draw.coin(), wants_input = draw.coin(), with_epilogue = draw.coin();
  const Values z = draw.values(nx), y = draw.values(nx);
  std::vector<std::uint8_t> places;
  expect_agrees(
      [&](Side& side) {
        const Slot y_out = side.out(ny), where = keeps_where ? side.bench().room_for<std::uint8_t>(ny) : Slot{};
        side.backend().max_pool_forward(side.bench(), s, side.in(x), y_out, where);
        side.result("max", y_out, ny);
        if (where) side.byte_result("where", where, ny);
      },
      {});
  {
    Bench bench;
    const Slot where = bench.room_for<std::uint8_t>(ny);
    reference_backend(ElementType::float32).max_pool_forward(bench, s, bench.put(x), bench.room_for<float>(ny), where);
    bench.run();
    places = bench.values<std::uint8_t>(where, ny);
  }
  const auto window = static_cast<double>(s.window_height * s.window_width);
  const auto epilogue = [&](Side& side) {
    return with_epilogue ? side.backward_epilogue(wants_input, wants_input ? side.in(z) : Slot{}, side.in(y)) : Epilogue{};
  };
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot dx = side.out(nx);
        side.backend().max_pool_backward(side.bench(), s, side.in(dy), side.bench().put(places), dx, epilogue(side));
        side.result("dx of max", dx, nx);
      },
      window);
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot y_out = side.out(ny);
        side.backend().average_pool_forward(side.bench(), s, side.in(x), y_out);
        side.result("average", y_out, ny);
      },
      window);
  expect_agrees_as_sum(
      [&](Side& side) {
        const Slot dx = side.out(nx);
        side.backend().average_pool_backward(side.bench(), s, side.in(dy), dx, epilogue(side));
        side.result("dx of average", dx, nx);
      },
      window);
}

TEST(EveryKernel, pools_agree_at_many_shapes_with_and_without_ties) {
  Draw draw(31);
  for (unsigned seed = 1; seed <= 80; ++seed) {
    const PoolSpec s = draw_pool(draw);
    const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.channels;
    examine_pool(s, seed % 2 ? draw.values(nx) : with_ties(draw, nx), draw.values(ny), seed);
  }
}

TEST(EveryKernel, pools_let_nan_infinities_and_subnormals_travel) {
  Draw draw(32);
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const PoolSpec s = draw_pool(draw);
    const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.channels;
    examine_pool(s, draw.hard_values(nx, 6), draw.hard_values(ny, 6), seed);
  }
}

}  // namespace
}  // namespace tend::bench::every_kernel_test

// Kernels of layer_norm, group_norm, prelu, maxout, embedding and depthwise_conv2d of each fast back end against the reference in
// double, over sizes of one block and of many.
#include "tests/every/kernel_exam.h"

namespace tend::bench::every_kernel_learnt_test {
namespace {

Tolerance about(double factor, double magnitude) {
  return {factor, [magnitude](std::size_t, std::size_t) { return magnitude; }};
}

Epilogue slope_of(Side& side, const Values& z, const Values& y, bool wants_input) {
  return side.backward_epilogue(wants_input, wants_input ? side.in(z) : Slot{}, side.in(y));
}

void examine_group_norm(Draw& draw, const GroupNormSpec& s, const Values& x) {
  SCOPED_TRACE(std::to_string(s.rows) + " rows of " + std::to_string(s.places) + " x " + std::to_string(s.channels) + " in " +
               std::to_string(s.groups));
  const std::int64_t n = s.rows * s.places * s.channels;
  const Values gamma = draw.values(s.channels), beta = draw.values(s.channels), dy = draw.values(n), z = draw.values(n),
               y = draw.values(n);
  const bool wants_input = draw.coin(), in_place = draw.coin(), accumulate = draw.coin(), wants_dx = draw.one_of({0, 1, 1}) == 1;
  expect_agrees(
      [&](Side& side) {
        const Slot from = side.in(x), saved = side.out(2 * s.rows * s.groups), out = side.out(n),
                   activated = in_place ? out : side.out(n);
        const Slot dgamma = accumulate ? side.in(gamma) : side.out(s.channels),
                   dbeta = accumulate ? side.in(beta) : side.out(s.channels);
        const Slot dx = wants_dx ? side.out(n) : Slot{};
        side.backend().group_norm_forward(side.bench(), s, from, side.in(gamma), side.in(beta), saved, out,
                                          side.forward_epilogue(wants_input, activated));
        side.backend().group_norm_backward(side.bench(), s, from, side.in(gamma), saved, side.in(dy), dx, dgamma, dbeta,
                                           accumulate, dx ? slope_of(side, z, y, wants_input) : Epilogue{});
        side.result("y", activated, n);
        side.result("dgamma", dgamma, s.channels);
        side.result("dbeta", dbeta, s.channels);
        if (dx) side.result("dx", dx, n);
      },
      {32, [&](std::size_t r, std::size_t) {
         return r == 1 || r == 2 ? 4 * std::sqrt(static_cast<double>(s.rows * s.places)) : 8.0;
       }});
}

TEST(EveryKernel, group_norm_agrees_along_rows_and_by_channel) {
  Draw draw(11);
  for (const GroupNormSpec& s :
       {GroupNormSpec{3, 1, 37, 1}, GroupNormSpec{130, 1, 513, 1}, GroupNormSpec{2, 1, 70001, 1}, GroupNormSpec{700, 1, 96, 4},
        GroupNormSpec{5, 9, 48, 3}, GroupNormSpec{40, 64, 96, 32}, GroupNormSpec{3, 300, 260, 13}})
    examine_group_norm(draw, s, draw.values(s.rows * s.places * s.channels, -1.5f, 2));
}

TEST(EveryKernel, group_norm_lets_nan_and_infinities_travel) {
  Draw draw(12);
  for (const GroupNormSpec& s : {GroupNormSpec{50, 1, 500, 1}, GroupNormSpec{30, 12, 64, 4}}) {
    Values x = draw.values(s.rows * s.places * s.channels);
    for (std::size_t i = 0; i < x.size(); i += 1711)
      x[i] = i % 2 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    const std::int64_t n = s.rows * s.places * s.channels;
    expect_agrees(
        [&](Side& side) {
          const Slot y = side.out(n);
          side.backend().group_norm_forward(side.bench(), s, side.in(x), side.in(Values(static_cast<std::size_t>(s.channels), 1)),
                                            side.in(Values(static_cast<std::size_t>(s.channels), 0)),
                                            side.out(2 * s.rows * s.groups), y);
          side.result("y", y, n);
        },
        about(32, 8));
  }
}

TEST(EveryKernel, prelu_agrees_with_slopes_apart_and_shared) {
  Draw draw(13);
  for (const bool is_shared : {false, true})
    for (const auto& [rows, channels] :
         {std::pair<std::int64_t, std::int64_t>{1, 1}, {7, 3}, {400, 259}, {9001, 16}, {3, 40001}}) {
      const PReluSpec s{rows, channels, is_shared};
      const std::int64_t n = rows * channels, slopes = is_shared ? 1 : channels;
      const Values x = draw.values(n), a = draw.values(slopes), dy = draw.values(n), hard = draw.hard_values(n);
      const bool accumulate = draw.coin(), wants_dx = draw.one_of({0, 1, 1}) == 1;
      expect_agrees(
          [&](Side& side) {
            const Slot y = side.out(n), dx = wants_dx ? side.out(n) : Slot{}, da = accumulate ? side.in(a) : side.out(slopes),
                       of_hard = side.out(n);
            side.backend().prelu_forward(side.bench(), s, side.in(x), side.in(a), y);
            side.backend().prelu_forward(side.bench(), s, side.in(hard), side.in(a), of_hard);
            side.backend().prelu_backward(side.bench(), s, side.in(x), side.in(a), side.in(dy), dx, da, accumulate);
            side.result("da", da, slopes);
            side.result("y", y, n);
            side.result("y of hard values", of_hard, n);
            if (dx) side.result("dx", dx, n);
          },
          {4, [&](std::size_t r, std::size_t) { return r == 0 ? 1 + std::sqrt(static_cast<double>(n / slopes)) : 1.0; }});
    }
}

TEST(EveryKernel, the_largest_piece_agrees_even_among_equals_and_nan) {
  Draw draw(14);
  for (const std::int64_t pieces : {1, 2, 3, 5, 17})
    for (const std::int64_t count : {1, 31, 9000, 20011}) {
      SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(pieces));
      Values z = draw.hard_values(count * pieces, 9);
      for (std::size_t i = 1; i < z.size(); i += 3) z[i] = z[i - 1];
      const Values dy = draw.values(count);
      expect_agrees(
          [&](Side& side) {
            const Slot y = side.out(count), alone = side.out(count), where = side.bench().temporary(count),
                       dz = side.out(count * pieces);
            side.backend().piece_max_forward(side.bench(), count, pieces, side.in(z), y, where);
            side.backend().piece_max_forward(side.bench(), count, pieces, side.in(z), alone, {});
            side.backend().piece_max_backward(side.bench(), count, pieces, side.in(dy), where, dz);
            side.result("y", y, count);
            side.result("y alone", alone, count);
            side.byte_result("where", where, count);
            side.result("dz", dz, count * pieces);
          },
          {});
    }
}

TEST(EveryKernel, embedding_agrees_with_codes_that_repeat_and_codes_that_are_none) {
  Draw draw(15);
  for (const EmbeddingSpec& s :
       {EmbeddingSpec{5, 3, 1}, EmbeddingSpec{700, 50, 64}, EmbeddingSpec{40, 2000, 37}, EmbeddingSpec{3000, 7, 16}}) {
    Values codes(static_cast<std::size_t>(s.positions));
    for (float& c : codes) c = std::floor(draw.values(1, 0, static_cast<float>(s.vocabulary))[0]);
    for (std::size_t i = 3; i < codes.size(); i += 97)
      codes[i] = i % 2 ? -1 : i % 3 ? static_cast<float>(s.vocabulary) : std::numeric_limits<float>::quiet_NaN();
    const Values w = draw.values(s.vocabulary * s.units), dy = draw.values(s.positions * s.units);
    const bool accumulate = draw.coin();
    expect_agrees(
        [&](Side& side) {
          const Slot y = side.out(s.positions * s.units), dw = accumulate ? side.in(w) : side.out(s.vocabulary * s.units),
                     dcodes = side.out(s.positions);
          side.backend().embedding_forward(side.bench(), s, side.in(codes), side.in(w), y);
          side.backend().embedding_backward(side.bench(), s, side.in(codes), side.in(dy), dcodes, dw, accumulate);
          side.result("dw", dw, s.vocabulary * s.units);
          side.result("dcodes", dcodes, s.positions);
          side.result("y", y, s.positions * s.units);
        },
        about(8, std::sqrt(static_cast<double>(s.positions) / static_cast<double>(s.vocabulary)) + 1));
  }
}

ConvolutionSpec depthwise(std::int64_t rows, std::int64_t size, std::int64_t channels, std::int64_t each, std::int64_t kernel,
                          std::int64_t stride, std::int64_t pad) {
  const std::int64_t out = (size + 2 * pad - kernel) / stride + 1;
  return {rows,
          size,
          size + 1,
          channels,
          channels * each,
          kernel,
          kernel,
          stride,
          stride,
          pad,
          pad,
          out,
          (size + 1 + 2 * pad - kernel) / stride + 1};
}

TEST(EveryKernel, depthwise_convolutions_agree) {
  Draw draw(16);
  for (const ConvolutionSpec& s :
       {depthwise(2, 3, 1, 1, 3, 1, 1), depthwise(9, 14, 40, 1, 3, 1, 1), depthwise(5, 15, 19, 1, 3, 2, 1),
        depthwise(4, 11, 16, 3, 5, 1, 2), depthwise(3, 12, 6, 2, 2, 3, 0), depthwise(40, 7, 70, 1, 1, 1, 0),
        depthwise(2, 2, 5, 1, 4, 1, 2)}) {
    SCOPED_TRACE(std::to_string(s.rows) + " x " + std::to_string(s.height) + " x " + std::to_string(s.channels) + " -> " +
                 std::to_string(s.filters));
    const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.filters,
                       nw = s.kernel_height * s.kernel_width * s.filters;
    const Values x = draw.values(nx), w = draw.values(nw), b = draw.values(s.filters), dy = draw.values(ny), z = draw.values(nx),
                 y = draw.values(nx);
    const bool wants_input = draw.coin(), accumulate = draw.coin(), with_bias = draw.coin();
    expect_agrees_as_sum(
        [&](Side& side) {
          const Slot out = side.out(ny), activated = side.out(ny), dx = side.out(nx), dw = accumulate ? side.in(w) : side.out(nw);
          const Slot db = !with_bias ? Slot{} : accumulate ? side.in(b) : side.out(s.filters);
          const Epilogue after = side.forward_epilogue(wants_input, activated);
          side.backend().depthwise_forward(side.bench(), s, side.in(x), side.in(w), with_bias ? side.in(b) : Slot{}, out, after);
          side.backend().depthwise_backward_data(side.bench(), s, side.in(dy), side.in(w), dx, slope_of(side, z, y, wants_input));
          side.backend().depthwise_backward_weights(side.bench(), s, side.in(x), side.in(dy), dw, db, accumulate);
          side.result("y", after ? activated : out, ny);
          side.result("dx", dx, nx);
          side.result("dw", dw, nw);
          if (db) side.result("db", db, s.filters);
        },
        static_cast<double>(s.rows * s.out_height * s.out_width));
  }
}

}  // namespace
}  // namespace tend::bench::every_kernel_learnt_test

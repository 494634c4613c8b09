// Passes over values (activations, softmax, batch norm, dropout, add, concat, split) of each fast back end against the reference
// in double.
#include "tend/base/random.h"
#include "tests/every/kernel_exam.h"

namespace tend::bench::every_kernel_pass_test {
namespace {

constexpr auto counts = {1, 2, 7, 15, 16, 17, 63, 1000, 16383, 16385, 40001};

std::string text_of(std::int64_t rows, std::int64_t columns) {
  return std::to_string(rows) + " rows of " + std::to_string(columns);
}

TEST(EveryKernel, activations_run_over_every_element_once) {
  Draw draw(1);
  for (const std::int64_t n : counts)
    for (const bool wants_input : {false, true}) {
      SCOPED_TRACE(std::to_string(n) + " elements");
      const Values z = draw.hard_values(n), y = draw.hard_values(n), dy = draw.hard_values(n);
      const bool in_place = draw.coin();
      expect_agrees(
          [&](Side& side) {
            const Slot from = side.in(z), to = in_place ? from : side.out(n);
            side.backend().pointwise_forward(side.bench(), n, side.forward_epilogue(wants_input, to).functions, from, to);
            side.result("y", to, n);
          },
          {4, {}});
      expect_agrees(
          [&](Side& side) {
            const Slot from = side.in(dy), to = in_place ? from : side.out(n), kept = wants_input ? side.in(z) : Slot{};
            side.backend().pointwise_backward(side.bench(), n, side.backward_epilogue(wants_input, kept, {}).functions, kept,
                                              side.in(y), from, to);
            side.result("dz", to, n);
          },
          {8, {}});
    }
}

/// The largest finite magnitude of a row, at least 1.
double row_magnitude(const Values& x, std::int64_t classes, std::size_t place) {
  const std::size_t first = place - place % static_cast<std::size_t>(classes);
  double most = 1;
  for (std::size_t k = 0; k < static_cast<std::size_t>(classes); ++k)
    if (const double v = std::abs(static_cast<double>(x[first + k])); std::isfinite(v)) most = std::max(most, v);
  return most;
}

void examine_softmax(std::int64_t rows, std::int64_t classes, bool log, const Values& x, const Values& dy) {
  SCOPED_TRACE(text_of(rows, classes) + (log ? ", log_softmax" : ", softmax"));
  const std::int64_t n = rows * classes;
  const double terms = 16 + std::sqrt(static_cast<double>(classes));
  Values y;
  {
    Bench bench;
    const Slot out = bench.room_for<float>(n);
    reference_backend(ElementType::float32).softmax_forward(bench, rows, classes, log, bench.put(x), out);
    bench.run();
    y = bench.values<float>(out, n);
  }
  expect_agrees(
      [&](Side& side) {
        const Slot out = side.out(n);
        side.backend().softmax_forward(side.bench(), rows, classes, log, side.in(x), out);
        side.result("y", out, n);
      },
      {terms, [&](std::size_t, std::size_t i) {
         // The error of exp's argument is proportional to the row's magnitude; exp makes it a relative error of the result.
         return row_magnitude(x, classes, i) * (log ? 1.0 : std::max(0.0, static_cast<double>(y[i])));
       }});
  expect_agrees(
      [&](Side& side) {
        const Slot out = side.out(n);
        side.backend().softmax_backward(side.bench(), rows, classes, log, side.in(y), side.in(dy), out);
        side.result("dx", out, n);
      },
      {terms, [&](std::size_t, std::size_t i) {
         const double most = row_magnitude(dy, classes, i);
         return log ? most * (1 + static_cast<double>(classes)) : most * std::max(1e-30, std::abs(static_cast<double>(y[i])));
       }});
}

TEST(EveryKernel, softmax_agrees_for_few_and_many_classes) {
  Draw draw(2);
  for (const std::int64_t classes : {1, 2, 3, 10, 16, 17, 100, 1000, 5003})
    for (const std::int64_t rows : {1, 3, classes > 1000 ? 5 : 129})
      for (const bool log : {false, true}) {
        const float reach = draw.coin() ? 1 : 60;
        examine_softmax(rows, classes, log, draw.values(rows * classes, -reach, reach), draw.values(rows * classes));
      }
}

TEST(EveryKernel, softmax_lets_nan_and_infinities_travel) {
  Draw draw(3);
  for (const std::int64_t classes : {1, 2, 10, 17, 100})
    for (const bool log : {false, true})
      examine_softmax(65, classes, log, draw.hard_values(65 * classes, 30), draw.hard_values(65 * classes, 30));
}

struct NormInputs {
  BatchNormSpec spec;
  Values x, gamma, beta, mean, variance, dy, z, y;
  bool in_place, wants_input, with_epilogue, accumulate, wants_dx;
  NormInputs(Draw& draw, std::int64_t rows, std::int64_t channels, float offset) : spec{rows, channels} {
    x = draw.values(rows * channels, offset - 1, offset + 1), gamma = draw.values(channels), beta = draw.values(channels);
    mean = draw.values(channels), variance = draw.values(channels, 0.1f, 2), dy = draw.values(rows * channels);
    z = draw.values(rows * channels), y = draw.values(rows * channels);
    spec.momentum = draw.coin() ? 0.9 : 0.0;
    in_place = draw.coin(), wants_input = draw.coin(), with_epilogue = draw.coin(), accumulate = draw.coin(),
    wants_dx = draw.coin();
  }
  std::int64_t count() const { return spec.rows * spec.channels; }
  std::string text() const { return text_of(spec.rows, spec.channels); }
};

/// Mean and 1 / sqrt(variance + epsilon) of each channel, in double.
std::vector<double> statistics_of(const NormInputs& in) {
  const auto channels = static_cast<std::size_t>(in.spec.channels), rows = static_cast<std::size_t>(in.spec.rows);
  std::vector<double> all(2 * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    double mean = 0, squares = 0;
    for (std::size_t r = 0; r < rows; ++r) mean += static_cast<double>(in.x[r * channels + c]) / static_cast<double>(rows);
    for (std::size_t r = 0; r < rows; ++r) squares += std::pow(static_cast<double>(in.x[r * channels + c]) - mean, 2);
    all[c] = mean;
    all[channels + c] = 1 / std::sqrt(squares / static_cast<double>(rows) + in.spec.epsilon);
  }
  return all;
}

/// `only_y`: for inputs whose channel mean may be infinite or NaN, depending on the order of summation.
void examine_norm_training(const NormInputs& in, bool only_y = false) {
  SCOPED_TRACE(in.text());
  const std::int64_t n = in.count(), channels = in.spec.channels;
  const std::vector<double> statistics = statistics_of(in);
  expect_agrees(
      [&](Side& side) {
        const Slot z = side.out(n), y = in.in_place ? z : side.out(n), mean = side.in(in.mean), variance = side.in(in.variance),
                   saved = side.out(2 * channels);
        const Epilogue epilogue = in.with_epilogue ? side.forward_epilogue(in.wants_input, y) : Epilogue{};
        side.backend().batch_norm_training(side.bench(), in.spec, side.in(in.x), side.in(in.gamma), side.in(in.beta), mean,
                                           variance, saved, z, epilogue);
        side.result("y", epilogue ? y : z, n);
        if (only_y) return;
        side.result("running mean", mean, channels);
        side.result("running variance", variance, channels);
        side.result("saved mean", saved, channels);
        side.result("saved, all", saved, 2 * channels);
      },
      {16, [&](std::size_t r, std::size_t i) {
         const std::size_t c = i % static_cast<std::size_t>(channels);
         const double mean = std::abs(statistics[c]), inverse = statistics[static_cast<std::size_t>(channels) + c];
         if (r == 0) return 1 + (std::abs(static_cast<double>(in.x[i])) + mean) * inverse;
         return r == 4 && i >= static_cast<std::size_t>(channels) ? inverse : 2 + mean;
       }});
}

void examine_norm_inference(const NormInputs& in) {
  SCOPED_TRACE(in.text());
  const std::int64_t n = in.count();
  expect_agrees(
      [&](Side& side) {
        const Slot z = side.out(n), y = in.in_place ? z : side.out(n);
        const Epilogue epilogue = in.with_epilogue ? side.forward_epilogue(in.wants_input, y) : Epilogue{};
        side.backend().batch_norm_inference(side.bench(), in.spec, side.in(in.x), side.in(in.gamma), side.in(in.beta),
                                            side.in(in.mean), side.in(in.variance), z, epilogue);
        side.result("y", epilogue ? y : z, n);
      },
      {8, [&](std::size_t, std::size_t i) {
         const std::size_t c = i % static_cast<std::size_t>(in.spec.channels);
         return 1 + (std::abs(static_cast<double>(in.x[i])) + std::abs(static_cast<double>(in.mean[c]))) /
                        std::sqrt(static_cast<double>(in.variance[c]));
       }});
}

void examine_norm_backward(const NormInputs& in) {
  SCOPED_TRACE(in.text());
  const std::int64_t n = in.count(), channels = in.spec.channels;
  const std::vector<double> statistics = statistics_of(in);
  const Values saved(statistics.begin(), statistics.end());
  expect_agrees(
      [&](Side& side) {
        const Slot dx = in.wants_dx ? side.out(n) : Slot{};
        const Slot dgamma = in.accumulate ? side.in(in.gamma) : side.out(channels),
                   dbeta = in.accumulate ? side.in(in.beta) : side.out(channels);
        const Epilogue epilogue = in.wants_dx && in.with_epilogue
                                      ? side.backward_epilogue(in.wants_input, in.wants_input ? side.in(in.z) : Slot{},
                                                               side.in(in.y))
                                      : Epilogue{};
        side.backend().batch_norm_backward(side.bench(), in.spec, side.in(in.x), side.in(in.gamma), side.in(saved),
                                           side.in(in.dy), dx, dgamma, dbeta, in.accumulate, epilogue);
        side.result("dgamma", dgamma, channels);
        side.result("dbeta", dbeta, channels);
        if (dx) side.result("dx", dx, n);
      },
      {16 + std::sqrt(static_cast<double>(in.spec.rows)), [&](std::size_t r, std::size_t i) {
         const std::size_t c = i % static_cast<std::size_t>(channels);
         const double inverse = statistics[static_cast<std::size_t>(channels) + c],
                      most = (2 + 2 * std::abs(statistics[c])) * inverse;  // bound for the values at x's places
         if (r < 2) return 1 + static_cast<double>(in.spec.rows) * (r == 0 ? most : 1) / 4;
         return inverse * (2 + most * most);
       }});
}

TEST(EveryKernel, batch_norm_agrees_for_batches_and_images) {
  Draw draw(4);
  for (const auto& [rows, channels] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1},
                                                                                         {2, 3},
                                                                                         {7, 16},
                                                                                         {64, 17},
                                                                                         {128, 100},
                                                                                         {129, 512},
                                                                                         {1000, 33},
                                                                                         {4096, 16},
                                                                                         {5003, 8},
                                                                                         {8192, 3},
                                                                                         {3, 5000},
                                                                                         {2049, 130}}) {
    const NormInputs in(draw, rows, channels, 0.5f);
    examine_norm_training(in);
    examine_norm_inference(in);
    examine_norm_backward(in);
  }
}

TEST(EveryKernel, batch_norm_keeps_the_variance_of_values_far_from_zero) {
  Draw draw(5);
  for (const auto& [rows, channels] : std::vector<std::pair<std::int64_t, std::int64_t>>{{64, 17}, {5003, 8}, {129, 512}}) {
    const NormInputs in(draw, rows, channels, 1000);
    examine_norm_training(in);
  }
}

TEST(EveryKernel, batch_norm_keeps_nan_and_infinity_in_their_channel) {
  for (const std::int64_t rows : {5, 5003}) {
    Draw draw(6);
    NormInputs in(draw, rows, 19, 0);
    in.x[19 * 3 + 4] = std::numeric_limits<float>::quiet_NaN();
    examine_norm_training(in);
    in.x[19 * 2 + 7] = std::numeric_limits<float>::infinity();
    examine_norm_training(in, true);
    NormInputs back(draw, rows, 19, 0);
    back.dy[19 * 3 + 4] = std::numeric_limits<float>::quiet_NaN();
    back.wants_dx = true;
    examine_norm_backward(back);
  }
}

TEST(EveryKernel, dropout_draws_the_mask_that_its_spec_says_and_draws_it_again) {
  Draw draw(7);
  for (const double rate : {0.0, 0.1, 0.5, 0.999, 1.0})
    for (const auto& [rows, row_size] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {3, 7}, {5, 8}, {64, 100}, {129, 513}, {2, 40001}}) {
      SCOPED_TRACE(text_of(rows, row_size) + ", rate " + std::to_string(rate));
      const DropoutSpec spec{rows, row_size, purpose("dropout_1")};
      const std::int64_t n = rows * row_size;
      const Values x = draw.hard_values(n), z = draw.values(n), y = draw.values(n);
      const bool in_place = draw.coin(), wants_input = draw.coin();
      const auto give = [&](Side& side) {
        side.bench().inputs().seed = 0x123456789abcdef0u;
        side.bench().inputs().step = 77;
        return side.bench().give_layer_input(1, rate);
      };
      expect_agrees(
          [&](Side& side) {
            const Slot from = side.in(x), to = in_place ? from : side.out(n);
            side.backend().dropout_forward(side.bench(), spec, give(side), from, to);
            side.result("y", to, n);
          },
          {2, {}});
      expect_agrees(
          [&](Side& side) {
            const Slot dx = side.out(n);
            const Epilogue epilogue = side.backward_epilogue(wants_input, wants_input ? side.in(z) : Slot{}, side.in(y));
            side.backend().dropout_backward(side.bench(), spec, give(side), side.in(x), dx, epilogue);
            side.result("dx", dx, n);
          },
          {8, {}});
    }
}

TEST(EveryKernel, add_sums_one_to_five_inputs_also_into_one_of_them) {
  Draw draw(8);
  for (const std::int64_t n : counts)
    for (std::size_t inputs = 1; inputs <= 5; ++inputs)
      for (int target = -1; target < static_cast<int>(inputs); target += 2) {
        SCOPED_TRACE(std::to_string(inputs) + " inputs of " + std::to_string(n) + ", into " + std::to_string(target));
        std::vector<Values> x;
        for (std::size_t k = 0; k < inputs; ++k) x.push_back(draw.hard_values(n));
        const Values z = draw.values(n), kept = draw.values(n);
        const int way = static_cast<int>(draw.one_of({0, 1, 2}));
        expect_agrees_as_sum(
            [&](Side& side) {
              std::vector<Slot> slots;
              for (const Values& v : x) slots.push_back(side.in(v));
              const Slot y = target < 0 ? side.out(n) : slots[static_cast<std::size_t>(target)];
              const Epilogue epilogue = way == 0   ? Epilogue{}
                                        : way == 1 ? side.forward_epilogue(true, y)
                                                   : side.backward_epilogue(true, side.in(z), side.in(kept));
              side.backend().add(side.bench(), n, slots, y, epilogue);
              side.result("y", y, n);
            },
            1);
      }
}

TEST(EveryKernel, concat_and_split_move_every_element_to_its_place) {
  Draw draw(9);
  for (const std::vector<std::int64_t>& widths :
       std::vector<std::vector<std::int64_t>>{{1}, {3, 5}, {16, 1, 17}, {100, 200, 7, 1}})
    for (const std::int64_t rows : {1, 7, 513}) {
      std::int64_t all = 0;
      for (const std::int64_t w : widths) all += w;
      SCOPED_TRACE(text_of(rows, all));
      std::vector<Values> parts;
      for (const std::int64_t w : widths) parts.push_back(draw.hard_values(rows * w));
      const Values whole = draw.hard_values(rows * all);
      expect_agrees(
          [&](Side& side) {
            std::vector<Slot> slots;
            for (const Values& v : parts) slots.push_back(side.in(v));
            const Slot y = side.out(rows * all);
            side.backend().concat(side.bench(), rows, widths, slots, y);
            side.result("y", y, rows * all);
          },
          {});
      expect_agrees(
          [&](Side& side) {
            std::vector<Slot> slots;
            for (std::size_t k = 0; k < widths.size(); ++k) slots.push_back(k == 1 ? Slot{} : side.out(rows * widths[k]));
            side.backend().split(side.bench(), rows, widths, side.in(whole), slots);
            for (std::size_t k = 0; k < widths.size(); ++k)
              if (slots[k]) side.result("part " + std::to_string(k), slots[k], rows * widths[k]);
          },
          {});
    }
}

}  // namespace
}  // namespace tend::bench::every_kernel_pass_test

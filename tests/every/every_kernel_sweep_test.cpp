// Losses, penalties and the optimizer's sweep of each fast back end against the reference in double; and that this exam can fail.
#include <atomic>

#include <gtest/gtest-spi.h>

#include "tests/every/kernel_exam.h"

namespace tend::bench::every_kernel_sweep_test {
namespace {

/// A loss for tests: a row's value is the mean of (o - t)^2, with one t per output, or one per row if it takes codes.
template <class T, bool takes_codes>
void squares(const void*, const void* o, const void* t, const void* weights, std::int64_t rows, std::int64_t outputs,
             double scale, double* values, void* slopes) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T weight = weights ? static_cast<const T*>(weights)[r] : T(1);
    double sum = 0;
    for (std::int64_t k = 0; k < outputs; ++k) {
      const T d = static_cast<const T*>(o)[r * outputs + k] - static_cast<const T*>(t)[takes_codes ? r : r * outputs + k];
      sum += static_cast<double>(d * d);
      if (slopes)
        static_cast<T*>(slopes)[r * outputs + k] = static_cast<T>(scale * 2 / static_cast<double>(outputs)) * d * weight;
    }
    values[r] = sum / static_cast<double>(outputs) * static_cast<double>(weight);
  }
}

TEST(EveryKernel, losses_give_values_slopes_and_their_mean) {
  Draw draw(1);
  for (const auto& [rows, outputs] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1, 1}, {3, 10}, {128, 10}, {129, 1}, {1000, 7}, {20011, 2}, {33, 1000}})
    for (int form = 0; form < 32; ++form) {
      const bool mean = form & 1, weighted = form & 2, keeps_values = form & 4, wants_slope = form & 8, takes_codes = form & 16;
      SCOPED_TRACE(std::to_string(rows) + " rows, " + std::to_string(outputs) + " outputs, form " + std::to_string(form));
      const Values o = draw.values(rows * outputs), t = draw.values(takes_codes ? rows : rows * outputs),
                   w = draw.values(rows, 0.1f, 2);
      expect_agrees(
          [&](Side& side) {
            LossFunctions f;
            f.takes_codes = takes_codes;
            f.rows = side.is_double() ? (takes_codes ? squares<double, true> : squares<double, false>)
                     : takes_codes    ? squares<float, true>
                                      : squares<float, false>;
            const Slot values = keeps_values ? side.bench().room_for<double>(rows) : Slot{},
                       slope = wants_slope ? side.out(rows * outputs) : Slot{};
            side.backend().loss(side.bench(), f, rows, outputs, mean, side.in(o), side.in(t), weighted ? side.in(w) : Slot{},
                                values, slope);
            side.double_result("loss", {Buffer::signals, 8 * signal_place::loss}, 1);
            if (values) side.double_result("values", values, rows);
            if (slope) side.result("slope", slope, rows * outputs);
          },
          {16, [&](std::size_t, std::size_t) { return 8.0; }});
    }
}

/// An optimizer for tests with two slots: slot 0 is momentum, slot 1 counts; and the rules of SweepChunk.
template <class T>
void sweep_chunk(const SweepChunk& c) {
  auto* w = static_cast<T*>(c.weight);
  const auto* gradient = static_cast<const T*>(c.gradient);
  for (int i = 0; i < 4; ++i) c.sums[i] = 0;
  for (std::int64_t i = 0; i < c.count; ++i) {
    T g = gradient[i];
    const auto as_given = static_cast<double>(g);
    c.sums[0] += as_given * as_given;
    c.sums[3] += std::isfinite(as_given) ? 0 : 1;
    if (c.clip_value != 0)
      g = g > static_cast<T>(c.clip_value)    ? static_cast<T>(c.clip_value)
          : g < static_cast<T>(-c.clip_value) ? static_cast<T>(-c.clip_value)
                                              : g;
    g = g * static_cast<T>(c.scale) + static_cast<T>(c.decay) * w[i];
    T& momentum = static_cast<T*>(c.slots[0])[i];
    momentum = static_cast<T>(c.constants[0]) * momentum + g;
    static_cast<T*>(c.slots[1])[i] += 1;
    const T change = static_cast<T>(c.rate) * momentum;
    w[i] -= change;
    c.sums[1] += static_cast<double>(change) * static_cast<double>(change);
    c.sums[2] += static_cast<double>(w[i]) * static_cast<double>(w[i]);
  }
}

struct SweepInputs {
  std::vector<SweepSegment> segments;
  std::int64_t count = 0;
  Values w, g, momentum, counts;
  double clip_value = 0, clip_norm = 0, weight_decay = 0;

  SweepInputs(Draw& draw, const std::vector<std::int64_t>& sizes) {
    for (const std::int64_t n : sizes) {
      segments.push_back({count, n, draw.coin()});
      count += n;
    }
    w = draw.values(count), g = draw.values(count), momentum = draw.values(count),
    counts = Values(static_cast<std::size_t>(count), 0);
  }
};

void write_elements(Side& side, Slot slot, const Values& values) {
  if (side.is_double()) side.bench().write(slot, std::vector<double>(values.begin(), values.end()));
  else side.bench().write(slot, values);
}

void examine_sweep(const SweepInputs& in) {
  expect_agrees(
      [&](Side& side) {
        const std::int64_t bytes = in.count * side.element_bytes();
        const std::vector<Slot> slots{Bench::state_slot((bytes + 63) / 64 * 64), Bench::state_slot(2 * ((bytes + 63) / 64 * 64))};
        write_elements(side, Bench::state_slot(0), in.w);
        write_elements(side, Bench::gradient_slot(0), in.g);
        write_elements(side, slots[0], in.momentum);
        write_elements(side, slots[1], in.counts);
        StepInputs& inputs = side.bench().inputs();
        inputs.learning_rate = 0.01;
        inputs.optimizer[0] = 0.53;
        inputs.clip_value = in.clip_value;
        inputs.clip_norm = in.clip_norm;
        inputs.weight_decay = in.weight_decay;
        SweepFunctions f;
        f.slots = 2;
        f.chunk = side.is_double() ? sweep_chunk<double> : sweep_chunk<float>;
        side.backend().sweep(side.bench(), f, in.segments, slots);
        side.result("weights", Bench::state_slot(0), in.count);
        side.result("momentum", slots[0], in.count);
        side.result("counts", slots[1], in.count);
        side.result("gradient", Bench::gradient_slot(0), in.count);
        side.double_result("norm", {Buffer::signals, 8 * signal_place::clip_norm}, 1);
        side.double_result("sums", {Buffer::signals, 8 * signal_place::first_parameter},
                           4 * static_cast<std::int64_t>(in.segments.size()));
      },
      {16, [&](std::size_t r, std::size_t) { return r < 4 ? 2.0 : 1.0 + static_cast<double>(in.count); }});
}

TEST(EveryKernel, the_sweep_visits_every_parameter_once_with_clipping_and_decay) {
  Draw draw(2);
  for (const std::vector<std::int64_t>& sizes :
       std::vector<std::vector<std::int64_t>>{{1}, {3, 1, 17}, {1000, 10}, {4099, 64, 16384, 1, 9973}})
    for (int form = 0; form < 8; ++form) {
      SCOPED_TRACE(std::to_string(sizes.size()) + " segments, form " + std::to_string(form));
      SweepInputs in(draw, sizes);
      in.clip_value = form & 1 ? 0.3 : 0;
      in.clip_norm = form & 2 ? 0.5 : 0;
      in.weight_decay = form & 4 ? 0.1 : 0;
      examine_sweep(in);
    }
}

TEST(EveryKernel, a_gradient_whose_norm_is_not_finite_is_left_as_it_is) {
  Draw draw(3);
  for (const float hard : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    SweepInputs in(draw, {1000, 10});
    in.g[17] = hard;
    in.clip_norm = 0.5;
    examine_sweep(in);
  }
}

TEST(EveryKernel, a_penalty_adds_twice_itself_times_the_weight_and_nothing_while_it_is_0) {
  Draw draw(4);
  for (const double penalty : {0.0, 0.05}) {
    const Values w = draw.values(20000), g = draw.values(20000);
    expect_agrees(
        [&](Side& side) {
          write_elements(side, Bench::state_slot(0), w);
          write_elements(side, Bench::gradient_slot(0), g);
          side.backend().penalty(side.bench(), {101, 17003}, side.bench().give_layer_input(0, penalty));
          side.result("gradient", Bench::gradient_slot(0), 20000);
        },
        {penalty == 0 ? 0.0 : 2.0, [](std::size_t, std::size_t) { return 1.1; }});
  }
}

TEST(EveryKernel, a_sign_penalty_adds_itself_with_the_sign_of_the_weight_and_nothing_while_it_is_0) {
  Draw draw(6);
  for (const double penalty : {0.0, 0.05}) {
    const Values w = draw.hard_values(80000);
    const Values g = draw.values(80000);
    expect_agrees(
        [&](Side& side) {
          write_elements(side, Bench::state_slot(0), w);
          write_elements(side, Bench::gradient_slot(0), g);
          side.backend().sign_penalty(side.bench(), {101, 77003}, side.bench().give_layer_input(0, penalty));
          side.result("gradient", Bench::gradient_slot(0), 80000);
        },
        {penalty == 0 ? 0.0 : 2.0, [](std::size_t, std::size_t) { return 1.1; }});
  }
}

TEST(EveryKernel, an_average_goes_its_share_of_the_way_and_nowhere_while_it_is_0) {
  Draw draw(8);
  for (const double share : {0.0, 0.1, 1.0})
    for (const std::int64_t count : {1, 17, 100003}) {
      const Values value = draw.values(count), average = draw.values(count);
      expect_agrees(
          [&](Side& side) {
            const Slot to = side.in(average);
            side.bench().inputs().average_share = share;
            side.backend().average(side.bench(), count, step_slot(&StepInputs::average_share), side.in(value), to);
            side.result("average", to, count);
          },
          {share == 0 ? 0.0 : 3.0, [](std::size_t, std::size_t) { return 1.0; }});
    }
}

TEST(EveryKernel, a_largest_norm_shortens_longer_columns_and_leaves_the_others) {
  Draw draw(7);
  for (const auto& [rows, units] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {5, 3}, {784, 100}, {27, 2000}, {9000, 10}, {1, 600}})
    for (const double limit : {0.0, 0.5, 1e6}) {
      SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(units) + ", limit " + std::to_string(limit));
      Values w = draw.values(rows * units + 64);
      for (std::int64_t k = 0; k < units; k += 3)
        for (std::int64_t r = 0; r < rows; ++r) w[static_cast<std::size_t>(33 + r * units + k)] /= 1000;
      if (units > 4) w[33 + 1] = std::numeric_limits<float>::quiet_NaN();
      expect_agrees(
          [&, rows = rows, units = units](Side& side) {
            write_elements(side, Bench::state_slot(0), w);
            side.backend().max_norm(side.bench(), {33, rows * units}, units, side.bench().give_layer_input(0, limit));
            side.result("weights", Bench::state_slot(0), rows * units + 64);
          },
          {limit == 0.5 ? 3.0 : 0.0, {}});
    }
}

/// y = x, but on the fast side `spoil` changes it.
void examine_spoiled(void (*spoil)(float* y, int block)) {
  struct Copy final : Kernel {
    explicit Copy(void (*spoil)(float*, int)) : spoil(spoil) {}
    std::string_view name() const override { return "copy"; }
    int blocks() const override { return 8; }
    void run(void* const* o, int block, void*) const override {
      for (int i = block * 4; i < block * 4 + 4; ++i) static_cast<float*>(o[1])[i] = static_cast<const float*>(o[0])[i];
      spoil(static_cast<float*>(o[1]), block);
    }
    void (*spoil)(float*, int);
  };
  Draw draw(5);
  const Values x = draw.values(32);
  expect_agrees(
      [&](Side& side) {
        const Slot y = side.out(32);
        if (side.is_double()) side.backend().add(side.bench(), 32, {side.in(x)}, y);
        else side.bench().call(std::make_unique<Copy>(spoil), {side.in(x), y});
        side.result("y", y, 32);
      },
      {4, {}});
}

TEST(KernelExam, passes_what_is_right) {
  examine_spoiled([](float*, int) {});
}

bool is_noticed(void (*spoil)(float* y, int block)) {
  testing::TestPartResultArray told;
  {
    const testing::ScopedFakeTestPartResultReporter instead(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &told);
    examine_spoiled(spoil);
  }
  return told.size() > 0;
}

TEST(KernelExam, notices_wrong_values_unwritten_ones_and_writes_outside) {
  EXPECT_TRUE(is_noticed([](float* y, int block) {
    if (block == 3) y[12] *= 1.00001f;
  }));
  EXPECT_TRUE(is_noticed([](float* y, int block) {
    if (block == 3) y[12] = std::numeric_limits<float>::quiet_NaN();
  }));
  EXPECT_TRUE(is_noticed([](float* y, int block) {
    if (block == 7) y[32] = 0;
  }));
  EXPECT_TRUE(is_noticed([](float* y, int block) {
    if (block == 0) y[-1] = 0;
  }));
}

TEST(KernelExam, notices_bits_that_differ_between_runs_within_the_tolerance) {
  static std::atomic<int> runs;
  EXPECT_TRUE(is_noticed([](float* y, int block) {
    if (block == 5) y[20] *= 1 + static_cast<float>(runs++ % 4) * 0x1p-23f;
  }));
}

}  // namespace
}  // namespace tend::bench::every_kernel_sweep_test

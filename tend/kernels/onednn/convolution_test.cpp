#include "tend/kernels/onednn/convolution.h"

#include <thread>

#include <omp.h>

#include "tend/base/error.h"
#include "tests/every/kernel_exam.h"

namespace tend::bench::convolution_test {
namespace {

ConvolutionSpec square(std::int64_t rows, std::int64_t size, std::int64_t channels, std::int64_t filters, std::int64_t kernel) {
  ConvolutionSpec s;
  s.rows = rows, s.height = s.width = size, s.channels = channels, s.filters = filters, s.kernel_height = s.kernel_width = kernel;
  s.out_height = s.out_width = size - kernel + 1;
  return s;
}

/// Runs both passes on their own inputs.
void emit_step(Bench& bench, const ConvolutionSpec& s) {
  Draw draw(1);
  const std::int64_t nx = s.rows * s.height * s.width * s.channels, ny = s.rows * s.out_height * s.out_width * s.filters;
  const std::int64_t nw = s.kernel_height * s.kernel_width * s.channels * s.filters;
  const Slot x = bench.put(draw.values(nx)), w = bench.put(draw.values(nw)), b = bench.put(draw.values(s.filters)),
             dy = bench.put(draw.values(ny));
  onednn::convolution_forward(bench, s, x, w, b, bench.room_for<float>(ny), {}, best_isa());
  onednn::convolution_backward_data(bench, s, dy, w, bench.room_for<float>(nx), {}, best_isa());
}

TEST(OnednnConvolution, the_hosts_openmp_settings_stay_as_they_were) {
  std::thread([] {  // its own thread, so that its setting affects no other code
    omp_set_num_threads(3);
    Bench bench;
    emit_step(bench, square(19, 9, 3, 5, 3));
    EXPECT_EQ(omp_get_max_threads(), 3);
    bench.run(1);
    EXPECT_EQ(omp_get_max_threads(), 3);
  })
      .join();
}

TEST(OnednnConvolution, more_threads_than_cores_wait_for_one_another) {
  Bench bench;
  emit_step(bench, square(64, 12, 8, 16, 3));
  for (unsigned shuffle = 0; shuffle < 5; ++shuffle) bench.run(16, shuffle);
  EXPECT_TRUE(bench.guards_are_whole());
}

TEST(OnednnConvolution, one_that_onednn_cannot_do_is_an_error_that_says_who_and_why) {
  ConvolutionSpec s = square(4, 8, 3, 5, 3);
  s.out_height = 100;
  s.stride_height = 0;
  Bench bench;
  try {
    emit_step(bench, s);
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "convolution, forward");
    EXPECT_NE(error.got.find("oneDNN " + onednn::version()), std::string::npos);
  }
}

TEST(OnednnConvolution, a_batch_is_cut_into_blocks_that_its_shape_fixes) {
  Bench bench;
  emit_step(bench, square(128, 26, 32, 64, 3));
  for (std::size_t i = 0; i < bench.calls(); ++i) {
    const Kernel& kernel = bench.kernel(i);
    if (kernel.flops() < 1e9) continue;  // skips packing
    EXPECT_EQ(kernel.blocks(), 16) << kernel.name();
    EXPECT_EQ(kernel.flops(), 2.0 * 128 * 24 * 24 * 64 * 9 * 32) << kernel.name();
  }
}

}  // namespace
}  // namespace tend::bench::convolution_test

#include "tend/kernels/onednn/wall.h"

#include <omp.h>

#include <algorithm>

#include "tend/kernels/onednn/convolution.h"
#include "tend/kernels/onednn/product.h"

namespace tend::onednn {

OneThread::OneThread() : before_(omp_get_max_threads()) {
  if (before_ != 1) omp_set_num_threads(1);
}

OneThread::~OneThread() {
  if (before_ != 1) omp_set_num_threads(before_);
}

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& stream() {
  thread_local dnnl::stream own(cpu());
  return own;
}

void guarded(const char* what, const std::function<void()>& call) {
  try {
    const OneThread limit;
    call();
  } catch (const dnnl::error& e) {
    throw Error(Trouble::usage, std::string("oneDNN, ") + what, e.message ? e.message : "an error without a text", "a shape that it can compute");
  }
}

std::string version() {
  const dnnl_version_t* v = dnnl_version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

dnnl::memory::desc plain_weights(const ConvolutionSpec& s) {
  return {{s.filters, s.channels, s.kernel_height, s.kernel_width}, Type::f32, Tag::hwio};
}

namespace {

struct Shapes {
  dnnl::memory::desc images, weights, bias, outputs;
  dnnl::memory::dims strides, before, behind;
};

Shapes shapes_of(const ConvolutionSpec& s, std::int64_t rows, bool has_bias) {
  const auto behind = [](std::int64_t out, std::int64_t stride, std::int64_t kernel, std::int64_t in, std::int64_t before) {
    return std::max<std::int64_t>((out - 1) * stride + kernel - in - before, 0);
  };
  Shapes all;
  all.images = {{rows, s.channels, s.height, s.width}, Type::f32, Tag::nhwc};
  all.weights = {{s.filters, s.channels, s.kernel_height, s.kernel_width}, Type::f32, Tag::any};
  if (has_bias) all.bias = {{s.filters}, Type::f32, Tag::a};
  all.outputs = {{rows, s.filters, s.out_height, s.out_width}, Type::f32, Tag::nhwc};
  all.strides = {s.stride_height, s.stride_width};
  all.before = {s.pad_top, s.pad_left};
  all.behind = {behind(s.out_height, s.stride_height, s.kernel_height, s.height, s.pad_top),
                behind(s.out_width, s.stride_width, s.kernel_width, s.width, s.pad_left)};
  return all;
}

constexpr auto direct = dnnl::algorithm::convolution_direct;
constexpr auto training = dnnl::prop_kind::forward_training;

#if DNNL_VERSION_MAJOR >= 3

dnnl::convolution_forward::primitive_desc forward_of(const Shapes& a, bool has_bias, const dnnl::primitive_attr& attributes) {
  if (has_bias) return {cpu(), training, direct, a.images, a.weights, a.bias, a.outputs, a.strides, a.before, a.behind, attributes};
  return {cpu(), training, direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind, attributes};
}
dnnl::convolution_backward_data::primitive_desc data_of(const Shapes& a, const dnnl::convolution_forward::primitive_desc& hint, const dnnl::primitive_attr& attributes) {
  return {cpu(), direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind, hint, attributes};
}
dnnl::convolution_backward_weights::primitive_desc weights_of(const Shapes& a, bool has_bias, const dnnl::convolution_forward::primitive_desc& hint,
                                                              const dnnl::primitive_attr& attributes) {
  if (has_bias) return {cpu(), direct, a.images, a.weights, a.bias, a.outputs, a.strides, a.before, a.behind, hint, attributes};
  return {cpu(), direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind, hint, attributes};
}

#else

dnnl::convolution_forward::primitive_desc forward_of(const Shapes& a, bool has_bias, const dnnl::primitive_attr& attributes) {
  using Desc = dnnl::convolution_forward::desc;
  return {has_bias ? Desc(training, direct, a.images, a.weights, a.bias, a.outputs, a.strides, a.before, a.behind)
                   : Desc(training, direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind),
          attributes, cpu()};
}
dnnl::convolution_backward_data::primitive_desc data_of(const Shapes& a, const dnnl::convolution_forward::primitive_desc& hint, const dnnl::primitive_attr& attributes) {
  return {{direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind}, attributes, cpu(), hint};
}
dnnl::convolution_backward_weights::primitive_desc weights_of(const Shapes& a, bool has_bias, const dnnl::convolution_forward::primitive_desc& hint,
                                                              const dnnl::primitive_attr& attributes) {
  using Desc = dnnl::convolution_backward_weights::desc;
  return {has_bias ? Desc(direct, a.images, a.weights, a.bias, a.outputs, a.strides, a.before, a.behind)
                   : Desc(direct, a.images, a.weights, a.outputs, a.strides, a.before, a.behind),
          attributes, cpu(), hint};
}

#endif

}  // namespace

Convolution make_convolution(const ConvolutionSpec& spec, std::int64_t rows, bool has_bias, Direction direction) {
  Convolution made;
  guarded("convolution", [&] {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const Shapes shapes = shapes_of(spec, rows, has_bias);
    const auto forward = forward_of(shapes, has_bias && direction != Direction::backward_data, attributes);
    made.images = shapes.images;
    made.outputs = shapes.outputs;
    made.bias = shapes.bias;
    if (direction == Direction::forward) {
      made.primitive = dnnl::convolution_forward(forward);
      made.weights = forward.weights_desc();
      made.scratchpad = forward.scratchpad_desc();
    } else if (direction == Direction::backward_data) {
      const auto data = data_of(shapes, forward, attributes);
      made.primitive = dnnl::convolution_backward_data(data);
      made.weights = data.weights_desc();
      made.scratchpad = data.scratchpad_desc();
    } else {
      const auto weights = weights_of(shapes, has_bias, forward, attributes);
      made.primitive = dnnl::convolution_backward_weights(weights);
      made.weights = weights.diff_weights_desc();
      made.scratchpad = weights.scratchpad_desc();
    }
  });
  return made;
}

void sgemm(char transa, char transb, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float* a, std::int64_t lda, const float* b,
           std::int64_t ldb, float beta, float* c, std::int64_t ldc) {
  const OneThread limit;
  dnnl_sgemm(transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

}  // namespace tend::onednn

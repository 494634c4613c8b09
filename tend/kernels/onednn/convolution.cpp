#include "tend/kernels/onednn/convolution.h"

#include <algorithm>

#include "tend/base/error.h"
#include "tend/kernels/onednn/pack.h"
#include "tend/kernels/onednn/primitives.h"

namespace tend::onednn {
namespace {

constexpr std::int64_t usual_blocks = 8, usual_images = 8;  // blocks of a large batch; images of a block
constexpr std::int64_t most_images = 16;                    // for small images, so that
constexpr double flops_per_block = 4e6;                     // a block takes about 40 microseconds of one core

/// A batch cut into pieces of `images` images. The last piece may be shorter.
struct Pieces {
  std::int64_t images, count, ragged;  ///< images of the last piece if it is shorter, otherwise 0
  Pieces(std::int64_t rows, std::int64_t images_each)
      : images(std::min(rows, images_each)), count((rows + images - 1) / images), ragged(rows % images) {}
  bool is_ragged(std::int64_t piece) const { return ragged != 0 && piece == count - 1; }
  std::int64_t images_of(std::int64_t piece) const { return is_ragged(piece) ? ragged : images; }
};

std::int64_t images_per_block(const ConvolutionSpec& s) {
  const auto enough = static_cast<std::int64_t>(flops_per_block / std::max(1.0, s.flops_of(1)));
  return std::max(std::clamp<std::int64_t>(s.rows / usual_blocks, 2, usual_images), std::min(enough, most_images));
}

std::string note_of(const ConvolutionSpec& s, const Pieces& pieces) {
  return std::to_string(s.rows) + "x" + std::to_string(s.height) + "x" + std::to_string(s.width) + "x" +
         std::to_string(s.channels) + " -> " + std::to_string(s.filters) + ", kernel " + std::to_string(s.kernel_height) + "x" +
         std::to_string(s.kernel_width) + ", " + std::to_string(pieces.count) + " blocks of " + std::to_string(pieces.images) +
         " images";
}

double bytes_of(const ConvolutionSpec& s) {
  return 4.0 * static_cast<double>(s.rows * (s.height * s.width * s.channels + s.out_height * s.out_width * s.filters) +
                                   s.kernel_height * s.kernel_width * s.channels * s.filters);
}

/// Forward, or gradient of data: each block reads its images of operand 0 and writes those of operand `output`. The operands
/// between them are weights (and bias). The activation runs afterwards; its z and y are the two operands after `output`.
class BlockConvolution final : public Kernel {
 public:
  BlockConvolution(const char* name, const ConvolutionSpec& spec, Pieces pieces, std::shared_ptr<Primitive> whole,
                   std::shared_ptr<Primitive> ragged, int output, std::int64_t read_per_image, std::int64_t written_per_image,
                   const Epilogue& epilogue)
      : name_(name),
        spec_(spec),
        pieces_(pieces),
        whole_(std::move(whole)),
        ragged_(std::move(ragged)),
        output_(output),
        read_per_image_(read_per_image),
        written_per_image_(written_per_image),
        epilogue_(epilogue) {}

  std::string_view name() const override { return name_; }
  int blocks() const override { return static_cast<int>(pieces_.count); }
  std::int64_t scratch_bytes() const override {
    return std::max(whole_->scratch_bytes(), ragged_ ? ragged_->scratch_bytes() : 0);
  }
  double flops() const override { return spec_.flops(); }
  double bytes() const override { return bytes_of(spec_); }
  std::string note() const override { return note_of(spec_, pieces_); }

  void run(void* const* operands, int block, void* scratch) const override {
    const std::int64_t first = block * pieces_.images;
    void* addresses[4];
    std::copy_n(operands, output_ + 1, addresses);
    addresses[0] = static_cast<float*>(operands[0]) + first * read_per_image_;
    auto* out = static_cast<float*>(operands[output_]) + first * written_per_image_;
    addresses[output_] = out;
    (pieces_.is_ragged(block) ? ragged_ : whole_)->run(addresses, scratch, block);
    if (epilogue_) activate(operands, out, first * written_per_image_, pieces_.images_of(block) * written_per_image_);
  }

 private:
  void activate(void* const* operands, float* out, std::int64_t offset, std::int64_t count) const {
    const auto at = [&](int operand) { return operands[operand] ? static_cast<float*>(operands[operand]) + offset : nullptr; };
    const PointwiseFunctions& f = epilogue_.functions;
    if (epilogue_.backward) f.backward(f.self, at(output_ + 1), at(output_ + 2), out, out, count);
    else f.forward(f.self, out, at(output_ + 2), count);
  }

  const char* name_;
  ConvolutionSpec spec_;
  Pieces pieces_;
  std::shared_ptr<Primitive> whole_, ragged_;
  int output_;
  std::int64_t read_per_image_, written_per_image_;
  Epilogue epilogue_;
};

/// The weights in the order of a primitive: packed by a separate call, or unchanged if the order is the same.
Slot packed(Emitter& emitter, const dnnl::memory::desc& wanted, Slot w) {
  WeightsLayout layout(wanted);
  if (layout.is_plain()) return w;
  const Slot packed = emitter.temporary(4 * layout.count);
  emitter.call(std::make_unique<PackWeights>(std::move(layout)), {w, packed});
  return packed;
}

}  // namespace

void convolution_forward(Emitter& emitter, const ConvolutionSpec& spec, Slot x, Slot w, Slot b, Slot y, const Epilogue& epilogue,
                         Isa) {
  TEND_EXPECTS(!epilogue.backward);
  const Pieces pieces(spec.rows, images_per_block(spec));
  const bool with_bias = static_cast<bool>(b);
  const ConvolutionPrimitive whole = make_forward(spec, with_bias,
                                                  {.images = pieces.images, .at_once = static_cast<int>(pieces.count)});
  std::shared_ptr<Primitive> ragged;
  Slot weights = packed(emitter, whole.weights, w);
  std::vector<Slot> operands = with_bias ? std::vector{x, weights, b, y} : std::vector{x, weights, y};
  if (pieces.ragged)
    ragged = make_forward(spec, with_bias, {.images = pieces.ragged, .at_once = 1, .weights = whole.weights}).primitive;
  const int output = static_cast<int>(operands.size()) - 1;
  if (epilogue) operands.insert(operands.end(), {Slot{}, epilogue.y});
  emitter.call(std::make_unique<BlockConvolution>("convolution_forward", spec, pieces, whole.primitive, ragged, output,
                                                  spec.height * spec.width * spec.channels,
                                                  spec.out_height * spec.out_width * spec.filters, epilogue),
               operands);
}

void convolution_backward_data(Emitter& emitter, const ConvolutionSpec& spec, Slot dy, Slot w, Slot dx, const Epilogue& epilogue,
                               Isa) {
  TEND_EXPECTS(!epilogue || epilogue.backward);
  const Pieces pieces(spec.rows, images_per_block(spec));
  const ConvolutionPrimitive whole = make_backward_data(spec,
                                                        {.images = pieces.images, .at_once = static_cast<int>(pieces.count)});
  std::shared_ptr<Primitive> ragged;
  std::vector<Slot> operands{dy, packed(emitter, whole.weights, w), dx};
  if (pieces.ragged)
    ragged = make_backward_data(spec, {.images = pieces.ragged, .at_once = 1, .weights = whole.weights}).primitive;
  if (epilogue) operands.insert(operands.end(), {epilogue.z, epilogue.y});
  emitter.call(std::make_unique<BlockConvolution>("convolution_backward_data", spec, pieces, whole.primitive, ragged, 2,
                                                  spec.out_height * spec.out_width * spec.filters,
                                                  spec.height * spec.width * spec.channels, epilogue),
               operands);
}

}  // namespace tend::onednn

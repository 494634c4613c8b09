#pragma once
#include "tend/kernels/backend.h"
#include "tend/kernels/function_kernel.h"
#include "tend/kernels/members.h"

namespace tend {

struct PassTable;
struct NormTable;
struct PoolTable;
struct ConvolutionTable;
struct DepthwiseTable;
struct ProductTable;
struct RecurrentTable;

/// Our own float32 kernels. Everything that depends on the instruction set is called through tables of inner functions. oneDNN
/// runs most convolutions, except weight gradients and images of few channels. Blocks depend only on the shape.
class FastBackend final : public Backend {
 public:
  explicit FastBackend(Isa isa);
  ElementType element_type() const override { return ElementType::float32; }
  Isa isa() const override { return isa_; }
  std::string name() const override;

  void dense_forward(Emitter&, const DenseSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&) const override;
  void dense_backward_data(Emitter&, const DenseSpec&, Slot dy, Slot w, Slot dx, const Epilogue&) const override;
  void dense_backward_weights(Emitter&, const DenseSpec&, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) const override;
  void convolution_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&) const override;
  void convolution_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx, const Epilogue&) const override;
  void convolution_backward_weights(Emitter&, const ConvolutionSpec&, Slot x, Slot dy, Slot dw, Slot db,
                                    bool accumulate) const override;
  void depthwise_forward(Emitter&, const ConvolutionSpec&, Slot x, Slot w, Slot b, Slot y, const Epilogue&) const override;
  void depthwise_backward_data(Emitter&, const ConvolutionSpec&, Slot dy, Slot w, Slot dx, const Epilogue&) const override;
  void depthwise_backward_weights(Emitter&, const ConvolutionSpec&, Slot x, Slot dy, Slot dw, Slot db,
                                  bool accumulate) const override;
  void max_pool_forward(Emitter&, const PoolSpec&, Slot x, Slot y, Slot where) const override;
  void max_pool_backward(Emitter&, const PoolSpec&, Slot dy, Slot where, Slot dx, const Epilogue&) const override;
  void average_pool_forward(Emitter&, const PoolSpec&, Slot x, Slot y) const override;
  void average_pool_backward(Emitter&, const PoolSpec&, Slot dy, Slot dx, const Epilogue&) const override;
  void pointwise_forward(Emitter&, std::int64_t count, const PointwiseFunctions&, Slot z, Slot y) const override;
  void pointwise_backward(Emitter&, std::int64_t count, const PointwiseFunctions&, Slot z, Slot y, Slot dy,
                          Slot dz) const override;
  void softmax_forward(Emitter&, std::int64_t rows, std::int64_t classes, bool log, Slot x, Slot y) const override;
  void softmax_backward(Emitter&, std::int64_t rows, std::int64_t classes, bool log, Slot y, Slot dy, Slot dx) const override;
  void batch_norm_training(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot beta, Slot running_mean,
                           Slot running_variance, Slot saved, Slot y, const Epilogue&) const override;
  void batch_norm_inference(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot beta, Slot running_mean,
                            Slot running_variance, Slot y, const Epilogue&) const override;
  void batch_norm_backward(Emitter&, const BatchNormSpec&, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx, Slot dgamma,
                           Slot dbeta, bool accumulate, const Epilogue&) const override;
  void group_norm_forward(Emitter&, const GroupNormSpec&, Slot x, Slot gamma, Slot beta, Slot saved, Slot y,
                          const Epilogue&) const override;
  void group_norm_backward(Emitter&, const GroupNormSpec&, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx, Slot dgamma,
                           Slot dbeta, bool accumulate, const Epilogue&) const override;
  void prelu_forward(Emitter&, const PReluSpec&, Slot x, Slot slopes, Slot y) const override;
  void prelu_backward(Emitter&, const PReluSpec&, Slot x, Slot slopes, Slot dy, Slot dx, Slot dslopes,
                      bool accumulate) const override;
  void piece_max_forward(Emitter&, std::int64_t count, std::int64_t pieces, Slot z, Slot y, Slot where) const override;
  void piece_max_backward(Emitter&, std::int64_t count, std::int64_t pieces, Slot dy, Slot where, Slot dz) const override;
  void embedding_forward(Emitter&, const EmbeddingSpec&, Slot codes, Slot w, Slot y) const override;
  void embedding_backward(Emitter&, const EmbeddingSpec&, Slot codes, Slot dy, Slot dcodes, Slot dw,
                          bool accumulate) const override;
  void dropout_forward(Emitter&, const DropoutSpec&, Slot rate, Slot x, Slot y) const override;
  void dropout_backward(Emitter&, const DropoutSpec&, Slot rate, Slot dy, Slot dx, const Epilogue&) const override;
  void attention_forward(Emitter&, const AttentionSpec&, Slot x, Slot shares, Slot y) const override;
  void attention_backward(Emitter&, const AttentionSpec&, Slot x, Slot shares, Slot dy, Slot dx) const override;
  void recurrent_forward(Emitter&, const RecurrentSpec&, Slot gates, Slot u, Slot b, Slot kept, Slot h) const override;
  void recurrent_backward(Emitter&, const RecurrentSpec&, Slot gates, Slot u, Slot kept, Slot h, Slot dh, Slot dgates,
                          Slot dproducts, Slot before) const override;
  void add_to_rows(Emitter&, std::int64_t rows, std::int64_t width, Slot x, Slot b, Slot y) const override;
  void sum_rows(Emitter&, std::int64_t rows, std::int64_t width, Slot dy, Slot db, bool accumulate) const override;
  void add(Emitter&, std::int64_t count, const std::vector<Slot>& inputs, Slot y, const Epilogue&) const override;
  void concat(Emitter&, std::int64_t rows, const std::vector<std::int64_t>& widths, const std::vector<Slot>& inputs,
              Slot y) const override;
  void split(Emitter&, std::int64_t rows, const std::vector<std::int64_t>& widths, Slot y,
             const std::vector<Slot>& outputs) const override;
  void loss(Emitter&, const LossFunctions&, std::int64_t rows, std::int64_t outputs, bool mean, Slot o, Slot t, Slot weights,
            Slot values, Slot slope) const override;
  void join_members(Emitter& e, const JoinSpec& s, Slot o, Slot shares, Slot y) const override {
    emit_join_members<float>(e, s, o, shares, y);
  }
  void mean_of_losses(Emitter& e, std::int64_t members, Slot losses) const override { emit_mean_of_losses(e, members, losses); }
  void penalty(Emitter&, const SweepSegment&, Slot penalty) const override;
  void sign_penalty(Emitter&, const SweepSegment&, Slot penalty) const override;
  void max_norm(Emitter&, const SweepSegment&, std::int64_t units, Slot limit) const override;
  void average(Emitter&, std::int64_t count, Slot share, Slot value, Slot average) const override;
  void sweep(Emitter&, const SweepFunctions&, const std::vector<SweepSegment>&, const std::vector<Slot>& slots) const override;

 private:
  const char* word() const { return name_of(isa_); }

  Isa isa_;
  const ProductTable& products_;
  const PassTable& passes_;
  const NormTable& norms_;
  const PoolTable& pools_;
  const ConvolutionTable& convolutions_;
  const DepthwiseTable& depthwises_;
  const RecurrentTable& recurrents_;
};

/// Applies an epilogue's span function to the elements from `at` of a finished `output`; z and y are the epilogue's operands.
inline void finish_span(const PointwiseFunctions& f, bool backward, const float* z, float* y, float* output, std::int64_t at,
                        std::int64_t count) {
  if (!f.forward) return;
  if (backward) f.backward(f.self, z ? z + at : nullptr, y ? y + at : nullptr, output + at, output + at, count);
  else f.forward(f.self, output + at, y + at, count);
}

/// Returns the address of element n of an operand as T, or nullptr if the operand is empty.
template <class T = float>
inline T* at(void* operand, std::int64_t n = 0) {
  return operand ? static_cast<T*>(operand) + n : nullptr;
}

}  // namespace tend

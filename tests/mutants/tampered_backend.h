#pragma once
#include <functional>
#include <vector>

#include "tend/kernels/backend.h"
#include "tend/kernels/function_kernel.h"

// The signatures of Backend, so that a mutant is one line: struct Forgetful : TamperedBackend { DENSE_FORWARD {
// in.dense_forward(e, s, x, w, {}, y, after); } };
#define DENSE_FORWARD \
  void dense_forward(Emitter& e, const DenseSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& after) const override
#define DENSE_DATA \
  void dense_backward_data(Emitter& e, const DenseSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& after) const override
#define DENSE_WEIGHTS \
  void dense_backward_weights(Emitter& e, const DenseSpec& s, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) const override
#define CONV_FORWARD                                                                                                    \
  void convolution_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& after) \
      const override
#define CONV_DATA                                                                                                       \
  void convolution_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& after) \
      const override
#define CONV_WEIGHTS                                                                                                          \
  void convolution_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) \
      const override
#define MAX_FORWARD void max_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y, Slot where) const override
#define MAX_BACKWARD \
  void max_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot where, Slot dx, const Epilogue& after) const override
#define AVERAGE_FORWARD void average_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y) const override
#define AVERAGE_BACKWARD \
  void average_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot dx, const Epilogue& after) const override
#define POINTWISE_FORWARD \
  void pointwise_forward(Emitter& e, std::int64_t n, const PointwiseFunctions& f, Slot z, Slot y) const override
#define POINTWISE_BACKWARD                                                                                           \
  void pointwise_backward(Emitter& e, std::int64_t n, const PointwiseFunctions& f, Slot z, Slot y, Slot dy, Slot dz) \
      const override
#define SOFTMAX_FORWARD \
  void softmax_forward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot x, Slot y) const override
#define SOFTMAX_BACKWARD \
  void softmax_backward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot y, Slot dy, Slot dx) const override
#define NORM_TRAINING                                                                                                   \
  void batch_norm_training(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot mean, Slot variance, \
                           Slot saved, Slot y, const Epilogue& after) const override
#define NORM_INFERENCE                                                                                                           \
  void batch_norm_inference(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot beta, Slot mean, Slot variance, Slot y, \
                            const Epilogue& after) const override
#define NORM_BACKWARD                                                                                                         \
  void batch_norm_backward(Emitter& e, const BatchNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx, Slot dgamma, \
                           Slot dbeta, bool accumulate, const Epilogue& after) const override
#define DROPOUT_FORWARD void dropout_forward(Emitter& e, const DropoutSpec& s, Slot rate, Slot x, Slot y) const override
#define DROPOUT_BACKWARD \
  void dropout_backward(Emitter& e, const DropoutSpec& s, Slot rate, Slot dy, Slot dx, const Epilogue& after) const override
#define ATTENTION_FORWARD void attention_forward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot y) const override
#define ATTENTION_BACKWARD \
  void attention_backward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot dy, Slot dx) const override
#define RECURRENT_FORWARD \
  void recurrent_forward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot b, Slot kept, Slot h) const override
#define RECURRENT_BACKWARD                                                                                                 \
  void recurrent_backward(Emitter& e, const RecurrentSpec& s, Slot gates, Slot u, Slot kept, Slot h, Slot dh, Slot dgates, \
                          Slot dproducts, Slot before) const override
#define ADD_TO_ROWS void add_to_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot x, Slot b, Slot y) const override
#define SUM_ROWS \
  void sum_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot dy, Slot db, bool accumulate) const override
#define ADD_FORWARD \
  void add(Emitter& e, std::int64_t n, const std::vector<Slot>& inputs, Slot y, const Epilogue& after) const override
#define CONCAT_FORWARD                                                                                                         \
  void concat(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths, const std::vector<Slot>& inputs, Slot y) \
      const override
#define SPLIT_BACKWARD                                                                                                         \
  void split(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths, Slot y, const std::vector<Slot>& outputs) \
      const override
#define DEPTHWISE_FORWARD                                                                                             \
  void depthwise_forward(Emitter& e, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& after) \
      const override
#define DEPTHWISE_DATA                                                                                                \
  void depthwise_backward_data(Emitter& e, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& after) \
      const override
#define DEPTHWISE_WEIGHTS                                                                                                   \
  void depthwise_backward_weights(Emitter& e, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db, bool accumulate) \
      const override
#define GROUP_FORWARD                                                                                            \
  void group_norm_forward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot beta, Slot saved, Slot y, \
                          const Epilogue& after) const override
#define GROUP_BACKWARD                                                                                                        \
  void group_norm_backward(Emitter& e, const GroupNormSpec& s, Slot x, Slot gamma, Slot saved, Slot dy, Slot dx, Slot dgamma, \
                           Slot dbeta, bool accumulate, const Epilogue& after) const override
#define PRELU_FORWARD void prelu_forward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot y) const override
#define PRELU_BACKWARD                                                                                                      \
  void prelu_backward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot dy, Slot dx, Slot dslopes, bool accumulate) \
      const override
#define PIECE_FORWARD \
  void piece_max_forward(Emitter& e, std::int64_t n, std::int64_t pieces, Slot z, Slot y, Slot where) const override
#define PIECE_BACKWARD \
  void piece_max_backward(Emitter& e, std::int64_t n, std::int64_t pieces, Slot dy, Slot where, Slot dz) const override
#define EMBEDDING_FORWARD void embedding_forward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot w, Slot y) const override
#define EMBEDDING_BACKWARD                                                                                                \
  void embedding_backward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot dy, Slot dcodes, Slot dw, bool accumulate) \
      const override

namespace tend {

/// A back end that forwards to another one. A mutant overrides one of its calls.
struct TamperedBackend : Backend {
  explicit TamperedBackend(const Backend& inner) : in(inner) {}
  const Backend& in;

  ElementType element_type() const override { return in.element_type(); }
  Isa isa() const override { return in.isa(); }
  std::string name() const override { return "tampered " + in.name(); }
  DENSE_FORWARD { in.dense_forward(e, s, x, w, b, y, after); }
  DENSE_DATA { in.dense_backward_data(e, s, dy, w, dx, after); }
  DENSE_WEIGHTS { in.dense_backward_weights(e, s, x, dy, dw, db, accumulate); }
  CONV_FORWARD { in.convolution_forward(e, s, x, w, b, y, after); }
  CONV_DATA { in.convolution_backward_data(e, s, dy, w, dx, after); }
  CONV_WEIGHTS { in.convolution_backward_weights(e, s, x, dy, dw, db, accumulate); }
  MAX_FORWARD { in.max_pool_forward(e, s, x, y, where); }
  MAX_BACKWARD { in.max_pool_backward(e, s, dy, where, dx, after); }
  AVERAGE_FORWARD { in.average_pool_forward(e, s, x, y); }
  AVERAGE_BACKWARD { in.average_pool_backward(e, s, dy, dx, after); }
  POINTWISE_FORWARD { in.pointwise_forward(e, n, f, z, y); }
  POINTWISE_BACKWARD { in.pointwise_backward(e, n, f, z, y, dy, dz); }
  SOFTMAX_FORWARD { in.softmax_forward(e, rows, classes, log, x, y); }
  SOFTMAX_BACKWARD { in.softmax_backward(e, rows, classes, log, y, dy, dx); }
  NORM_TRAINING { in.batch_norm_training(e, s, x, gamma, beta, mean, variance, saved, y, after); }
  NORM_INFERENCE { in.batch_norm_inference(e, s, x, gamma, beta, mean, variance, y, after); }
  NORM_BACKWARD { in.batch_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after); }
  DROPOUT_FORWARD { in.dropout_forward(e, s, rate, x, y); }
  DROPOUT_BACKWARD { in.dropout_backward(e, s, rate, dy, dx, after); }
  ATTENTION_FORWARD { in.attention_forward(e, s, x, shares, y); }
  ATTENTION_BACKWARD { in.attention_backward(e, s, x, shares, dy, dx); }
  RECURRENT_FORWARD { in.recurrent_forward(e, s, gates, u, b, kept, h); }
  RECURRENT_BACKWARD { in.recurrent_backward(e, s, gates, u, kept, h, dh, dgates, dproducts, before); }
  ADD_TO_ROWS { in.add_to_rows(e, rows, width, x, b, y); }
  SUM_ROWS { in.sum_rows(e, rows, width, dy, db, accumulate); }
  ADD_FORWARD { in.add(e, n, inputs, y, after); }
  CONCAT_FORWARD { in.concat(e, rows, widths, inputs, y); }
  SPLIT_BACKWARD { in.split(e, rows, widths, y, outputs); }
  DEPTHWISE_FORWARD { in.depthwise_forward(e, s, x, w, b, y, after); }
  DEPTHWISE_DATA { in.depthwise_backward_data(e, s, dy, w, dx, after); }
  DEPTHWISE_WEIGHTS { in.depthwise_backward_weights(e, s, x, dy, dw, db, accumulate); }
  GROUP_FORWARD { in.group_norm_forward(e, s, x, gamma, beta, saved, y, after); }
  GROUP_BACKWARD { in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after); }
  PRELU_FORWARD { in.prelu_forward(e, s, x, slopes, y); }
  PRELU_BACKWARD { in.prelu_backward(e, s, x, slopes, dy, dx, dslopes, accumulate); }
  PIECE_FORWARD { in.piece_max_forward(e, n, pieces, z, y, where); }
  PIECE_BACKWARD { in.piece_max_backward(e, n, pieces, dy, where, dz); }
  EMBEDDING_FORWARD { in.embedding_forward(e, s, codes, w, y); }
  EMBEDDING_BACKWARD { in.embedding_backward(e, s, codes, dy, dcodes, dw, accumulate); }
  void loss(Emitter& e, const LossFunctions& f, std::int64_t rows, std::int64_t outputs, bool mean, Slot o, Slot t, Slot weights,
            Slot values, Slot slope) const override {
    in.loss(e, f, rows, outputs, mean, o, t, weights, values, slope);
  }
  void penalty(Emitter& e, const SweepSegment& s, Slot p) const override { in.penalty(e, s, p); }
  void sign_penalty(Emitter& e, const SweepSegment& s, Slot p) const override { in.sign_penalty(e, s, p); }
  void join_members(Emitter& e, const JoinSpec& s, Slot o, Slot shares, Slot y) const override {
    in.join_members(e, s, o, shares, y);
  }
  void mean_of_losses(Emitter& e, std::int64_t members, Slot losses) const override { in.mean_of_losses(e, members, losses); }
  void max_norm(Emitter& e, const SweepSegment& s, std::int64_t units, Slot limit) const override {
    in.max_norm(e, s, units, limit);
  }
  void average(Emitter& e, std::int64_t n, Slot share, Slot value, Slot average) const override {
    in.average(e, n, share, value, average);
  }
  void sweep(Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& s,
             const std::vector<Slot>& slots) const override {
    in.sweep(e, f, s, slots);
  }

  /// Calls change(values) after everything emitted so far, on the n elements at `slot`, as doubles.
  void tamper(Emitter& e, Slot slot, std::int64_t n, std::function<void(std::vector<double>&)> change) const {
    const bool is_double = element_type() == ElementType::float64;
    e.call(make_kernel({.name = "tamper"},
                       [=](void* const* o, int, void*) {
                         std::vector<double> v(static_cast<std::size_t>(n));
                         for (std::size_t i = 0; i < v.size(); ++i)
                           v[i] = is_double ? static_cast<double*>(o[0])[i] : static_cast<double>(static_cast<float*>(o[0])[i]);
                         change(v);
                         for (std::size_t i = 0; i < v.size(); ++i)
                           if (is_double) static_cast<double*>(o[0])[i] = v[i];
                           else static_cast<float*>(o[0])[i] = static_cast<float>(v[i]);
                       }),
           {slot});
  }
  void scale(Emitter& e, Slot slot, std::int64_t n, double by) const {
    tamper(e, slot, n, [by](std::vector<double>& v) {
      for (double& x : v) x *= by;
    });
  }
  std::int64_t element() const { return size_of(element_type()); }
};

}  // namespace tend

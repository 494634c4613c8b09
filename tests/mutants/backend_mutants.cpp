#include <algorithm>
#include <atomic>
#include <cmath>

#include "mutants.h"
#include "tampered_backend.h"

namespace tend {
namespace {

using Values = std::vector<double>;

std::int64_t x_count(const ConvolutionSpec& s) { return s.rows * s.height * s.width * s.channels; }
std::int64_t w_count(const ConvolutionSpec& s) { return s.kernel_height * s.kernel_width * s.channels * s.filters; }
std::int64_t y_count(const ConvolutionSpec& s) { return s.rows * s.out_height * s.out_width * s.filters; }
std::int64_t x_count(const PoolSpec& s) { return s.rows * s.height * s.width * s.channels; }
std::int64_t y_count(const PoolSpec& s) { return s.rows * s.out_height * s.out_width * s.channels; }

// Dense.
struct DenseDataSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_DATA {
    in.dense_backward_data(e, s, dy, w, dx, after);
    scale(e, dx, s.rows * s.inputs, -1);
  }
};
struct DenseWeightsTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, accumulate);
    scale(e, dw, s.inputs * s.outputs, 2);
  }
};
struct DenseWeightsTransposed : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, accumulate);
    tamper(e, dw, s.inputs * s.outputs, [s](Values& v) {
      const Values was = v;
      for (std::int64_t i = 0; i < s.inputs * s.outputs; ++i)
        v[static_cast<std::size_t>(i)] = was[static_cast<std::size_t>(i % s.inputs * s.outputs + i / s.inputs)];
    });
  }
};
struct DenseBiasForgottenBackward : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, accumulate);
    if (db) scale(e, db, s.outputs, 0);
  }
};
struct DenseBiasForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, {}, y, after);
    static_cast<void>(b);
  }
};
struct DenseBiasOfFirstRow : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, accumulate);
    if (db) scale(e, db, s.outputs, 1.0 / static_cast<double>(s.rows));
  }
};
struct DenseAssigns : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, false);
    static_cast<void>(accumulate);
  }
};
struct DenseNeverWritesData : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_DATA {
    static_cast<void>(e), static_cast<void>(s), static_cast<void>(dy), static_cast<void>(w), static_cast<void>(dx),
        static_cast<void>(after);
  }
};
struct DenseLastColumnMissing : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, b, y, after);
    tamper(e, y, s.rows * s.outputs, [s](Values& v) {
      for (std::int64_t i = s.outputs - 1; i < s.rows * s.outputs; i += s.outputs) v[static_cast<std::size_t>(i)] = 0;
    });
  }
};
struct DenseActivationDropped : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, b, y);
    if (after && !(after.y == y)) in.add(e, s.rows * s.outputs, {y}, after.y);
  }
};
struct DenseSlopeDropped : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_DATA {
    in.dense_backward_data(e, s, dy, w, dx);
    static_cast<void>(after);
  }
};
struct DenseCoarse : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, b, y, after);
    tamper(e, y, s.rows * s.outputs, [](Values& v) {
      for (double& a : v) a = std::ldexp(std::round(std::ldexp(a, 8)), -8);
    });
  }
};
struct DenseByOrder : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, b, y, after);
    const bool is_double = element_type() == ElementType::float64;
    const std::int64_t n = s.rows * s.outputs;
    e.call(make_kernel({.name = "tamper", .blocks = static_cast<int>(n)},
                       [is_double](void* const* o, int block, void*) {
                         static std::atomic<int> calls{0};
                         if (!is_double) static_cast<float*>(o[0])[block] *= 1 + 1e-6f * static_cast<float>(calls++ % 7);
                       }),
           {y});
  }
};
struct DenseWritesBeyond : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_FORWARD {
    in.dense_forward(e, s, x, w, b, y, after);
    const bool is_double = element_type() == ElementType::float64;
    e.call(make_kernel({.name = "tamper"},
                       [n = s.rows * s.outputs, is_double](void* const* o, int, void*) {
                         if (is_double) static_cast<double*>(o[0])[n] = 1;
                         else static_cast<float*>(o[0])[n] = 1;
                       }),
           {y});
  }
};

// Convolutions.
struct ConvPadOffData : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_DATA {
    ConvolutionSpec t = s;
    t.pad_top += 1;
    in.convolution_backward_data(e, t, dy, w, dx, after);
  }
};
struct ConvPadOffWeights : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_WEIGHTS {
    ConvolutionSpec t = s;
    t.pad_left += 1;
    in.convolution_backward_weights(e, t, x, dy, dw, db, accumulate);
  }
};
struct ConvStrideForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_WEIGHTS {
    ConvolutionSpec t = s;
    t.stride_height = t.stride_width = 1;
    in.convolution_backward_weights(e, t, x, dy, dw, db, accumulate);
  }
};
struct ConvFirstImageOnly : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_WEIGHTS {
    ConvolutionSpec t = s;
    t.rows = 1;
    in.convolution_backward_weights(e, t, x, dy, dw, db, accumulate);
  }
};
struct ConvBiasForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_FORWARD {
    in.convolution_forward(e, s, x, w, {}, y, after);
    static_cast<void>(b);
  }
};
struct ConvKernelNotTurned : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_DATA {
    const Slot turned = e.temporary(w_count(s) * element());
    in.add(e, w_count(s), {w}, turned);
    tamper(e, turned, w_count(s), [s](Values& v) {
      const Values was = v;
      const std::int64_t inner = s.channels * s.filters, taps = s.kernel_height * s.kernel_width;
      for (std::int64_t i = 0; i < taps * inner; ++i)
        v[static_cast<std::size_t>(i)] = was[static_cast<std::size_t>((taps - 1 - i / inner) * inner + i % inner)];
    });
    in.convolution_backward_data(e, s, dy, turned, dx, after);
  }
};
struct ConvAssigns : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_WEIGHTS {
    in.convolution_backward_weights(e, s, x, dy, dw, db, false);
    static_cast<void>(accumulate);
  }
};
struct ConvDataSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_DATA {
    in.convolution_backward_data(e, s, dy, w, dx, after);
    scale(e, dx, x_count(s), -1);
  }
};
struct ConvActivationTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONV_FORWARD {
    in.convolution_forward(e, s, x, w, b, y, after);
    if (after) in.pointwise_forward(e, y_count(s), after.functions, after.y, after.y);
  }
};

// Pools.
struct MaxFirstPlaceAlways : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  MAX_FORWARD {
    in.max_pool_forward(e, s, x, y, where);
    if (where)
      e.call(make_kernel({.name = "tamper"},
                         [n = y_count(s)](void* const* o, int, void*) {
                           for (std::int64_t i = 0; i < n; ++i) static_cast<unsigned char*>(o[0])[i] = 0;
                         }),
             {where});
  }
};
struct MaxSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  MAX_BACKWARD {
    in.max_pool_backward(e, s, dy, where, dx, after);
    scale(e, dx, x_count(s), -1);
  }
};
struct MaxSlopeDropped : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  MAX_BACKWARD {
    in.max_pool_backward(e, s, dy, where, dx);
    static_cast<void>(after);
  }
};
struct AverageSums : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  AVERAGE_BACKWARD {
    in.average_pool_backward(e, s, dy, dx, after);
    scale(e, dx, x_count(s), static_cast<double>(s.window_height * s.window_width));
  }
};
struct AveragePadOff : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  AVERAGE_BACKWARD {
    PoolSpec t = s;
    t.pad_top = t.pad_left = 0;
    in.average_pool_backward(e, t, dy, dx, after);
  }
};
struct AverageLeavesPaddingOut : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  AVERAGE_FORWARD {
    in.average_pool_forward(e, s, x, y);
    scale(e, y, y_count(s), 0.5);
  }
};

// Softmax.
struct SoftmaxOverRows : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  SOFTMAX_FORWARD { in.softmax_forward(e, 1, rows * classes, log, x, y); }
  SOFTMAX_BACKWARD { in.softmax_backward(e, 1, rows * classes, log, y, dy, dx); }
};
struct SoftmaxSumMissing : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  SOFTMAX_BACKWARD {
    in.softmax_backward(e, rows, classes, log, y, dy, dx);
    e.call(make_kernel({.name = "tamper"},
                       [n = rows * classes, log](void* const* o, int, void*) {
                         for (std::int64_t i = 0; i < n; ++i)
                           static_cast<double*>(o[2])[i] = static_cast<double*>(o[1])[i] *
                                                           (log ? 1 : static_cast<double*>(o[0])[i]);
                       }),
           {y, dy, dx});
  }
};

// Batch normalization.
struct NormMeanTermMissing : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_BACKWARD {
    in.batch_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after);
    if (dx)
      e.call(make_kernel({.name = "tamper"},
                         [s](void* const* o, int, void*) {
                           const auto *g = static_cast<double*>(o[0]), *k = static_cast<double*>(o[1]),
                                      *d = static_cast<double*>(o[2]);
                           for (std::int64_t i = 0; i < s.rows * s.channels; ++i)
                             static_cast<double*>(o[3])[i] = g[i % s.channels] * k[s.channels + i % s.channels] * d[i];
                         }),
             {gamma, saved, dy, dx});
  }
};
struct NormGammaNotNormalized : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_BACKWARD {
    in.batch_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after);
    in.add(e, s.channels, {dgamma, dbeta}, dgamma);
  }
};
struct NormBetaTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_BACKWARD {
    in.batch_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after);
    scale(e, dbeta, s.channels, 2);
  }
};
struct NormBatchInInference : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_INFERENCE {
    const Slot m = e.temporary(s.channels * element()), v = e.temporary(s.channels * element()),
               saved = e.temporary(2 * s.channels * element());
    in.add(e, s.channels, {mean}, m), in.add(e, s.channels, {variance}, v);
    in.batch_norm_training(e, s, x, gamma, beta, m, v, saved, y, after);
  }
};
struct NormRunningStandsStill : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_TRAINING {
    BatchNormSpec t = s;
    t.momentum = 1;
    in.batch_norm_training(e, t, x, gamma, beta, mean, variance, saved, y, after);
  }
};
struct NormMomentumTurned : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_TRAINING {
    BatchNormSpec t = s;
    t.momentum = 1 - s.momentum;
    in.batch_norm_training(e, t, x, gamma, beta, mean, variance, saved, y, after);
  }
};
struct NormEpsilonForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_TRAINING {
    BatchNormSpec t = s;
    t.epsilon = 1e-12;
    in.batch_norm_training(e, t, x, gamma, beta, mean, variance, saved, y, after);
  }
};
struct NormBiasedVariance : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  NORM_TRAINING {
    in.batch_norm_training(e, s, x, gamma, beta, mean, variance, saved, y, after);
    const double kept = s.momentum, share = 1 - 1 / static_cast<double>(s.rows);
    tamper(e, variance, s.channels, [=](Values& v) {
      for (double& a : v) a = kept + (a - kept) * share;
    });
  }
};

// Dropout.
struct DropoutStaleMask : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DROPOUT_BACKWARD {
    DropoutSpec t = s;
    t.purpose += 1;
    in.dropout_backward(e, t, rate, dy, dx, after);
  }
};
struct DropoutUnscaled : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DROPOUT_BACKWARD {
    in.dropout_backward(e, s, rate, dy, dx, after);
    scale(e, dx, s.rows * s.row_size, 0.5);
  }
};
struct DropoutOneMaskForAll : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DROPOUT_FORWARD {
    DropoutSpec t = s;
    t.rows = 1, t.row_size = s.rows * s.row_size;
    in.dropout_forward(e, t, rate, x, y);
  }
};

// Sequences.
struct AttentionSeesAhead : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  ATTENTION_FORWARD {
    AttentionSpec t = s;
    t.is_causal = false;
    in.attention_forward(e, t, x, shares, y);
  }
};
struct AttentionOneHeadBack : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  ATTENTION_BACKWARD {
    AttentionSpec t = s;
    t.heads = 1;
    in.attention_backward(e, t, x, shares, dy, dx);
  }
};
struct AttentionSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  ATTENTION_BACKWARD {
    in.attention_backward(e, s, x, shares, dy, dx);
    scale(e, dx, s.rows * s.places * 3 * s.features, -1);
  }
};
struct RecurrentNothingBefore : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  RECURRENT_BACKWARD {
    in.recurrent_backward(e, s, gates, u, kept, h, dh, dgates, dproducts, before);
    scale(e, before, s.rows * s.places * s.units, 0);
  }
};
struct RecurrentLastAlone : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  RECURRENT_BACKWARD {
    RecurrentSpec t = s;
    t.only_last = true;
    in.recurrent_backward(e, t, gates, u, kept, h, dh, dgates, dproducts, before);
  }
};
struct RecurrentResetForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  RECURRENT_BACKWARD {
    in.recurrent_backward(e, s, gates, u, kept, h, dh, dgates, dproducts, before);
    if (dproducts) in.add(e, s.rows * s.places * s.gates() * s.units, {dgates}, dproducts);
  }
};
struct RecurrentBiasForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  RECURRENT_FORWARD {
    in.recurrent_forward(e, s, gates, u, {}, kept, h);
    static_cast<void>(b);
  }
};
struct RowsAveraged : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  SUM_ROWS {
    in.sum_rows(e, rows, width, dy, db, accumulate);
    scale(e, db, width, 1.0 / static_cast<double>(rows));
  }
};
struct RowsAssigned : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  SUM_ROWS {
    in.sum_rows(e, rows, width, dy, db, false);
    static_cast<void>(accumulate);
  }
};

// Graphs.
struct AddForgetsTheLast : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  ADD_FORWARD { in.add(e, n, inputs.size() > 2 ? std::vector<Slot>(inputs.begin(), inputs.end() - 1) : inputs, y, after); }
};
struct AddTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  ADD_FORWARD {
    in.add(e, n, inputs, y, after);
    scale(e, y, n, 2);
  }
};
struct SplitShifted : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  SPLIT_BACKWARD {
    in.split(e, rows, widths, y, outputs);
    tamper(e, outputs[0], rows * widths[0], [](Values& v) { std::rotate(v.begin(), v.begin() + 1, v.end()); });
  }
};
struct ConcatSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  CONCAT_FORWARD {
    in.concat(e, rows, widths, inputs, y);
    std::int64_t n = 0;
    for (auto w : widths) n += w;
    scale(e, y, rows * n, -1);
  }
};

// Normalization of rows, prelu, maxout, embedding, depthwise convolution.
struct GroupGammaTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_BACKWARD {
    in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after);
    scale(e, dgamma, s.channels, 2);
  }
};
struct GroupAssigns : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_BACKWARD {
    in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, false, after);
    static_cast<void>(accumulate);
  }
};
struct GroupAllTogether : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_FORWARD {
    GroupNormSpec one = s;
    one.groups = 1;
    in.group_norm_forward(e, one, x, gamma, beta, saved, y, after);
  }
  GROUP_BACKWARD { in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after); }
};
struct GroupMeanTermMissing : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_BACKWARD {
    in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate, after);
    if (dx)
      tamper(e, dx, s.rows * s.channels * s.places, [](Values& v) {
        for (double& a : v) a += 0.25;
      });
  }
};
struct GroupEpsilonForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_FORWARD {
    GroupNormSpec bare = s;
    bare.epsilon = 1e-12;
    in.group_norm_forward(e, bare, x, gamma, beta, saved, y, after);
  }
};
struct GroupSlopeDropped : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  GROUP_BACKWARD {
    in.group_norm_backward(e, s, x, gamma, saved, dy, dx, dgamma, dbeta, accumulate);
    static_cast<void>(after);
  }
};
struct PReluSlopeSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  PRELU_BACKWARD {
    in.prelu_backward(e, s, x, slopes, dy, dx, dslopes, accumulate);
    scale(e, dslopes, s.is_shared ? 1 : s.channels, -1);
  }
};
struct PReluAssigns : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  PRELU_BACKWARD {
    in.prelu_backward(e, s, x, slopes, dy, dx, dslopes, false);
    static_cast<void>(accumulate);
  }
};
struct PReluPassesAll : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  PRELU_BACKWARD {
    in.prelu_backward(e, s, x, slopes, dy, dx, dslopes, accumulate);
    if (dx) in.add(e, s.rows * s.channels, {dy}, dx);
  }
};
struct PieceFirstAlways : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  PIECE_BACKWARD {
    in.piece_max_backward(e, n, pieces, dy, where, dz);
    tamper(e, dz, n * pieces, [pieces](Values& v) {
      for (std::size_t i = 0; i < v.size(); i += static_cast<std::size_t>(pieces))
        std::sort(v.begin() + static_cast<std::ptrdiff_t>(i), v.begin() + static_cast<std::ptrdiff_t>(i) + pieces);
    });
  }
};
struct EmbeddingTwice : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  EMBEDDING_BACKWARD {
    in.embedding_backward(e, s, codes, dy, dcodes, dw, accumulate);
    scale(e, dw, s.vocabulary * s.units, 2);
  }
};
struct EmbeddingAssigns : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  EMBEDDING_BACKWARD {
    in.embedding_backward(e, s, codes, dy, dcodes, dw, false);
    static_cast<void>(accumulate);
  }
};
struct EmbeddingOffByOne : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  EMBEDDING_FORWARD {
    in.embedding_forward(e, s, codes, w, y);
    tamper(e, y, s.positions * s.units, [s](Values& v) { std::rotate(v.begin(), v.begin() + s.units, v.end()); });
  }
};
struct DepthwiseDataSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DEPTHWISE_DATA {
    in.depthwise_backward_data(e, s, dy, w, dx, after);
    scale(e, dx, x_count(s), -1);
  }
};
struct DepthwiseFirstImageOnly : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DEPTHWISE_WEIGHTS {
    ConvolutionSpec one = s;
    one.rows = 1;
    in.depthwise_backward_weights(e, one, x, dy, dw, db, accumulate);
  }
};
struct DepthwiseBiasForgotten : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DEPTHWISE_FORWARD {
    in.depthwise_forward(e, s, x, w, {}, y, after);
    static_cast<void>(b);
  }
};
struct DepthwisePadOff : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DEPTHWISE_DATA {
    ConvolutionSpec off = s;
    ++off.pad_top;
    in.depthwise_backward_data(e, off, dy, w, dx, after);
  }
};

template <class B>
Mutant of(const char* name, const char* entry, const char* test, const char* says, bool in_fast) {
  return {name, entry, test,
          [entry, in_fast] {
            const B mutant(in_fast ? fast_backend() : reference_backend(ElementType::float64));
            ExamBackends backends;
            if (in_fast) backends.others = {&mutant};
            else backends.exact = &mutant;
            return examine_layers(only(builtin_layers(), entry), backends);
          },
          says};
}
/// exact: a mistake in the back end on which gradients are checked; fast: a mistake in a fast back end.
template <class B>
Mutant exact(const char* name, const char* entry, const char* test, const char* says = "") {
  return of<B>(name, entry, test, says, false);
}
template <class B>
Mutant fast(const char* name, const char* entry, const char* test, const char* says = "") {
  return of<B>(name, entry, test, says, true);
}

}  // namespace

std::vector<Mutant> backend_mutants() {
  return {
      exact<DenseDataSign>("dense: the sign of dx", "dense", "gradient", "the sign is wrong"),
      exact<DenseWeightsTwice>("dense: dW twice", "dense", "gradient", "a factor of 2"),
      exact<DenseWeightsTransposed>("dense: dW transposed", "dense", "gradient", "transposed"),
      exact<DenseBiasForgottenBackward>("dense: db forgotten", "dense", "gradient", "a term is missing"),
      exact<DenseBiasForgotten>("dense: the bias forgotten", "dense", "gradient", "it should be 0 everywhere"),
      exact<DenseBiasOfFirstRow>("dense: db averaged over rows", "dense", "gradient", "a factor of 0.3333"),
      exact<DenseAssigns>("dense: gradients assigned instead of added", "dense", "accumulation"),
      exact<DenseNeverWritesData>("dense: dx never written", "dense", "gradient", "never written"),
      exact<DenseWritesBeyond>("dense: an element written behind the output", "dense", "gradient", "outside the outputs"),
      fast<DenseLastColumnMissing>("fast dense: the last column missing", "dense", "agreement of back ends"),
      fast<DenseActivationDropped>("fast dense: the activation dropped", "dense", "activation fused"),
      fast<DenseSlopeDropped>("fast dense: the slope before dropped", "dense", "slope fused"),
      fast<DenseCoarse>("fast dense: eight bits of precision", "dense", "agreement of back ends"),
      fast<DenseByOrder>("fast dense: bits by the order of blocks", "dense", "agreement of back ends", "other bits on"),
      fast<DenseDataSign>("fast dense: the sign of dx", "dense", "agreement of back ends", "the sign is wrong"),
      fast<DenseAssigns>("fast dense: gradients assigned instead of added", "dense", "accumulation"),
      fast<DenseBiasForgotten>("fast dense: the bias forgotten", "dense", "inference"),
      exact<ConvPadOffData>("conv2d: dx off by one pad", "conv2d", "gradient"),
      exact<ConvPadOffWeights>("conv2d: dW off by one pad", "conv2d", "gradient"),
      exact<ConvStrideForgotten>("conv2d: dW without the stride", "conv2d", "gradient"),
      exact<ConvFirstImageOnly>("conv2d: dW of the first image alone", "conv2d", "gradient"),
      exact<ConvBiasForgotten>("conv2d: the bias forgotten", "conv2d", "gradient", "it should be 0 everywhere"),
      exact<ConvKernelNotTurned>("conv2d: dx with the kernel not turned", "conv2d", "gradient"),
      exact<ConvAssigns>("conv2d: gradients assigned instead of added", "conv2d", "accumulation"),
      fast<ConvDataSign>("fast conv2d: the sign of dx", "conv2d", "agreement of back ends", "the sign is wrong"),
      fast<ConvActivationTwice>("fast conv2d: the activation twice", "conv2d", "activation fused"),
      exact<MaxFirstPlaceAlways>("max_pool2d: a stale mask", "max_pool2d", "gradient"),
      exact<MaxSign>("max_pool2d: the sign of dx", "max_pool2d", "gradient", "the sign is wrong"),
      fast<MaxSlopeDropped>("fast max_pool2d: the slope before dropped", "max_pool2d", "slope fused"),
      exact<AverageSums>("average_pool2d: dx not divided by the window", "average_pool2d", "gradient", "a factor of 4"),
      exact<AveragePadOff>("average_pool2d: dx without the padding", "average_pool2d", "gradient"),
      exact<AverageSums>("global_average_pool: dx not divided by the window", "global_average_pool", "gradient", "a factor of"),
      fast<AverageLeavesPaddingOut>("fast average_pool2d: the window counted wrong", "average_pool2d", "agreement of back ends"),
      exact<SoftmaxOverRows>("softmax: over the wrong axis", "softmax", "rows apart"),
      exact<SoftmaxSumMissing>("softmax: the sum's term missing in dx", "softmax", "gradient"),
      exact<SoftmaxSumMissing>("log_softmax: the sum's term missing in dx", "log_softmax", "gradient"),
      exact<NormMeanTermMissing>("batch_norm: dx without the terms of mean and variance", "batch_norm", "gradient"),
      exact<NormGammaNotNormalized>("batch_norm: dgamma of values that are not normalized", "batch_norm", "gradient"),
      exact<NormBetaTwice>("batch_norm: dbeta twice", "batch_norm", "gradient", "a factor of 2"),
      exact<NormBatchInInference>("batch_norm: the batch's statistics in inference", "batch_norm", "rows apart"),
      fast<NormRunningStandsStill>("fast batch_norm: running statistics stand still", "batch_norm", "agreement of back ends",
                                   "statistic"),
      fast<NormMomentumTurned>("fast batch_norm: momentum turned round", "batch_norm", "agreement of back ends", "statistic"),
      fast<NormEpsilonForgotten>("fast batch_norm: epsilon forgotten", "batch_norm", "agreement of back ends"),
      fast<NormBiasedVariance>("fast batch_norm: running variance biased", "batch_norm", "agreement of back ends",
                               "statistic running_variance"),
      exact<DropoutStaleMask>("dropout: another mask in backward", "dropout", "gradient"),
      exact<DropoutUnscaled>("dropout: dx not scaled", "dropout", "gradient", "a factor of 0.5"),
      fast<DropoutOneMaskForAll>("fast dropout: the mask of one row for all", "dropout", "agreement of back ends"),
      fast<AttentionSeesAhead>("fast attention: sees ahead", "attention", "agreement of back ends"),
      exact<AttentionOneHeadBack>("attention: one head in backward", "attention", "gradient"),
      exact<AttentionSign>("attention: the sign of dx", "attention", "gradient", "the sign is wrong"),
      exact<RecurrentNothingBefore>("lstm: nothing before any place", "lstm", "gradient", "a term is missing"),
      exact<RecurrentLastAlone>("lstm: the slope of the last place alone", "lstm", "gradient"),
      fast<RecurrentLastAlone>("fast gru: the slope of the last place alone", "gru", "agreement of back ends"),
      exact<RecurrentResetForgotten>("gru: the reset forgotten in backward", "gru", "gradient"),
      fast<RecurrentBiasForgotten>("fast gru: the bias of the product forgotten", "gru", "inference"),
      exact<RowsAveraged>("positions: averaged over rows", "positions", "gradient", "a factor of 0.3333"),
      fast<RowsAssigned>("fast positions: gradients assigned instead of added", "positions", "accumulation"),
      exact<AddForgetsTheLast>("add: the last input forgotten", "add", "gradient"),
      exact<AddTwice>("add: twice", "add", "gradient", "a factor of 0.5"),
      exact<SplitShifted>("concat: dx shifted by one", "concat", "gradient"),
      exact<ConcatSign>("concat: the sign of y", "concat", "gradient", "the sign is wrong"),
      exact<GroupGammaTwice>("layer_norm: dgamma twice", "layer_norm", "gradient", "a factor of 2"),
      exact<GroupMeanTermMissing>("layer_norm: dx with a term too much", "layer_norm", "gradient"),
      fast<GroupAssigns>("fast layer_norm: gradients assigned instead of added", "layer_norm", "accumulation"),
      fast<GroupEpsilonForgotten>("fast layer_norm: epsilon forgotten", "layer_norm", "agreement of back ends"),
      fast<GroupSlopeDropped>("fast layer_norm: the slope before dropped", "layer_norm", "slope fused"),
      exact<GroupAllTogether>("group_norm: all groups as one", "group_norm", "gradient"),
      fast<GroupEpsilonForgotten>("fast group_norm: epsilon forgotten", "group_norm", "inference"),
      exact<PReluSlopeSign>("prelu: the sign of the slopes' gradient", "prelu", "gradient", "the sign is wrong"),
      exact<PReluPassesAll>("prelu: dx without the slope", "prelu", "gradient"),
      fast<PReluAssigns>("fast prelu: gradients assigned instead of added", "prelu", "accumulation"),
      exact<PieceFirstAlways>("maxout: dz to the wrong piece", "maxout", "gradient"),
      fast<PieceFirstAlways>("fast maxout: dz to the wrong piece", "maxout", "agreement of back ends"),
      exact<EmbeddingTwice>("embedding: dW twice", "embedding", "gradient", "a factor of 2"),
      fast<EmbeddingAssigns>("fast embedding: gradients assigned instead of added", "embedding", "accumulation"),
      fast<EmbeddingOffByOne>("fast embedding: rows off by one", "embedding", "agreement of back ends"),
      exact<DepthwiseDataSign>("depthwise_conv2d: the sign of dx", "depthwise_conv2d", "gradient", "the sign is wrong"),
      exact<DepthwiseFirstImageOnly>("depthwise_conv2d: dW of the first image alone", "depthwise_conv2d", "gradient"),
      exact<DepthwisePadOff>("depthwise_conv2d: dx off by one pad", "depthwise_conv2d", "gradient"),
      fast<DepthwiseBiasForgotten>("fast depthwise_conv2d: the bias forgotten", "depthwise_conv2d", "inference"),
      exact<ConvPadOffData>("conv1d: dx off by one pad", "conv1d", "gradient"),
  };
}

}  // namespace tend

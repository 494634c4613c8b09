#include <cmath>
#include <cstring>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/product.h"

namespace tend {

namespace {

/// One head of one row. With a mask, scores are computed for runs of queries, up to the last key that the run's last query sees.
struct AttentionPlan {
  AttentionSpec s;
  std::int64_t width, row;
  Cut heads, runs;
  explicit AttentionPlan(const AttentionSpec& spec) : s(spec), width(spec.features / spec.heads), row(3 * spec.features) {
    heads = cut_pass(s.rows * s.heads, s.places * (s.places + 4 * width), 16384);
    runs = {s.places, s.is_causal ? static_cast<int>((s.places + 27) / 28) : 1};
  }
  std::int64_t seen(std::int64_t run) const { return s.is_causal ? runs(run + 1) : s.places; }
  std::int64_t query(std::int64_t head) const { return head / s.heads * s.places * row + head % s.heads * width; }
  std::int64_t output(std::int64_t head) const { return head / s.heads * s.places * s.features + head % s.heads * width; }
  std::int64_t share(std::int64_t head) const { return head * s.places * s.places; }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(width)); }
  double flops(double products) const {
    return products * 2 * static_cast<double>(s.rows * s.places) * static_cast<double>(s.places * s.features);
  }
  std::string note(const char* isa) const {
    return std::to_string(s.heads) + " heads of " + std::to_string(s.places) + "x" + std::to_string(width) + " " + isa;
  }
};

/// Transposes x [places, width] into turned [width, places] and multiplies it by scale.
void turn(const AttentionPlan& plan, const float* x, std::int64_t row, float scale, float* turned) {
  for (std::int64_t i = 0; i < plan.s.places; ++i)
    for (std::int64_t c = 0; c < plan.width; ++c) turned[c * plan.s.places + i] = scale * x[i * row + c];
}

/// c [m, n] = a [m, k] b [k, n] with the given strides.
void multiply(const ProductTable& table, const float* a, std::int64_t a_row, std::int64_t a_step, const float* b,
              std::int64_t b_step, float* c, std::int64_t c_row, std::int64_t m, std::int64_t n, std::int64_t k) {
  ProductBlock g;
  g.a = a, g.a_row = a_row, g.a_step = a_step, g.b = b, g.b_step = b_step, g.c = c, g.c_row = c_row, g.m = m, g.n = n, g.k = k;
  table.product(g);
}

/// x: the head's queries, keys and values; shares [places, places]; turned [width, places].
void attend(const AttentionPlan& plan, const ProductTable& products, const PassTable& passes, const float* x, float* shares,
            float* y, float* turned) {
  const std::int64_t places = plan.s.places, features = plan.s.features;
  turn(plan, x + features, plan.row, plan.scale(), turned);
  for (std::int64_t run = 0; run < plan.runs.count; ++run) {
    const std::int64_t first = plan.runs(run), queries = plan.runs(run + 1) - first, seen = plan.seen(run);
    float* mine = shares + first * places;
    multiply(products, x + first * plan.row, plan.row, 1, turned, places, mine, places, queries, seen, plan.width);
    for (std::int64_t i = 0; i < queries; ++i) {
      float* share = mine + i * places;
      const std::int64_t own = plan.s.is_causal ? first + i + 1 : places;
      passes.softmax(share, share, 1, own, false);
      std::memset(share + own, 0, static_cast<std::size_t>(places - own) * sizeof(float));
    }
    multiply(products, mine, places, 1, x + 2 * features, plan.row, y + first * features, features, queries, plan.width, seen);
  }
}

/// slopes [places, places] and turned are scratch.
void attend_backward(const AttentionPlan& plan, const ProductTable& products, const PassTable& passes, const float* x,
                     const float* shares, const float* dy, float* dx, float* slopes, float* turned) {
  const std::int64_t places = plan.s.places, features = plan.s.features, row = plan.row, width = plan.width;
  const float scale = plan.scale();
  turn(plan, x + 2 * features, row, 1, turned);
  for (std::int64_t run = 0; run < plan.runs.count; ++run) {
    const std::int64_t first = plan.runs(run), queries = plan.runs(run + 1) - first, seen = plan.seen(run);
    float* mine = slopes + first * places;
    multiply(products, dy + first * features, features, 1, turned, places, mine, places, queries, seen, width);
    for (std::int64_t i = 0; i < queries; ++i) {
      float* slope = mine + i * places;
      passes.softmax_backward(shares + (first + i) * places, slope, slope, 1, seen, false);
      for (std::int64_t j = 0; j < seen; ++j) slope[j] *= scale;
    }
    multiply(products, mine, places, 1, x + features, row, dx + first * row, row, queries, width, seen);
  }
  for (std::int64_t run = 0; run < plan.runs.count; ++run) {
    const std::int64_t first = plan.runs(run), keys = plan.runs(run + 1) - first, from = plan.s.is_causal ? first : 0,
                       queries = places - from;
    multiply(products, slopes + from * places + first, 1, places, x + from * row, row, dx + first * row + features, row, keys,
             width, queries);
    multiply(products, shares + from * places + first, 1, places, dy + from * features, features, dx + first * row + 2 * features,
             row, keys, width, queries);
  }
}

}  // namespace

void FastBackend::attention_forward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot y) const {
  const AttentionPlan plan(s);
  auto run = [plan, &products = products_, &passes = passes_](void* const* o, int block, void* scratch) {
    auto* turned = static_cast<float*>(scratch);
    float* own = turned + plan.width * plan.s.places;
    for (std::int64_t head = plan.heads(block); head < plan.heads(block + 1); ++head)
      attend(plan, products, passes, at(o[0], plan.query(head)), o[1] ? at(o[1], plan.share(head)) : own,
             at(o[2], plan.output(head)), turned);
  };
  const std::int64_t scratch = 4 * s.places * (plan.width + (shares ? 0 : s.places));
  e.call(make_kernel({.name = "attention_forward",
                      .blocks = plan.heads.count,
                      .flops = plan.flops(2),
                      .scratch_bytes = scratch,
                      .note = plan.note(word())},
                     run),
         {x, shares, y});
}

void FastBackend::attention_backward(Emitter& e, const AttentionSpec& s, Slot x, Slot shares, Slot dy, Slot dx) const {
  const AttentionPlan plan(s);
  auto run = [plan, &products = products_, &passes = passes_](void* const* o, int block, void* scratch) {
    auto* turned = static_cast<float*>(scratch);
    float* slopes = turned + plan.width * plan.s.places;
    for (std::int64_t head = plan.heads(block); head < plan.heads(block + 1); ++head)
      attend_backward(plan, products, passes, at(o[0], plan.query(head)), at(o[1], plan.share(head)), at(o[2], plan.output(head)),
                      at(o[3], plan.query(head)), slopes, turned);
  };
  const std::int64_t scratch = 4 * s.places * (plan.width + s.places);
  e.call(make_kernel({.name = "attention_backward",
                      .blocks = plan.heads.count,
                      .flops = plan.flops(4),
                      .scratch_bytes = scratch,
                      .note = plan.note(word())},
                     run),
         {x, shares, dy, dx});
}

}  // namespace tend

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"
#include "tend/kernels/simd/passes.h"
#include "tend/kernels/simd/product.h"

namespace tend {

TEND_ISA_TABLE(ProductTable, products, product_table)

namespace {

/// How a product is cut and what it copies first. It depends only on the shape.
struct ProductPlan {
  bool pack_a = false;  ///< a separate call before the product
  bool pack_b = false;  ///< each block packs its columns
  bool dots = false;    ///< too few rows to pay for transposing b
  Cut rows, panels;
  int blocks() const { return rows.count * panels.count; }
};

ProductPlan plan_product(const ProductTable& table, std::int64_t m, std::int64_t n, std::int64_t k, std::int64_t a_stride,
                         bool turns_b) {
  ProductPlan plan;
  const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  // Rows a power of two >= 4 KiB apart map to the same few cache lines. Short products end before this matters.
  const bool strides_collide = a_stride >= 1024 || n >= 1024;
  const bool large = work >= 1 << 28 && m >= 64 && n >= 128;
  plan.pack_a = large && strides_collide;
  plan.dots = turns_b && m <= 4;
  plan.pack_b = (turns_b && !plan.dots) || plan.pack_a;
  plan.rows = {m, 1};
  const std::int64_t panels = (n + table.panel - 1) / table.panel;
  plan.panels = {panels, 1};
  // It takes about 10 microseconds, too short to distribute.
  if (work <= 1 << 19) return plan;
  const auto wanted = static_cast<std::int64_t>(std::clamp(work / (1 << 20), 2.0, large ? 32.0 : 16.0));
  const std::int64_t narrowest = std::max<std::int64_t>(1, 64 / table.panel), shortest = plan.pack_b ? 128 : 32;
  const std::int64_t columns = std::clamp<std::int64_t>(panels / narrowest, 1, wanted);
  plan.panels.count = static_cast<int>(columns);
  plan.rows.count = static_cast<int>(std::clamp<std::int64_t>(wanted / columns, 1, std::max<std::int64_t>(1, m / shortest)));
  return plan;
}

/// c [m,n] (+)= a b. Operands: a, b, c, bias, z and y of the epilogue, column sums of b's rows.
class ProductKernel final : public Kernel {
 public:
  ProductKernel(std::string_view name, const char* isa, const ProductTable& table, const ProductPlan& plan,
                const ProductBlock& whole)
      : name_(name), isa_(isa), table_(table), plan_(plan), whole_(whole) {
    tallest_ = (whole.m + plan.rows.count - 1) / plan.rows.count;
    packed_rows_ = strips_of(tallest_, table.strip) * table.strip_stride * whole.k;
    const std::int64_t widest = (plan.panels.total + plan.panels.count - 1) / plan.panels.count * table.panel;
    scratch_bytes_ = plan.pack_b ? 4 * scratch_floats(widest, whole.k) : 0;
  }
  std::string_view name() const override { return name_; }
  int blocks() const override { return plan_.blocks(); }
  std::int64_t scratch_bytes() const override { return scratch_bytes_; }
  double flops() const override {
    return 2.0 * static_cast<double>(whole_.m) * static_cast<double>(whole_.n) * static_cast<double>(whole_.k);
  }
  double bytes() const override {
    const auto m = static_cast<double>(whole_.m), n = static_cast<double>(whole_.n), k = static_cast<double>(whole_.k);
    return 4 * (m * k + k * n + (whole_.accumulate ? 2 : 1) * m * n);
  }
  std::string note() const override {
    return std::to_string(whole_.m) + "x" + std::to_string(whole_.k) + "x" + std::to_string(whole_.n) + " " + isa_ + ", " +
           std::to_string(blocks()) + (blocks() == 1 ? " block" : " blocks");
  }

  void run(void* const* operands, int block, void* scratch) const override {
    const std::int64_t r = block / plan_.panels.count, c = block % plan_.panels.count;
    const std::int64_t row = plan_.rows(r), column = plan_.panels(c) * table_.panel;
    ProductBlock g = whole_;
    g.m = plan_.rows(r + 1) - row;
    g.n = std::min(plan_.panels(c + 1) * table_.panel, whole_.n) - column;
    const std::int64_t corner = row * g.c_row + column;
    g.a = at(operands[0], g.a_packed ? r * packed_rows_ : row * g.a_row);
    g.b = at(operands[1], column * g.b_column);
    g.c = at(operands[2], corner);
    g.bias = at(operands[3], column);
    g.z = at(operands[4], corner);
    g.y = at(operands[5], corner);
    g.scratch = static_cast<float*>(scratch);
    table_.product(g);
    if (operands[6] && r == 0)
      table_.column_sums(at(operands[1], column), g.b_step, g.k, g.n, at(operands[6], column), g.accumulate);
  }

 private:
  std::string_view name_;
  const char* isa_;
  const ProductTable& table_;
  ProductPlan plan_;
  ProductBlock whole_;
  std::int64_t tallest_, packed_rows_, scratch_bytes_;
};

/// Emits the call that packs a into strips, if the plan requires it, and the product.
void emit_product(Emitter& e, std::string_view name, Isa isa, const ProductTable& table, ProductBlock whole,
                  std::vector<Slot> operands) {
  const bool turns_b = whole.b_column != 1;
  const ProductPlan plan = plan_product(table, whole.m, whole.n, whole.k, std::max(whole.a_row, whole.a_step), turns_b);
  whole.pack_b = plan.pack_b;
  whole.dots = plan.dots;
  if (plan.pack_a) {
    const Cut rows = plan.rows;
    const std::int64_t strips = strips_of((rows.total + rows.count - 1) / rows.count, table.strip);
    const std::int64_t part_floats = strips * table.strip_stride * whole.k;
    const Slot packed = e.temporary(4 * part_floats * rows.count);
    const Cut parts = cut_pass(strips, table.strip * whole.k, 65536);
    auto pack = [rows, parts, part_floats, whole, &table](void* const* o, int block, void*) {
      const std::int64_t r = block / parts.count, p = block % parts.count, row = rows(r), m = rows(r + 1) - row;
      const Cut mine{strips_of(m, table.strip), parts.count};
      table.pack_rows(at(o[0], row * whole.a_row), whole.a_row, whole.a_step, m, whole.k, mine(p), mine(p + 1),
                      at(o[1], r * part_floats));
    };
    const double bytes = 8.0 * static_cast<double>(whole.m) * static_cast<double>(whole.k);
    e.call(make_kernel({.name = "pack", .blocks = rows.count * parts.count, .bytes = bytes, .note = name_of(isa)}, pack),
           {operands[0], packed});
    operands[0] = packed;
    whole.a_packed = true;
  }
  e.call(std::make_unique<ProductKernel>(name, name_of(isa), table, plan, whole), std::move(operands));
}

void set_epilogue(ProductBlock& g, const Epilogue& epilogue) {
  g.after = epilogue.functions;
  g.after_backward = epilogue.backward;
}

}  // namespace

void FastBackend::dense_forward(Emitter& e, const DenseSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& epilogue) const {
  ProductBlock g;
  g.m = s.rows, g.n = s.outputs, g.k = s.inputs;
  g.a_row = s.inputs, g.a_step = 1;
  g.b_step = s.outputs;
  g.c_row = s.outputs;
  set_epilogue(g, epilogue);
  emit_product(e, "dense_forward", isa_, products_, g, {x, w, y, b, epilogue.z, epilogue.y, Slot{}});
}

void FastBackend::dense_backward_data(Emitter& e, const DenseSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& epilogue) const {
  ProductBlock g;
  g.m = s.rows, g.n = s.inputs, g.k = s.outputs;
  g.a_row = s.outputs, g.a_step = 1;
  g.b_step = 1, g.b_column = s.outputs;
  g.c_row = s.inputs;
  set_epilogue(g, epilogue);
  emit_product(e, "dense_backward_data", isa_, products_, g, {dy, w, dx, Slot{}, epilogue.z, epilogue.y, Slot{}});
}

void FastBackend::dense_backward_weights(Emitter& e, const DenseSpec& s, Slot x, Slot dy, Slot dw, Slot db,
                                         bool accumulate) const {
  ProductBlock g;
  g.m = s.inputs, g.n = s.outputs, g.k = s.rows;
  g.a_row = 1, g.a_step = s.inputs;
  g.b_step = s.outputs;
  g.c_row = s.outputs;
  g.accumulate = accumulate;
  emit_product(e, "dense_backward_weights", isa_, products_, g, {x, dy, dw, Slot{}, Slot{}, Slot{}, db});
}

void FastBackend::add_to_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot x, Slot b, Slot y) const {
  const Cut cut = cut_pass(rows, width);
  auto run = [=, &table = passes_](void* const* o, int block, void*) {
    for (std::int64_t r = cut(block); r < cut(block + 1); ++r)
      table.add(at(o[0], r * width), at(o[1]), at(o[2], r * width), width);
  };
  e.call(make_kernel(
             {.name = "add_to_rows", .blocks = cut.count, .bytes = 8.0 * static_cast<double>(rows * width), .note = word()}, run),
         {x, b, y});
}

void FastBackend::sum_rows(Emitter& e, std::int64_t rows, std::int64_t width, Slot dy, Slot db, bool accumulate) const {
  const Cut cut = cut_pass((width + 15) / 16, 16 * rows);
  auto run = [=, &table = products_](void* const* o, int block, void*) {
    const std::int64_t first = 16 * cut(block), last = std::min(16 * cut(block + 1), width);
    table.column_sums(at(o[0], first), width, rows, last - first, at(o[1], first), accumulate);
  };
  e.call(make_kernel({.name = "sum_rows", .blocks = cut.count, .bytes = 4.0 * static_cast<double>(rows * width), .note = word()},
                     run),
         {dy, db});
}

}  // namespace tend

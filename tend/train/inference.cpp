#include "tend/train/inference.h"

#include <algorithm>
#include <cstring>

namespace tend {

std::int64_t Inference::most_rows(const TargetCoding& coding) {
  return coding.places == 1 ? rows_at_once : std::max<std::int64_t>(1, places_at_once / coding.places);
}

Inference::Inference(const Programs& programs)
    : programs_(programs), coding_(programs.coding()), most_rows_(most_rows(coding_)) {}

Inference::Bench::Bench(const Program& p, int thread_count)
    : program(p),
      workspace({&p}, thread_count),
      batch(p.batch_bytes()),
      threads(thread_count),
      outputs(reinterpret_cast<const float*>((p.output().buffer == Buffer::batch ? batch.data() : workspace.arena()) +
                                             p.output().offset)),
      losses(reinterpret_cast<const double*>(workspace.arena() + p.values().offset)) {}

Inference::Lease::~Lease() {
  if (!bench) return;
  const std::lock_guard lock(owner->mutex_);
  owner->idle_.push_back(std::move(bench));
}

Inference::Lease Inference::borrow(std::int64_t rows, int threads) {
  const std::lock_guard lock(mutex_);
  for (auto& bench : idle_)
    if (bench->program.rows() == rows && bench->threads >= threads) {
      std::unique_ptr<Bench> taken = std::move(bench);
      bench = std::move(idle_.back());
      idle_.pop_back();
      return {this, std::move(taken)};
    }
  return {this, std::make_unique<Bench>(programs_.evaluation(rows), threads)};
}

void Inference::fill(Bench& bench, const Part& part, const Array* targets, const std::vector<std::int64_t>* which,
                     std::int64_t first, std::int64_t rows) {
  part.gather(which ? which->data() + first : nullptr, first, rows, reinterpret_cast<float*>(bench.batch.data()));
  auto* t = reinterpret_cast<float*>(bench.batch.data() + bench.program.target_offset());
  for (std::int64_t r = 0; r < rows && targets; ++r) {
    const std::int64_t row = which ? (*which)[static_cast<std::size_t>(first + r)] : first + r;
    std::memcpy(t + r * coding_.width, targets->as<float>() + row * coding_.width,
                static_cast<std::size_t>(coding_.width) * sizeof(float));
  }
}

double Inference::loss_of(const Bench& bench, std::int64_t row) const {
  double sum = 0;
  for (std::int64_t t = 0; t < coding_.places; ++t) sum += bench.losses[row * coding_.places + t];
  return sum / static_cast<double>(coding_.places);
}

void Inference::run(Bench& bench, const std::byte* state, Executor& executor) {
  // Programs without training do not write into the state.
  bench.program.run(bench.workspace.memory(const_cast<std::byte*>(state), nullptr, bench.batch.data()), executor);
}

std::vector<std::pair<std::string, double>> Inference::metrics(const std::byte* state, const Part& part, const Array& targets,
                                                               const std::vector<std::int64_t>* which, Executor& executor,
                                                               Confusion* confusion, WantedMetrics wanted) {
  const std::int64_t n = which ? static_cast<std::int64_t>(which->size()) : part.rows();
  if (n == 0) return {};
  MetricSums sums(coding_, part.y, which, n, std::move(wanted));
  const double* y = part.y.as<double>();
  const std::int64_t columns = part.y.row_size();
  each_row(state, part, &targets, which, executor, [&](std::int64_t r, const float* outputs, double loss) {
    sums.add_row(loss, outputs, y + (which ? (*which)[static_cast<std::size_t>(r)] : r) * columns);
  });
  if (confusion) *confusion = sums.confusion();
  return sums.metrics();
}

void Inference::forward(const std::byte* state, const float* x, std::int64_t rows, float* outputs, Executor& executor) {
  const std::int64_t row_size = programs_.network().input_shape().count();
  for (std::int64_t first = 0; first < rows; first += most_rows_) {
    const std::int64_t n = std::min(most_rows_, rows - first);
    Lease lease = borrow(n, executor.threads());
    std::memcpy(lease.bench->batch.data(), x + first * row_size, static_cast<std::size_t>(n * row_size) * sizeof(float));
    run(*lease.bench, state, executor);
    const std::int64_t width = coding_.row_outputs();
    std::memcpy(outputs + first * width, lease.bench->outputs, static_cast<std::size_t>(n * width) * sizeof(float));
  }
}

std::int64_t Inference::bytes() const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& bench : idle_) sum += bench->workspace.bytes() + bench->batch.size();
  return sum;
}

}  // namespace tend

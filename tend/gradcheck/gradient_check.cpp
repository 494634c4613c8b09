#include "tend/gradcheck/gradient_check.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "tend/base/executor.h"
#include "tend/gradcheck/mistake.h"
#include "tend/network/compile.h"

namespace tend {

namespace {

/// One way to compute loss and gradients of a subject: a Program of an element type with its own memory.
template <class T>
class Evaluator {
 public:
  Evaluator(const GradientSubject& s, const Backend& backend, bool fuse, bool backward, bool penalties)
      : subject_(s),
        layout_(*s.network, element_type<T>(), {}),
        state_(layout_.directory),
        loss_(s.loss->functions(element_type<T>(), backend.isa(), s.takes_codes)),
        gradient_(layout_.parameter_elements * static_cast<std::int64_t>(sizeof(T))),
        executor_(make_pool(1)) {
    CompileOptions options;
    options.rows = s.rows;
    options.backend = &backend;
    options.training = true;
    options.backward = backward;
    options.penalties = penalties;
    options.fuse = fuse;
    options.loss = &loss_;
    options.target_width = s.target_width;
    options.places = s.places;
    options.mean = s.mean;
    program_ = compile(*s.network, layout_, options);
    workspace_ = std::make_unique<Workspace>(std::vector<const Program*>{&program_}, 1);
    batch_ = AlignedBytes(program_.batch_bytes());
    std::copy(s.inputs.begin(), s.inputs.end(), reinterpret_cast<T*>(batch_.data()));
    std::copy(s.targets.begin(), s.targets.end(), reinterpret_cast<T*>(batch_.data() + program_.target_offset()));
    workspace_->inputs().seed = s.seed;
    for (std::size_t i = 0; i < s.network->step_inputs().size(); ++i)
      workspace_->layer_inputs()[i] = s.network->step_inputs()[i].second;
    find_kinks();
  }

  /// Returns the reduced loss of the rows. sides() then says which side of each kink every activation and maximum took.
  double loss() {
    sides_ = 14695981039346656037ull;
    const Memory memory = workspace_->memory(state_.data(), gradient_.data(), batch_.data());
    if (watched_.empty()) program_.run(memory, *executor_);
    else program_.run(memory, *executor_, [this](std::size_t call, void* const* operands) { look(call, operands); });
    return workspace_->signals()[signal_place::loss] * (subject_.mean ? 1 : static_cast<double>(subject_.rows));
  }
  std::uint64_t sides() const { return sides_; }
  /// Returns all gradients, tensor after tensor in the layout's order.
  std::vector<double> gradients() {
    loss();
    const T* g = reinterpret_cast<const T*>(gradient_.data());
    return {g, g + layout_.parameter_elements};
  }
  T* parameters() { return reinterpret_cast<T*>(state_.data()); }
  const StateLayout& layout() const { return layout_; }
  void take(const Block& other) {
    for (const Place& place : state_.directory().places())
      if (place.kind != PlaceKind::counter) state_.assign(place, other.doubles(other.directory().at(place.name)).data());
  }

 private:
  struct Watched {
    std::vector<double> kinks;  ///< empty: bytes that name the maxima
    int operand = 0;
    std::int64_t count = 0;
  };

  void find_kinks() {
    std::map<std::string, const Node*> nodes;
    for (const Node& node : subject_.network->nodes()) nodes[node.name] = &node;
    for (std::size_t c = 0; c < program_.calls().size(); ++c) {
      const Call& call = program_.calls()[c];
      const auto found = nodes.find(call.of);
      if (found == nodes.end()) continue;
      const Node& node = *found->second;
      const std::int64_t count = subject_.rows * node.layout.output.count();
      if (node.activation && !node.activation->kinks().empty()) watched_[c] = {node.activation->kinks(), 0, count};
      if (call.kernel->name() == "max_pool_forward" && call.operands[2]) watched_[c] = {{}, 2, count};
    }
  }
  void mix(std::uint64_t x) { sides_ = (sides_ ^ x) * 1099511628211ull; }
  void look(std::size_t call, void* const* operands) {
    const auto found = watched_.find(call);
    if (found == watched_.end()) return;
    const Watched& w = found->second;
    for (std::int64_t i = 0; i < w.count; ++i) {
      if (w.kinks.empty()) mix(static_cast<const std::uint8_t*>(operands[w.operand])[i]);
      else
        for (double kink : w.kinks) mix(static_cast<double>(static_cast<const T*>(operands[w.operand])[i]) > kink);
    }
  }

  const GradientSubject& subject_;
  StateLayout layout_;
  Block state_;
  LossFunctions loss_;
  Program program_;
  std::unique_ptr<Workspace> workspace_;
  AlignedBytes gradient_, batch_;
  std::unique_ptr<Executor> executor_;
  std::map<std::size_t, Watched> watched_;
  std::uint64_t sides_ = 0;
};

class NetworkCheck {
 public:
  NetworkCheck(const GradientSubject& subject, const GradientCheckOptions& options)
      : subject_(subject),
        options_(options),
        reference_(reference_backend(ElementType::float64)),
        trained_backend_(subject.trained ? *subject.trained : fast_backend()),
        forward_(subject, reference_, false, false, false),
        analytic_(subject, reference_, false, true, false),
        trained_(subject, trained_backend_, true, true, false) {}

  GradientReport run() {
    burn_in();
    gradient_ = analytic_.gradients();
    trained_gradient_ = trained_.gradients();
    const auto began = std::chrono::steady_clock::now();
    report_.loss = forward_.loss();
    seconds_each_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    report_.rows = subject_.rows;
    for (std::size_t p = 0; p < layout().segments.size(); ++p) check_tensor(p);
    check_penalties();
    return std::move(report_);
  }

 private:
  const StateLayout& layout() const { return forward_layout_; }

  /// Takes a few steps of gradient descent and rounds the state to floats, so that every evaluator starts from the same numbers.
  void burn_in() {
    analytic_.take(*subject_.state);
    for (int step = 0; step < options_.burn_in_steps; ++step) {
      const std::vector<double> g = analytic_.gradients();
      for (const SweepSegment& s : layout().segments) descend(s, g);
    }
    for (std::int64_t i = 0; i < layout().parameter_elements; ++i) {
      const auto narrow = static_cast<float>(analytic_.parameters()[i]);
      analytic_.parameters()[i] = forward_.parameters()[i] = static_cast<double>(narrow);
      trained_.parameters()[i] = narrow;
    }
  }
  void descend(const SweepSegment& s, const std::vector<double>& g) {
    double weights = 0, slopes = 0;
    for (std::int64_t i = s.offset; i < s.offset + s.count; ++i) {
      weights += analytic_.parameters()[i] * analytic_.parameters()[i];
      slopes += g[static_cast<std::size_t>(i)] * g[static_cast<std::size_t>(i)];
    }
    const double rate = 1e-3 * (std::sqrt(weights) + 1e-3) / std::sqrt(slopes);
    if (!std::isfinite(rate)) return;
    for (std::int64_t i = s.offset; i < s.offset + s.count; ++i)
      analytic_.parameters()[i] -= rate * g[static_cast<std::size_t>(i)];
  }

  /// Chooses elements of a tensor: all of a small tensor, otherwise the largest gradients first, then random elements.
  std::vector<std::int64_t> chosen(const SweepSegment& s, const std::string& name) const {
    std::vector<std::int64_t> all(static_cast<std::size_t>(s.count));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
    const double affordable = options_.seconds /
                              std::max(1e-9, 2.2 * seconds_each_ * static_cast<double>(layout().segments.size()));
    const std::int64_t most = std::clamp<std::int64_t>(static_cast<std::int64_t>(affordable), 1, options_.elements);
    if (s.count <= most) return all;
    const auto size = [&](std::int64_t i) { return std::abs(gradient_[static_cast<std::size_t>(s.offset + i)]); };
    const std::int64_t largest = (most + 1) / 2;
    std::partial_sort(all.begin(), all.begin() + largest, all.end(),
                      [&](std::int64_t a, std::int64_t b) { return size(a) != size(b) ? size(a) > size(b) : a < b; });
    Random random(subject_.seed, purpose("gradient check " + name));
    for (std::int64_t i = largest; i < most; ++i)
      std::swap(all[static_cast<std::size_t>(i)],
                all[static_cast<std::size_t>(i) + random.below(static_cast<std::uint64_t>(s.count - i))]);
    all.resize(static_cast<std::size_t>(most));
    return all;
  }

  void check_tensor(std::size_t p) {
    const SweepSegment& s = layout().segments[p];
    TensorCheck t;
    t.tensor = layout().parameter_names[p];
    t.part = "loss";
    t.shape = layout().directory->at(t.tensor).shape;
    std::vector<double> numeric(static_cast<std::size_t>(s.count), NAN);
    for (std::int64_t i : chosen(s, t.tensor)) measure(t, s, i, numeric);
    judge(t, s, numeric);
    report_.tensors.push_back(std::move(t));
  }

  double largest_of(const SweepSegment& s, const std::vector<double>& g) const {
    double largest = 0;
    for (std::int64_t i = s.offset; i < s.offset + s.count; ++i)
      largest = std::max(largest, std::abs(g[static_cast<std::size_t>(i)]));
    return largest;
  }

  void measure(TensorCheck& t, const SweepSegment& s, std::int64_t i, std::vector<double>& numeric) {
    double& w = forward_.parameters()[s.offset + i];
    const double kept = w;
    double h = options_.step * std::max(1.0, std::abs(kept));
    const auto at = [&](double x) {
      w = x;
      const double value = forward_.loss();
      w = kept;
      ++report_.evaluations;
      return std::pair{value, forward_.sides()};
    };
    auto above = at(kept + h), below = at(kept - h);
    for (int shorter = 0; shorter < 2 && above.second != below.second;
         ++shorter) {  // a bias moves many maxima; fewer change sides in a smaller step
      h /= 10;
      above = at(kept + h), below = at(kept - h);
    }
    const double slope = (above.first - below.first) / (2 * h), analytic = gradient_[static_cast<std::size_t>(s.offset + i)];
    const double unsure = 60 * std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(above.first)) / h;
    double error = relative_error(analytic, slope);
    if (std::abs(slope - analytic) <= unsure) error = std::min(error, 1e-7);
    if (above.second != below.second || (error > 1e-4 && bends(at, kept, h, below.first, above.first))) {
      ++t.kinks;
      return;
    }
    numeric[static_cast<std::size_t>(i)] = slope;
    ++t.checked;
    if (t.at >= 0 && error <= t.error) return;
    t.at = i, t.error = error, t.numeric = slope, t.analytic = analytic,
    t.trained = trained_gradient_[static_cast<std::size_t>(s.offset + i)];
  }

  /// Whether there is a kink that no activation or pool declares (in a loss or an outside layer): the slopes on both sides stay
  /// apart, or meet elsewhere, when the step is ten times smaller.
  template <class At>
  static bool bends(At at, double kept, double h, double below, double above) {
    const double here = at(kept).first, near_below = at(kept - h / 10).first, near_above = at(kept + h / 10).first;
    const double left = (here - below) / h, right = (above - here) / h, near_left = 10 * (here - near_below) / h,
                 near_right = 10 * (near_above - here) / h;
    const double size = std::max({1e-8, std::abs(left), std::abs(right)});
    if (std::abs(right - left) <= 1e-2 * size) return false;
    return std::abs(near_right - near_left) > 0.5 * std::abs(right - left) ||
           std::abs((near_left + near_right) - (left + right)) > 2e-3 * size;
  }

  void judge(TensorCheck& t, const SweepSegment& s, const std::vector<double>& numeric) {
    const auto part = [&](const std::vector<double>& g) {
      return std::vector<double>(g.begin() + s.offset, g.begin() + s.offset + s.count);
    };
    // Gradients that cancel to 0 (of a bias before batch_norm) keep the float32 rounding errors of their terms.
    const double floor = std::max(1e-2 * largest_of(s, gradient_),
                                  1e-3 * largest_of({0, layout().parameter_elements}, gradient_));
    for (std::int64_t i = s.offset; i < s.offset + s.count; ++i)
      t.trained_error = std::max(t.trained_error, relative_error(trained_gradient_[static_cast<std::size_t>(i)],
                                                                 gradient_[static_cast<std::size_t>(i)], floor));
    t.band = band_of(t.error);
    if (t.band >= GradientBand::suspicious) t.mistake = kind_of_mistake(part(gradient_), numeric, t.shape);
    if (t.checked == 0) {
      t.band = GradientBand::suspicious;
      t.mistake = "nothing could be checked: every element has a kink within a step";
    }
    if (!(t.trained_error <= 1e-2) && t.band < GradientBand::wrong) {
      t.band = GradientBand::wrong;
      t.mistake = "as trained (" + trained_backend_.name() +
                  "): " + kind_of_mistake(part(trained_gradient_), part(gradient_), t.shape, 1e-2);
    }
  }

  /// Checks l2 sum w^2 + l1 sum |w| separately: compares the penalties' part of the gradients with central differences of the
  /// formula.
  void check_penalties() {
    bool has_any = false;
    for (const Node& node : subject_.network->nodes())
      for (const ParameterSpec& p : node.layout.parameters) has_any |= p.shape.rank() > 1 && (p.l2 > 0 || p.l1 > 0);
    if (!has_any) return;
    Evaluator<double> with(subject_, reference_, false, true, true);
    Evaluator<float> trained_with(subject_, trained_backend_, true, true, true);
    for (std::int64_t i = 0; i < layout().parameter_elements; ++i) {
      with.parameters()[i] = analytic_.parameters()[i];
      trained_with.parameters()[i] = trained_.parameters()[i];
    }
    std::vector<double> sum = with.gradients(), trained_sum = trained_with.gradients();
    std::size_t at = 0;
    for (const Node& node : subject_.network->nodes())
      for (const ParameterSpec& p : node.layout.parameters) check_penalty(at++, p, sum, trained_sum);
  }
  void check_penalty(std::size_t at, const ParameterSpec& p, const std::vector<double>& sum,
                     const std::vector<double>& trained_sum) {
    if (p.shape.rank() < 2 || (p.l2 == 0 && p.l1 == 0)) return;
    const SweepSegment& s = layout().segments[at];
    TensorCheck t;
    t.tensor = layout().parameter_names[at];
    t.part = "penalty";
    t.shape = p.shape;
    std::vector<double> analytic(static_cast<std::size_t>(s.count)), numeric(analytic.size(), NAN);
    const double floor = 1e-4 * (largest_of(s, gradient_) + largest_of(s, sum));
    for (std::int64_t i = 0; i < s.count; ++i)
      analytic[static_cast<std::size_t>(i)] = sum[static_cast<std::size_t>(s.offset + i)] -
                                              gradient_[static_cast<std::size_t>(s.offset + i)];
    for (std::int64_t i : chosen(s, t.tensor)) {
      const auto of = [&](double w) { return p.l2 * w * w + p.l1 * std::abs(w); };
      const double w = forward_.parameters()[s.offset + i], h = options_.step * std::max(1.0, std::abs(w));
      if (p.l1 > 0 && std::abs(w) <= h) {
        ++t.kinks;
        continue;
      }
      const auto place = static_cast<std::size_t>(i), whole = static_cast<std::size_t>(s.offset + i);
      numeric[place] = (of(w + h) - of(w - h)) / (2 * h);
      const double trained = trained_sum[whole] - trained_gradient_[whole],
                   error = relative_error(analytic[place], numeric[place], std::max(floor * 1e-8, 1e-9));
      t.trained_error = std::max(t.trained_error, relative_error(trained, numeric[place], floor));
      if (t.checked++ > 0 && error <= t.error) continue;
      t.at = i, t.error = error, t.numeric = numeric[place], t.analytic = analytic[place], t.trained = trained;
    }
    t.band = t.trained_error <= 1e-2 ? band_of(t.error) : GradientBand::wrong;
    if (t.band >= GradientBand::suspicious) t.mistake = kind_of_mistake(analytic, numeric, t.shape);
    report_.tensors.push_back(std::move(t));
  }

  const GradientSubject& subject_;
  GradientCheckOptions options_;
  const Backend &reference_, &trained_backend_;
  Evaluator<double> forward_, analytic_;
  Evaluator<float> trained_;
  const StateLayout& forward_layout_ = forward_.layout();
  std::vector<double> gradient_, trained_gradient_;
  double seconds_each_ = 0;
  GradientReport report_;
};

template <class T>
double difference_error_in(const GradientSubject& subject, const Backend& backend, double step, int elements) {
  Evaluator<T> evaluator(subject, backend, false, true, false);
  evaluator.take(*subject.state);
  const std::vector<double> analytic = evaluator.gradients();
  double apart = 0, of_numeric = 0, of_analytic = 0;
  for (const SweepSegment& s : evaluator.layout().segments) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(s.count));
    std::iota(order.begin(), order.end(), s.offset);
    const auto size = [&](std::int64_t i) { return std::abs(analytic[static_cast<std::size_t>(i)]); };
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return size(a) > size(b); });
    order.resize(std::min<std::size_t>(order.size(), static_cast<std::size_t>(elements)));
    for (const std::int64_t i : order) {
      T& w = evaluator.parameters()[i];
      const T kept = w, h = static_cast<T>(step);
      w = kept + h;
      const double above = static_cast<double>(static_cast<T>(evaluator.loss()));
      w = kept - h;
      const double below = static_cast<double>(static_cast<T>(evaluator.loss()));
      w = kept;
      const double numeric = (above - below) / (2 * step), exact = analytic[static_cast<std::size_t>(i)];
      apart += (numeric - exact) * (numeric - exact);
      of_numeric += numeric * numeric;
      of_analytic += exact * exact;
    }
  }
  const double size = std::sqrt(of_numeric) + std::sqrt(of_analytic);
  return size > 0 ? std::sqrt(apart) / size : 0;
}

}  // namespace

double difference_error(const GradientSubject& subject, double step, bool in_float32, int elements) {
  TEND_EXPECTS(subject.network->members() == 1);
  return in_float32 ? difference_error_in<float>(subject, reference_backend(ElementType::float32), step, elements)
                    : difference_error_in<double>(subject, reference_backend(ElementType::float64), step, elements);
}

bool GradientReport::passed() const {
  return std::none_of(tensors.begin(), tensors.end(), [](const TensorCheck& t) { return t.band == GradientBand::wrong; });
}

GradientReport check_gradients(const GradientSubject& subject, const GradientCheckOptions& options) {
  TEND_EXPECTS(subject.network->members() == 1);
  return NetworkCheck(subject, options).run();
}

}  // namespace tend

#include "tend/train/pack.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace tend {

namespace {

/// The place in `from` of a place in `to`: the member's prefix is replaced.
std::string renamed(const Network& pack, const std::vector<int>& which, const Network& network, const std::string& name) {
  for (std::size_t m = 0; m < which.size(); ++m) {
    const std::string prefix = network.prefix(static_cast<int>(m));
    if (name.starts_with(prefix)) return pack.prefix(which[m]) + name.substr(prefix.size());
  }
  return name;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The standard error of the mean of a - b.
double error_of_difference(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean = mean_of(a) - mean_of(b), n = static_cast<double>(a.size());
  double squares = 0;
  for (std::size_t r = 0; r < a.size(); ++r) squares += (a[r] - b[r] - mean) * (a[r] - b[r] - mean);
  return n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
}

}  // namespace

void copy_members(const Network& pack, const Block& from, const std::vector<int>& which, const Network& network, Block& to) {
  TEND_EXPECTS(static_cast<int>(which.size()) == network.members());
  for (const Place& place : to.directory().places()) {
    const std::string name = place.kind == PlaceKind::counter ? place.name : renamed(pack, which, network, place.name);
    const Place* found = from.directory().find(name);
    if (place.kind == PlaceKind::counter && place.shape.rank() == 1) {  // one for each member
      const std::int64_t size = size_of(place.type);
      for (std::size_t m = 0; found && m < which.size(); ++m)
        std::memcpy(to.data() + place.offset_bytes + static_cast<std::int64_t>(m) * size,
                    from.data() + found->offset_bytes + which[m] * size, static_cast<std::size_t>(size));
      continue;
    }
    if (!found || found->shape != place.shape || found->type != place.type) continue;
    std::memcpy(to.data() + place.offset_bytes, from.data() + found->offset_bytes, static_cast<std::size_t>(place.bytes()));
  }
}

std::vector<int> averaged_members(const Plan& plan, const Block& state) {
  if (plan.network().members() == 1) return {0};
  const float* shares = state.at<float>(StateLayout::shares_name);
  std::vector<int> all;
  for (int m = 0; m < plan.network().members(); ++m)
    if (shares[m] > 0) all.push_back(m);
  return all;
}

Network averaged_network(const Plan& plan, const Block& state) {
  return {plan.network().layers_value(), plan.network().input_shape(), plan.experiment().network.initializer, plan.shelves(),
          static_cast<int>(averaged_members(plan, state).size())};
}

FirstMember::FirstMember(const Run& run) : run_(run) {
  const Plan& pack = run.plan();
  if (pack.network().members() == 1) return;
  const auto plan = pack.with({{.path = "network.pack", .value = 1}});
  Block state = plan->initial_state(static_cast<std::uint64_t>(run.counters().seed), run.executor());
  copy_members(pack.network(), run.state(), {0}, plan->network(), state);
  own_ = std::make_unique<Run>(Snapshot{.plan = plan, .state = std::move(state)}, run.executor());
}

MemberAnswers::MemberAnswers(const Plan& plan, const Block& state, PartName name, Executor& executor)
    : members_(plan.network().members()), is_squared_(plan.like().task == Task::regression) {
  const Part& part = name == PartName::train ? plan.parts().train : plan.parts().validation;
  const Array& coded = name == PartName::train ? plan.targets().train : plan.targets().validation;
  TargetCoding coding = plan.coding();
  TEND_EXPECTS(coding.places == 1);
  rows_ = part.rows();
  width_ = coding.task == Task::classification ? 1 : coding.outputs;
  errors_.assign(static_cast<std::size_t>(members_), std::vector<double>(static_cast<std::size_t>(rows_ * width_)));
  std::vector<double> answer(static_cast<std::size_t>(coding.answer_width()));
  const auto take = [&](int m, std::int64_t row, const float* outputs) {
    double* out = errors_[static_cast<std::size_t>(m)].data() + row * width_;
    if (is_squared_) {
      for (std::int64_t t = 0; t < width_; ++t)
        out[t] = static_cast<double>(outputs[t]) - static_cast<double>(coded.as<float>()[row * width_ + t]);
      return;
    }
    coding.answer(outputs, answer.data());
    const double* y = part.y.as<double>() + row * part.y.row_size();
    if (coding.task == Task::classification) out[0] = answer[static_cast<std::size_t>(y[0])];
    else
      for (std::int64_t t = 0; t < width_; ++t)
        out[t] = y[t] != 0 ? answer[static_cast<std::size_t>(t)] : 1 - answer[static_cast<std::size_t>(t)];
  };
  for (std::int64_t first = 0; first < rows_; first += Inference::rows_at_once) {
    const std::int64_t n = std::min(Inference::rows_at_once, rows_ - first);
    const Program& program = plan.programs().members(n);
    Workspace workspace({&program}, executor.threads());
    AlignedBytes batch(program.batch_bytes());
    part.gather(nullptr, first, n, reinterpret_cast<float*>(batch.data()));
    const Memory memory = workspace.memory(const_cast<std::byte*>(state.data()), nullptr, batch.data());  // inference only reads
    program.run(memory, executor);
    const float* outputs = values_in<float>(memory, program.output(), members_ * n * coding.outputs).data();
    for (int m = 0; m < members_; ++m)
      for (std::int64_t r = 0; r < n; ++r) take(m, first + r, outputs + (m * n + r) * coding.outputs);
  }
}

std::vector<double> MemberAnswers::row_losses(const std::vector<double>& sums, double members) const {
  std::vector<double> losses(static_cast<std::size_t>(rows_));
  for (std::int64_t i = 0; i < rows_ * width_; ++i) {
    const double mean = sums[static_cast<std::size_t>(i)] / members;
    losses[static_cast<std::size_t>(i / width_)] +=
        is_squared_ ? mean * mean : -std::log(std::max(mean, std::numeric_limits<double>::min())) + 0 * mean;  // NaN stays
  }
  return losses;
}

double MemberAnswers::loss_of(const std::vector<int>& members) const {
  std::vector<double> sums(static_cast<std::size_t>(rows_ * width_));
  for (const int m : members)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += errors_[static_cast<std::size_t>(m)][i];
  return mean_of(row_losses(sums, static_cast<double>(members.size())));
}

std::vector<int> MemberAnswers::chosen() const {
  std::vector<int> left, order;
  for (int m = 0; m < members_; ++m)
    if (std::isfinite(loss_of(m))) left.push_back(m);
  std::vector<double> sums(static_cast<std::size_t>(rows_ * width_)), together(sums.size());
  std::vector<std::vector<double>> losses;  // of the rows, after each addition
  while (!left.empty()) {
    std::size_t best = 0;
    std::vector<double> lowest;
    for (std::size_t at = 0; at < left.size(); ++at) {
      const std::vector<double>& of = errors_[static_cast<std::size_t>(left[at])];
      for (std::size_t i = 0; i < sums.size(); ++i) together[i] = sums[i] + of[i];
      std::vector<double> now = row_losses(together, static_cast<double>(order.size() + 1));
      if (lowest.empty() || mean_of(now) < mean_of(lowest)) best = at, lowest = std::move(now);
    }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += errors_[static_cast<std::size_t>(left[best])][i];
    order.push_back(left[best]);
    losses.push_back(std::move(lowest));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  if (order.empty()) return {};
  std::size_t lowest = 0;
  for (std::size_t n = 1; n < losses.size(); ++n)
    if (mean_of(losses[n]) < mean_of(losses[lowest])) lowest = n;
  std::size_t size = losses.size();
  while (size - 1 > lowest &&
         mean_of(losses[size - 1]) - mean_of(losses[lowest]) > error_of_difference(losses[size - 1], losses[lowest]))
    --size;
  order.resize(size);
  return order;
}

void Run::choose_members() {
  if (plan_->network().members() == 1 || plan_->parts().validation.rows() == 0 || plan_->coding().places > 1) return;
  const std::vector<int> chosen = MemberAnswers(*plan_, shown(), PartName::validation, *executor_).chosen();
  if (chosen.empty()) return share_evenly(plan_->layout(), state());
  const Place& shares = state_.directory().at(StateLayout::shares_name);
  std::vector<double> share(static_cast<std::size_t>(plan_->network().members()));
  for (const int m : chosen) share[static_cast<std::size_t>(m)] = 1 / static_cast<double>(chosen.size());
  state().assign(shares, share.data());
}

int Run::replace_bad_members() {
  constexpr double far = 4;  // times the usual distance from the median
  const int members = plan_->network().members();
  if (members == 1 || plan_->parts().validation.rows() == 0 || plan_->coding().places > 1) return 0;
  const MemberAnswers answers(*plan_, shown(), PartName::validation, *executor_);
  std::vector<double> losses, sorted, distances;
  for (int m = 0; m < members; ++m) losses.push_back(answers.loss_of(m));
  const auto median_of = [](std::vector<double> of) {
    std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
    return of[of.size() / 2];
  };
  for (const double loss : losses)
    if (std::isfinite(loss)) sorted.push_back(loss);
  const double median = sorted.empty() ? 0 : median_of(sorted);
  for (const double loss : sorted) distances.push_back(std::abs(loss - median));
  const double limit = sorted.empty() ? 0 : median + far * 1.4826 * median_of(distances);
  auto* numbers = state().at<std::int64_t>(StateLayout::numbers_name);
  int replaced = 0;
  for (int m = 0; m < members; ++m) {
    if (losses[static_cast<std::size_t>(m)] <= limit) continue;
    const std::int64_t number = *std::max_element(numbers, numbers + members) + 1;
    draw_member(plan_->network(), plan_->layout(), plan_->optimizer().slots(), static_cast<std::uint64_t>(counters_->seed), m,
                number, state_);
    state_.at<std::int64_t>(StateLayout::begun_name)[m] = counters_->update;
    copy_to_averages(state_, [&](const Place& place) { return place.name.starts_with(plan_->network().prefix(m)); });
    ++replaced;
  }
  return replaced;
}

}  // namespace tend

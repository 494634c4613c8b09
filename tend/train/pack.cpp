#include "tend/train/pack.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "tend/kernels/members.h"

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

Network network_of(const Plan& plan, const std::vector<int>& members) {
  std::vector<MemberLayers> pack;
  for (const Network::Group& group : plan.network().groups()) {
    const auto used = std::count_if(members.begin(), members.end(),
                                    [&](int m) { return m >= group.first && m < group.first + group.members; });
    if (used > 0) pack.push_back({.layers = group.network->layers_value(), .members = static_cast<int>(used)});
  }
  return {pack, plan.network().input_shape(), plan.experiment().network.initializer, plan.shelves()};
}

FirstMember::FirstMember(const Run& run) : run_(run) {
  const Plan& pack = run.plan();
  if (pack.network().members() == 1) return;
  const auto plan = pack.with({{.path = "network.pack", .value = 1}, {.path = "network.pack_folds", .value = 1}});
  Block state = plan->initial_state(static_cast<std::uint64_t>(run.counters().seed), run.executor());
  copy_members(pack.network(), run.state(), {0}, plan->network(), state);
  own_ = std::make_unique<Run>(Snapshot{.plan = plan, .state = std::move(state)}, run.executor());
}

void each_held_out(const Plan& plan, const Block& state, Executor& executor,
                   const std::function<void(std::int64_t row, int member, const float* outputs)>& take) {
  const Part& part = plan.folds() > 1 ? plan.parts().train : plan.parts().validation;
  const std::int64_t outputs = plan.coding().outputs, members = plan.network().members();
  for (std::int64_t first = 0; first < part.rows(); first += Inference::rows_at_once) {
    const std::int64_t n = std::min(Inference::rows_at_once, part.rows() - first);
    const Program& program = plan.programs().members(n);
    Workspace workspace({&program}, executor.threads());
    AlignedBytes batch(program.batch_bytes());
    part.gather(nullptr, first, n, reinterpret_cast<float*>(batch.data()));
    const Memory memory = workspace.memory(const_cast<std::byte*>(state.data()), nullptr, batch.data());  // inference only reads
    program.run(memory, executor);
    const float* of = values_in<float>(memory, program.output(), members * n * outputs).data();
    for (int m = 0; m < members; ++m)
      for (std::int64_t r = 0; r < n; ++r)
        if (plan.folds() == 1 || plan.fold_of()[static_cast<std::size_t>(first + r)] == m % plan.folds())
          take(first + r, m, of + (m * n + r) * outputs);
  }
}

Metrics metrics_of_folds(const Plan& plan, const Block& state, Executor& executor, double temperature,
                         std::vector<double>* answers, WantedMetrics wanted) {
  TargetCoding coding = plan.coding();
  coding.temperature = temperature;
  const Part& part = plan.parts().train;
  const std::int64_t rows = part.rows(), outputs = coding.outputs;
  const int settings = plan.network().members() / plan.folds();
  // The members that answer a row, one for each setting, as a pack of their own.
  std::vector<float> apart(static_cast<std::size_t>(settings * rows * outputs)), joined(static_cast<std::size_t>(rows * outputs));
  each_held_out(plan, state, executor, [&](std::int64_t r, int m, const float* o) {
    std::copy_n(o, outputs, apart.begin() + (m / plan.folds() * rows + r) * outputs);
  });
  const float* shares = state.at<float>(StateLayout::shares_name);
  std::vector<float> each;
  for (int s = 0; s < settings; ++s) each.push_back(shares[s * plan.folds()] * static_cast<float>(plan.folds()));
  const JoinSpec spec{.members = settings, .rows = rows, .outputs = outputs, .join = join_of(coding.kind)};
  for (std::int64_t r = 0; r < rows; ++r)
    join_row(spec, apart.data() + r * outputs, rows * outputs, each.data(), joined.data() + r * outputs);
  std::vector<double> losses(static_cast<std::size_t>(rows));
  const LossFunctions loss = plan.loss().functions(ElementType::float32, plan.isa(), coding.takes_codes);
  loss.rows(loss.self, joined.data(), plan.targets().train.as<float>(), nullptr, rows, outputs, 1, losses.data(), nullptr);
  MetricSums sums(coding, part.y, nullptr, rows, std::move(wanted));
  if (answers) answers->resize(static_cast<std::size_t>(rows * coding.answer_width()));
  for (std::int64_t r = 0; r < rows; ++r) {
    sums.add_row(losses[static_cast<std::size_t>(r)], joined.data() + r * outputs, part.y.as<double>() + r * part.y.row_size());
    if (answers) plan.coding().answer(joined.data() + r * outputs, answers->data() + r * coding.answer_width());
  }
  return sums.metrics();
}

Candidates::Candidates(const Plan& plan, const Block& state, Executor& executor)
    : count_(plan.network().members() / plan.folds()), folds_(plan.folds()), is_squared_(plan.like().task == Task::regression) {
  const bool has_folds = folds_ > 1;
  const Part& part = has_folds ? plan.parts().train : plan.parts().validation;
  const Array& coded = has_folds ? plan.targets().train : plan.targets().validation;
  const TargetCoding& coding = plan.coding();
  TEND_EXPECTS(coding.places == 1);
  rows_ = part.rows();
  width_ = coding.task == Task::classification ? 1 : coding.outputs;
  errors_.assign(static_cast<std::size_t>(count_), std::vector<double>(static_cast<std::size_t>(rows_ * width_)));
  std::vector<double> answer(static_cast<std::size_t>(coding.answer_width()));
  each_held_out(plan, state, executor, [&](std::int64_t row, int m, const float* outputs) {
    double* out = errors_[static_cast<std::size_t>(m / folds_)].data() + row * width_;
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
  });
}

std::vector<int> Candidates::members_of(int candidate) const {
  std::vector<int> members;
  for (int f = 0; f < folds_; ++f) members.push_back(candidate * folds_ + f);
  return members;
}

std::vector<MemberReport> member_reports(const Plan& plan, const Block& state, Executor& executor) {
  std::vector<MemberReport> reports;
  if (plan.network().members() == 1) return reports;
  const bool is_judged = plan.has_validation() && plan.coding().places == 1;
  const std::optional<Candidates> candidates = is_judged ? std::optional<Candidates>(std::in_place, plan, state, executor)
                                                         : std::nullopt;
  const UpdateSettings& update = plan.experiment().update;
  const double decay = update.weight_decay.value_or(plan.optimizer().default_weight_decay());
  for (int m = 0; m < plan.network().members(); ++m) {
    const std::int64_t number = state.at<std::int64_t>(StateLayout::numbers_name)[m];
    const MemberSettings settings = plan.member(number);
    reports.push_back({.number = number,
                       .learning_rate = plan.optimizer().learning_rate() * settings.rate_factor,
                       .weight_decay = decay * settings.decay_factor,
                       .begun_step = state.at<std::int64_t>(StateLayout::begun_name)[m],
                       .loss = candidates ? candidates->loss_of(m / plan.folds()) : std::nan(""),
                       .share = static_cast<double>(state.at<float>(StateLayout::shares_name)[m])});
  }
  const std::vector<Network::Group> groups = plan.network().groups();
  if (groups.size() > 1)
    for (const Network::Group& group : groups)
      for (int m = group.first; m < group.first + group.members; ++m)
        reports[static_cast<std::size_t>(m)].layers = group.network->layers_value();
  return reports;
}

std::vector<double> Candidates::row_losses(const std::vector<double>& sums, double candidates) const {
  std::vector<double> losses(static_cast<std::size_t>(rows_));
  for (std::int64_t i = 0; i < rows_ * width_; ++i) {
    const double mean = sums[static_cast<std::size_t>(i)] / candidates;
    losses[static_cast<std::size_t>(i / width_)] +=
        is_squared_ ? mean * mean : -std::log(std::max(mean, std::numeric_limits<double>::min())) + 0 * mean;  // NaN stays
  }
  return losses;
}

double Candidates::loss_of(const std::vector<int>& candidates) const {
  std::vector<double> sums(static_cast<std::size_t>(rows_ * width_));
  for (const int c : candidates)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += errors_[static_cast<std::size_t>(c)][i];
  return mean_of(row_losses(sums, static_cast<double>(candidates.size())));
}

std::vector<int> Candidates::chosen() const {
  std::vector<int> left, order;
  for (int c = 0; c < count_; ++c)
    if (std::isfinite(loss_of(c))) left.push_back(c);
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
  if (plan_->network().members() == 1 || !plan_->has_validation() || plan_->coding().places > 1) return;
  const Candidates candidates(*plan_, shown(), *executor_);
  const std::vector<int> chosen = candidates.chosen();
  if (chosen.empty()) return share_evenly(plan_->layout(), state());
  const Place& shares = state_.directory().at(StateLayout::shares_name);
  std::vector<double> share(static_cast<std::size_t>(plan_->network().members()));
  for (const int candidate : chosen)
    for (const int m : candidates.members_of(candidate))
      share[static_cast<std::size_t>(m)] = 1 / static_cast<double>(chosen.size()) / plan_->folds();
  state().assign(shares, share.data());
}

std::vector<int> Run::spoilt_members() const {
  std::vector<int> spoilt;
  for (int m = 0; m < plan_->network().members(); ++m)
    if (!is_finite(plan_->network().prefix(m))) spoilt.push_back(m);
  return spoilt;
}

std::vector<int> Run::bad_members() {
  constexpr double far = 4;  // times the usual distance from the median
  std::vector<int> bad;
  if (plan_->network().members() == 1 || !plan_->has_validation() || plan_->coding().places > 1) return bad;
  const Candidates candidates(*plan_, shown(), *executor_);
  std::vector<double> losses, finite, distances;
  for (int c = 0; c < candidates.count(); ++c) losses.push_back(candidates.loss_of(c));
  const auto median_of = [](std::vector<double> of) {
    std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
    return of[of.size() / 2];
  };
  for (const double loss : losses)
    if (std::isfinite(loss)) finite.push_back(loss);
  const double median = finite.empty() ? 0 : median_of(finite);
  for (const double loss : finite) distances.push_back(std::abs(loss - median));
  const double limit = finite.empty() ? 0 : median + far * 1.4826 * median_of(distances);
  for (int c = 0; c < candidates.count(); ++c)
    if (!(losses[static_cast<std::size_t>(c)] <= limit))
      for (const int m : candidates.members_of(c)) bad.push_back(m);
  return bad;
}

void Run::draw_anew(const std::vector<int>& which) {
  if (which.empty()) return;
  const int members = plan_->network().members();
  auto* numbers = state().at<std::int64_t>(StateLayout::numbers_name);
  const std::int64_t next = (*std::max_element(numbers, numbers + members) / members + 1) * members;
  for (const int m : which) {
    draw_member(plan_->network(), plan_->layout(), plan_->optimizer().slots(), static_cast<std::uint64_t>(counters_->seed), m,
                next + m, state_);
    state_.at<std::int64_t>(StateLayout::begun_name)[m] = counters_->update;
    copy_to_averages(state_, [&](const Place& place) { return place.name.starts_with(plan_->network().prefix(m)); });
  }
}

}  // namespace tend

#include "tend/repair/tournament.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace tend {

namespace {

constexpr std::size_t finalists = 3;                     // the unchanged training among them
constexpr double fewest_at_first = 5, fewest_later = 8;  // trainings of a group of proposals: the first ones mostly help

/// A training that goes on and waits.
struct Entrant {
  const Proposal* proposal = nullptr;  // nullptr: unchanged
  std::shared_ptr<const Plan> plan;
  Block state;
  std::vector<double> scores;  // by seed; the first is that of the experiment
  std::vector<double> parts;   // of the first score, by row
  std::int64_t steps = 0;
  bool has_failed = false;
  std::vector<std::int64_t> scored;  // rows of its part that judge it
};

class Tournament {
 public:
  /// `fewest`: trainings for which there is room in any case.
  Tournament(const TrialContext& context, const TournamentOptions& options, double fewest)
      : context_(context),
        fewest_(fewest),
        options_(options),
        known_(options.known),
        scored_(rows_to_score(context)),
        plan_(context.run().shared_plan()),
        all_(context.plan().total_steps()) {
    if (std::optional<LeftOutRows> left = rows_to_leave_out(context); left && !known_) {
      scored_ = std::move(left->scored);
      rest_ = std::move(left->rest);
    }
    least_steps_ = std::min(all_, std::clamp(all_ / 16, options.least_steps, most_first_steps));
    enter(nullptr, context.experiment());
  }
  /// How many trainings, the unchanged one among them, the budget allows for at least `least_steps_` steps.
  std::size_t affordable() const {
    constexpr double rounds = 2, most = 32;
    const double each = rounds * cost_of_step(*plan_) * static_cast<double>(least_steps_);
    return static_cast<std::size_t>(std::clamp(budget() / each, fewest_, most));
  }
  double spent() const { return spent_ / budget(); }
  std::int64_t proposals() const { return std::ssize(entrants_) - 1; }
  bool is_full() const { return entrants_.size() >= affordable(); }

  void enter(const Proposal* proposal, const Experiment& experiment) {
    Entrant entrant{
        .proposal = proposal, .plan = plan_of(experiment), .state = {}, .scores = {}, .parts = {}, .scored = scored_.rows};
    const double own = cost_of_step(entrant), unchanged = cost_of_step(*plan_);
    if (own > options_.most_cost * unchanged && own * static_cast<double>(all_) > options_.cheap_flops) return;
    entrant.state = entrant.plan->initial_state(experiment.seed, context_.run().executor());
    entrants_.push_back(std::move(entrant));
  }

  std::optional<Winner> run() {
    if (entrants_.size() < 2) return {};
    judge_by_common_rows();
    const double rounds = std::ceil(std::log2(static_cast<double>(entrants_.size())));
    // Each round costs about the same: half as many trainings, each twice as long.
    std::int64_t until = std::clamp(static_cast<std::int64_t>(budget() / std::max(1.0, rounds) / cost_of_step()), least_steps_,
                                    all_);
    while (true) {
      for (Entrant& e : entrants_) advance(e, until);
      std::stable_sort(entrants_.begin() + 1, entrants_.end(),
                       [](const Entrant& a, const Entrant& b) { return a.scores[0] > b.scores[0]; });
      if (until >= all_ || is_clear()) break;
      keep_better_half();
      const std::int64_t next = std::min(2 * until, all_);
      const double undecided = gain_of(entrants_[1]) > noise_of_rows(entrants_[1]) ? 1 : 2;
      if (entrants_.size() <= finalists && spent_ + cost_of_step() * static_cast<double>(next - until) > undecided * budget())
        break;
      until = next;
    }
    return verdict(until);
  }

 private:
  static constexpr std::int64_t most_first_steps = 400;

  /// Of an experiment whose data may be without some of the rows.
  std::shared_ptr<const Plan> plan_of(const Experiment& experiment) const {
    std::shared_ptr<const Plan> plan = plan_->with(experiment);
    if (rest_.empty()) return plan;
    Feed feed;
    feed.rows = places_of(rest_, PartName::train, *plan);
    std::erase(feed.rows, -1);
    return plan->with(std::move(feed));
  }
  /// Where rows of a part of the unchanged training are in that of another plan; -1 where it has left them out.
  std::vector<std::int64_t> places_of(const std::vector<std::int64_t>& rows, PartName part, const Plan& plan) const {
    const std::vector<std::int64_t>&own = plan_->prepared().row_numbers(part), &others = plan.prepared().row_numbers(part);
    if (own == others) return rows;
    std::unordered_map<std::int64_t, std::int64_t> places;
    for (std::size_t i = 0; i < others.size(); ++i) places[others[i]] = static_cast<std::int64_t>(i);
    std::vector<std::int64_t> found;
    for (const std::int64_t row : rows) {
      const auto place = places.find(own[static_cast<std::size_t>(row)]);
      found.push_back(place == places.end() ? -1 : place->second);
    }
    return found;
  }
  /// Rows that some training does not have judge none.
  void judge_by_common_rows() {
    for (Entrant& e : entrants_) e.scored = places_of(scored_.rows, scored_.part, *e.plan);
    std::vector<std::size_t> common;
    for (std::size_t i = 0; i < scored_.rows.size(); ++i)
      if (std::none_of(entrants_.begin(), entrants_.end(), [&](const Entrant& e) { return e.scored[i] < 0; }))
        common.push_back(i);
    if (common.size() < scored_.rows.size()) known_.reset();  // it is of other rows
    for (Entrant& e : entrants_) {
      std::vector<std::int64_t> rows;
      for (const std::size_t i : common) rows.push_back(e.scored[i]);
      e.scored = std::move(rows);
    }
  }
  /// The best of what a check or rule advises itself stays in place of the last one: it is often the smallest change, and slow at
  /// first beside one that raises the learning rate, too.
  void keep_better_half() {
    if (entrants_.size() <= finalists) return;
    const std::size_t kept = std::max(finalists, 1 + entrants_.size() / 2);
    const auto advised = std::find_if(entrants_.begin() + 1, entrants_.end(),
                                      [](const Entrant& e) { return is_advised(e) && !e.has_failed; });
    const auto last = entrants_.begin() + static_cast<std::ptrdiff_t>(kept) - 1;
    if (advised != entrants_.end() && advised > last) std::swap(*advised, *last);
    entrants_.resize(kept);
  }
  /// More steps would hardly change what is made: the best is nearly perfect, and far better than the unchanged training.
  bool is_clear() const {
    constexpr double far = 0.5, nearly_perfect = 0.95;
    return gain_of(entrants_[1]) > far && entrants_[1].scores[0] > nearly_perfect;
  }
  double gain_of(const Entrant& e) const { return e.scores[0] - entrants_[0].scores[0]; }
  static bool is_advised(const Entrant& e) { return e.proposal && e.proposal->is_advised; }
  double budget() const {
    return std::max(options_.least_flops, options_.share * cost_of_step(*plan_) * static_cast<double>(all_));
  }
  /// Of all entrants.
  double cost_of_step() const {
    double sum = 0;
    for (const Entrant& e : entrants_) sum += cost_of_step(e);
    return sum;
  }
  /// For as much of the training as one step of the unchanged one.
  double cost_of_step(const Entrant& e) const { return cost_of_step(*e.plan) * length_of(e); }
  static double cost_of_step(const Plan& plan) {
    const Program& program = plan.program();
    return program.flops() + TrialContext::flops_of_a_call * static_cast<double>(program.calls().size());
  }

  /// Steps of the whole training over those of the unchanged one: it has another batch size, or other epochs.
  double length_of(const Entrant& e) const { return static_cast<double>(e.plan->total_steps()) / static_cast<double>(all_); }
  double score_of_failed() const { return score_of_chance - options_.least_gain / 2; }

  /// Goes on until the share of the training that `until` steps are of the unchanged one.
  void advance(Entrant& e, std::int64_t until) {
    if (e.scores.empty()) e.scores = {score_of_failed()};
    if (!e.proposal && known_) {
      e.scores[0] = std::max(known_->value, score_of_chance);
      e.parts = known_->value > score_of_chance ? known_->parts : std::vector<double>{};
    } else if (!e.has_failed) {
      Score score = trained(e, e.state, e.steps, until);
      e.scores[0] = score.value;
      e.parts = std::move(score.parts);
      spent_ += cost_of_step(e) * static_cast<double>(until - e.steps);
    }
    e.steps = until;
  }
  /// Steps with `state` from the place of step `from` of the unchanged training to that of step `until`. The mean of the scores
  /// near the end and at the end; what is not better than a constant answer counts as that, or a little less.
  Score trained(Entrant& e, Block& state, std::int64_t from, std::int64_t until) {
    const auto place = [&](std::int64_t step) { return std::llround(static_cast<double>(step) * length_of(e)); };
    const std::int64_t steps = std::max<std::int64_t>(1, place(until) - place(from)),
                       first_look = std::max<std::int64_t>(1, steps * 4 / 5);
    Run run({.plan = e.plan, .state = std::move(state)}, context_.run().executor());
    Score mean;
    for (std::int64_t made = 1; made <= steps; ++made) {
      if (!std::isfinite(run.step().loss)) {
        e.has_failed = true;
        return {.value = score_of_failed(), .parts = {}, .constant = {}};
      }
      if (made != first_look && made != steps) continue;
      const Score score = score_of(run, scored_.part, e.scored);
      if (constant_.empty()) constant_ = score.constant;
      const double share = first_look == steps ? 1 : 0.5;
      mean.value += share * score.value;
      mean.parts.resize(score.parts.size());
      for (std::size_t i = 0; i < score.parts.size(); ++i) mean.parts[i] += share * score.parts[i];
    }
    state = run.snapshot().state;
    if (mean.value < score_of_failed()) mean = {.value = score_of_failed(), .parts = {}, .constant = {}};
    return mean;
  }
  /// What a gain over the unchanged training must exceed: the least gain, what equally good trainings differ by on so few rows,
  /// and the standard error of the mean over the rows.
  double noise_of_rows(const Entrant& e) const {
    if (!scored_.is_held_out) return options_.least_gain;
    const auto parts = [&](const Entrant& one) -> const std::vector<double>& {
      return one.parts.empty() ? constant_ : one.parts;
    };
    return std::max({options_.least_gain, usual_difference(e.scored.size()), error_of_difference(parts(e), parts(entrants_[0]))});
  }
  Comparison compare(const Entrant& e, std::int64_t steps) const {
    const Entrant& unchanged = entrants_[0];
    const auto n = static_cast<double>(e.scores.size());
    Comparison c{.steps = steps,
                 .rows = std::ssize(e.scored),
                 .seeds = static_cast<int>(e.scores.size()),
                 .is_on_held_out = scored_.is_held_out};
    for (std::size_t s = 0; s < e.scores.size(); ++s) c.before += unchanged.scores[s] / n, c.after += e.scores[s] / n;
    c.gain = c.after - c.before;
    double squares = 0;
    for (std::size_t s = 0; s < e.scores.size(); ++s) squares += std::pow(e.scores[s] - unchanged.scores[s] - c.gain, 2);
    const double deviation = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
    c.noise = std::max(deviation, noise_of_rows(e));
    return c;
  }

  /// The first seed is that of the run itself: on it, too, there must be a gain.
  bool gains_for_the_run(const Entrant& e) const {
    return e.proposal && e.scores[0] > entrants_[0].scores[0] + options_.least_gain / 2;
  }

  /// The best; the smallest change among those that are about as good.
  Entrant* chosen() {
    Entrant* best = nullptr;
    for (Entrant& e : entrants_)
      if (gains_for_the_run(e) && (!best || e.scores[0] > best->scores[0])) best = &e;
    if (!best) return nullptr;
    const double highest = best->scores[0];
    const auto size = [](const Entrant& e) { return std::pair(e.proposal->changes.size(), e.proposal); };
    for (Entrant& e : entrants_) {
      const double enough = highest - options_.least_gain / (is_advised(e) ? 2 : 4);
      if (gains_for_the_run(e) && e.scores[0] >= enough && size(e) < size(*best)) best = &e;
    }
    return best;
  }

  std::optional<Winner> verdict(std::int64_t steps) {
    Entrant* best = chosen();
    if (!best) return {};
    if (!known_ && spent_ + (cost_of_step(*best) + cost_of_step(entrants_[0])) * static_cast<double>(steps) <= budget())
      for (Entrant* e : {&entrants_[0], best}) {  // with one more seed
        Block state = e->plan->initial_state(context_.experiment().seed + 1, context_.run().executor());
        e->scores.push_back(trained(*e, state, 0, steps).value);
      }
    const Comparison comparison = compare(*best, steps);
    if (!comparison.is_better()) return {};
    return Winner{*best->proposal, comparison};
  }

  const TrialContext& context_;
  double fewest_;
  const TournamentOptions& options_;
  std::optional<Score> known_;  // the score of the unchanged training
  ScoredRows scored_;
  std::vector<std::int64_t> rest_;    // training rows from which all learn; empty: all rows
  std::shared_ptr<const Plan> plan_;  // of the run
  std::int64_t all_ = 1, least_steps_ = 1;
  std::vector<double> constant_;   // parts of the score of the constant answer
  double spent_ = 0;               // of the budget
  std::vector<Entrant> entrants_;  // the first is the unchanged training
};

}  // namespace

std::optional<Winner> best_of(const std::vector<Proposal>& proposals, const TrialContext& context,
                              const TournamentOptions& options, std::int64_t* tried) {
  constexpr double enough = 1.5;  // budgets of a group, after which no other begins
  std::size_t next = 0;
  double spent = 0;
  for (int group = 0; group < options.most_groups && next < proposals.size() && spent < enough; ++group) {
    Tournament tournament(context, options, group == 0 ? fewest_at_first : fewest_later);
    for (; next < proposals.size() && !tournament.is_full(); ++next) {
      try {
        tournament.enter(&proposals[next], changed(context.experiment(), proposals[next].changes));
      } catch (const Error&) {  // it does not fit this network
      }
    }
    if (tried) *tried += tournament.proposals();
    if (std::optional<Winner> winner = tournament.run()) return winner;
    spent += tournament.spent();
  }
  return {};
}

}  // namespace tend

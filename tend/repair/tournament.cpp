#include "tend/repair/tournament.h"

#include <algorithm>
#include <cmath>

#include "tend/trial/score.h"

namespace tend {

namespace {

constexpr std::size_t few_entrants = 8, finalists = 3;  // the unchanged training among them

/// A training that goes on and waits: its states by seed.
struct Entrant {
  const Proposal* proposal = nullptr;  // nullptr: unchanged
  std::shared_ptr<const Plan> plan;
  std::vector<Block> states;  // by seed
  std::vector<double> scores;
  std::int64_t steps = 0;
  bool has_failed = false;

  double score() const {
    double sum = 0;
    for (const double s : scores) sum += s / static_cast<double>(scores.size());
    return sum;
  }
};

class Tournament {
 public:
  Tournament(const TrialContext& context, const TournamentOptions& options)
      : context_(context), options_(options), scored_(rows_to_score(context)) {
    const std::int64_t all = context.plan().total_steps();
    least_steps_ = std::min(all, std::max(options.least_steps, all / 12));
    seeds_ = options.seeds;
    if (affordable() < few_entrants) seeds_ = 1;
    enter(nullptr, context.experiment());
  }
  /// How many trainings, the unchanged one among them, the budget allows for at least `least_steps_` steps.
  std::size_t affordable() const {
    constexpr double rounds = 2;
    const double each = rounds * cost_of_step(context_.plan()) * static_cast<double>(least_steps_ * seeds_);
    return static_cast<std::size_t>(std::clamp(budget() / each, 3.0, 32.0));
  }
  bool is_full() const { return entrants_.size() >= affordable(); }

  void enter(const Proposal* proposal, const Experiment& experiment) {
    Entrant entrant{.proposal = proposal, .plan = context_.plan().with(experiment), .states = {}, .scores = {}};
    const double own = cost_of_step(*entrant.plan) * length_of(entrant), unchanged = cost_of_step(context_.plan());
    if (own > options_.most_cost * unchanged && own * static_cast<double>(context_.plan().total_steps()) > options_.least_flops)
      return;
    for (int seed = 0; seed < seeds_; ++seed)
      entrant.states.push_back(
          entrant.plan->initial_state(experiment.seed + static_cast<std::uint64_t>(seed), context_.run().executor()));
    entrants_.push_back(std::move(entrant));
  }

  std::optional<Winner> run() {
    if (entrants_.size() < 2) return {};
    const std::int64_t all = context_.plan().total_steps();
    const double rounds = std::ceil(std::log2(static_cast<double>(entrants_.size())));
    // Each round costs about the same: half as many trainings, each twice as long.
    std::int64_t until = std::clamp(static_cast<std::int64_t>(budget() / std::max(1.0, rounds) / cost_of_step()), least_steps_,
                                    all);
    while (true) {
      for (Entrant& e : entrants_) advance(e, until);
      rank();
      if (until >= all) break;
      if (entrants_.size() > finalists) entrants_.resize(std::max(finalists, 1 + entrants_.size() / 2));
      const std::int64_t next = std::min(2 * until, all);
      if (entrants_.size() <= finalists && cost_of_step() * static_cast<double>(next - until) > budget()) break;
      until = next;
    }
    return verdict(until);
  }

 private:
  double budget() const {
    return std::max(options_.least_flops,
                    options_.share * cost_of_step(context_.plan()) * static_cast<double>(context_.plan().total_steps()));
  }
  void rank() {
    std::stable_sort(entrants_.begin() + 1, entrants_.end(),
                     [](const Entrant& a, const Entrant& b) { return a.score() > b.score(); });
  }
  /// Of all entrants and seeds.
  double cost_of_step() const {
    double sum = 0;
    for (const Entrant& e : entrants_) sum += cost_of_step(*e.plan) * length_of(e) * seeds_;
    return sum;
  }
  static double cost_of_step(const Plan& plan) {
    const Program& program = plan.program();
    return program.flops() + TrialContext::flops_of_a_call * static_cast<double>(program.calls().size());
  }

  /// Steps of the whole training over those of the unchanged one: it has another batch size, or other epochs.
  double length_of(const Entrant& e) const {
    return static_cast<double>(e.plan->total_steps()) / static_cast<double>(context_.plan().total_steps());
  }
  /// Goes on until the share of the training that `until` steps are of the unchanged one.
  void advance(Entrant& e, std::int64_t until) {
    const auto steps = std::max<std::int64_t>(1, std::llround(static_cast<double>(until) * length_of(e)));
    const double chance = score_of_chance(context_.plan());
    e.scores.assign(e.states.size(), chance - options_.least_gain / 2);
    if (!e.proposal && options_.known) return e.scores.assign(e.states.size(), *options_.known);
    if (e.has_failed) return;
    for (std::size_t seed = 0; seed < e.states.size(); ++seed) {
      Run run({.plan = e.plan, .state = std::move(e.states[seed])}, context_.run().executor());
      const std::int64_t first_look = e.steps + std::max<std::int64_t>(1, (steps - e.steps) * 4 / 5);
      double sum = 0;
      for (std::int64_t made = e.steps; made < steps && !e.has_failed;) {
        e.has_failed = !std::isfinite(run.step().loss);
        ++made;
        if (made == first_look || made == steps) sum += score_of(run, scored_.part, scored_.rows) / (first_look == steps ? 1 : 2);
      }
      if (e.steps < steps && !e.has_failed) e.scores[seed] = std::max(sum, chance - options_.least_gain / 2);
      e.states[seed] = run.snapshot().state;
    }
    e.steps = steps;
  }
  bool is_on_held_out() const { return scored_.part == PartName::validation; }

  Comparison compare(const Entrant& e, std::int64_t steps) const {
    Comparison c{.before = entrants_[0].score(),
                 .after = e.score(),
                 .steps = steps,
                 .rows = static_cast<std::int64_t>(scored_.rows.size()),
                 .seeds = seeds_,
                 .is_on_held_out = is_on_held_out()};
    c.gain = c.after - c.before;
    double squares = 0;
    for (std::size_t s = 0; s < e.scores.size(); ++s) squares += std::pow(e.scores[s] - entrants_[0].scores[s] - c.gain, 2);
    const auto n = static_cast<double>(e.scores.size());
    const double deviation = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
    // The mean of a probability over rows: its deviation is at most 0.5 / sqrt(rows); that of a difference of pairs is smaller.
    const double of_rows = is_on_held_out() ? 0.25 / std::sqrt(static_cast<double>(c.rows)) : 0;
    c.noise = std::max({options_.least_gain, deviation, of_rows});
    return c;
  }

  /// The first seed is that of the run itself: on it, too, there must be a gain.
  bool gains_for_the_run(const Entrant& e) const { return e.scores[0] > entrants_[0].scores[0] + options_.least_gain / 2; }

  std::optional<Winner> verdict(std::int64_t steps) const {
    const auto best_score = std::find_if(entrants_.begin() + 1, entrants_.end(),
                                         [&](const Entrant& e) { return gains_for_the_run(e); });
    if (best_score == entrants_.end()) return {};
    const Entrant* best = &*best_score;
    for (const Entrant& e : entrants_)  // the earlier proposal where two are alike
      if (e.proposal && e.proposal < best->proposal && gains_for_the_run(e) &&
          e.score() > best_score->score() - options_.least_gain)
        best = &e;
    const Comparison comparison = compare(*best, steps);
    if (!comparison.is_better()) return {};
    return Winner{*best->proposal, comparison};
  }

  const TrialContext& context_;
  const TournamentOptions& options_;
  ScoredRows scored_;
  std::int64_t least_steps_ = 1;
  int seeds_ = 1;
  std::vector<Entrant> entrants_;  // the first is the unchanged training
};

}  // namespace

std::optional<Winner> best_of(const std::vector<Proposal>& proposals, const TrialContext& context,
                              const TournamentOptions& options) {
  std::size_t next = 0;
  for (int group = 0; group < options.most_groups && next < proposals.size(); ++group) {
    Tournament tournament(context, options);
    for (; next < proposals.size() && !tournament.is_full(); ++next) {
      try {
        tournament.enter(&proposals[next], changed(context.experiment(), proposals[next].changes));
      } catch (const Error&) {  // it does not fit this network
      }
    }
    if (std::optional<Winner> winner = tournament.run()) return winner;
  }
  return {};
}

}  // namespace tend

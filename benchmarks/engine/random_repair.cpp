// What does a repair reach whose remedies are drawn at random? benchmarks/babysitting.py runs it beside policy repair:
//   random_repair EXPERIMENT.toml DATA_FOLDER SEED REPAIRS
// Draws remedies of the shelf repair/remedies at random, whatever they help against, and lets the same tournament decide which of
// them is made: as many times as policy repair repaired that training. Then trains. Prints JSON: the changes and the metrics.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "tend/base/causes.h"
#include "tend/base/random.h"
#include "tend/experiment/infer.h"
#include "tend/repair/tournament.h"
#include "tend/train/report_value.h"
#include "tend/train/run.h"

namespace {

/// All that the shelf proposes, each once, in a random order.
std::vector<tend::Proposal> drawn(const tend::TrialContext& context, tend::Random& random) {
  std::vector<tend::Proposal> all;
  for (const std::string_view cause : tend::causes)
    for (tend::Proposal& p : tend::proposals_against(cause, context))
      if (std::none_of(all.begin(), all.end(), [&](const tend::Proposal& q) { return q.changes == p.changes; }))
        all.push_back(std::move(p));
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
  return all;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const tend::DataPlaces places{std::filesystem::path(words[1]).parent_path().string(), {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), places, data, reasons);
  experiment.seed = static_cast<std::uint64_t>(std::atoll(words[3]));
  tend::Random random(experiment.seed, tend::purpose("random repair"));
  tend::TrainingOptions options;
  options.places = places;
  options.threads = 1;
  tend::Value changes = tend::Value::array();
  for (int made = 0; made < std::atoi(words[4]); ++made) {
    const tend::Training training(experiment, data, options);
    const tend::TrialContext context(training.engine());
    constexpr std::size_t most = 24;  // as policy repair
    std::vector<tend::Proposal> proposals = drawn(context, random);
    proposals.resize(std::min(most, proposals.size()));
    const std::optional<tend::Winner> winner = tend::best_of(proposals, context);
    if (!winner) continue;
    for (const tend::Change& change : winner->proposal.changes) changes.push_back(tend::text_of(change));
    experiment = tend::changed(experiment, winner->proposal.changes);
  }
  tend::Training training(experiment, data, options);
  const tend::Summary& summary = training.run();
  tend::Value v = tend::Value::table();
  v["changes"] = std::move(changes);
  v["metrics"] = tend::Value::table();
  v["metrics"]["train"] = tend::metrics_to_value(summary.train);
  v["metrics"]["validation"] = tend::metrics_to_value(summary.validation);
  v["metrics"]["test"] = tend::metrics_to_value(summary.test);
  std::printf("%s\n", tend::to_json(v).c_str());
}

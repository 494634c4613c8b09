#include <algorithm>
#include <list>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/lecture/condition.h"
#include "tend/lecture/measures.h"

namespace tend {

namespace {

/// Reads each source once for all runs of a statement.
class DataOfRuns {
 public:
  explicit DataOfRuns(const DataPlaces& places) : places_(places) {}
  const Dataset& of(const Experiment& experiment) {
    const Value settings = *experiment.to_value().find("data");
    for (const auto& [known, data] : read_)
      if (known == settings) return data;
    read_.emplace_back(settings, read_dataset(experiment.data.source, experiment.data, places_));
    return read_.back().second;
  }

 private:
  DataPlaces places_;
  std::list<std::pair<Value, Dataset>> read_;
};

}  // namespace

bool StatementResult::holds() const {
  return std::all_of(hold.begin(), hold.end(), [](bool one) { return one; });
}

namespace {

/// A chart that no run has is a mistake in the statement.
void expect_charts(const LectureStatement& statement, const StatementResult& result) {
  std::vector<std::string> known;
  for (const Measures& m : result.runs)
    for (const auto& [name, unused] : m.curves)
      if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  for (const std::string& chart : statement.charts)
    if (std::find(known.begin(), known.end(), chart) == known.end()) unknown_key(statement.name + ": charts", chart, known);
}

}  // namespace

StatementResult run_statement(const LectureStatement& statement, std::uint64_t seed, int threads, const DataPlaces& places) {
  StatementResult result;
  result.seed = seed;
  const double begin = seconds_now();
  DataPlaces own = places;
  own.folder = statement.folder;
  DataOfRuns data(own);
  for (const StatementRun& run : statement.runs) {
    const Experiment experiment = experiment_of(statement, run, seed);
    result.runs.push_back(run.search.is_null() ? measure_run(statement, experiment, data.of(experiment), threads, own)
                                               : measure_search(run, experiment, data.of(experiment), threads, own));
  }
  expect_charts(statement, result);
  const auto value_of = [&](const std::string& name) {
    const std::string run = name.substr(0, name.find('.')), measure = name.substr(std::min(name.size(), run.size() + 1));
    std::vector<std::string> known;
    for (std::size_t i = 0; i < statement.runs.size(); ++i) {
      known.push_back(statement.runs[i].name);
      if (known.back() != run) continue;
      if (const auto found = result.runs[i].values.find(measure); found != result.runs[i].values.end()) return found->second;
      known.clear();
      for (const auto& [one, unused] : result.runs[i].values) known.push_back(run + "." + one);
      break;
    }
    unknown_key(statement.name + ": claim", name, known);
  };
  for (const StatementClaim& claim : statement.claims) {
    const std::string where = statement.name + ": claim";
    result.hold.push_back(holds(claim.condition, value_of, where));
    result.evidence.push_back(names_with_values(claim.condition, value_of, where));
  }
  result.seconds = seconds_now() - begin;
  return result;
}

}  // namespace tend

#include "tend/repair/remedy_registry.h"

#include <algorithm>

#include "tend/repair/remedies.h"

namespace tend {

const Registry<RemedyEntry>& builtin_remedies() {
  static const Registry<RemedyEntry> all = [] {
    Registry<RemedyEntry> registry;
    for_each_type(all_remedies{}, [&]<class R> { registry.add<RemedyModel, R>(); });
    return registry;
  }();
  return all;
}

namespace {

/// Without the settings that are so already.
Changes without_idle(const Experiment& experiment, const Changes& changes) {
  const Value present = experiment.to_value();
  Changes needed;
  for (const Change& change : changes) {
    const bool may_be_idle = change.kind == Change::Kind::set && !change.path.starts_with("network.layers");
    if (!may_be_idle || !(changed(experiment, {change}).to_value() == present)) needed.push_back(change);
  }
  return needed;
}

}  // namespace

std::vector<Proposal> proposals_against(std::string_view cause, const TrialContext& run, const Registry<RemedyEntry>& remedies) {
  std::vector<std::shared_ptr<const RemedyEntry>> suitable;
  for (const std::string& name : remedies.names())
    if (auto remedy = remedies.make(Value(name), "remedy"); remedy->helps_against(cause)) suitable.push_back(std::move(remedy));
  std::stable_sort(suitable.begin(), suitable.end(), [](const auto& a, const auto& b) { return a->place() < b->place(); });
  const Value present = run.experiment().to_value();
  std::vector<Proposal> all;
  for (const auto& remedy : suitable)
    for (Changes& changes : remedy->propose(run)) {
      if (changes.empty()) continue;
      try {
        if (changed(run.experiment(), changes).to_value() == present) continue;
        all.push_back({std::string(remedy->name()), without_idle(run.experiment(), changes)});
      } catch (const Error&) {  // it does not fit this network
      }
    }
  return all;
}

}  // namespace tend

#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "tend/base/settings.h"

namespace tend {

/// [tune] of an experiment, or of a study file for outside programs. Its parameters, sampler and stoppers are read by the room
/// tune (tune/space.h, tune/search.h), its stages by the room study (study/stages.h).
struct TuneSettings {
  Value parameters;
  std::string direction = "auto";
  std::int64_t trials = 0;
  double budget = 0;
  Value stages;
  std::int64_t steps = 1, budget_steps = 0;
  Value sampler = "auto";
  Value stopper;  ///< one or a list; null: chosen by the steps of a trial
  std::optional<bool> widen;
  std::int64_t parallel = 0, final_seeds = 3, final_pack = 0;
  std::string store = "sqlite";
  static constexpr auto fields = std::tuple{
      field_of<TuneSettings>("parameters", &TuneSettings::parameters, {}, "",
                             "What is searched: paths of keys with the values that they may take; when absent, usual keys.",
                             "<parameters>"),
      field_of<TuneSettings>("direction", &TuneSettings::direction, {}, "",
                             "Which values are better; auto: as train.metric says, in a study file minimize.",
                             "auto minimize maximize"),
      field_of<TuneSettings>("trials", &TuneSettings::trials, at_least(0), "", "The most trials; 0: no limit."),
      field_of<TuneSettings>("budget", &TuneSettings::budget, at_least(0), "full trainings",
                             "The most epochs of all trials together, as a number of full trainings; 0: no limit."),
      field_of<TuneSettings>("stages", &TuneSettings::stages, {}, "",
                             "Searches one after another, from coarse to fine; each looks near the best of the one before.",
                             "<stages>"),
      field_of<TuneSettings>("steps", &TuneSettings::steps, at_least(1), "",
                             "Study files only: the steps of a whole trial; 1: it has one value."),
      field_of<TuneSettings>("budget_steps", &TuneSettings::budget_steps, at_least(0), "",
                             "Study files only: the most steps of all trials together; 0: no limit."),
      field_of<TuneSettings>("sampler", &TuneSettings::sampler, {}, "", "How new trials are chosen.", "auto <sampler>"),
      field_of<TuneSettings>("stopper", &TuneSettings::stopper, {}, "",
                             "When trials stop or wait; all of a list apply. When absent, the usual ones.", "none <stoppers>"),
      field_of<TuneSettings>("widen", &TuneSettings::widen, {}, "",
                             "Whether the search may go beyond a bound where the optimum lies at the edge; when absent, only "
                             "beyond bounds that were inferred."),
      field_of<TuneSettings>("parallel", &TuneSettings::parallel, at_least(0), "trials",
                             "The trials that are trained side by side. The search depends on this number, not on the number of "
                             "threads or processes. 0: chosen by the size of a trial."),
      field_of<TuneSettings>(
          "final_seeds", &TuneSettings::final_seeds, at_least(0), "",
          "The seeds with which the best experiment and the given one are trained at the end, to compare them."),
      field_of<TuneSettings>(
          "final_pack", &TuneSettings::final_pack, at_least(0), "networks",
          "The networks of each of these last trainings (network.pack), where trials train fewer; halved until they fit into --time. 0: as many as in the trials."),
      field_of<TuneSettings>("store", &TuneSettings::store, {}, "",
                             "Where the study is kept: sqlite, a file in its folder; or a PostgreSQL server, "
                             "postgresql://USER@HOST/DATABASE?study=NAME.")};
};

}  // namespace tend

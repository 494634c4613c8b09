#pragma once
#include <cstdio>

#include "cli.h"
#include "tend/diagnose/diagnose.h"
#include "tend/record/run_directory.h"
#include "tend/watch/watched_training.h"

namespace tend {

/// The changes that set a value, as findings and checks write them, as words of a command: " --set 'train.epochs=20'".
std::string settings_text(const Value::Array& changes);
/// Prints findings as findings_to_value() writes them: causes of alarms, and the command that applies the changes, otherwise the
/// advice. `run`: the folder of the run; "" for those of a log, which has no command.
void print_findings(std::FILE* out, const Value& findings, const std::string& run);
/// Says on stderr what is in repaired.toml, if the run has one, and the command that uses it; under policy repair, that nothing
/// was repaired in spite of alarms. `repairs`: how many the run has, those before it was resumed among them.
void print_repairs(const WatchedTraining& watched, std::size_t repairs, const std::string& run);

/// Prints how a run ended: its metrics beside a baseline, its speed, and the commands that come next.
void print_result(const Summary& summary, const Experiment& experiment, const RunDirectory& directory);

}  // namespace tend

#pragma once
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli.h"

namespace tend {

/// The flags that define an experiment.
struct ConfigurationFlags {
  std::string input;             ///< experiment file, data, or nothing
  std::optional<Value> given;    ///< an experiment that was read elsewhere, in place of `input`, which then is its name
  std::vector<std::string> set;  ///< PATH=VALUE
  std::string target, task, policy, device;
  std::vector<std::string> ignore;
  std::optional<std::int64_t> epochs, batch_size, seed;
  std::optional<double> learning_rate;
};
void add_configuration(CLI::App& verb, ConfigurationFlags& flags);
/// Adds --set with keys of [data], for a verb that reads rows for a model.
void add_data_keys(CLI::App& verb, std::vector<std::string>& set);
/// Throws Error{usage} for another key.
void apply_data_keys(Experiment& experiment, const std::vector<std::string>& set);

/// An experiment with the origin of each value: default < file < TEND_* < flags.
struct Configuration {
  Experiment experiment;
  std::map<std::string, std::string> origins;  ///< by path: "file", "TEND_TRAIN__EPOCHS", "--epochs"
  std::string name;                            ///< of the file or the data, for headings
};
Configuration configure(const ConfigurationFlags& flags);
/// Makes paths of data absolute, because the experiment file in the folder of a run is in another folder than its source.
void make_paths_absolute(Experiment& experiment);

/// Prints key, value and reason, one line each; with `explains` also how to decide otherwise.
void print_inferences(std::FILE* out, const std::vector<Inferred>& reasons, bool explains);

/// Every value of the complete experiment by its path, with its origin: {"train.epochs": {"value": 5, "origin": "--epochs"}}.
Value values_with_origins(const Configuration& configuration, const Experiment& complete, const std::vector<Inferred>& reasons);

/// The source of a run with its targets as its model has them. Throws Error{data} where they are of other classes or of another
/// kind by now. `like`: Model::like().
Dataset read_source_of_run(const Experiment& experiment, const DataPlaces& places, const Dataset& like);

}  // namespace tend

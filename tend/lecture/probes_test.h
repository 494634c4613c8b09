#pragma once
#include <string>

#include <gtest/gtest.h>

#include "tend/data/settings.h"
#include "tend/lecture/probe_registry.h"

namespace tend {

/// What a probe, written as in a statement, measures in a short training on the digits. `set`: other keys, as in a run.
inline Measures probed(const std::string& probe,
                       const std::string& layers = R"(["flatten", { dense = 12 }, "tanh", { dense = 10 }])",
                       const std::string& set = "") {
  LectureStatement statement;
  statement.name = "probed";
  statement.probes = parse_toml("probes = [" + probe + "]", "probed").find("probes")->array_items();
  statement.experiment = parse_toml(R"(
data.source = "digits"
data.validation = 0.2
prepare.steps = ["standardize"]
loss.name = "softmax_cross_entropy"
train.epochs = 3
update.optimizer = { name = "sgd", learning_rate = 0.1 }
network.layers = )" + layers,
                                    "probed");
  const Experiment experiment = experiment_of(statement, {.name = "run", .set = parse_toml(set, "probed")}, 1);
  return measure_run(statement, experiment, read_dataset(experiment.data.source, experiment.data, {}), 1, {});
}

}  // namespace tend

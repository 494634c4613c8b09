#include "tend/experiment/key_tables.h"

#include <sstream>

#include "tend/data/readers/generators.h"
#include "tend/experiment/experiment.h"
#include "tend/prepare/step.h"

namespace tend {

namespace {

bool is_refused(const std::string& section, const std::string& key, const std::string& word) {
  Value file = Value::table();
  file[section][key] = word;
  try {
    Experiment::from_value(file, section);
  } catch (const Error&) {
    return true;
  }
  return false;
}

template <class Section>
KeySection section_of(std::string name, std::string text) {
  KeySection section{.name = name, .title = "[" + name + "]", .text = std::move(text), .fields = describe_fields<Section>()};
  for (FieldDescription& field : section.fields) {
    if (field.type != "string") continue;
    std::string kept;
    for (const std::string& word : words_of(field))
      if (!is_refused(name, field.name, word)) kept += (kept.empty() ? "" : " ") + word;
    field.words = kept;
  }
  return section;
}

std::vector<KeyEntry> with(std::vector<KeyEntry> entries, const std::vector<FieldDescription>& more) {
  for (KeyEntry& entry : entries) entry.fields.insert(entry.fields.end(), more.begin(), more.end());
  return entries;
}

std::vector<KeyEntry> schedules_of(const Registry<ScheduleEntry>& registry) {
  std::vector<KeyEntry> all = entries_of_shelf(registry);
  for (KeyEntry& entry : all)
    if (!registry.make_named(Value(entry.name), "update.schedule")->warms_up())
      entry = with({entry}, describe_fields<ScheduleKeys>())[0];
  return all;
}

std::vector<KeySection> sections_of_file() {
  std::vector<KeySection> all{
      {.name = "",
       .title = "Keys above all sections",
       .text = "These keys stand at the start of the file.",
       .fields = describe_fields<GeneralSettings>()},
      section_of<DataSettings>("data", "What the network learns from."),
      section_of<PrepareSettings>("prepare", "How the data is prepared for the network."),
      section_of<NetworkSettings>("network", "The network. Without this section it is inferred from the data."),
      section_of<LossSettings>("loss", "What training minimizes. A file with [network] needs this section."),
      section_of<UpdateSettings>("update", "How the parameters change in each step."),
      section_of<TrainSettings>("train", "How long and in which way the network is trained."),
      section_of<WatchSettings>("watch", "What is checked, and what happens when a check fails."),
      section_of<TuneSettings>("tune",
                               "How `tend tune` searches for the best values of settings. `tend train` does not use it.")};
  for (KeySection& section : all)
    if (section.name == "network") section.required = {"layers"};
  return all;
}

constexpr const char* by_key_text =
    " A value that stands beside the name is the value of the setting that the table below marks; `true` beside the name leaves "
    "all settings at their defaults.";

std::vector<KeyShelf> shelves_of_file(const Shelves& shelves, const std::vector<KeyShelf>& more) {
  const std::vector<FieldDescription> node = describe_fields<NodeKeys>();
  std::vector<KeyShelf> all{
      {.name = "step",
       .title = "Steps of the preparation",
       .text = std::string("An entry of `prepare.steps` is a name, such as `\"standardize\"`, or a table, such as "
                           "`{ random_crop = 32, padding = 4 }`.") +
               by_key_text,
       .entries = entries_of_shelf(builtin_steps())},
      {.name = "layer",
       .title = "Layers",
       .text = std::string("An entry of `network.layers` is a name, such as `\"flatten\"`, or a table, such as "
                           "`{ dense = 32, l2 = 1e-4 }`.") +
               by_key_text,
       .entries = with(entries_of_shelf(shelves.layers), node)},
      {.name = "activation",
       .title = "Activations",
       .text = "Activations are entries of `network.layers`, too: `\"relu\"`, or `{ leaky_relu = 0.2 }`.",
       .entries = with(entries_of_shelf(shelves.activations), node)},
      {.name = "initializer",
       .title = "Initializers",
       .text = "An initializer is a name, such as `\"he_normal\"`, or a table, such as `{ uniform = 0.05 }`.",
       .entries = entries_of_shelf(shelves.initializers)},
      {.name = "loss",
       .title = "Losses",
       .text = "A loss is a name: `name = \"huber\"`. With settings it is a table: `name = { huber = true, delta = 2.0 }`.",
       .entries = entries_of_shelf(shelves.losses)},
      {.name = "optimizer",
       .title = "Optimizers",
       .text =
           "An optimizer is a name, `optimizer = \"adam\"`, or a table, `optimizer = { name = \"adam\", beta1 = 0.8 }`. A table "
           "without a name means adam.",
       .by_name = true,
       .usual = "adam",
       .entries = entries_of_shelf(shelves.optimizers)},
      {.name = "schedule",
       .title = "Schedules",
       .text =
           "A schedule is a name, `schedule = \"cosine\"`, or a table, `schedule = { name = \"cosine\", warmup_steps = 100 }`. A "
           "table without a name means constant.",
       .by_name = true,
       .usual = "constant",
       .entries = schedules_of(shelves.schedules)}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

KeyTables key_tables(const Shelves& shelves, const std::vector<KeyShelf>& more) {
  return {
      .sections = sections_of_file(),
      .tables = {{.name = "generator",
                  .title = "Generators of data",
                  .text = "A generator is a table in `data.source`, such as `{ generate = \"blobs\", rows = 1000 }`. A generator "
                          "ignores the keys that do not concern it.",
                  .fields = describe_fields<GeneratorSettings>(),
                  .required = {"generate"}},
                 {.name = "early_stopping",
                  .title = "Early stopping",
                  .text = "A table in `train.early_stopping`, such as `{ patience = 5 }`; `{}` keeps all defaults.",
                  .fields = describe_fields<EarlyStopping>()},
                 {.name = "intervention",
                  .title = "Interventions",
                  .text =
                      "A table in the list `train.interventions`, such as `{ step = 500, reset_optimizer = true }`. It changes "
                      "weights or the memory of the optimizer between two steps. A pack of networks takes none.",
                  .fields = describe_fields<Intervention>(),
                  .required = {std::string(std::get<0>(Intervention::fields).name)}}},
      .shelves = shelves_of_file(shelves, more)};
}

bool must_be_given(const FieldDescription& field) {
  return field.fallback.is_number() && !field.range.holds(field.fallback.number());
}

std::vector<std::string> words_of(const FieldDescription& field) {
  std::istringstream in(field.words);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

}  // namespace tend

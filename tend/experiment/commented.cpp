#include "tend/experiment/commented.h"

#include <sstream>

#include "tend/base/text.h"
#include "tend/experiment/key_tables.h"

namespace tend {

namespace {

/// What PyTorch and Keras do where a file of tend usually has another value.
struct Elsewhere {
  std::string_view key, text;
};
constexpr Elsewhere elsewhere[] = {
    {"seed", "PyTorch and Keras draw another seed for each run unless one is set."},
    {"data.split", "Keras' validation_split takes the last rows without shuffling; PyTorch leaves the split to the program."},
    {"prepare.steps", "PyTorch and Keras do not scale inputs unless the program does."},
    {"prepare.target", "PyTorch and Keras train on the target in its own units."},
    {"network.layers",
     "Momentum of batch normalization is the share kept: PyTorch's 0.1 is 0.9 here; Keras has momentum 0.99 and epsilon 1e-3."},
    {"loss.name",
     "softmax_cross_entropy and sigmoid_cross_entropy take logits, as PyTorch's CrossEntropyLoss; Keras' losses take "
     "probabilities unless from_logits=True is given."},
    {"update.schedule", "PyTorch and Keras keep the learning rate constant unless a schedule is given."},
    {"update.weight_decay", "Biases are not decayed here. PyTorch's AdamW decays all parameters by 0.01, Keras' AdamW by 0.004."},
    {"train.batch_size", "Keras takes 32 rows unless told otherwise, PyTorch's DataLoader 1."},
    {"train.early_stopping",
     "PyTorch and Keras run all epochs unless told otherwise, and Keras' EarlyStopping keeps the last weights unless "
     "restore_best_weights=True is given."},
};

/// Words in comment lines of at most 100 characters.
std::string comment(const std::string& text) {
  std::istringstream in(text);
  std::string lines, line = "#";
  for (std::string word; in >> word;) {
    if (line.size() + 1 + word.size() > 100 && line != "#") {
      lines += line + "\n";
      line = "#";
    }
    line += " " + word;
  }
  return lines + line + "\n";
}

/// The values that a key may have: its words, the names of a shelf, or a range.
std::string others(const FieldDescription& field, const KeyTables& tables) {
  std::string words;
  for (const std::string& word : words_of(field)) {
    for (const KeyShelf& shelf : tables.shelves)
      if (word == "<" + shelf.name + ">")
        for (const KeyEntry& entry : shelf.entries) words += (words.empty() ? "" : ", ") + entry.name;
    if (word == "<steps>")
      for (const KeyEntry& entry : tables.shelves[0].entries)
        if (!entry.about.starts_with("A deliberate fault")) words += (words.empty() ? "" : ", ") + entry.name;
    if (word.front() != '<') words += (words.empty() ? "" : ", ") + word;
  }
  if (!words.empty()) return " Values: " + words + ".";
  return field.type == "integer" || field.type == "number" ? " Values: " + wanted_text(field.type, field.range, "") + "." : "";
}

std::string kind_in(const Value& layer, const KeyTables& tables, std::string& about) {
  for (const KeyShelf& shelf : tables.shelves)
    if (shelf.name == "layer" || shelf.name == "activation")
      for (const KeyEntry& entry : shelf.entries)
        if ((layer.is_string() && layer.string() == entry.name) || layer.find(entry.name)) {
          about = entry.about;
          return entry.name;
        }
  return "";
}

/// One layer on each line; the first of a kind with what it does.
std::string layers_text(const Value& layers, const KeyTables& tables) {
  std::string text = "[\n", seen = " ";
  for (const Value& layer : layers.array_items()) {
    std::string about;
    const std::string kind = kind_in(layer, tables, about);
    text += "  " + to_inline_toml(layer) + ",";
    if (!about.empty() && seen.find(" " + kind + " ") == seen.npos) text += "  # " + about;
    seen += kind + " ";
    text += "\n";
  }
  return text + "]";
}

std::string reasons_text(const std::string& key, const std::vector<Inferred>& reasons) {
  std::string text;
  for (const Inferred& i : reasons)
    if (i.field == key) text += comment("Chosen: " + (key == "data.ignore" ? i.chosen + ", " : std::string()) + i.reason + ".");
  return text;
}

std::string key_text(const std::string& section, const FieldDescription& field, const Value& v, const KeyTables& tables,
                     const std::vector<Inferred>& reasons) {
  const std::string path = section.empty() ? field.name : section + "." + field.name;
  std::string text = "\n" + comment(field.text + others(field, tables)) + reasons_text(path, reasons);
  for (const Elsewhere& e : elsewhere)
    if (e.key == path) text += comment(std::string(e.text));
  return text + field.name + " = " + (path == "network.layers" ? layers_text(v, tables) : to_inline_toml(v)) + "\n";
}

std::string section_text(const KeySection& section, const Value& values, const KeyTables& tables,
                         const std::vector<Inferred>& reasons) {
  std::string text = section.name.empty() ? "" : "\n[" + section.name + "]\n" + comment(section.text), absent;
  for (const FieldDescription& field : section.fields) {
    if (const Value* v = values.find(field.name)) text += key_text(section.name, field, *v, tables, reasons);
    else if (!field.text.empty())
      absent += comment(field.name + ": " + field.text) + reasons_text(section.name + "." + field.name, reasons);
  }
  return text + (absent.empty() ? "" : "\n# Keys that are absent here:\n" + absent);
}

}  // namespace

std::string commented_toml(const Experiment& literal, const std::vector<Inferred>& reasons) {
  const KeyTables tables = key_tables();
  const Value all = literal.to_value();
  std::string text =
      "# An experiment file of tend. It has a [network], so it is used as it is written: what you take out has the default of\n"
      "# docs/reference.md, and is not inferred again.\n";
  for (const KeySection& section : tables.sections) {
    if (section.name.empty()) text += section_text(section, all, tables, reasons);
    else if (const Value* values = all.find(section.name)) text += section_text(section, *values, tables, reasons);
  }
  return text;
}

}  // namespace tend

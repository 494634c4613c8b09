#include "tend/experiment/key_tables.h"
#include "tend/experiment/schema.h"

namespace tend {

namespace {

std::string code(const std::string& text) { return "`" + text + "`"; }

/// Joins words as in a sentence: "a, b or c".
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

std::string form_text(const std::string& form, const Range& range) {
  if (form == "boolean") return "true or false";
  if (form == "integer" || form == "number") return wanted_text(form, range, "");
  if (form == "integers") return "a list of whole numbers";
  if (form == "string") return "a text";
  if (form == "columns") return "a list of columns";
  if (form == "column_types") return "a table of types by column";
  if (form == "weights") return "a table of weights by class";
  if (form == "steps") return "a list of [steps](#steps-of-the-preparation)";
  if (form == "layers") return "a list of [layers](#layers) and [activations](#activations)";
  if (form == "early_stopping") return "a [table](#early-stopping)";
  if (form == "interventions") return "a list of [interventions](#interventions)";
  if (form == "generator") return "a [generator](#generators-of-data)";
  if (form == "initializer") return "an [initializer](#initializers)";
  if (form == "loss") return "a [loss](#losses)";
  if (form == "optimizer") return "an [optimizer](#optimizers)";
  if (form == "parameters") return "a table of [parameters](tuning.md)";
  if (form == "stages") return "a list of [stages](tuning.md)";
  if (form == "sampler") return "a [sampler](#samplers)";
  if (form == "stoppers") return "a [stopper](#stoppers), a list of them";
  TEND_EXPECTS(form == "schedule");
  return "a [schedule](#schedules)";
}

std::string allowed_text(const FieldDescription& field) {
  if (field.words.empty()) return wanted_text(field.type, field.range, "");
  std::vector<std::string> all;
  for (const std::string& word : words_of(field))
    all.push_back(word.front() == '<' ? form_text(word.substr(1, word.size() - 2), field.range) : code(word));
  return joined(all);
}

std::string default_text(const FieldDescription& field) {
  const Value& v = field.fallback;
  if (must_be_given(field)) return "must be given";
  if (v.is_null() || (v.is_string() && v.string().empty()) || (v.is_array() && v.array_items().empty())) return "";
  return code(v.is_string() ? v.string() : to_inline_toml(v));
}

std::string cells(const FieldDescription& field) {
  return default_text(field) + " | " + field.unit + " | " + allowed_text(field) + " | " + field.text + " |\n";
}

std::string section_text(const KeySection& section) {
  std::string text = "\n## " + section.title + "\n" + section.text +
                     "\n\n| key | default | unit | allowed | meaning |\n|---|---|---|---|---|\n";
  for (const FieldDescription& field : section.fields)
    if (!field.text.empty()) text += "| " + code(field.name) + " | " + cells(field);
  return text;
}

std::string entry_text(const KeyEntry& entry) {
  std::string text, name = code(entry.name);
  for (const FieldDescription& field : entry.fields) {
    if (field.text.empty()) continue;
    const std::string marked = field.name == entry.value_field ? ", the value of " + code(entry.name) : "";
    text += "| " + name + " | " + code(field.name) + marked + " | " + cells(field);
    name.clear();
  }
  return text.empty() ? "| " + name + " | no settings | | | | |\n" : text;
}

/// The number of settings that all entries of a shelf share. They come last among an entry's settings.
std::size_t shared_fields(const KeyShelf& shelf) {
  std::size_t shared = shelf.entries.empty() ? 0 : shelf.entries[0].fields.size();
  for (const KeyEntry& entry : shelf.entries) {
    std::size_t same = 0;
    const auto &first = shelf.entries[0].fields, &own = entry.fields;
    while (same < shared && same < own.size() && first[first.size() - 1 - same].name == own[own.size() - 1 - same].name &&
           first[first.size() - 1 - same].text == own[own.size() - 1 - same].text)
      ++same;
    shared = same;
  }
  return shared;
}

/// A table of what each entry does, if the shelf says so.
std::string about_text(const KeyShelf& shelf) {
  std::string text;
  for (const KeyEntry& entry : shelf.entries)
    if (!entry.about.empty()) text += "| " + code(entry.name) + " | " + entry.about + " |\n";
  return text.empty() ? "" : "\n| entry | what it does |\n|---|---|\n" + text;
}

std::string shelf_text(KeyShelf shelf) {
  std::string text = "\n## " + shelf.title + "\n" + shelf.text + "\n" + about_text(shelf);
  if (const std::size_t shared = shelf.entries.size() > 1 ? shared_fields(shelf) : 0; shared > 0) {
    text += "\nEvery entry may have these settings:\n\n| setting | default | unit | allowed | meaning |\n|---|---|---|---|---|\n";
    const auto& first = shelf.entries[0].fields;
    for (auto field = first.end() - static_cast<std::ptrdiff_t>(shared); field != first.end(); ++field)
      text += "| " + code(field->name) + " | " + cells(*field);
    for (KeyEntry& entry : shelf.entries) entry.fields.resize(entry.fields.size() - shared);
  }
  text += "\n| entry | setting | default | unit | allowed | meaning |\n|---|---|---|---|---|---|\n";
  for (const KeyEntry& entry : shelf.entries) text += entry_text(entry);
  return text;
}

}  // namespace

std::string experiment_reference(const Shelves& shelves, const std::vector<KeyShelf>& more) {
  const KeyTables tables = key_tables(shelves, more);
  std::string text =
      "# Reference: keys of experiment files\n\n"
      "This page is made by `tend schema --markdown`; `tend schema` prints the same as a JSON Schema. An experiment file is a TOML "
      "file, or a JSON file of the same shape. A file with `[network]` is used as it is written: a key that is absent has the "
      "default of this page. In a file without `[network]`, keys that are absent are inferred from the data. An empty default means "
      "that the key is absent.\n";
  for (const KeySection& section : tables.sections) text += section_text(section);
  for (const KeySection& table : tables.tables) text += section_text(table);
  for (const KeyShelf& shelf : tables.shelves) text += shelf_text(shelf);
  return text;
}

}  // namespace tend

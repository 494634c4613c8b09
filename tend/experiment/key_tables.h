#pragma once
#include <string>
#include <vector>

#include "tend/experiment/shelves.h"

namespace tend {

/// A table of an experiment file: a section, or a table inside a section.
struct KeySection {
  std::string name;   ///< as the file writes it: "data", "train.early_stopping"; "": the keys above all sections
  std::string title;  ///< of its part of the reference
  std::string text;   ///< one sentence
  std::vector<FieldDescription> fields;
  std::vector<std::string> required = {};  ///< keys that must be present wherever the table is
};

/// An entry of a shelf, as an experiment file can name it.
struct KeyEntry {
  std::string name;
  std::vector<FieldDescription> fields;
  std::string value_field;  ///< the setting that receives the value of the entry's own key; "": none
  std::string about = {};   ///< one sentence that says what it does; "": none
};

/// A shelf, as an experiment file uses it.
struct KeyShelf {
  std::string name;      ///< as field tables write it in angle brackets: "initializer"
  std::string title;     ///< of its part of the reference
  std::string text;      ///< how an entry is written, in Markdown
  bool by_name = false;  ///< { name = "adam", ... }; otherwise { dense = 32, ... }
  std::string usual{};   ///< the entry of a table without a name; "": a name is required
  std::vector<KeyEntry> entries{};
};

/// Everything that an experiment file may hold, from the field tables. Fields without a text are included: they are read, but not
/// documented. Words that this version refuses are left out.
struct KeyTables {
  std::vector<KeySection> sections;  ///< sections of the file, in order; the first has the keys above all sections
  std::vector<KeySection> tables;    ///< tables that a key of a section holds, by their names in angle brackets
  std::vector<KeyShelf> shelves;
};
/// `more`: shelves of later rooms, which sections name too: "sampler", "stopper".
KeyTables key_tables(const Shelves& shelves = builtin_shelves(), const std::vector<KeyShelf>& more = {});

/// The entries of a registry.
template <class Entries>
std::vector<KeyEntry> entries_of_shelf(const Entries& registry) {
  std::vector<KeyEntry> all;
  for (const auto& entry : registry.entries()) all.push_back({entry.name, entry.fields, entry.value_field, entry.about});
  return all;
}

/// True if this setting must be given: its default is not an allowed value.
bool must_be_given(const FieldDescription& field);
/// The words of a field ("valid", "same", "<integer>").
std::vector<std::string> words_of(const FieldDescription& field);

}  // namespace tend

#pragma once
#include "tend/base/value.h"
#include "tend/experiment/key_tables.h"

namespace tend {

/// The JSON Schema (draft 2020-12) of experiment files, made from the field tables of the sections and of all entries of
/// `shelves`. It refuses unknown keys, wrong types and values out of range. Conditions that need the data or several keys at once
/// are checked when the file is used. `more`: shelves of later rooms; a shelf that is not there may have any entry.
Value experiment_schema(const Shelves& shelves = builtin_shelves(), const std::vector<KeyShelf>& more = {});

/// The reference of all keys and entries in Markdown, from the same tables: docs/reference.md.
std::string experiment_reference(const Shelves& shelves = builtin_shelves(), const std::vector<KeyShelf>& more = {});

}  // namespace tend

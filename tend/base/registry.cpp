#include "tend/base/registry.h"

#include <algorithm>

#include "tend/base/aliases.h"
#include "tend/base/text.h"

namespace tend {

namespace {

[[noreturn]] void unknown_kind(const std::string& got, const std::vector<std::string>& known, const std::string& where,
                               int line) {
  std::vector<std::string> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  throw Error(Trouble::usage, where + (line ? " (line " + std::to_string(line) + ")" : ""), "\"" + got + "\"",
              "one of: " + listed(sorted), hint_about(got, known));
}

bool is_among(const std::vector<std::string>& known, const std::string& word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace

Spec read_spec(const Value& v, const std::vector<std::string>& known, const std::string& where) {
  if (v.is_string()) {
    if (!is_among(known, v.string())) unknown_kind(v.string(), known, where, v.line);
    return {.kind = v.string()};
  }
  if (!v.is_table() || v.items().empty())
    throw Error(Trouble::usage, where, v.describe(), "a name, or a table with one", "for instance \"relu\" or { dense = 32 }");
  Spec spec;
  for (const auto& [key, item] : v.items()) {
    if (!is_among(known, key)) continue;
    if (!spec.kind.empty())
      throw Error(Trouble::usage, where, "both \"" + spec.kind + "\" and \"" + key + "\" in one entry", "one of them",
                  "write two entries");
    spec.kind = key;
    if (!(item.is_bool() && item.boolean())) spec.value = item;
  }
  if (spec.kind.empty()) unknown_kind(v.items()[0].first, known, where, v.line);
  for (const auto& [key, item] : v.items())
    if (key != spec.kind) spec.options[key] = item;
  return spec;
}

Spec read_named_spec(const Value& v, const std::vector<std::string>& known, const std::string& where) {
  if (v.is_string()) return read_spec(v, known, where);
  const Value* name = v.find("name");
  if (!name || !name->is_string())
    throw Error(Trouble::usage, where, v.is_table() ? "a table without a name" : v.describe(),
                "a name, or a table with name = \"...\"");
  if (!is_among(known, name->string())) unknown_kind(name->string(), known, where + ".name", name->line);
  Spec spec{.kind = name->string()};
  for (const auto& [key, item] : v.items())
    if (key != "name") spec.options[key] = item;
  return spec;
}

Value write_spec(std::string_view kind, const Value& value, const Value& options) {
  if (value.is_null() && options.items().empty()) return kind;
  Value table = Value::table();
  table[kind] = value.is_null() ? Value(true) : value;
  for (const auto& [key, item] : options.items()) table[key] = item;
  return table;
}

void read_spec_into(void* entry, const FieldTable& fields, std::string_view value_field, const Spec& spec,
                    const std::string& where) {
  if (!spec.value.is_null()) {
    if (value_field.empty())
      throw Error(Trouble::usage, where, "a value, " + spec.value.describe() + ", for " + spec.kind, "no value",
                  "write \"" + spec.kind + "\" or { " + spec.kind + " = true, ... }");
    fields.set(entry, value_field, spec.value, where);
  }
  fields.read(entry, spec.options, where);
}

Value write_entry(std::string_view name, const void* entry, const FieldTable& fields, std::string_view value_field) {
  Value options = fields.write(entry, false), value;
  if (!value_field.empty()) {
    if (const Value* given = options.find(value_field)) value = *given;
    options.erase(value_field);
  }
  return write_spec(name, value, options);
}

Value write_named_entry(std::string_view name, const void* entry, const FieldTable& fields) {
  const Value options = fields.write(entry, false);
  if (options.items().empty()) return name;
  Value table = Value::table();
  table["name"] = name;
  for (const auto& [key, v] : options.items()) table[key] = v;
  return table;
}

}  // namespace tend

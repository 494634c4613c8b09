#include "tend/experiment/schema.h"

#include <cmath>

#include "tend/experiment/key_tables.h"

namespace tend {

namespace {

Value object(std::initializer_list<std::pair<std::string, Value>> items) { return Value(Value::Table(items)); }

Value reference_to(const std::string& name) { return object({{"$ref", "#/$defs/" + name}}); }

Value list_of(Value items) { return object({{"type", "array"}, {"items", std::move(items)}}); }

/// `schemas` joined by anyOf; the schema itself if there is only one.
Value any_of(Value::Array schemas) {
  if (schemas.size() == 1) return std::move(schemas[0]);
  return object({{"anyOf", std::move(schemas)}});
}

Value whole_where_it_is(double v) {
  return v == std::floor(v) && std::abs(v) < 1e15 ? Value(static_cast<std::int64_t>(v)) : Value(v);
}

Value number_schema(const char* type, const Range& range) {
  Value schema = object({{"type", type}});
  if (std::isfinite(range.low)) schema[range.open_low ? "exclusiveMinimum" : "minimum"] = whole_where_it_is(range.low);
  if (std::isfinite(range.high)) schema[range.open_high ? "exclusiveMaximum" : "maximum"] = whole_where_it_is(range.high);
  return schema;
}

/// The schema of a form in angle brackets; tables and shelves have definitions of their own.
Value form_schema(const std::string& form, const Range& range) {
  if (form == "boolean") return object({{"type", "boolean"}});
  if (form == "integer") return number_schema("integer", range);
  if (form == "integers") return list_of(number_schema("integer", range));
  if (form == "number") return number_schema("number", range);
  if (form == "string") return object({{"type", "string"}});
  if (form == "columns") return list_of(any_of({object({{"type", "string"}}), object({{"type", "integer"}})}));
  if (form == "column_types")
    return object({{"type", "object"},
                   {"additionalProperties",
                    object({{"enum", Value::Array{"number", "category", "date", "date_day_first", "date_month_first"}}})}});
  if (form == "weights") return object({{"type", "object"}, {"additionalProperties", number_schema("number", at_least(0))}});
  if (form == "stages")
    return list_of(object({{"type", "object"},
                           {"required", Value::Array{"epochs", "trials"}},
                           {"additionalProperties", false},
                           {"properties", object({{"epochs", number_schema("integer", at_least(1))},
                                                  {"trials", number_schema("integer", at_least(1))}})}}));
  if (form == "interventions") return list_of(reference_to("intervention"));
  if (form == "parameters") return object({{"type", "object"}, {"additionalProperties", object({{"type", "object"}})}});
  if (form == "stoppers") return any_of({reference_to("stopper"), list_of(reference_to("stopper"))});
  return reference_to(form);
}

Value value_schema(const FieldDescription& field) {
  Value::Array schemas;
  Value words = Value::array();
  for (const std::string& word : words_of(field)) {
    if (word.front() == '<') schemas.push_back(form_schema(word.substr(1, word.size() - 2), field.range));
    else words.push_back(word);
  }
  if (!words.array_items().empty()) schemas.insert(schemas.begin(), object({{"enum", std::move(words)}}));
  TEND_EXPECTS(!schemas.empty());  // the words of a Value's field say what it may hold
  return any_of(std::move(schemas));
}

Value type_schema(const FieldDescription& field) {
  if (field.type == "boolean") return object({{"type", "boolean"}});
  if (field.type == "integer" || field.type == "number") return number_schema(field.type.c_str(), field.range);
  if (field.type == "numbers") return list_of(number_schema("number", field.range));
  if (field.type == "strings") return list_of(object({{"type", "string"}}));
  if (field.type == "string" && field.words.empty()) return object({{"type", "string"}});
  return value_schema(field);
}

bool is_empty(const Value& v) {
  return v.is_null() || (v.is_string() && v.string().empty()) || (v.is_array() && v.array_items().empty());
}

Value field_schema(const FieldDescription& field) {
  Value schema = type_schema(field);
  if (!field.text.empty()) schema["description"] = field.text + (field.unit.empty() ? "" : " Unit: " + field.unit + ".");
  if (!is_empty(field.fallback) && !must_be_given(field)) schema["default"] = field.fallback;
  return schema;
}

Value table_schema(const std::vector<FieldDescription>& fields, Value properties, Value::Array required) {
  for (const FieldDescription& field : fields) properties[field.name] = field_schema(field);
  Value schema = object({{"type", "object"}});
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  schema["properties"] = std::move(properties);
  return schema;
}

Value section_schema(const KeySection& section) {
  Value schema = table_schema(section.fields, Value::table(), Value::Array(section.required.begin(), section.required.end()));
  schema["description"] = section.text;
  return schema;
}

/// The setting whose default is not an allowed value; "" if there is none.
std::string setting_to_give(const KeyEntry& entry) {
  for (const FieldDescription& field : entry.fields)
    if (must_be_given(field)) return field.name;
  return "";
}

/// { dense = 32, l2 = 1e-4 }, { random_crop = 32 } or { random_crop = true, size = 32 }
Value entry_by_key(const KeyEntry& entry) {
  Value::Array values{object({{"const", true}})}, required{entry.name};
  for (const FieldDescription& field : entry.fields)
    if (field.name == entry.value_field) values.insert(values.begin(), field_schema(field));
  Value own = Value::table();
  own[entry.name] = any_of(std::move(values));
  const std::string to_give = setting_to_give(entry);
  if (!to_give.empty() && to_give != entry.value_field) required.emplace_back(to_give);
  Value schema = table_schema(entry.fields, std::move(own), std::move(required));
  if (!entry.about.empty()) schema["description"] = entry.about;
  if (!to_give.empty() && to_give == entry.value_field) {
    schema["if"]["properties"][entry.name]["const"] = true;
    schema["then"]["required"] = Value::Array{to_give};
  }
  return schema;
}

/// { name = "adam", beta1 = 0.8 }
Value entry_by_name(const KeyEntry& entry, bool is_usual) {
  Value own = Value::table();
  own["name"] = object({{"const", entry.name}});
  return table_schema(entry.fields, std::move(own), is_usual ? Value::Array{} : Value::Array{"name"});
}

Value shelf_schema(const KeyShelf& shelf) {
  Value::Array names, schemas;
  for (const KeyEntry& entry : shelf.entries) {
    if (setting_to_give(entry).empty()) names.emplace_back(entry.name);
    schemas.push_back(shelf.by_name ? entry_by_name(entry, entry.name == shelf.usual) : entry_by_key(entry));
  }
  schemas.insert(schemas.begin(), object({{"enum", std::move(names)}}));
  return any_of(std::move(schemas));
}

}  // namespace

Value experiment_schema(const Shelves& shelves, const std::vector<KeyShelf>& more) {
  const KeyTables tables = key_tables(shelves, more);
  Value schema = object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", "Experiment file of tend"},
                         {"type", "object"},
                         {"additionalProperties", false}});
  Value definitions = Value::table();
  for (const KeySection& section : tables.sections) {
    if (section.name.empty())
      for (const FieldDescription& field : section.fields) schema["properties"][field.name] = field_schema(field);
    else schema["properties"][section.name] = section_schema(section);
  }
  for (const KeySection& table : tables.tables) definitions[table.name] = section_schema(table);
  for (const KeyShelf& shelf : tables.shelves) definitions[shelf.name] = shelf_schema(shelf);
  for (const char* later : {"sampler", "stopper"})
    if (!definitions.find(later)) definitions[later] = any_of({object({{"type", "string"}}), object({{"type", "object"}})});
  definitions["steps"] = list_of(reference_to("step"));
  definitions["layers"] = list_of(any_of({reference_to("layer"), reference_to("activation")}));
  definitions["layers"]["minItems"] = 1;
  // A literal network needs its loss; an inferred one may leave it open.
  schema["if"] = object({{"required", Value::Array{"network"}}});
  schema["then"] = object(
      {{"required", Value::Array{"loss"}}, {"properties", object({{"loss", object({{"required", Value::Array{"name"}}})}})}});
  schema["$defs"] = std::move(definitions);
  return schema;
}

}  // namespace tend

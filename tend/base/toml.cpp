// toml++ is compiled in here, so that programs that link tend need no toml++ of their own, whatever the distribution packages.
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#include <algorithm>

#include <toml++/toml.h>

#include "tend/base/error.h"
#include "tend/base/value.h"

namespace tend {

namespace {

Value from_node(const toml::node& node, const std::string& name, int depth);

Value from_table(const toml::table& table, const std::string& name, int depth) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, node] : table) entries.emplace_back(std::string(key.str()), &node);
  // toml++ sorts keys by name; users expect the order in which they wrote them.
  const auto place = [](const toml::node* n) { return std::pair(n->source().begin.line, n->source().begin.column); };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto& a, const auto& b) { return place(a.second) < place(b.second); });
  Value value = Value::table();
  for (const auto& [key, node] : entries) value.items().emplace_back(key, from_node(*node, name, depth + 1));
  return value;
}

Value from_node(const toml::node& node, const std::string& name, int depth) {
  const auto line = static_cast<int>(node.source().begin.line);
  if (depth > static_cast<int>(deepest_nesting))
    throw Error(Trouble::usage, name + ":" + std::to_string(line), "more than 64 levels of nesting", "a flatter file");
  Value value;
  if (const auto* table = node.as_table()) {
    value = from_table(*table, name, depth);
  } else if (const auto* array = node.as_array()) {
    value = Value::array();
    for (const toml::node& item : *array) value.push_back(from_node(item, name, depth + 1));
  } else if (const auto* text = node.as_string()) {
    value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value = boolean->get();
  } else {
    throw Error(Trouble::usage, name + ":" + std::to_string(line), "a date or a time",
                "a number, a text, true or false, a list or a table");
  }
  value.line = line;
  return value;
}

bool is_bare_key(std::string_view key) {
  return !key.empty() &&
         key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\r') out += "\\r";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned char>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// A value from a command line has no line number.
Value without_lines(Value v) {
  v.line = 0;
  if (v.is_array())
    for (Value& item : v.array_items()) item = without_lines(std::move(item));
  if (v.is_table())
    for (auto& [key, item] : v.items()) item = without_lines(std::move(item));
  return v;
}

std::string key_text(std::string_view key) { return is_bare_key(key) ? std::string(key) : quoted(key); }

/// Writes a list with one item a line if it is longer than a line; each table inside it takes one line.
std::string long_array(const Value& v) {
  const std::string flat = to_inline_toml(v);
  if (flat.size() <= 100) return flat;
  std::string out = "[\n";
  for (const Value& item : v.array_items()) out += "  " + to_inline_toml(item) + ",\n";
  return out + "]";
}

void write_table(const Value& table, const std::string& path, std::string& out) {
  for (const auto& [key, v] : table.items())
    if (!v.is_null() && !v.is_table()) out += key_text(key) + " = " + (v.is_array() ? long_array(v) : to_inline_toml(v)) + "\n";
  for (const auto& [key, v] : table.items()) {
    if (!v.is_table()) continue;
    if (!path.empty()) {
      out += key_text(key) + " = " + to_inline_toml(v) + "\n";
      continue;
    }
    out += (out.empty() ? "[" : "\n[") + key_text(key) + "]\n";
    write_table(v, key, out);
  }
}

}  // namespace

Value parse_toml(std::string_view text, std::string_view name) {
  try {
    return from_table(toml::parse(text, name), std::string(name), 0);
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    throw Error(Trouble::usage, std::string(name) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                std::string(e.description()), "TOML");
  }
}

Value parse_toml_value(std::string_view text, std::string_view name) {
  try {
    Value table = parse_toml("value = " + std::string(text), name);
    if (table.items().size() == 1) return without_lines(std::move(table["value"]));
  } catch (const Error&) {
    const bool is_meant_as_toml = !text.empty() && std::string_view("[{\"'").find(text[0]) != std::string_view::npos;
    if (is_meant_as_toml) throw;
  }
  return std::string(text);
}

std::string to_inline_toml(const Value& v) {
  if (v.is_null()) return "\"\"";
  if (v.is_bool()) return v.boolean() ? "true" : "false";
  if (v.is_number()) return number_text(v);
  if (v.is_string()) return quoted(v.string());
  std::string out;
  if (v.is_array()) {
    for (const Value& item : v.array_items()) out += (out.empty() ? "" : ", ") + to_inline_toml(item);
    return "[" + out + "]";
  }
  for (const auto& [key, item] : v.items())
    if (!item.is_null()) out += (out.empty() ? "" : ", ") + key_text(key) + " = " + to_inline_toml(item);
  return out.empty() ? "{}" : "{ " + out + " }";
}

std::string to_toml(const Value& value) {
  TEND_EXPECTS(value.is_table());
  std::string out;
  write_table(value, "", out);
  return out;
}

}  // namespace tend

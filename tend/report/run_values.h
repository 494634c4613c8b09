#pragma once
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "tend/base/value.h"

namespace tend {

/// Four significant digits; "" of what is no finite number.
inline std::string four_digits(const Value& v) {
  if (!v.is_number() || !std::isfinite(v.number())) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", v.number());
  return text;
}
inline std::string string_at(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_string() ? found->string() : "";
}
/// NaN if there is no such number.
inline double number_in(const Value& v, const char* key) {
  const Value* found = v.find(key);
  return found && found->is_number() ? found->number() : std::numeric_limits<double>::quiet_NaN();
}
/// None of what is no array.
inline const Value::Array& items_of(const Value& v) {
  static const Value::Array none;
  return v.is_array() ? v.array_items() : none;
}
inline const Value::Array& items_at(const Value& v, const char* key) {
  static const Value null;
  const Value* found = v.find(key);
  return items_of(found ? *found : null);
}
inline const Value& value_in(const Value& v, const char* key) {
  static const Value null;
  const Value* found = v.find(key);
  return found ? *found : null;
}

}  // namespace tend

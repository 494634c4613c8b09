#include "tend/base/settings.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "tend/base/aliases.h"
#include "tend/base/text.h"

namespace tend {

namespace {

std::string bound_text(double v) {
  std::ostringstream text;
  text << v;
  return text.str();
}

[[noreturn]] void refuse(const Value& v, const std::string& type, const Range& range, std::string_view words,
                         const std::string& where) {
  const bool is_number = type == "number" || type == "integer";
  const char* none = is_number ? (range.holds(0) ? "0" : "") : type == "strings" || type == "numbers" ? "[]" : "";
  throw Error(Trouble::usage, where + (v.line ? " (line " + std::to_string(v.line) + ")" : ""), v.describe(),
              wanted_text(type, range, words), *none && means_none(v) ? std::string("write ") + none + " for none" : "");
}

std::vector<std::string> split_words(std::string_view words) {
  std::istringstream in{std::string(words)};
  std::vector<std::string> all;
  for (std::string w; in >> w;) all.push_back(w);
  return all;
}

template <class T>
void read_integer(const Value& v, T& out, const Range& range, std::string_view words, const std::string& where) {
  const bool is_whole = v.is_integer() || (v.is_number() && v.number() == std::floor(v.number()) && std::abs(v.number()) < 9e15);
  const auto lowest = static_cast<double>(std::numeric_limits<T>::min()),
             highest = static_cast<double>(std::numeric_limits<T>::max());
  if (!is_whole || !range.holds(v.number()) || v.number() < lowest || v.number() > highest)
    refuse(v, "integer", range, words, where);
  out = v.is_integer() ? static_cast<T>(v.integer()) : static_cast<T>(v.number());
}

/// Optimal string alignment distance: counts insertions, deletions, substitutions and swaps of neighbouring characters.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

bool means_none(const Value& v) {
  if (v.is_bool()) return !v.boolean();
  const std::string word = v.is_string() ? lower_case(v.string()) : "";
  return word == "none" || word == "off" || word == "no" || word == "false" || word == "null";
}

void read_value(const Value& v, bool& out, const Range& range, std::string_view words, const std::string& where) {
  if (!v.is_bool()) refuse(v, "boolean", range, words, where);
  out = v.boolean();
}

void read_value(const Value& v, int& out, const Range& range, std::string_view words, const std::string& where) {
  read_integer(v, out, range, words, where);
}

void read_value(const Value& v, std::int64_t& out, const Range& range, std::string_view words, const std::string& where) {
  read_integer(v, out, range, words, where);
}

void read_value(const Value& v, double& out, const Range& range, std::string_view words, const std::string& where) {
  if (!v.is_number() || !range.holds(v.number())) refuse(v, "number", range, words, where);
  out = v.number();
}

void read_value(const Value& v, std::string& out, const Range& range, std::string_view words, const std::string& where) {
  if (!v.is_string()) refuse(v, "string", range, words, where);
  const std::vector<std::string> allowed = split_words(words);
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), v.string()) == allowed.end()) {
    throw Error(Trouble::usage, where + (v.line ? " (line " + std::to_string(v.line) + ")" : ""), v.describe(),
                wanted_text("string", range, words), hint_about(v.string(), allowed));
  }
  out = v.string();
}

void read_value(const Value& v, std::vector<std::string>& out, const Range& range, std::string_view words,
                const std::string& where) {
  if (!v.is_array()) refuse(v, "strings", range, words, where);
  out.clear();
  for (const Value& item : v.array_items()) {
    if (!item.is_string()) refuse(item, "string", range, words, where);
    out.push_back(item.string());
  }
}

void read_value(const Value& v, std::vector<double>& out, const Range& range, std::string_view words, const std::string& where) {
  if (!v.is_array()) refuse(v, "numbers", range, words, where);
  out.clear();
  for (const Value& item : v.array_items()) {
    if (!item.is_number() || !range.holds(item.number())) refuse(item, "number", range, words, where);
    out.push_back(item.number());
  }
}

void read_value(const Value& v, Value& out, const Range&, std::string_view, const std::string&) { out = v; }

Value write_value(bool v) { return v; }
Value write_value(int v) { return v; }
Value write_value(std::int64_t v) { return v; }
Value write_value(double v) { return v; }
Value write_value(const std::string& v) { return v; }
Value write_value(const std::vector<std::string>& v) {
  Value list = Value::array();
  for (const std::string& s : v) list.push_back(s);
  return list;
}
Value write_value(const std::vector<double>& v) {
  Value list = Value::array();
  for (const double x : v) list.push_back(x);
  return list;
}
Value write_value(const Value& v) { return v; }

std::string wanted_text(const std::string& type, const Range& range, std::string_view words) {
  if (!words.empty()) {
    std::string text;
    for (const std::string& w : split_words(words)) text += (text.empty() ? "" : ", ") + w;
    return "one of: " + text;
  }
  if (type == "boolean") return "true or false";
  if (type == "string") return "a text";
  if (type == "strings") return "a list of texts";
  std::string text = type == "integer" ? "a whole number" : type == "numbers" ? "a list of numbers" : "a number";
  const bool has_low = std::isfinite(range.low), has_high = std::isfinite(range.high);
  if (has_low) text += (range.open_low ? " > " : " >= ") + bound_text(range.low);
  if (has_high) text += std::string(has_low ? " and" : "") + (range.open_high ? " < " : " <= ") + bound_text(range.high);
  return text;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::string lower = lower_case(word);
  std::string best;
  // A word that is a prefix of another counts as distance one. Among equal distances the smaller true distance wins.
  std::pair<std::size_t, std::size_t> least{std::max<std::size_t>(1, word.size() / 3) + 1, 0};
  for (const std::string& k : known) {
    const std::size_t whole = distance(lower, k);
    const bool is_beginning = lower.size() >= 3 && (k.starts_with(lower) || lower.starts_with(k));
    const std::pair<std::size_t, std::size_t> d{is_beginning ? std::min<std::size_t>(whole, 1) : whole, whole};
    if (d < least) least = d, best = k;
  }
  return best;
}

void unknown_key(const std::string& where, const std::string& key, const std::vector<std::string>& known) {
  throw Error(Trouble::usage, where, "unknown key \"" + key + "\"",
              known.empty() ? "no keys here" : "one of: " + listed(known, ", ", known.size()), hint_about(key, known));
}

void FieldTable::add(const FieldText& text, const SettingType& type, const void* entry, const void* member) {
  rows_.push_back({text, type, static_cast<const char*>(member) - static_cast<const char*>(entry), type.write(member)});
}

std::vector<FieldDescription> FieldTable::describe() const {
  std::vector<FieldDescription> all;
  for (const Row& r : rows_)
    all.push_back({.name = std::string(r.text.name),
                   .type = std::string(r.type.name),
                   .unit = std::string(r.text.unit),
                   .text = std::string(r.text.text),
                   .words = std::string(r.text.words),
                   .range = r.text.range,
                   .fallback = r.fallback});
  return all;
}

bool FieldTable::set(void* entry, std::string_view name, const Value& v, const std::string& where) const {
  for (const Row& r : rows_)
    if (r.text.name == name) {
      r.type.read(v, static_cast<char*>(entry) + r.offset, r.text, where + "." + std::string(name));
      return true;
    }
  return false;
}

void FieldTable::read(void* entry, const Value& table, const std::string& where) const {
  for (const auto& [key, v] : table.items())
    if (!set(entry, key, v, where)) {
      std::vector<std::string> known;
      for (const Row& r : rows_) known.emplace_back(r.text.name);
      unknown_key(where, key, known);
    }
}

Value FieldTable::write(const void* entry, bool complete) const {
  Value table = Value::table();
  for (const Row& r : rows_) {
    Value v = r.type.write(static_cast<const char*>(entry) + r.offset);
    if (complete || !(v == r.fallback)) table[r.text.name] = std::move(v);
  }
  return table;
}

}  // namespace tend

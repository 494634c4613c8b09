#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "tend/base/error.h"
#include "tend/base/value.h"

namespace tend {

namespace {

/// Builds a Value during parsing: keys keep their order, repeated keys and deep nesting are errors.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}
  bool null() override { return put({}); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(number_integer_t v) override { return put(static_cast<std::int64_t>(v)); }
  bool number_unsigned(number_unsigned_t v) override {
    return v <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()) ? put(static_cast<std::int64_t>(v))
                                                                                         : put(static_cast<double>(v));
  }
  bool number_float(number_float_t v, const string_t&) override { return put(v); }
  bool string(string_t& v) override { return put(v); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Value::table()); }
  bool start_array(std::size_t) override { return open(Value::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& k) override {
    if (!keys_.back().insert(k).second)
      throw Error(Trouble::usage, name_, "the key \"" + k + "\" twice in one table", "each key once");
    key_ = k;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& e) override {
    std::string why = e.what();
    if (const std::size_t at = why.find("syntax error"); at != std::string::npos) why = why.substr(at);
    throw Error(Trouble::usage, name_ + ":" + place(position), why, "JSON");
  }
  Value root;

 private:
  Value* put(Value v, bool) {
    if (open_.empty()) {
      root = std::move(v);
      return &root;
    }
    Value& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(v));
      return &parent.array_items().back();
    }
    parent.items().emplace_back(key_, std::move(v));  // key() has checked that it is new
    return &parent.items().back().second;
  }
  bool put(Value v) { return put(std::move(v), true) != nullptr; }
  bool open(Value v) {
    if (open_.size() >= deepest_nesting)
      throw Error(Trouble::usage, name_, "more than 64 levels of nesting", "a flatter document");
    open_.push_back(put(std::move(v), true));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }
  /// Returns "line:column" of a byte, both from 1; the byte before `position` is the last one read.
  std::string place(std::size_t position) const {
    const std::string_view before = text_.substr(0, std::min(position > 0 ? position - 1 : 0, text_.size()));
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
    return std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ":" +
           std::to_string(before.size() - line_start + 1);
  }

  std::string name_, key_;
  std::string_view text_;
  std::vector<Value*> open_;
  std::vector<std::unordered_set<std::string>>
      keys_;  // of the open tables; a search of the table itself would take a square of time
};

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write(const Value& v, int indent, int depth, std::string& out) {
  if (v.is_null()) out += "null";
  else if (v.is_bool()) out += v.boolean() ? "true" : "false";
  else if (v.is_number()) out += v.is_integer() || std::isfinite(v.number()) ? number_text(v) : "null";
  else if (v.is_string()) out += quoted(v.string());
  if (!v.is_array() && !v.is_table()) return;
  const auto line = [&](int d) {
    if (indent >= 0) out += "\n" + std::string(static_cast<std::size_t>(indent * d), ' ');
  };
  const bool is_table = v.is_table(), is_empty = is_table ? v.items().empty() : v.array_items().empty();
  out += is_table ? '{' : '[';
  bool is_first = true;
  const auto next = [&] {
    if (!is_first) out += ',';
    is_first = false;
    line(depth + 1);
  };
  if (is_table)
    for (const auto& [key, item] : v.items()) {
      next();
      out += quoted(key) + (indent >= 0 ? ": " : ":");
      write(item, indent, depth + 1, out);
    }
  else
    for (const Value& item : v.array_items()) {
      next();
      write(item, indent, depth + 1, out);
    }
  if (!is_empty) line(depth);
  out += is_table ? '}' : ']';
}

}  // namespace

Value parse_json(std::string_view text, std::string_view name) {
  Builder builder{std::string(name), text};
  nlohmann::json::sax_parse(text, &builder);
  return std::move(builder.root);
}

std::string to_json(const Value& value, int indent) {
  std::string out;
  write(value, indent, 0, out);
  return out;
}

}  // namespace tend

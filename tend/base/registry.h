#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tend/base/entry_name.h"
#include "tend/base/settings.h"

namespace tend {

/// "relu" -> {relu, null, {}};  {conv2d = 32, kernel = 5} -> {conv2d, 32, {kernel = 5}};  {name = "adam", beta1 = 0.9} ->
/// {adam, null, {beta1 = 0.9}} if `named_by_key`.
struct Spec {
  std::string kind;
  Value value = {};  ///< null if the key's value is `true` or there is none
  Value options = Value::table();
};
/// Throws Error{usage} with a did-you-mean unless exactly one key is among `known`. `aliases`: common wrong names.
Spec read_spec(const Value& v, const std::vector<std::string>& known, const std::string& where);
/// Reads entries written as "adam" or {name = "adam", ...} in the same way.
Spec read_named_spec(const Value& v, const std::vector<std::string>& known, const std::string& where);
Value write_spec(std::string_view kind, const Value& value, const Value& options);

/// The name of the field that receives the value of E's own key; empty if there is none.
template <class E>
constexpr std::string_view value_field() {
  if constexpr (requires { E::value_field; }) return E::value_field;
  else return {};
}
/// The sentence that says what E does; empty if E has none.
template <class E>
constexpr std::string_view about() {
  if constexpr (requires { E::about; }) return E::about;
  else return {};
}
/// Reads an entry from its spec. The value goes to the field `value_field`.
void read_spec_into(void* entry, const FieldTable& fields, std::string_view value_field, const Spec& spec,
                    const std::string& where);
template <class E>
E read_entry(const Spec& spec, const std::string& where) {
  E entry{};
  read_spec_into(&entry, fields_of<E>(), value_field<E>(), spec, where);
  return entry;
}

/// Does the reverse of read_entry: "relu", { elu = 0.5 }. Settings with their default value are omitted.
Value write_entry(std::string_view name, const void* entry, const FieldTable& fields, std::string_view value_field);
template <class E>
Value write_entry(std::string_view name, const E& entry) {
  return write_entry(name, &entry, fields_of<E>(), value_field<E>());
}
/// Does the same for entries that read_named_spec reads: "adam", { name = "adam", beta1 = 0.8 }.
Value write_named_entry(std::string_view name, const void* entry, const FieldTable& fields);
template <class E>
Value write_named_entry(std::string_view name, const E& entry) {
  return write_named_entry(name, &entry, fields_of<E>());
}

/// The entries of one shelf with a common interface I. It is a value: a program copies the built-in one and adds to it.
template <class I>
class Registry {
 public:
  struct Entry {
    std::string name;
    std::function<std::shared_ptr<const I>(const Spec&, const std::string& where)> make;
    std::vector<FieldDescription> fields;
    std::string value_field;
    std::string about = {};  ///< one sentence that says what it does; "": none
  };

  /// Model<E> derives from I and is constructed from an E.
  template <template <class> class Model, class E>
  void add(std::string name = std::string(entry_name<E>)) {
    add({std::move(name),
         [](const Spec& spec, const std::string& where) -> std::shared_ptr<const I> {
           return std::make_shared<Model<E>>(read_entry<E>(spec, where));
         },
         describe_fields<E>(), std::string(tend::value_field<E>()), std::string(tend::about<E>())});
  }

  void add(Entry entry) { entries_.push_back(std::move(entry)); }

  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& e : entries_) all.push_back(e.name);
    return all;
  }
  const Entry* find(std::string_view name) const {
    for (const auto& e : entries_)
      if (e.name == name) return &e;
    return nullptr;
  }
  /// Makes an entry from "kind" or {kind = value, ...}.
  std::shared_ptr<const I> make(const Value& v, const std::string& where) const {
    const Spec spec = read_spec(v, names(), where);
    return find(spec.kind)->make(spec, where + "." + spec.kind);
  }
  /// Makes an entry from "kind" or {name = "kind", ...}.
  std::shared_ptr<const I> make_named(const Value& v, const std::string& where) const {
    const Spec spec = read_named_spec(v, names(), where);
    return find(spec.kind)->make(spec, where);
  }

 private:
  std::vector<Entry> entries_;
};

/// Adds a whole shelf: Model<E, index in the list> for each entry E, so that a model can find what was compiled for its index.
template <template <class, int> class Model, class I, class... Es>
void add_shelf(Registry<I>& registry, Types<Es...>) {
  const auto add = [&]<int place, class E>() {
    registry.add({std::string(entry_name<E>),
                  [](const Spec& spec, const std::string& where) -> std::shared_ptr<const I> {
                    return std::make_shared<Model<E, place>>(read_entry<E>(spec, where));
                  },
                  describe_fields<E>(), std::string(value_field<E>()), std::string(about<E>())});
  };
  [&]<int... places>(std::integer_sequence<int, places...>) { (add.template operator()<places, Es>(), ...); }
  (std::make_integer_sequence<int, sizeof...(Es)>{});
}

}  // namespace tend

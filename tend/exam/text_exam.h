#pragma once
#include <string>
#include <vector>

#include "tend/base/registry.h"
#include "tend/exam/examiner.h"
#include "tend/kernels/functions.h"

namespace tend {

/// Checks text -> entry -> text for an entry with its defaults and with each number changed. Errors for wrong keys and names must
/// name the right ones. named: entries are written { name = "adam", beta1 = 0.8 }, otherwise { elu = 0.5 }.
template <class I>
void examine_text(Examiner& exam, const Registry<I>& registry, const typename Registry<I>::Entry& entry, bool named) {
  exam.begin_test("text");
  const auto make = [&](const Value& v) { return named ? registry.make_named(v, "here") : registry.make(v, "here"); };
  const auto expect_error = [&](const Value& v, const std::string& word, const std::string& what) {
    try {
      make(v);
      exam.fault("takes " + what);
    } catch (const Error& e) {
      if (std::string(e.what()).find(word) == std::string::npos)
        exam.fault("the error for " + what + " does not name \"" + word + "\": " + e.what());
    }
  };
  exam.guarded([&] {
    if (!(make(Value(entry.name))->to_value() == Value(entry.name)))
      exam.fault("is not written as \"" + entry.name + "\" when nothing is set");
    for (const FieldDescription& field : entry.fields) {
      if (field.type != "number") continue;
      double other = field.fallback.number() * 0.75 + 0.125;
      if (!field.range.holds(other)) other = 0.5;
      Value table = Value::table();
      if (named) table["name"] = entry.name;
      else if (field.name != entry.value_field) table[entry.name] = true;
      table[!named && field.name == entry.value_field ? entry.name : field.name] = other;
      const std::string written = to_inline_toml(make(table)->to_value());
      if (written != to_inline_toml(table)) exam.fault("is written as " + written + ", not as " + to_inline_toml(table));
      const Value again = make(parse_toml("value = " + written, "text")["value"])->to_value();
      exam.expect(to_inline_toml(again) == written, "is another after it was read from its own text");
      Value wrong = table;
      wrong[field.name + "s"] = other;
      expect_error(wrong, field.name, "the key " + field.name + "s");
    }
    const std::string slip = entry.name.substr(0, 1) + "x" + entry.name.substr(1);
    expect_error(Value(slip), entry.name, "the name " + slip);
  });
}

/// The instruction sets that this processor has, plain loops first.
inline std::vector<Isa> every_isa() {
  std::vector<Isa> all;
  for (Isa isa : {Isa::reference, Isa::portable, Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

}  // namespace tend

#pragma once
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tend/base/registry.h"
#include "tend/kernels/functions.h"

namespace tend {

/// The instruction sets that this processor has, plain loops first.
inline std::vector<Isa> every_isa() {
  std::vector<Isa> all;
  for (Isa isa : {Isa::reference, Isa::portable, Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) all.push_back(isa);
  return all;
}

inline Value from_text(const std::string& text) { return parse_toml("value = " + text, "test")["value"]; }

/// text -> entry -> text for each entry as it stands and with each of its numbers changed; wrong keys name the right ones.
/// named: entries are written { name = "adam", beta1 = 0.8 }, else { elu = 0.5 }.
template <class I>
void expect_round_trips(const Registry<I>& registry, bool named) {
  const auto make = [&](const Value& v) { return named ? registry.make_named(v, "here") : registry.make(v, "here"); };
  EXPECT_FALSE(registry.entries().empty());
  for (const auto& entry : registry.entries()) {
    SCOPED_TRACE(entry.name);
    EXPECT_EQ(make(Value(entry.name))->to_value(), Value(entry.name));
    for (const FieldDescription& field : entry.fields) {
      if (field.type != "number") continue;
      double other = field.fallback.number() * 0.75 + 0.125;
      if (!field.range.holds(other)) other = 0.5;
      Value table = Value::table();
      if (named)
        table["name"] = entry.name;
      else if (field.name != entry.value_field)
        table[entry.name] = true;
      table[!named && field.name == entry.value_field ? entry.name : field.name] = other;
      const Value written = make(table)->to_value();
      EXPECT_EQ(to_inline_toml(written), to_inline_toml(table));
      EXPECT_EQ(make(from_text(to_inline_toml(written)))->to_value(), written);

      Value wrong = table;
      wrong[field.name + "s"] = other;
      try {
        make(wrong);
        ADD_FAILURE() << "took the key " << field.name << "s";
      } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find(field.name), std::string::npos) << e.what();
      }
    }
    const std::string slip = entry.name.substr(0, 1) + "x" + entry.name.substr(1);
    try {
      make(Value(slip));
      ADD_FAILURE() << "took the name " << slip;
    } catch (const Error& e) {
      EXPECT_NE(e.hint.find(entry.name), std::string::npos) << e.what();
    }
  }
}

}  // namespace tend

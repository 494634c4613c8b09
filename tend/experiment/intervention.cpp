#include "tend/experiment/intervention.h"

#include <algorithm>

#include "tend/base/error.h"
#include "tend/base/text.h"

namespace tend {

std::string Intervention::text() const {
  std::vector<std::string> parts;
  if (revive_units) parts.emplace_back("hidden units that are 0 for every row are drawn anew");
  if (!redraw_layers.empty())
    parts.push_back(listed(redraw_layers) + (redraw_layers.size() > 1 ? " are" : " is") + " drawn anew");
  if (draws() || reset_optimizer) parts.emplace_back("the optimizer begins anew");
  if (rate_factor != 1) parts.push_back("the learning rate is multiplied by " + short_number(rate_factor));
  return listed(parts);
}

std::vector<Intervention> interventions_of(const Value& list) {
  std::vector<Intervention> all;
  if (list.is_null()) return all;
  const std::string place = "train.interventions", wanted = "a list of tables: [{ step = 500, reset_optimizer = true }]";
  if (!list.is_array()) throw Error(Trouble::usage, place, list.describe(), wanted);
  for (std::size_t i = 0; i < list.array_items().size(); ++i) {
    const std::string at = place + "." + std::to_string(i);
    const Value& entry = list.array_items()[i];
    if (!entry.is_table()) throw Error(Trouble::usage, at, entry.describe(), wanted);
    all.push_back(read_fields<Intervention>(entry, at));
    if (all.back().step < 0) throw Error(Trouble::usage, at, "no step", "a step from 0: step = 500");
    if (all.back().text().empty())
      throw Error(Trouble::usage, at, "an intervention that does nothing",
                  "one of revive_units, redraw_layers, reset_optimizer, rate_factor");
  }
  std::stable_sort(all.begin(), all.end(), [](const Intervention& a, const Intervention& b) { return a.step < b.step; });
  return all;
}

Value with_intervention(const Value& list, const Intervention& more) {
  Value all = list.is_null() ? Value::array() : list;
  const Value written = write_fields(more, true), usual = write_fields(Intervention{}, true);
  Value entry = Value::table();
  for (const auto& [key, v] : written.items())
    if (!(v == *usual.find(key))) entry[key] = v;
  all.push_back(std::move(entry));
  return all;
}

}  // namespace tend

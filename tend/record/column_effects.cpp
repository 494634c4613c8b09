#include "tend/record/column_effects.h"

namespace tend {

namespace {

constexpr std::size_t most_columns = 100, most_answers = 10;

}  // namespace

Value importance_to_value(const Importance& found, bool is_whole) {
  Value all = Value::table();
  all["metric"] = found.metric;
  all["value"] = found.value;
  all["rows"] = found.rows;
  all["columns"] = Value::array();
  for (std::size_t i = 0; i < found.columns.size() && (is_whole || i < most_columns); ++i) {
    Value v = Value::table();
    v["column"] = found.columns[i].column;
    v["mean"] = found.columns[i].mean;
    v["deviation"] = found.columns[i].deviation;
    all["columns"].push_back(std::move(v));
  }
  return all;
}

Value dependence_to_value(const std::vector<Dependence>& found, bool is_whole) {
  Value all = Value::array();
  for (const Dependence& d : found) {
    if (d.points.empty()) continue;
    Value v = Value::table();
    v["column"] = d.column;
    v["is_category"] = d.is_category;
    v["of"] = d.names[d.answer];
    v["lowest"] = d.lowest;
    v["highest"] = d.highest;
    v["points"] = Value::array();
    for (const Dependence::Point& p : d.points) {
      Value point = Value::table();
      point["value"] = p.text;
      point["number"] = p.value;
      for (std::size_t k = 0; k < p.answers.size(); ++k)
        if (is_whole || p.answers.size() <= most_answers || k == d.answer) point["mean"][d.names[k]] = p.answers[k];
      v["points"].push_back(std::move(point));
    }
    all.push_back(std::move(v));
  }
  return all;
}

}  // namespace tend

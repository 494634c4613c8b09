#include "tend/train/usable_rows.h"

#include <cmath>
#include <optional>

#include "tend/base/text.h"
#include "tend/network/input_embedding.h"
#include "tend/train/model_parts.h"

namespace tend {

namespace {

/// The place of the first prepared value that the network cannot read.
std::optional<std::size_t> bad_place(const std::vector<float>& row, const InputEmbedding& embedding) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const float v = row[i];
    const bool is_code = !embedding.node || (v >= 0 && v < static_cast<float>(embedding.codes) && v == std::floor(v));
    if (!std::isfinite(v) || !is_code) return i;
  }
  return std::nullopt;
}

std::string place_of(const Dataset& data, std::int64_t row) {
  const std::int64_t place = data.source_rows.empty() ? row : data.source_rows[static_cast<std::size_t>(row)];
  if (!data.row_names.empty()) return data.row_names[static_cast<std::size_t>(row)];
  return data.first_line > 0 ? "line " + std::to_string(data.first_line + place)
                             : "row " + std::to_string(place) + " (counted from 0)";
}

/// Why the network cannot read this row, by the cell of the table where one is known.
std::string reason_of(const Dataset& data, std::int64_t row, std::size_t place, float value, const InputEmbedding& embedding) {
  const std::int64_t width = data.x.row_size();
  if (!std::isfinite(value) && data.x.type() == ElementType::float64)
    for (std::int64_t c = 0; c < width && c < static_cast<std::int64_t>(data.columns.size()); ++c)
      if (const double cell = data.x.as<double>()[row * width + c]; !std::isfinite(cell))
        return "column \"" + data.columns[static_cast<std::size_t>(c)].name +
               (std::isnan(cell) ? "\" is missing, and no step of prepare.steps fills it" : "\" is infinite");
  const std::string where = place < data.columns.size() && width == static_cast<std::int64_t>(data.columns.size())
                                ? "column \"" + data.columns[place].name + "\""
                                : "input " + std::to_string(place);
  if (!std::isfinite(value)) return where + " is " + short_number(static_cast<double>(value));
  return where + " is " + short_number(static_cast<double>(value)) + "; " + embedding.node->name + " has codes from 0 to " +
         std::to_string(embedding.codes - 1);
}

}  // namespace

UsableRows usable_rows(const Model& model, const Dataset& data) {
  const Part part = model.inside().pipeline.apply(data);
  const InputEmbedding embedding = input_embedding(model.inside().network());
  UsableRows found;
  std::string first;
  std::vector<float> row(static_cast<std::size_t>(part.x.row_size()));
  for (std::int64_t r = 0; r < part.rows(); ++r) {
    part.gather(nullptr, r, 1, row.data());
    const std::optional<std::size_t> bad = bad_place(row, embedding);
    if (!bad) found.rows.push_back(r);
    else if (first.empty()) first = place_of(data, r) + ": " + reason_of(data, r, *bad, row[*bad], embedding);
  }
  const std::int64_t lost = part.rows() - static_cast<std::int64_t>(found.rows.size());
  if (lost > 0)
    found.notes.push_back(
        {.text = counted(lost, "row") + (lost == 1 ? " has" : " have") + " no prediction; the first is " + first,
         .lost = lost,
         .of = part.rows()});
  return found;
}

}  // namespace tend

#pragma once
#include <initializer_list>
#include <string>
#include <vector>

#include "tend/prepare/pipeline.h"

/// Small data sets and the prepared numbers, for the tests of steps.
namespace tend::test {

inline Dataset table(const std::vector<std::vector<double>>& rows, std::vector<Column> columns = {}) {
  Dataset d;
  const auto n = static_cast<std::int64_t>(rows.size()), width = static_cast<std::int64_t>(rows[0].size());
  d.x = Array({n, width}, ElementType::float64);
  d.y = Array({n, 1}, ElementType::float64);
  double* x = d.x.as<double>();
  for (const auto& row : rows)
    for (const double v : row) *x++ = v;
  for (std::int64_t i = 0; i < n; ++i) d.y.as<double>()[i] = static_cast<double>(i % 2);
  d.task = Task::classification;
  d.classes = {"no", "yes"};
  for (std::int64_t c = static_cast<std::int64_t>(columns.size()); c < width; ++c)
    columns.push_back({"c" + std::to_string(c), {}});
  d.columns = std::move(columns);
  return d;
}
inline Dataset images(Shape shape, const std::vector<int>& pixels) {
  Dataset d;
  d.x = Array(shape, ElementType::uint8);
  for (std::size_t i = 0; i < pixels.size(); ++i) d.x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(pixels[i]);
  d.y = Array({shape[0], 1}, ElementType::float64);
  for (std::int64_t i = 0; i < shape[0]; ++i) d.y.as<double>()[i] = static_cast<double>(i % 2);
  d.task = Task::classification;
  d.classes = {"no", "yes"};
  return d;
}
inline Value steps(const std::string& toml) { return parse_toml_value(toml, "steps"); }
inline std::vector<float> floats(const Part& part) {
  std::vector<float> out(static_cast<std::size_t>(part.x.shape().count()));
  part.gather(nullptr, 0, part.rows(), out.data());
  return out;
}
struct Fitted {
  Pipeline pipeline;
  Parts parts;
  DataNotes notes;
  std::vector<float> train() const { return floats(parts.train); }
  std::vector<float> validation() const { return floats(parts.validation); }
  std::vector<double> targets() const {
    return {parts.train.y.as<double>(), parts.train.y.as<double>() + parts.train.y.shape().count()};
  }
};
inline Fitted fit(const std::string& toml, const Dataset& train, const Dataset& validation = {}, std::uint64_t seed = 1) {
  Fitted f;
  f.pipeline = Pipeline::fit(steps(toml), {train, validation, {}}, seed, f.parts, f.notes);
  return f;
}
/// Applies the pipeline to new rows. The saved and loaded pipeline must produce the same bits.
inline std::vector<float> applied(const Pipeline& pipeline, const Dataset& rows) {
  const std::vector<float> out = floats(pipeline.apply(rows));
  const Pipeline again = Pipeline::from_value(parse_json(to_json(pipeline.to_value()), "saved"), "saved");
  const std::vector<float> same = floats(again.apply(rows));
  if (std::string(reinterpret_cast<const char*>(out.data()), out.size() * 4) !=
      std::string(reinterpret_cast<const char*>(same.data()), same.size() * 4))
    return {};
  return out;
}
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace tend::test

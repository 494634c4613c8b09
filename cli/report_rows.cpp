#include "report_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

#include "tend/base/text.h"
#include "text.h"

namespace tend {

namespace {

constexpr std::size_t most_shown = 20, most_columns = 10, longest_text = 60;
constexpr std::int64_t longest_side = 64;  // pixels of a picture

std::vector<double> variances_of(const Dataset& data) {
  const std::int64_t n = data.rows(), width = data.y.row_size();
  const double* y = data.y.as<double>();
  std::vector<double> all;
  for (std::int64_t k = 0; k < width; ++k) {
    double sum = 0, squares = 0;
    for (std::int64_t r = 0; r < n; ++r) sum += y[r * width + k];
    for (std::int64_t r = 0; r < n; ++r) squares += std::pow(y[r * width + k] - sum / static_cast<double>(n), 2);
    all.push_back(squares > 0 ? squares / static_cast<double>(n) : 1);
  }
  return all;
}

/// The answers for one row.
struct Answers {
  const double* outputs = nullptr;
  const std::int64_t* classes = nullptr;  ///< nullptr for values
  const double* y = nullptr;
  std::int64_t places = 1;  ///< targets of a row
  std::int64_t outputs_of_place = 1;
  /// Of the true class of a place.
  double probability(std::int64_t place) const { return outputs[place * outputs_of_place + static_cast<std::int64_t>(y[place])]; }
};

Answers answers_of(const Prediction& p, const Dataset& data, std::int64_t row) {
  const std::int64_t places = data.y.row_size();
  return {.outputs = p.outputs.data() + row * p.width,
          .classes = p.classes.empty() ? nullptr : p.classes.data() + row * places,
          .y = data.y.as<double>() + row * places,
          .places = places,
          .outputs_of_place = data.task == Task::classification ? p.width / places : 1};
}

double loss_of(const Answers& a, Task task, const std::vector<double>& variances) {
  constexpr double least = 1e-12;  // std::max(NaN, least) is NaN
  double sum = 0;
  for (std::int64_t t = 0; t < a.places; ++t) {
    if (task == Task::regression) sum += std::pow(a.outputs[t] - a.y[t], 2) / variances[static_cast<std::size_t>(t)];
    else if (task == Task::multilabel)
      sum -= std::log(std::max(a.y[t] > 0.5 ? a.outputs[t] : 1 - a.outputs[t], least)) / static_cast<double>(a.places);
    else sum -= std::log(std::max(a.probability(t), least)) / static_cast<double>(a.places);
  }
  return std::isnan(sum) ? std::numeric_limits<double>::infinity() : sum;
}

template <class T>
std::vector<double> samples_of(const Array& x, std::int64_t row) {
  const T* from = x.as<T>() + row * x.row_size();
  return {from, from + x.row_size()};
}

std::vector<double> numbers_of(const Array& x, std::int64_t row) {
  switch (x.type()) {
    case ElementType::float32: return samples_of<float>(x, row);
    case ElementType::float64: return samples_of<double>(x, row);
    case ElementType::int64: return samples_of<std::int64_t>(x, row);
    case ElementType::uint8: break;
  }
  return samples_of<std::uint8_t>(x, row);
}

/// The value of black and that of white in a picture.
std::pair<double, double> range_of(const Dataset& data, const std::vector<double>& samples) {
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  const bool is_file = data.x.type() == ElementType::uint8 || data.largest_sample != 255;
  // Files whose numbers end far below the largest of their type, such as 16, would be black.
  const double white = *high > static_cast<double>(data.largest_sample) / 4 ? static_cast<double>(data.largest_sample)
                                                                            : std::max(*high, 1.0);
  return is_file ? std::pair{0.0, white} : std::pair{*low, std::max(*high, *low + 1e-12)};
}

/// A row of an array [N, H, W, C] as a picture: large ones are reduced by means of squares. None of what is no picture.
PagePicture picture_of(const Dataset& data, std::int64_t row) {
  const Shape& shape = data.x.shape();
  if (shape.rank() != 4 || (shape[3] != 1 && shape[3] != 3 && shape[3] != 4)) return {};
  const std::vector<double> samples = numbers_of(data.x, row);
  const auto [black, white] = range_of(data, samples);
  const std::int64_t f = (std::max(shape[1], shape[2]) + longest_side - 1) / longest_side, channels = shape[3] == 1 ? 1 : 3;
  PagePicture p{.width = shape[2] / f, .height = shape[1] / f, .channels = channels};
  if (p.width == 0 || p.height == 0) return {};
  for (std::int64_t y = 0; y < p.height; ++y)
    for (std::int64_t x = 0; x < p.width; ++x)
      for (std::int64_t c = 0; c < channels; ++c) {
        double sum = 0;
        for (std::int64_t i = 0; i < f * f; ++i)
          sum += samples[static_cast<std::size_t>(((y * f + i / f) * shape[2] + x * f + i % f) * shape[3] + c)];
        const double level = 255 * (sum / static_cast<double>(f * f) - black) / (white - black);
        p.samples += static_cast<char>(static_cast<unsigned char>(std::isnan(level) ? 0 : std::clamp(level, 0.0, 255.0)));
      }
  return p;
}

std::string row_name(const Dataset& data, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (at < data.row_names.size()) return data.row_names[at];
  const std::int64_t in_source = at < data.source_rows.size() ? data.source_rows[at] : row;
  return "row " + std::to_string(in_source) +
         (data.first_line > 0 ? " (line " + std::to_string(data.first_line + in_source) + ")" : "");
}

std::string name_in(const std::vector<std::string>& names, std::int64_t k) {
  const auto at = static_cast<std::size_t>(k);
  return k >= 0 && at < names.size() ? names[at] : std::to_string(k);
}

/// The labels that are set: "a, c".
std::string labels_text(const std::vector<std::string>& names, std::int64_t count, const auto& is_set) {
  std::vector<std::string> set;
  for (std::int64_t k = 0; k < count; ++k)
    if (is_set(k)) set.push_back(name_in(names, k));
  return set.empty() ? "none" : listed(set, ", ", most_columns);
}

std::string values_text(const double* values, std::int64_t count) {
  std::vector<std::string> all;
  for (std::int64_t k = 0; k < count; ++k) all.push_back(figure(values[k]));
  return listed(all, ", ", most_columns);
}

/// The names of the columns that answer_cells() fills.
std::vector<std::string> answer_columns(const Dataset& data) {
  if (data.task == Task::regression) return {"true value", "prediction", "error"};
  if (data.task == Task::multilabel) return {"true labels", "predicted labels", "loss"};
  if (data.y.row_size() > 1) return {"places predicted right", "mean probability of the true class", "loss"};
  return {"true class", "predicted class", "its probability", "probability of the true class", "loss"};
}

std::vector<PageCell> answer_cells(const Answers& a, const Dataset& data, const std::vector<std::string>& classes, double loss) {
  const auto text = [](std::string said) { return PageCell{.text = std::move(said)}; };
  const std::vector<std::string>& targets = data.target_names;
  if (data.task == Task::regression) {
    std::vector<double> errors;
    for (std::int64_t k = 0; k < a.places; ++k) errors.push_back(a.outputs[k] - a.y[k]);
    return {text(values_text(a.y, a.places)), text(values_text(a.outputs, a.places)), text(values_text(errors.data(), a.places))};
  }
  if (data.task == Task::multilabel)
    return {text(labels_text(targets, a.places, [&](std::int64_t k) { return a.y[k] > 0.5; })),
            text(labels_text(targets, a.places, [&](std::int64_t k) { return a.classes[k] != 0; })), text(figure(loss))};
  if (a.places > 1) {
    std::int64_t right = 0;
    for (std::int64_t t = 0; t < a.places; ++t) right += a.classes[t] == static_cast<std::int64_t>(a.y[t]);
    return {text(std::to_string(right) + " of " + std::to_string(a.places)), text(figure(std::exp(-loss))), text(figure(loss))};
  }
  return {text(name_in(classes, static_cast<std::int64_t>(a.y[0]))), text(name_in(classes, a.classes[0])),
          text(figure(a.outputs[a.classes[0]])), text(figure(a.probability(0))), text(figure(loss))};
}

/// Numbers with as many digits as a reader compares.
std::string short_cell(const Column& column, double value) {
  if (column.is_category() || column.date || std::isnan(value)) return cut(text_of_cell(column, value), longest_text);
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", value);
  return text;
}

/// The columns of a table that are shown; of a text, its characters.
std::vector<std::string> input_columns(const Dataset& data) {
  if (data.is_text) return {"text"};
  std::vector<std::string> names;
  for (std::size_t c = 0; c < std::min(most_columns, data.columns.size()); ++c)
    names.push_back(cut(data.columns[c].name, longest_text));
  return names;
}

std::vector<PageCell> input_cells(const Dataset& data, const std::vector<std::string>& classes, std::int64_t row) {
  std::vector<PageCell> cells;
  const std::vector<double> numbers = data.is_text || !data.columns.empty() ? numbers_of(data.x, row) : std::vector<double>{};
  if (data.is_text) {
    std::string text;
    for (const double code : numbers) text += name_in(classes, static_cast<std::int64_t>(code));
    return {{.text = text}};
  }
  for (std::size_t c = 0; c < std::min(most_columns, data.columns.size()); ++c)
    cells.push_back({.text = short_cell(data.columns[c], numbers[c])});
  return cells;
}

}  // namespace

std::vector<double> losses_of_rows(const Prediction& predicted, const Dataset& data) {
  const std::vector<double> variances = data.task == Task::regression ? variances_of(data) : std::vector<double>{};
  std::vector<double> losses;
  for (std::int64_t r = 0; r < data.rows(); ++r) losses.push_back(loss_of(answers_of(predicted, data, r), data.task, variances));
  return losses;
}

PageTable worst_rows(const Model& model, const Dataset& data, const std::string& part) {
  const Prediction predicted = model.predict(data);
  const std::vector<double> losses = losses_of_rows(predicted, data);
  std::vector<std::int64_t> order(losses.size());
  std::iota(order.begin(), order.end(), 0);
  const auto shown = static_cast<std::ptrdiff_t>(std::min(most_shown, order.size()));
  const auto at = [&](std::int64_t r) { return losses[static_cast<std::size_t>(r)]; };
  std::partial_sort(order.begin(), order.begin() + shown, order.end(),
                    [&](std::int64_t a, std::int64_t b) { return at(a) != at(b) ? at(a) > at(b) : a < b; });
  PageTable table{.title = "The " + part + " rows with the highest loss",
                  .note = "Rows are counted from 0, as in the predictions of tend predict.",
                  .columns = {"row"},
                  .is_text = {true}};
  if (data.columns.size() > most_columns && !data.is_text)
    table.note += " The first " + std::to_string(most_columns) + " of " + std::to_string(data.columns.size()) +
                  " columns are shown.";
  for (const auto& names : {answer_columns(data), input_columns(data)})
    table.columns.insert(table.columns.end(), names.begin(), names.end());
  table.is_text.resize(table.columns.size(), true);
  const std::vector<std::string>& classes = model.like().classes;
  for (std::ptrdiff_t i = 0; i < shown; ++i) {
    const std::int64_t r = order[static_cast<std::size_t>(i)];
    table.rows.push_back({{.text = row_name(data, r), .picture = picture_of(data, r)}});
    for (const auto& cells : {answer_cells(answers_of(predicted, data, r), data, classes, at(r)), input_cells(data, classes, r)})
      table.rows.back().insert(table.rows.back().end(), cells.begin(), cells.end());
  }
  return table;
}

}  // namespace tend

#include "tend/prepare/pipeline.h"

#include <algorithm>
#include <cmath>

#include "tend/base/text.h"
#include "tend/prepare/frame.h"
#include "tend/prepare/step.h"

namespace tend {
namespace {

using Steps = std::vector<std::shared_ptr<const Step>>;

bool takes_categories_after(const Steps& steps, std::size_t place) {
  return std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(place) + 1, steps.end(),
                     [](const auto& step) { return step->takes_categories(); });
}

Steps make_steps(const Value& given) {
  if (!given.is_null() && !given.is_array())
    throw Error(Trouble::usage, "prepare.steps", given.describe(), "an array of steps: [\"standardize\"]");
  Steps steps;
  if (given.is_null()) return steps;
  for (std::size_t i = 0; i < given.array_items().size(); ++i)
    steps.push_back(builtin_steps().make(given.array_items()[i], "prepare.steps." + std::to_string(i)));
  return steps;
}

void check_part(const Frame& part, const Frame& train, const char* name) {
  if (part.rows() > 0 && part.row_shape() != train.row_shape())
    throw Error(Trouble::data, std::string("data.") + name, "rows of the shape " + part.row_shape().text(),
                train.row_shape().text() + ", as the training rows");
}

/// Grey rows become colour if the training rows were in colour, as in a single folder.
void match_channels(Frame& rows, const Shape& raw_shape) {
  if (!rows.is_image() || raw_shape.rank() != 3 || raw_shape[2] != 3 || rows.channels() != 1) return;
  builtin_steps().make("rgb", "prepare")->apply(rows);
}

/// Finds the columns of a table that are empty in all training rows, and says which they are.
void find_unused(const Frame& train, std::vector<Column>& columns, DataNotes& notes) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    columns[c].is_unused = true;
    for (std::int64_t r = 0; r < train.rows() && columns[c].is_unused; ++r)
      columns[c].is_unused = std::isnan(train.table()[static_cast<std::size_t>(r) * columns.size() + c]);
    if (columns[c].is_unused) names.push_back("\"" + columns[c].name + "\"");
  }
  if (names.empty()) return;
  const bool is_one = names.size() == 1;
  notes.push_back({.text = std::string(is_one ? "the column " : "the columns ") + listed(names, ", ", 5) +
                           (is_one ? " is" : " are") +
                           " empty in all training rows and not used, neither in training nor in prediction"});
}

void clear_unused(Frame& rows, const std::vector<Column>& columns) {
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::int64_t r = 0; columns[c].is_unused && r < rows.rows(); ++r)
      rows.table()[static_cast<std::size_t>(r) * columns.size() + c] = 0;
}

Value shape_to_value(const Shape& shape) {
  Value v = Value::array();
  for (const std::int64_t size : shape.sizes()) v.push_back(size);
  return v;
}

const Value& entry(const Value& v, std::string_view key, const std::string& where) {
  const Value* found = v.find(key);
  if (!found) throw Error(Trouble::data, where, "no \"" + std::string(key) + "\"", "a saved preparation");
  return *found;
}

const Value::Array& list(const Value& v, std::string_view key, const std::string& where) {
  const Value& found = entry(v, key, where);
  if (!found.is_array()) throw Error(Trouble::data, where + "." + std::string(key), found.describe(), "an array");
  return found.array_items();
}

Shape shape_of_value(const Value& v, std::string_view key, const std::string& where) {
  std::vector<std::int64_t> sizes;
  std::int64_t count = 1;
  for (const Value& size : list(v, key, where)) {
    if (!size.is_integer() || size.integer() < 1 || __builtin_mul_overflow(count, size.integer(), &count) ||
        count > (std::int64_t{1} << 40))
      throw Error(Trouble::data, where + "." + std::string(key), size.describe(), "extents of at least 1");
    sizes.push_back(size.integer());
  }
  if (sizes.empty() || sizes.size() > 4)
    throw Error(Trouble::data, where + "." + std::string(key), std::to_string(sizes.size()) + " axes", "1 .. 4");
  return Shape(sizes);
}

}  // namespace

void ask_for_size(const Value& steps, DataSettings& settings) {
  if (!steps.is_array()) return;
  for (const Value& step : steps.array_items()) {
    const Value* size = step.find("resize");
    if (!size) continue;
    const bool is_pair = size->is_array() && size->array_items().size() == 2;
    const Value &height = is_pair ? size->array_items()[0] : *size, &width = is_pair ? size->array_items()[1] : *size;
    if (!height.is_integer() || !width.is_integer()) return;  // the step itself reports the error
    settings.height = std::clamp<std::int64_t>(height.integer(), 0, 16384);
    settings.width = std::clamp<std::int64_t>(width.integer(), 0, 16384);
    return;
  }
}

Pipeline Pipeline::fit(const Value& given, Raw raw, std::uint64_t seed, Parts& prepared, DataNotes& notes) {
  if (raw.train.rows() == 0) throw Error(Trouble::data, "prepare", "no training rows", "at least one");
  Pipeline pipeline;
  pipeline.raw_shape_ = raw.train.x.row_shape();
  const Steps steps = make_steps(given);
  Work work;
  work.classes = raw.train.task == Task::classification ? static_cast<std::int64_t>(raw.train.classes.size()) : 0;
  work.seed = seed;
  work.notes = &notes;
  work.train = Frame(raw.train);
  pipeline.columns_ = work.train.columns;
  for (const auto& [part, frame] : {std::pair{&raw.validation, &work.validation}, std::pair{&raw.test, &work.test}})
    if (part->rows() > 0) {
      *frame = Frame(*part);
      match_channels(*frame, pipeline.raw_shape_);
    }
  if (work.train.is_table()) find_unused(work.train, pipeline.columns_, notes);
  for (Frame* frame : {&work.train, &work.validation, &work.test})
    if (frame->rows() > 0) clear_unused(*frame, pipeline.columns_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (Frame* frame : {&work.train, &work.validation, &work.test}) frame->categories_wait = takes_categories_after(steps, i);
    if (auto fitted = steps[i]->fit(work)) pipeline.steps_.push_back(std::move(fitted));
  }
  check_part(work.validation, work.train, "validation");
  check_part(work.test, work.train, "test");
  pipeline.row_shape_ = work.train.row_shape();
  for (const auto& step : pipeline.steps_) step->check(pipeline.row_shape_);
  prepared.train = work.train.finish();
  prepared.validation = work.validation.finish();
  prepared.test = work.test.finish();
  return pipeline;
}

void Pipeline::run_steps(Frame& rows) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    rows.categories_wait = takes_categories_after(steps_, i);
    steps_[i]->apply(rows);
  }
}

Part Pipeline::apply(const Dataset& raw) const {
  if (raw.x.shape().rank() == raw_shape_.rank() && raw.x.shape().rank() > 0)
    throw Error(Trouble::usage, "prepare", "one row of the shape " + raw.x.shape().text(), "rows: a first axis that counts them");
  Dataset rows = raw;
  if (raw_shape_.rank() == 1) rows.columns = columns_;
  Frame frame(rows);
  match_channels(frame, raw_shape_);
  const bool suits = raw_shape_.rank() == 1 ? frame.row_shape() == raw_shape_ : frame.row_shape().rank() == raw_shape_.rank();
  if (suits) {
    clear_unused(frame, columns_);
    run_steps(frame);
  }
  if (!suits || frame.row_shape() != row_shape_)
    throw Error(Trouble::data, "prepare", "rows of the shape " + raw.x.row_shape().text(),
                raw_shape_.text() + ", as the preparation was fitted to");
  return frame.finish();
}

Pipeline Pipeline::for_new_rows() const {
  Pipeline copy = *this;
  for (auto& step : copy.steps_)
    if (auto other = step->for_new_rows()) step = std::move(other);
  return copy;
}

bool Pipeline::augments() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const auto& step) { return step->augments(); });
}

void Pipeline::augment(float* row, std::uint64_t seed, std::int64_t epoch, std::int64_t training_row) const {
  Random random(seed, purpose("augment"), static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(training_row));
  for (const auto& s : steps_)
    if (s->augments()) s->augment(row, row_shape_, random);
}

Value Pipeline::to_value() const {
  Value steps = Value::array();
  for (const auto& step : steps_) steps.push_back(step->to_value());
  Value all = Value::table();
  all["columns"] = columns_to_value(columns_);
  all["raw_shape"] = shape_to_value(raw_shape_);
  all["row_shape"] = shape_to_value(row_shape_);
  all["steps"] = std::move(steps);
  return all;
}

Pipeline Pipeline::from_value(const Value& v, const std::string& where) {
  try {
    Pipeline pipeline;
    pipeline.columns_ = columns_of_value(entry(v, "columns", where), where + ".columns");
    pipeline.raw_shape_ = shape_of_value(v, "raw_shape", where);
    pipeline.row_shape_ = shape_of_value(v, "row_shape", where);
    if (pipeline.columns_.size() != (pipeline.raw_shape_.rank() == 1 ? static_cast<std::size_t>(pipeline.raw_shape_[0]) : 0))
      throw Error(Trouble::data, where + ".columns", std::to_string(pipeline.columns_.size()) + " columns",
                  "as many as the rows have");
    for (const Value& item : list(v, "steps", where)) {
      const auto step = builtin_steps().make(entry(item, "step", where), where + ".steps");
      const Value* learnt = item.find("learnt");
      pipeline.steps_.push_back(step->restored(learnt ? *learnt : Value(), where + ".steps." + std::string(step->kind())));
    }
    Frame trace(pipeline.columns_, pipeline.raw_shape_, false);
    pipeline.run_steps(trace);
    for (const auto& step : pipeline.steps_) step->check(pipeline.row_shape_);
    if (trace.row_shape() != pipeline.row_shape_)
      throw Error(Trouble::data, where + ".row_shape", pipeline.row_shape_.text(),
                  trace.row_shape().text() + ", which the steps make");
    return pipeline;
  } catch (const Error& error) {
    throw Error(Trouble::data, error.where, error.got, error.wanted, error.hint);
  }
}

}  // namespace tend

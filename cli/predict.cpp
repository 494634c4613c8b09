#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>

#include "configuration.h"
#include "tend/record/run_directory.h"
#include "tend/train/usable_rows.h"
#include "waiting.h"

namespace tend {

namespace {

struct PredictFlags {
  CommonFlags common;
  std::string run, data, out, id;
  std::vector<std::string> set;
  bool overwrite = false;
};

/// A cell that a spreadsheet does not take for a formula, quoted if CSV requires it.
std::string safe_cell(std::string text) {
  if (!text.empty() && std::strchr("=+-@\t\r", text[0])) text.insert(0, "'");
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// One line for each row of the source, in its order. For a row that cannot be used, only the number is written: the row could
/// not be read, or the output is not a number (a gap that no step fills).
class Rows {
 public:
  Rows(const Model& model, const Dataset& data) : model_(model), data_(data), predicted_(model.predict(data)) {
    if (model.like().task == Task::classification && static_cast<std::int64_t>(predicted_.classes.size()) != data.rows())
      throw Error(Trouble::usage, "predict", "a model with a class for each place of a row", "one with an answer for each row",
                  "Model::predict of the C++ library gives all places");
    count_ = std::max(data.rows_in_source, data.rows());
    place_.assign(static_cast<std::size_t>(count_), -1);
    UsableRows usable = usable_rows(model, data);
    notes_ = std::move(usable.notes);
    for (const std::int64_t r : usable.rows) {
      const double* outputs = predicted_.outputs.data() + r * predicted_.width;
      if (std::any_of(outputs, outputs + predicted_.width, [](double v) { return std::isnan(v); })) continue;
      place_[static_cast<std::size_t>(data.source_rows.empty() ? r : data.source_rows[static_cast<std::size_t>(r)])] = r;
      ++usable_;
    }
  }
  std::int64_t count() const { return count_; }
  const DataNotes& notes() const { return notes_; }  ///< of rows without a prediction
  std::int64_t unusable() const { return count_ - usable_; }
  std::int64_t place(std::int64_t row) const { return place_[static_cast<std::size_t>(row)]; }
  const Prediction& predicted() const { return predicted_; }
  bool has_probabilities() const { return model_.like().task != Task::regression; }

  std::vector<std::string> names() const {
    const Dataset& like = model_.like();
    std::vector<std::string> all;
    for (std::int64_t k = 0; k < predicted_.width; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const std::vector<std::string>& from = like.task == Task::classification ? like.classes : like.target_names;
      all.push_back(at < from.size() ? from[at] : std::to_string(k));
    }
    return all;
  }
  /// The prediction for a row: the name of a class, numbers, or the 0 or 1 for each label.
  std::vector<std::string> answer(std::int64_t at) const {
    const Dataset& like = model_.like();
    std::vector<std::string> all;
    if (like.task == Task::classification) {
      const auto code = static_cast<std::size_t>(predicted_.classes[static_cast<std::size_t>(at)]);
      return {code < like.classes.size() ? like.classes[code] : std::to_string(code)};
    }
    for (std::int64_t k = 0; k < predicted_.width; ++k) {
      const auto place = static_cast<std::size_t>(at * predicted_.width + k);
      all.push_back(like.task == Task::multilabel ? std::to_string(predicted_.classes[place])
                                                  : number_text(predicted_.outputs[place]));
    }
    return all;
  }
  /// The same for JSON, where numbers stay numbers.
  Value answer_value(std::int64_t at) const {
    if (model_.like().task == Task::classification) return answer(at)[0];
    Value all = Value::array();
    for (std::int64_t k = 0; k < predicted_.width; ++k) {
      const auto place = static_cast<std::size_t>(at * predicted_.width + k);
      all.push_back(model_.like().task == Task::multilabel ? Value(predicted_.classes[place]) : Value(predicted_.outputs[place]));
    }
    return predicted_.width == 1 ? all.array_items()[0] : all;
  }
  std::string row_name(std::int64_t row) const {
    if (!data_.source_names.empty()) return data_.source_names[static_cast<std::size_t>(row)];
    return data_.row_names.empty() || data_.rows() != count_ ? std::to_string(row)
                                                             : data_.row_names[static_cast<std::size_t>(row)];
  }
  std::string first_column() const { return data_.row_names.empty() ? "row" : "file"; }
  bool has_ids() const { return !data_.ids.empty(); }
  const std::string& id(std::int64_t row) const { return data_.ids[static_cast<std::size_t>(row)]; }
  std::size_t answers() const {
    return model_.like().task == Task::classification ? 1 : static_cast<std::size_t>(predicted_.width);
  }

 private:
  const Model& model_;
  const Dataset& data_;
  Prediction predicted_;
  DataNotes notes_;
  std::int64_t count_ = 0, usable_ = 0;
  std::vector<std::int64_t> place_;
};

/// The name of the column that --id copies; one that a column of the predictions has is changed.
std::string name_of_ids(const Rows& rows, const std::string& id) {
  const bool is_taken = id == rows.first_column() || id.starts_with("prediction") || id.starts_with("probabilit");
  return is_taken ? "id_" + id : id;
}

std::string as_csv(const Rows& rows, const std::string& id) {
  const std::vector<std::string> names = rows.names();
  std::string text = rows.first_column();
  if (rows.has_ids()) text += "," + safe_cell(name_of_ids(rows, id));
  for (std::size_t k = 0; k < rows.answers(); ++k) text += ",prediction" + (rows.answers() > 1 ? safe_cell("_" + names[k]) : "");
  if (rows.has_probabilities())
    for (const std::string& name : names) text += "," + safe_cell("probability_" + name);
  text += "\n";
  for (std::int64_t r = 0; r < rows.count(); ++r) {
    const std::int64_t at = rows.place(r);
    text += safe_cell(rows.row_name(r));
    if (rows.has_ids()) text += "," + safe_cell(rows.id(r));
    const std::vector<std::string> answer = at < 0 ? std::vector<std::string>(rows.answers()) : rows.answer(at);
    for (const std::string& a : answer) text += "," + (rows.predicted().classes.empty() ? a : safe_cell(a));
    for (std::int64_t k = 0; k < rows.predicted().width && rows.has_probabilities(); ++k)
      text += "," +
              (at < 0 ? "" : number_text(rows.predicted().outputs[static_cast<std::size_t>(at * rows.predicted().width + k)]));
    text += "\n";
  }
  return text;
}

std::string as_json_lines(const Rows& rows, const std::string& id) {
  std::string text;
  const std::vector<std::string> names = rows.names();
  for (std::int64_t r = 0; r < rows.count(); ++r) {
    const std::int64_t at = rows.place(r);
    Value line = Value::table();
    line[rows.first_column()] = rows.first_column() == "row" ? Value(r) : Value(rows.row_name(r));
    if (rows.has_ids()) line[name_of_ids(rows, id)] = rows.id(r);
    line["prediction"] = Value();
    if (at >= 0) {
      line["prediction"] = rows.answer_value(at);
      for (std::size_t k = 0; k < names.size() && rows.has_probabilities(); ++k)
        line["probabilities"][names[k]] = rows.predicted().outputs[static_cast<std::size_t>(at * rows.predicted().width) + k];
    }
    text += to_json(line, -1) + "\n";
  }
  return text;
}

/// NPY version 1.0, float64 [rows, width]: probabilities or values; NaN where a row could not be used.
std::string as_npy(const Rows& rows) {
  const std::int64_t width = rows.predicted().width;
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(rows.count()) + ", " +
                       std::to_string(width) + "), }";
  while ((10 + header.size() + 1) % 64) header += ' ';
  header += '\n';
  std::string text = "\x93NUMPY";
  text += '\x01';
  text += '\0';
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  text += header;
  for (std::int64_t r = 0; r < rows.count(); ++r)
    for (std::int64_t k = 0; k < width; ++k) {
      const double v = rows.place(r) < 0 ? __builtin_nan("")
                                         : rows.predicted().outputs[static_cast<std::size_t>(rows.place(r) * width + k)];
      text.append(reinterpret_cast<const char*>(&v), sizeof v);
    }
  return text;
}

std::string written(const Rows& rows, const PredictFlags& flags) {
  const std::string suffix = std::filesystem::path(flags.out).extension().string();
  if (suffix == ".npy") return as_npy(rows);
  return suffix == ".jsonl" || suffix == ".ndjson" ? as_json_lines(rows, flags.id) : as_csv(rows, flags.id);
}

/// Checks the arguments before any work is done.
void check_output(const PredictFlags& flags) {
  if (flags.common.json && flags.out.empty())
    throw Error(Trouble::usage, "predict --json", "no -o FILE", "a file for the predictions",
                "the summary takes standard output");
  const std::string suffix = std::filesystem::path(flags.out).extension().string();
  const char* known[] = {"", ".csv", ".txt", ".npy", ".jsonl", ".ndjson"};
  if (std::find(std::begin(known), std::end(known), suffix) == std::end(known))
    throw Error(Trouble::usage, "-o", "\"" + flags.out + "\"", "a name that ends in .csv, .npy or .jsonl");
  if (!flags.id.empty() && suffix == ".npy")
    throw Error(Trouble::usage, "--id", "the column \"" + flags.id + "\" in an array of numbers", "-o FILE.csv or FILE.jsonl");
  if (!flags.out.empty() && !flags.overwrite) refuse_existing(flags.out);
}

int predict(PredictFlags flags) {
  if (flags.out == "-") flags.out.clear();  // standard output, as in other programs
  check_output(flags);
  ModelSource source = find_model(flags.run);
  const Model model = Model::load(source.model_path);
  const DataPlaces places{".", registered_folders()};
  apply_data_keys(source.experiment, flags.set);
  source.experiment.data.limit.reset();
  source.experiment.data.id = flags.id;
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  const Dataset data = read_dataset(flags.data, source.experiment.data, places, &model.like(), true);
  if (!flags.id.empty() && data.ids.empty())
    throw Error(Trouble::usage, "--id", "a column of data that are no table", "rows of a table");
  waiting.emplace(flags.common.quiet, "Predicting");
  const Rows rows(model, data);
  waiting.reset();
  const std::string text = written(rows, flags);
  if (flags.out.empty()) std::fwrite(text.data(), 1, text.size(), stdout);
  else write_new(flags.out, text, flags.overwrite);
  DataNotes notes = data.notes;
  notes.insert(notes.end(), rows.notes().begin(), rows.notes().end());
  if (!flags.common.quiet) print_notes(notes);
  if (rows.unusable() && !flags.common.quiet)
    std::fprintf(stderr, "%lld of %lld rows could not be used: their predictions are empty\n",
                 static_cast<long long>(rows.unusable()), static_cast<long long>(rows.count()));
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["run"] = source.name;
    v["rows"] = rows.count();
    v["unusable_rows"] = rows.unusable();
    v["data_notes"] = notes_to_value(notes);
    v["output"] = flags.out;
    std::printf("%s\n", to_json(v).c_str());
  } else if (!flags.out.empty() && !flags.common.quiet) {
    std::fprintf(stderr, "%lld predictions in %s\n", static_cast<long long>(rows.count()), flags.out.c_str());
  }
  return exit_code::done;
}

}  // namespace

void add_predict(CLI::App& app, int& code) {
  auto flags = std::make_shared<PredictFlags>();
  CLI::App* verb = app.add_subcommand("predict",
                                      "Predicts rows with a run's model.\n\n  tend predict latest new.csv -o predictions.csv\n");
  verb->add_option("run", flags->run,
                   "a run: its folder, its name under runs/, or latest (the newest that finished); or a model file")
      ->required()
      ->type_name("RUN");
  verb->add_option("data", flags->data, "rows as they were trained on; the target may be absent")->required()->type_name("DATA");
  verb->add_option(
          "-o,--output", flags->out,
          ".csv, .npy or .jsonl; absent or -: CSV on standard output. In CSV, a name that begins with = + - or @ is written "
          "with a leading ' so that spreadsheets do not take it for a formula; .jsonl has names unchanged")
      ->type_name("FILE");
  verb->add_option("--id", flags->id, "copy this column of DATA into the predictions, such as the number or the name of each row")
      ->type_name("COLUMN");
  add_data_keys(*verb, flags->set);
  verb->add_flag("--overwrite", flags->overwrite, "replace the file of -o");
  add_threads(*verb);
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = predict(*flags); });
}

}  // namespace tend

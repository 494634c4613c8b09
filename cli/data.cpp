#include <cmath>
#include <cstdio>
#include <memory>

#include "configuration.h"
#include "tend/base/text.h"
#include "tend/data/describe.h"
#include "tend/data/table/dates.h"
#include "tend/experiment/infer_columns.h"
#include "text.h"

namespace tend {

namespace {

struct DataFlags : ConfigurationFlags {
  CommonFlags common;
  std::string synthesize, out;
  std::optional<std::int64_t> rows;
  bool overwrite = false, explain = false, all = false;
};

/// What the verb data says.
struct Look {
  Dataset data;
  std::vector<Inferred> reasons = {};
  std::string missing = {};  ///< why nothing could be inferred, or ""
};

/// What splitting the rows by time says of the parts.
void note_times_of_parts(Look& look, const Experiment& literal, const DataPlaces& places) {
  if (literal.data.time.is_null()) return;
  const std::size_t before = look.data.notes.size();
  DataSettings first = literal.data;
  if (first.folds) first.fold = first.fold.value_or(1);
  const SplitData parts = split_dataset(look.data, first, places, literal.seed);
  look.data.notes.insert(look.data.notes.end(), parts.train.notes.begin() + static_cast<std::ptrdiff_t>(before),
                         parts.train.notes.end());
}

/// Columns that are left out are read, too, so that they can be described; what was noted of them is not said, since there is a
/// reason beside each.
void read_all_columns(Look& look, const Experiment& given, const Experiment& literal, const DataPlaces& places) {
  DataSettings settings = literal.data;
  const bool is_whole = settings.ignore.empty() && settings.features.is_null() && settings.rare_values == given.data.rare_values;
  if (look.data.columns.empty() || is_whole) return;
  settings.rare_values = given.data.rare_values;
  settings.ignore.clear();
  settings.features = Value();
  DataNotes notes = std::move(look.data.notes);
  look.data = read_dataset(settings.source, settings, places);
  look.data.notes = std::move(notes);
}

Look look_at(const Experiment& given, const DataPlaces& places) {
  Look look;
  DataSettings open = given.data;
  open.common_size = true;
  if (!given.is_literal() && given.data.target.is_null()) {
    const std::vector<std::string> names = column_names(given.data.source, given.data, places);
    if (!names.empty() && usual_target(names).empty()) {
      open.target = Value::array();
      look.data = read_dataset(given.data.source, open, places, nullptr, true);
      look.missing = "no column is called target, label, class or y: --target COLUMN names the column to learn";
      return look;
    }
  }
  try {
    const Experiment literal = infer_from_source(given, places, look.data, look.reasons);
    note_times_of_parts(look, literal, places);
    read_all_columns(look, given, literal, places);
  } catch (const Error& e) {
    if (given.gives("data", "target")) throw;
    look.reasons.clear();
    look.data = read_dataset(given.data.source, open, places, nullptr, true);  // throws again if it cannot be read at all
    look.missing = e.what();
  }
  return look;
}

std::string reason_to_leave_out(const Look& look, const Experiment& given, const std::string& column) {
  for (const std::string& name : given.data.ignore)
    if (name == column) return "data.ignore names it";
  for (const Inferred& i : look.reasons)
    if (i.field == "data.ignore" && i.chosen == column) return i.reason;
  if (!given.data.features.is_array()) return "";
  for (const Value& feature : given.data.features.array_items())
    if (feature == Value(column)) return "";
  return "data.features does not name it";
}

std::string number_cell(const ColumnDescription& d, double v, bool is_place) {
  if (!std::isfinite(v)) return "";
  return d.type == "date" && is_place ? text_of_date(v) : short_number(v);
}

/// The three most frequent values: "red 60 %, white 40 %".
std::string frequent_cell(const ColumnDescription& d) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(d.frequent.size(), 3); ++i)
    text += (i ? ", " : "") + cut(d.frequent[i].first == "\n" ? "\\n" : d.frequent[i].first, 16) + " " +
            share_text(static_cast<double>(d.frequent[i].second) / static_cast<double>(d.values));
  return text;
}

void print_columns(const DataDescription& d, const Look& look, const Experiment& given, std::size_t most) {
  const bool with_blocks = shows_blocks(), has_roles = d.kind == "table";
  std::vector<std::vector<std::string>> rows{{"  " + std::string(has_roles ? "column" : "input"), "type", "missing", "distinct",
                                              "minimum", "mean", "deviation", "maximum", "values"}};
  if (has_roles) rows[0].push_back("use");
  const auto add = [&](const ColumnDescription& c, const std::string& use) {
    rows.push_back({"  " + cut(c.name, 28), c.type, std::to_string(c.missing), c.distinct ? std::to_string(c.distinct) : "",
                    number_cell(c, c.least, true), number_cell(c, c.mean, true), number_cell(c, c.deviation, false),
                    number_cell(c, c.most, true), c.frequent.empty() ? bars(c.histogram, with_blocks) : frequent_cell(c)});
    if (has_roles) rows.back().push_back(use);
  };
  for (std::size_t i = 0; i < std::min(most, d.inputs.size()); ++i) {
    const std::string reason = reason_to_leave_out(look, given, d.inputs[i].name);
    add(d.inputs[i], !reason.empty() ? "left out: " + reason : look.missing.empty() ? "input" : "");
  }
  for (const ColumnDescription& c : d.targets) add(c, "target");
  for (const std::string& line : aligned(rows, {false, false, true, true, true, true, true, true}))
    std::printf("%s\n", line.c_str());
  if (most < d.inputs.size()) std::printf("  and %zu more; --all shows them\n", d.inputs.size() - most);
}

void print_classes(const DataDescription& d) {
  if (d.targets.size() != 1 || d.targets[0].type != "class" || d.kind == "text") return;
  const ColumnDescription& target = d.targets[0];
  std::vector<std::vector<std::string>> rows{{"  class", "rows", "share"}};
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, target.frequent.size()); ++i) {
    const auto& [name, count] = target.frequent[i];
    rows.push_back({"  " + cut(name, 40), std::to_string(count),
                    share_text(static_cast<double>(count) / static_cast<double>(target.values))});
  }
  for (const std::string& line : aligned(rows, {false, true, true})) std::printf("%s\n", line.c_str());
  if (most < target.frequent.size()) std::printf("  and %zu more classes\n", target.frequent.size() - most);
}

std::string heading(const DataDescription& d, const std::string& name) {
  std::string text = name + ": " + d.kind + ", " + counted(d.rows, "row");
  if (d.kind == "text")
    return text + ", " + std::to_string(d.characters) + " characters of " + std::to_string(d.kinds_of_characters) + " kinds";
  if (d.kind == "table") return text + ", " + counted(static_cast<std::int64_t>(d.inputs.size() + d.targets.size()), "column");
  for (std::size_t i = 0; i < d.row_shape.size(); ++i) text += (i ? " x " : " of ") + std::to_string(d.row_shape[i]);
  return text + (d.kind == "images" ? " (height, width, channels)" : " (places, features)");
}

Value to_value(const Look& look, const DataDescription& d, const Experiment& given, const std::string& name) {
  Value v = Value::table();
  v["schema"] = 1;
  v["data"] = name;
  const Value described = d.to_value();
  for (const auto& [key, item] : described.items()) v[key] = item;
  for (std::size_t i = 0; i < d.inputs.size() && d.kind == "table"; ++i) {
    const std::string reason = reason_to_leave_out(look, given, d.inputs[i].name);
    Value& input = v["inputs"].array_items()[i];
    input["use"] = !reason.empty() ? Value("left out") : look.missing.empty() ? Value("input") : Value();
    if (!reason.empty()) input["reason"] = reason;
  }
  v["task"] = d.targets.empty() ? Value() : Value(name_of(look.data.task));
  v["data_notes"] = notes_to_value(look.data.notes);
  v["inferred"] = Value::array();
  for (const Inferred& i : look.reasons) {
    Value one = Value::table();
    one["key"] = i.field;
    one["value"] = i.chosen;
    one["reason"] = i.reason;
    one["otherwise"] = i.override_with;
    v["inferred"].push_back(std::move(one));
  }
  v["not_inferred"] = look.missing.empty() ? Value() : Value(look.missing);
  return v;
}

void print(const Look& look, const DataDescription& d, const Configuration& c, const DataFlags& flags) {
  std::printf("%s\n", heading(d, c.name).c_str());
  print_columns(d, look, c.experiment, flags.all ? d.inputs.size() : 40);
  print_classes(d);
  if (!look.data.companion.empty()) std::printf("A test set is beside it: %s\n", look.data.companion.c_str());
  if (!look.data.notes.empty()) std::printf("Noted while reading\n");
  for (const DataNote& note : look.data.notes) std::printf("  %s\n", note.text.c_str());
  print_inferences(stdout, look.reasons, flags.explain);
  if (!look.missing.empty()) std::printf("Nothing is inferred: %s\n", look.missing.c_str());
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// A generated data set as a table with the columns x0, x1 ... and its targets.
std::string csv_of(const Dataset& data) {
  std::string text;
  const std::int64_t inputs = data.x.row_size(), targets = data.y.row_size();
  for (std::int64_t c = 0; c < inputs; ++c) text += "x" + std::to_string(c) + ",";
  for (std::int64_t t = 0; t < targets; ++t)
    text += (t ? "," : "") + csv_cell(data.target_names[static_cast<std::size_t>(t)]) + (t + 1 == targets ? "\n" : "");
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    for (std::int64_t c = 0; c < inputs; ++c) text += number_text(Value(data.x.as<double>()[r * inputs + c])) + ",";
    for (std::int64_t t = 0; t < targets; ++t) {
      const double v = data.y.as<double>()[r * targets + t];
      const bool is_class = data.task == Task::classification;
      text += (t ? "," : "") + (is_class ? csv_cell(data.classes[static_cast<std::size_t>(v)]) : number_text(Value(v))) +
              (t + 1 == targets ? "\n" : "");
    }
  }
  return text;
}

int synthesize(const DataFlags& flags) {
  if (!flags.input.empty())
    throw Error(Trouble::usage, "data --synthesize", "data to read as well: " + flags.input, "one of the two");
  if (flags.common.json && flags.out.empty())
    throw Error(Trouble::usage, "data --synthesize --json", "no -o FILE", "a file for the table",
                "the summary takes standard output");
  Value generator = Value::table();
  generator["generate"] = flags.synthesize;
  for (const std::string& text : flags.set) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0)
      throw Error(Trouble::usage, "--set", "\"" + text + "\"", "KEY=VALUE", "for instance --set noise=0.2");
    generator[text.substr(0, equals)] = parse_toml_value(text.substr(equals + 1), "--set");
  }
  if (flags.rows) generator["rows"] = *flags.rows;
  if (flags.seed) generator["seed"] = *flags.seed;
  const Dataset data = read_dataset(generator, DataSettings{}, {});
  const std::string text = csv_of(data);
  if (flags.out.empty()) std::fwrite(text.data(), 1, text.size(), stdout);
  else write_new(flags.out, text, flags.overwrite);
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["generator"] = generator;
    v["rows"] = data.rows();
    v["output"] = flags.out;
    std::printf("%s\n", to_json(v).c_str());
  } else if (!flags.out.empty() && !flags.common.quiet) {
    std::fprintf(stderr, "%lld rows in %s\n", static_cast<long long>(data.rows()), flags.out.c_str());
  }
  return exit_code::done;
}

int describe_data(const DataFlags& flags) {
  if (!flags.synthesize.empty()) return synthesize(flags);
  const Configuration c = configure(flags);
  const DataPlaces places{c.experiment.folder, registered_folders()};
  const Look look = look_at(c.experiment, places);
  const DataDescription d = describe(look.data);
  if (flags.common.json) std::printf("%s\n", to_json(to_value(look, d, c.experiment, c.name)).c_str());
  else print(look, d, c, flags);
  return exit_code::done;
}

}  // namespace

void add_data(CLI::App& app, int& code) {
  auto flags = std::make_shared<DataFlags>();
  CLI::App* verb = app.add_subcommand("data",
                                      "Shows what is in data, and what would be inferred from them.\n\n"
                                      "  tend data adult.csv --target income\n"
                                      "  tend data --synthesize moons --rows 500 --set noise=0.2 -o moons.csv\n");
  add_configuration(*verb, *flags);
  add_threads(*verb);
  add_common(*verb, flags->common);
  verb->add_flag("--explain", flags->explain, "show how to decide otherwise what was inferred from the data");
  verb->add_flag("--all", flags->all, "show all columns, not only the first 40");
  verb->add_option("--synthesize", flags->synthesize,
                   "write a generated table: blobs, circles, moons, spiral, xor, regression, multilabel, polynomial or uniform; "
                   "--set gives settings of the generator")
      ->type_name("GENERATOR");
  verb->add_option("--rows", flags->rows, "the number of generated rows")->type_name("N");
  verb->add_option("-o,--output", flags->out, "the file of the generated table; absent: standard output")->type_name("FILE");
  verb->add_flag("--overwrite", flags->overwrite, "replace the file of -o");
  verb->callback([flags, &code] { code = describe_data(*flags); });
}

}  // namespace tend

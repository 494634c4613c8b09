#include "configuration.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include <unistd.h>

#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/experiment/defaults.h"
#include "tend/experiment/shelves.h"
#include "text.h"

extern char** environ;

namespace tend {

namespace {

namespace fs = std::filesystem;

bool is_experiment_file(const std::string& path) {
  const std::string suffix = fs::path(path).extension().string();
  return suffix == ".toml" || suffix == ".json";
}

std::string read_text(const std::string& path) {
  std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "an experiment file or data");
  return text->starts_with("\xEF\xBB\xBF") ? text->substr(3) : *std::move(text);
}

void note_origins(const Value& v, const std::string& path, const std::string& origin,
                  std::map<std::string, std::string>& origins) {
  if (v.is_table() && !v.items().empty() && std::count(path.begin(), path.end(), '.') < 1)
    for (const auto& [key, item] : v.items()) note_origins(item, path.empty() ? key : path + "." + key, origin, origins);
  else origins[path] = origin;
}

/// Paths in a file are relative to the file, paths in flags to the working folder.
Value with_whole_path(const std::string& key, const Value& v) {
  static const std::set<std::string> paths{"data.source", "data.validation", "data.test", "data.labels"};
  if (paths.contains(key) && v.is_string() && fs::exists(v.string())) return fs::absolute(v.string()).string();
  return v;
}

class Assembly {
 public:
  Assembly(Value table, std::map<std::string, std::string>& origins) : table_(std::move(table)), origins_(origins) {}
  void set(const std::string& path, const Value& v, const std::string& origin) {
    set_path(table_, path, path == "update.optimizer" ? with_given_rate(v) : with_whole_path(path, v));
    const std::size_t dot = path.find('.', path.find('.') + 1);
    origins_[path.substr(0, dot)] = origin;
  }
  Value& table() { return table_; }

 private:
  /// A change of the optimizer's name keeps a given learning rate; its other settings belong to the optimizer before.
  Value with_given_rate(const Value& v) const {
    const Value *update = table_.find("update"), *before = update ? update->find("optimizer") : nullptr;
    const Value* rate = before ? before->find("learning_rate") : nullptr;
    if (!v.is_string() || !rate) return v;
    Value optimizer = Value::table();
    optimizer["name"] = v;
    optimizer["learning_rate"] = *rate;
    return optimizer;
  }

  Value table_;
  std::map<std::string, std::string>& origins_;
};

void apply_environment(Assembly& assembly) {
  std::vector<std::string> names;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    if (name.starts_with("TEND_") && (name.find("__") != std::string::npos || name == "TEND_SEED")) names.push_back(text);
  }
  std::sort(names.begin(), names.end());
  for (const std::string& text : names) {
    const std::string name = text.substr(0, text.find('=')), value = text.substr(text.find('=') + 1);
    std::string path = name.substr(5);
    for (std::size_t at; (at = path.find("__")) != std::string::npos;) path.replace(at, 2, ".");
    assembly.set(lower_case(path), parse_toml_value(value, name), name);
  }
}

std::string without_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// The path and the value of "PATH=VALUE".
std::pair<std::string, Value> assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string path = without_blanks(text.substr(0, equals));
  if (equals == std::string::npos || path.empty())
    throw Error(Trouble::usage, "--set", "\"" + text + "\"", "PATH=VALUE", "for instance --set train.epochs=20");
  return {path, parse_toml_value(without_blanks(text.substr(equals + 1)), "--set " + path)};
}

/// --set comes first, so that --set update.optimizer=sgd --learning-rate 0.1 sets both; where --set and a short option set the
/// same key, --set wins, so that a change that a check prints can be added to any command.
void apply_flags(Assembly& assembly, const ConfigurationFlags& f) {
  std::set<std::string> set;
  for (const std::string& text : f.set) {
    const auto [path, value] = assignment(text);
    assembly.set(path, value, "--set");
    set.insert(path);
  }
  const auto set_short = [&](const char* path, const Value& v, const char* flag) {
    if (!set.contains(path)) assembly.set(path, v, flag);
  };
  if (!f.target.empty()) {
    Value names = Value::array();
    for (std::size_t at = 0, comma; at <= f.target.size(); at = comma + 1) {
      comma = std::min(f.target.find(',', at), f.target.size());
      names.push_back(f.target.substr(at, comma - at));
    }
    set_short("data.target", names.array_items().size() == 1 ? names.array_items()[0] : names, "--target");
  }
  if (!f.task.empty()) set_short("data.task", f.task, "--task");
  if (!f.ignore.empty()) set_short("data.ignore", write_value(f.ignore), "--ignore");
  if (f.epochs) set_short("train.epochs", *f.epochs, "--epochs");
  if (f.batch_size) set_short("train.batch_size", *f.batch_size, "--batch-size");
  if (f.learning_rate) set_short("update.optimizer.learning_rate", *f.learning_rate, "--learning-rate");
  if (f.seed) set_short("seed", *f.seed, "--seed");
  if (!f.policy.empty()) set_short("watch.policy", f.policy, "--policy");
  if (!f.device.empty()) set_short("train.device", f.device, "--device");
}

}  // namespace

void add_configuration(CLI::App& verb, ConfigurationFlags& f) {
  verb.add_option("input", f.input,
                  "an experiment file (.toml, .json), or data: a table, arrays, a folder or tar of images, a registered name")
      ->type_name("EXPERIMENT or DATA");
  verb.add_option("--set", f.set, "PATH=VALUE: set any key of the experiment file; VALUE is TOML, a bare word is a string")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--target", f.target, "the column to predict (several: a,b)")->type_name("COLUMN");
  verb.add_option("--task", f.task, "classification, regression or multilabel")->type_name("TASK");
  verb.add_option("--ignore", f.ignore, "columns that are not used")->type_name("COLUMN")->delimiter(',');
  verb.add_option("--epochs", f.epochs, "passes over the training rows")->type_name("N");
  verb.add_option("--batch-size", f.batch_size, "rows in each step")->type_name("N");
  verb.add_option("--learning-rate", f.learning_rate, "the learning rate of the optimizer")->type_name("RATE");
  verb.add_option("--seed", f.seed, "the seed of all random numbers")->type_name("N");
  verb.add_option("--policy", f.policy, "what is done about findings: observe, advise, repair or stop")->type_name("POLICY");
  verb.add_option("--device", f.device, "auto or cpu")->type_name("DEVICE");
}

void add_data_keys(CLI::App& verb, std::vector<std::string>& set) {
  verb.add_option("--set", set,
                  "data.KEY=VALUE: read DATA with another value of a key of [data] than the run, such as data.decimal")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

void apply_data_keys(Experiment& experiment, const std::vector<std::string>& set) {
  if (set.empty()) return;
  Value table = Value::table();
  table["data"] = *experiment.to_value().find("data");
  for (const std::string& text : set) {
    const auto [path, value] = assignment(text);
    if (!path.starts_with("data."))
      throw Error(Trouble::usage, "--set", path, "a key of [data]: it says how the rows are read", "the model stays as it is");
    set_path(table, path, value);
  }
  DataSettings given = Experiment::from_value(table, "--set").data;
  const DataSettings& of_run = experiment.data;
  given.one_hot_is_classes = of_run.one_hot_is_classes;
  given.height = of_run.height, given.width = of_run.width, given.common_size = of_run.common_size;
  experiment.data = std::move(given);
}

Configuration configure(const ConfigurationFlags& flags) {
  Configuration c;
  Value table = Value::table();
  std::string folder = ".";
  if (flags.given) {
    table = *flags.given;
    c.name = flags.input;
    note_origins(table, "", "study", c.origins);
  } else if (is_experiment_file(flags.input)) {
    const std::string text = read_text(flags.input);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && text[first] == '[' && flags.input.ends_with(".json"))
      throw Error(
          Trouble::usage, flags.input, "a JSON array", "an experiment, which is an object, or data",
          "rows of data are read as JSON lines, one object on each line: jq -c '.[]' " + flags.input + " > " + flags.input + "l");
    table = first != std::string::npos && text[first] == '{' ? parse_json(text, flags.input) : parse_toml(text, flags.input);
    folder = fs::path(flags.input).parent_path().string();
    c.name = fs::path(flags.input).stem().string();
    note_origins(table, "", "file", c.origins);
  } else {
    const std::string source = flags.input.empty() ? std::string(defaults.data.source) : flags.input;
    table["data"]["source"] = source;
    c.name = fs::path(source).filename().string();
    c.origins["data.source"] = flags.input.empty() ? "default" : "command line";
  }
  const bool is_open = !table.find("network");
  Assembly assembly(std::move(table), c.origins);
  apply_environment(assembly);
  apply_flags(assembly, flags);
  c.experiment = Experiment::from_value(assembly.table(), flags.input.empty() ? std::string(defaults.data.source) : flags.input,
                                        is_open, &builtin_shelves());
  c.experiment.folder = folder.empty() ? "." : folder;
  if (c.experiment.data.source.is_null())
    throw Error(Trouble::usage, flags.input, "no data.source", "data to train on", "[data] source = \"...\"");
  return c;
}

void print_inferences(std::FILE* out, const std::vector<Inferred>& reasons, bool explains) {
  if (reasons.empty()) return;
  std::fprintf(out, "%s%s\n", coloured("Inferred from the data", "1").c_str(),
               explains ? "" : " (--explain shows how to decide otherwise)");
  std::vector<std::vector<std::string>> rows;
  for (const Inferred& i : reasons) rows.push_back({"  " + i.field, i.chosen, i.reason});
  // On a terminal a line stays within its width; --explain and files have whole reasons.
  const std::vector<std::string> lines = aligned(rows, {}, ::isatty(::fileno(out)) && !explains ? 56 : 200);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::fprintf(out, "%s\n", lines[i].c_str());
    if (explains && !reasons[i].override_with.empty())
      std::fprintf(out, "      to decide otherwise: %s\n", reasons[i].override_with.c_str());
  }
}

Value values_with_origins(const Configuration& c, const Experiment& complete, const std::vector<Inferred>& reasons) {
  Value all = Value::table();
  const auto add = [&](const std::string& path, const Value& v) {
    const bool was_inferred = std::any_of(reasons.begin(), reasons.end(), [&](const Inferred& i) { return i.field == path; });
    const auto origin = c.origins.find(path);
    all[path]["value"] = v;
    const std::string given = origin != c.origins.end() ? origin->second : "";
    all[path]["origin"] = was_inferred ? (given.empty() ? "inferred" : "inferred, " + given) : given.empty() ? "default" : given;
  };
  const Value table = complete.to_value();
  for (const auto& [section, v] : table.items())
    if (v.is_table() && section != "tune")
      for (const auto& [key, item] : v.items()) add(section + "." + key, item);
    else add(section, v);
  return all;
}

void make_paths_absolute(Experiment& e) {
  const auto absolute = [&](const std::string& path) {
    const auto there = std::filesystem::path(e.folder) / path;
    return std::filesystem::exists(there) ? std::filesystem::absolute(there).lexically_normal().string() : path;
  };
  for (Value* v : {&e.data.source, &e.data.validation, &e.data.test})
    if (v->is_string()) *v = absolute(v->string());
  if (!e.data.labels.empty()) e.data.labels = absolute(e.data.labels);
}

Dataset read_source_of_run(const Experiment& experiment, const DataPlaces& places, const Dataset& like) {
  DataSettings settings = experiment.data;
  settings.one_hot_is_classes = like.task != Task::multilabel;
  Dataset data = read_dataset(settings.source, settings, places);
  if (data.task != like.task || data.classes != like.classes)
    throw Error(Trouble::data, "data.source", "targets of other classes, or of another kind, than those of the run",
                like.classes.empty() ? std::string("the data of the run") : "the classes " + listed(like.classes, ", ", 8),
                "measure a file with the same classes: tend evaluate RUN DATA");
  return data;
}

}  // namespace tend

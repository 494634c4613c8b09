#include "tend/record/run_directory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/record/column_effects.h"
#include "tend/record/run_facts.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

constexpr const char* run_files[] = {"experiment.toml", "summary.json",  "metrics.csv", "model.safetensors", "record.db",
                                     "record.db-wal",   "record.db-shm", "checkpoints", "repaired.toml",     "report.html"};

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw Error(Trouble::write, path, std::string("it cannot be written: ") + std::strerror(error), "a folder that can be written",
              "choose another with --run DIR");
}

/// Writes `text` and removes from it what was written.
void write_all(int file, const std::string& path, std::string& text) {
  while (!text.empty()) {
    const ssize_t n = ::write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_write(path, errno);
    text.erase(0, static_cast<std::size_t>(n));
  }
}

std::string name_by_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", &parts);
  return text;
}

Value metrics_value(const Metrics& metrics) {
  Value table = Value::table();
  for (const auto& [name, value] : metrics) table[name] = value;
  return table;
}

Value members_value(const std::vector<MemberReport>& members) {
  Value all = Value::array();
  for (const MemberReport& m : members) {
    Value v = Value::table();
    v["number"] = m.number;
    v["learning_rate"] = m.learning_rate;
    v["weight_decay"] = m.weight_decay;
    v["begun_step"] = m.begun_step;
    v["loss"] = std::isfinite(m.loss) ? Value(m.loss) : Value();
    v["share"] = m.share;
    if (!m.layers.is_null()) v["layers"] = m.layers;
    all.push_back(std::move(v));
  }
  return all;
}

Value value_of(const Summary& s, const std::string& path, const RunDirectory::Facts& facts) {
  Value v = Value::table();
  v["schema"] = 1;
  v["run"] = path;
  v["status"] = s.status;
  v["stop_reason"] = s.stop_reason;
  v["epochs"] = s.epochs;
  v["steps"] = s.steps;
  v["seconds"] = s.seconds;
  v["examples_per_second"] = s.examples_per_second;
  v["median_step_seconds"] = s.median_step_seconds;
  v["p99_step_seconds"] = s.p99_step_seconds;
  v["median_loading_seconds"] = s.median_loading_seconds;
  v["threads"] = s.threads;
  v["peak_memory_bytes"] = s.peak_memory_bytes;
  v["parameters"] = s.parameters;
  v["first_nan_step"] = s.first_nan_step ? Value(*s.first_nan_step) : Value();
  v["rows"]["train"] = s.train_rows;
  v["rows"]["validation"] = s.validation_rows;
  v["rows"]["test"] = s.test_rows;
  v["metrics"]["train"] = metrics_value(s.train);
  v["metrics"]["validation"] = metrics_value(s.validation);
  v["metrics"]["test"] = metrics_value(s.test);
  if (s.temperature != 1) {
    v["calibration"]["temperature"] = s.temperature;
    v["calibration"]["validation_error_before"] = s.calibration_error_before;
    v["calibration"]["validation_error"] = metric_of(s.validation, "calibration_error");
  }
  if (!s.members.empty()) v["members"] = members_value(s.members);
  v["baseline"]["predicts"] = s.baseline_text;
  v["baseline"]["metrics"] = metrics_value(s.baseline);
  if (!s.linear.empty()) v["baseline"]["linear_model"] = metrics_value(s.linear);
  const std::string metric = watched_metric_of(facts.metric, s.validation_rows > 0);
  v["data"] = facts.data;
  v["metric"] = metric;
  v["best"]["epoch"] = s.best_epoch;
  v["best"]["value"] = value_at(metric, s.history, s.best_epoch);
  v["best"]["validation"] = metrics_value(s.best_validation);
  v["data_notes"] = notes_to_value(s.data_notes);
  Value lists = Value::table();
  lists["checks"] = facts.checks;
  lists["findings"] = facts.findings;
  lists["repairs"] = facts.repairs;
  v["alarms"] = alarms_in(lists);
  for (auto& [name, list] : lists.items()) v[name] = std::move(list);  // last: lists of runs need not read these
  if (s.columns) {
    v["importance"] = importance_to_value(s.columns->importance);
    v["importance"]["part"] = s.columns->part;
    v["dependence"] = dependence_to_value(s.columns->dependence);
  }
  return v;
}

/// The content of a run's summary.json; null if no readable file exists.
Value summary_of(const std::string& run) {
  const std::string text = read_whole(run + "/summary.json").value_or("");
  try {
    return text.empty() ? Value() : parse_json(text, run + "/summary.json");
  } catch (const Error&) {  // damaged: as if the run had none
    return {};
  }
}

std::string status_of(const std::string& run) {
  const Value summary = summary_of(run);
  const Value* status = summary.find("status");
  return status && status->is_string() ? status->string() : "";
}

/// The nearest folder above a path that exists.
fs::path existing_above(const std::string& path) {
  std::error_code error;
  fs::path above = fs::absolute(path, error).lexically_normal();
  do above = above.parent_path();
  while (!fs::exists(above, error) && above.has_relative_path());
  return above;
}

/// Flushes the folders from above `path` up to `last`, so that a power failure does not take the names of new ones away.
void flush_names(const std::string& path, const fs::path& last) {
  fs::path above = fs::absolute(path).lexically_normal();
  do {
    above = above.parent_path();
    try {
      flush_folder(above.string());
    } catch (const Error&) {  // it may not be opened: then it cannot be flushed
    }
  } while (above != last && above.has_relative_path());
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

}  // namespace

std::string make_folder_by_time() {
  std::error_code error;
  const std::string name = "runs/" + name_by_time();
  fs::create_directories("runs", error);
  std::string path = name;
  for (int n = 2; !error && !fs::create_directory(path, error) && !error; ++n) path = name + "-" + std::to_string(n);
  if (error) cannot_write(path, error.value());
  return path;
}

RunDirectory::RunDirectory(std::string path, bool may_replace) : path_(std::move(path)) {
  std::error_code error;
  existing_ = existing_above(path_.empty() ? "runs/new" : path_).string();
  if (path_.empty()) {
    path_ = make_folder_by_time();
    is_new_ = true;
  } else {
    while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
    is_new_ = fs::create_directories(path_, error);
    if (!error && !fs::is_directory(path_)) error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) cannot_write(path_, error.value());
  lock();
  if (!may_replace && fs::exists(path_ + "/experiment.toml")) {
    ::unlink((path_ + "/.lock").c_str());
    ::close(lock_);
    throw Error(Trouble::usage, "--run", "the folder " + path_ + " holds a run" + in_brackets(status_of(path_)),
                "a folder without one", "add --overwrite to replace that run, or choose another folder");
  }
}

RunDirectory::RunDirectory(const std::string& path, Existing) : path_(path) {
  if (!fs::exists(path_ + "/experiment.toml"))
    throw Error(Trouble::missing, path_, "no run there", "the folder of a run, with experiment.toml");
  lock();
}

/// Takes the lock of the folder, which the kernel gives back whatever happens to the process; writes into it who holds it.
void RunDirectory::lock() {
  const std::string path = path_ + "/.lock";
  for (int tries = 0;; ++tries) {
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0) cannot_write(path_, errno);
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
      char holder[64] = {};
      if (::read(lock_, holder, sizeof holder - 1) < 0) holder[0] = 0;
      ::close(lock_);
      if (tries < 20) {  // is_running() of another process holds it for some microseconds
        ::usleep(2000);
        continue;
      }
      throw Error(Trouble::locked, path_, "another process writes this run" + in_brackets(holder), "a run of its own",
                  "wait for it, or choose another with --run DIR");
    }
    struct stat held {
    }, named{};
    // The process that held it may have removed the file between opening and locking: then another one may hold the new file.
    if (::fstat(lock_, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino) break;
    ::close(lock_);
  }
  std::string who = "process " + std::to_string(::getpid());
  if (::ftruncate(lock_, 0) == 0 && ::write(lock_, who.data(), who.size()) < 0) who.clear();  // only for messages
}

RunDirectory::~RunDirectory() {
  if (metrics_ >= 0) ::close(metrics_);
  if (std::error_code error; is_new_ && !fs::exists(path_ + "/experiment.toml", error)) {  // the run never began
    for (const char* file : run_files) fs::remove_all(path_ + "/" + file, error);
  }
  if (lock_ >= 0) {
    ::unlink((path_ + "/.lock").c_str());
    ::close(lock_);
  }
  if (is_new_) ::rmdir(path_.c_str());  // rmdir removes only empty directories
}

void RunDirectory::clear() {
  for (const char* file : run_files) {
    std::error_code error;
    if (fs::remove_all(path_ + "/" + file, error); error) cannot_write(path_ + "/" + file, error.value());
  }
}

void RunDirectory::write_experiment(const Experiment& experiment) {
  facts_.data = data_name(experiment), facts_.metric = experiment.train.metric;
  write_whole(path_ + "/experiment.toml", to_toml(experiment.to_value()));
  if (is_new_) flush_names(path_, existing_);
}

void RunDirectory::write_repaired(const Experiment& experiment) {
  Experiment plain = experiment;
  if (plain.watch.policy == "repair") plain.watch.policy = "advise";  // it is repaired
  write_whole(path_ + "/repaired.toml", to_toml(plain.to_value()));
}
void RunDirectory::go_on(const Experiment& experiment, const std::vector<EpochReport>& history) {
  facts_.data = data_name(experiment), facts_.metric = experiment.train.metric;
  write_whole(path_ + "/experiment.toml", to_toml(experiment.to_value()));
  keep_epochs(history);
  std::error_code error;
  if (fs::remove(path_ + "/summary.json", error); error) cannot_write(path_ + "/summary.json", error.value());
}
void RunDirectory::keep_epochs(const std::vector<EpochReport>& history) {
  if (metrics_ >= 0) ::close(metrics_), metrics_ = -1;
  unwritten_.clear();
  has_header_ = false;
  for (const EpochReport& report : history) add_line(report);
  write_whole(path_ + "/metrics.csv", unwritten_);
  unwritten_.clear();
  metrics_ = ::open((path_ + "/metrics.csv").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (metrics_ < 0) cannot_write(path_ + "/metrics.csv", errno);
  has_header_ = !history.empty();
}

/// Adds a line to what is to be written, the header before the first one.
void RunDirectory::add_line(const EpochReport& r) {
  if (!has_header_) {
    unwritten_ = "epoch,step,seconds,learning_rate,batch_loss";
    for (const auto& [name, value] : r.train) unwritten_ += ",train_" + name;
    for (const auto& [name, value] : r.validation) unwritten_ += ",validation_" + name;
    unwritten_ += "\n";
    has_header_ = true;
  }
  unwritten_ += std::to_string(r.epoch) + "," + std::to_string(r.steps);
  const auto add = [&](double v) { unwritten_ += "," + number_text(v); };
  add(r.seconds), add(r.learning_rate), add(r.batch_loss);
  for (const auto& [name, value] : r.train) add(value);
  for (const auto& [name, value] : r.validation) add(value);
  unwritten_ += "\n";
}

bool RunDirectory::write_epoch(const EpochReport& r) {
  const std::string path = path_ + "/metrics.csv";
  add_line(r);
  try {
    if (metrics_ < 0) metrics_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (metrics_ < 0) cannot_write(path, errno);
    write_all(metrics_, path, unwritten_);
  } catch (const Error& e) {
    trouble_ = e.what();
    return false;
  }
  return true;
}

Value RunDirectory::summary_value(const Summary& summary) const { return value_of(summary, path_, facts_); }

void RunDirectory::write_summary(const Summary& summary) {
  if (metrics_ >= 0) {
    write_all(metrics_, path_ + "/metrics.csv", unwritten_);
    flush_file(metrics_, path_ + "/metrics.csv");  // the record will have its SHA-256
  }
  write_whole(path_ + "/summary.json", to_json(summary_value(summary)) + "\n");
}

namespace {

/// The runs directly inside a folder, as those of --seeds and of folds; sorted.
std::vector<std::string> runs_in(const std::string& folder) {
  std::vector<std::string> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (fs::exists(entry.path() / "experiment.toml")) all.push_back(entry.path().string());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

FoundRun find_run(const std::string& run, bool must_have_finished) {
  const auto is_run = [](const fs::path& p) { return fs::exists(p / "experiment.toml"); };
  for (const std::string& path : {run, "runs/" + run})
    if (is_run(path)) return {path, ""};
  for (const std::string& path : {run, "runs/" + run})
    if (const std::vector<std::string> inside = runs_in(path); inside.size() == 1 && run != "latest")
      return {inside[0], run + " is a folder of one run: " + inside[0]};
    else if (!inside.empty() && run != "latest")
      throw Error(Trouble::missing, run, "a folder of " + counted(static_cast<std::int64_t>(inside.size()), "run"), "one run",
                  "name one of them: " + listed(inside, ", ", 5));
  std::vector<std::string> all, passed;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("runs", error))
    if (is_run(entry.path())) all.push_back(entry.path().string());
  const auto age = [](const std::string& p) { return fs::last_write_time(p + "/experiment.toml"); };
  std::sort(all.begin(), all.end(),
            [&](const std::string& a, const std::string& b) { return std::pair(age(a), a) > std::pair(age(b), b); });
  if (run == "latest" && !must_have_finished && !all.empty()) {
    for (const std::string& path : all)
      if (const std::string status = status_of(path); status.empty() || status == "interrupted") return {path, ""};
    return {all[0], ""};
  }
  for (const std::string& path : all) {
    const std::string status = status_of(path);
    if (run == "latest" && (status == "completed" || status == "stopped") && fs::exists(path + "/model.safetensors"))
      return {path, passed.empty() ? "" : "latest is " + path + ": newer runs did not finish: " + listed(passed)};
    passed.push_back(path + in_brackets(status.empty() ? "no summary" : status));
  }
  throw Error(Trouble::missing, run, run == "latest" && !all.empty() ? "no run under runs/ has finished" : "no run there",
              "a run's folder, its name under runs/, or latest",
              passed.empty() ? "there are no runs under runs/ yet" : "runs, the newest first: " + listed(passed, ", ", 5));
}

std::string caution_about(const std::string& run) {
  if (status_of(run) != "diverged") return "";
  const Value summary = summary_of(run);
  const Value* nan = summary.find("first_nan_step");
  return "the run diverged; its model is " +
         std::string(nan && !nan->is_null() ? "the last state whose numbers were finite, and it may not have learned anything"
                                            : "a state whose loss is far above the loss at the start");
}

}  // namespace tend

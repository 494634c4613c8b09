#include "tend/record/run_list.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tend/base/executor.h"
#include "tend/record/record.h"
#include "tend/record/run_directory.h"
#include "tend/record/run_facts.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

bool holds_run(const std::string& path) { return ::access((path + "/experiment.toml").c_str(), F_OK) == 0; }

double time_of(const std::string& file) {
  struct stat found {};
  return ::stat(file.c_str(), &found) == 0
             ? static_cast<double>(found.st_mtim.tv_sec) + 1e-9 * static_cast<double>(found.st_mtim.tv_nsec)
             : 0;
}

std::string text_of(const Value* v) { return v && v->is_string() ? v->string() : ""; }
double number_of(const Value* v) { return v && v->is_number() ? v->number() : std::numeric_limits<double>::quiet_NaN(); }
std::int64_t integer_of(const Value* v) { return v && v->is_integer() ? v->integer() : 0; }

/// The first bytes of a file, or all of it.
std::string start_of(const std::string& path, std::size_t most) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::string text;
  for (ssize_t n = 1; n > 0 && text.size() < most;) {
    const std::size_t had = text.size();
    text.resize(had + std::min<std::size_t>(most - had, 1 << 16));
    n = ::read(file, text.data() + had, text.size() - had);
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
  ::close(file);
  return text;
}

/// The summary without its checks, which are most of its text: RunDirectory writes them last, and their names before.
Value summary_in_short(const std::string& path) {
  constexpr std::size_t usual_start = 4096;
  const std::string file = path + "/summary.json";
  for (const std::size_t most : {usual_start, std::numeric_limits<std::size_t>::max()}) {
    std::string text = start_of(file, most);
    if (text.empty()) return {};
    const std::size_t checks = text.find("\n \"checks\": ");
    if (checks != std::string::npos && text.find("\n \"alarms\": ") < checks) {
      text.resize(text.rfind(',', checks));
      return parse_json(text += "}", file);
    }
    if (text.size() < most) return parse_json(text, file);
  }
  return {};
}

void take_summary(ListedRun& run, const Value& summary) {
  run.state = text_of(summary.find("status"));
  run.epochs = integer_of(summary.find("epochs"));
  run.steps = integer_of(summary.find("steps"));
  run.seconds = number_of(summary.find("seconds"));
  if (const Value* metrics = summary.find("metrics")) run.metrics = *metrics;
  run.data = text_of(summary.find("data"));
  run.metric = text_of(summary.find("metric"));
  if (const Value* best = summary.find("best")) {
    run.best = number_of(best->find("value"));
    run.best_epoch = integer_of(best->find("epoch"));
  }
  const Value* alarms = summary.find("alarms");
  run.alarms = names_of(alarms ? *alarms : alarms_in(summary));
}

/// For a run without a summary: what its experiment and its record say.
void take_record(ListedRun& run) {
  run.state = is_running(run.path) ? "running" : "killed";
  const Experiment experiment = Experiment::read(run.path + "/experiment.toml");
  run.data = data_name(experiment);
  run.metric = watched_metric_of(experiment.train.metric, true);
  if (!fs::exists(Record::path_in(run.path))) return;
  const Record record(Record::path_in(run.path), Record::Mode::read);
  if (const Value state = record.about("state"); run.state == "killed" && state.is_string() && state.string() != "running")
    run.state = state.string();  // it ended, but its summary could not be written
  const std::vector<EpochReport> epochs = record.epochs();
  run.steps = record.last_step();
  run.epochs = static_cast<std::int64_t>(epochs.size());
  for (const EpochReport& report : epochs) {
    run.seconds = report.seconds;
    if (report.is_best || epochs.size() == 1) run.best_epoch = report.epoch;
  }
  run.best = value_at(run.metric, epochs, run.best_epoch);
  Value checks = Value::table();
  checks["checks"] = record.about("checks");
  run.alarms = names_of(alarms_in(checks));
}

}  // namespace

bool is_running(const std::string& path) {
  // A process that takes the lock in the same moment tries again for a while: RunDirectory.
  const int file = ::open((path + "/.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return is_held;
}

ListedRun read_run(const std::string& path, const std::string& name) {
  ListedRun run;
  run.path = path, run.name = name;
  run.started = time_of(path + "/experiment.toml");
  try {
    const Value summary = summary_in_short(path);
    if (summary.is_null()) {
      take_record(run);
      return run;
    }
    take_summary(run, summary);
    if (!run.metric.empty()) return run;
    const Experiment experiment = Experiment::read(path + "/experiment.toml");  // an earlier version wrote the summary
    run.data = data_name(experiment);
    const Value* validation = run.metrics.find("validation");
    run.metric = watched_metric_of(experiment.train.metric, validation && validation->is_table() && !validation->items().empty());
    if (const Value* best = summary.find("best"))
      if (const Value* values = best->find("validation"))
        run.best = number_of(values->find(run.metric.substr(run.metric.find('.') + 1)));
  } catch (const Error& e) {
    run.state = "damaged";
    run.trouble = e.what();
  }
  return run;
}

namespace {

/// Fills runs that have a path and a name, with several threads.
void read_all(std::vector<ListedRun>& runs) {
  constexpr std::size_t runs_of_a_thread = 200;
  const auto pool = make_pool(std::clamp(static_cast<int>(runs.size() / runs_of_a_thread), 1, usual_threads()));
  run_blocks(*pool, static_cast<std::int64_t>(runs.size()), [&](std::int64_t i) {
    ListedRun& run = runs[static_cast<std::size_t>(i)];
    run = read_run(run.path, run.name);
  });
}

}  // namespace

std::vector<ListedRun> list_runs(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Error(Trouble::missing, folder, "no such folder", "a folder that holds runs", "tend train makes runs in runs/");
  std::vector<ListedRun> all;
  const auto add_below = [&](const std::string& path, const std::string& before, const auto& again) -> void {
    for (const auto& entry : fs::directory_iterator(path, error)) {
      const std::string name = entry.path().filename().string();
      if (name[0] == '.' || !entry.is_directory(error)) continue;
      if (holds_run(entry.path().string())) all.emplace_back().path = entry.path().string(), all.back().name = before + name;
      else if (before.empty()) again(entry.path().string(), name + "/", again);
    }
  };
  add_below(folder, "", add_below);
  read_all(all);
  std::sort(all.begin(), all.end(),
            [](const ListedRun& a, const ListedRun& b) { return std::pair(a.started, a.name) > std::pair(b.started, b.name); });
  return all;
}

std::vector<std::string> remove_run(const std::string& path) {
  {
    RunDirectory directory = RunDirectory::of_run(path);
    directory.clear();
  }
  std::vector<std::string> others;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) others.push_back(entry.path().filename().string());
  if (others.empty() && ::rmdir(path.c_str()) != 0)
    throw Error(Trouble::write, path, "the empty folder cannot be removed", "a folder above it that can be written");
  std::sort(others.begin(), others.end());
  return others;
}

}  // namespace tend

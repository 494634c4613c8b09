#include "runs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>

#include <unistd.h>

#include "progress.h"
#include "run_filter.h"
#include "tend/base/text.h"
#include "tend/record/run_directory.h"
#include "text.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

struct RunsFlags {
  CommonFlags common;
  std::vector<std::string> words, filters;
  std::string sort = "age";
  std::int64_t keep = -1;
  bool deletes = false, yes = false;
};

bool holds_experiment(const std::string& path) { return fs::exists(path + "/experiment.toml"); }

/// The runs of a word: a run, by its path or its name under runs/, or all in a folder.
std::vector<ListedRun> runs_of(const std::string& word) {
  std::string path = word;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  for (const std::string& there : {path, "runs/" + path}) {
    if (holds_experiment(there)) return {read_run(there, there)};
    if (fs::is_directory(there)) {
      std::vector<ListedRun> all = list_runs(there);
      for (ListedRun& run : all) run.name = there + "/" + run.name;
      return all;
    }
  }
  const std::string found = find_run(word, false).path;
  return {read_run(found, found)};
}

Value value_of_listed(const ListedRun& run, double now) {
  Value v = Value::table();
  v["run"] = run.path;
  v["name"] = run.name;
  v["state"] = run.state;
  v["data"] = run.data;
  v["metric"] = run.metric;
  v["best"] = run.best;
  v["best_epoch"] = run.best_epoch;
  v["epochs"] = run.epochs;
  v["steps"] = run.steps;
  v["seconds"] = run.seconds;
  v["started"] = run.started;
  v["age_seconds"] = now - run.started;
  v["alarms"] = Value::array();
  for (const std::string& alarm : run.alarms) v["alarms"].push_back(alarm);
  v["metrics"] = run.metrics.is_null() ? Value::table() : run.metrics;
  if (!run.trouble.empty()) v["trouble"] = run.trouble;
  return v;
}

void print_list(const std::vector<ListedRun>& runs, double now) {
  if (runs.empty()) {
    std::printf("no runs\n");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"run", "state", "metric", "best", "epochs", "time", "age", "data", "alarms"}};
  for (const ListedRun& run : runs) {
    const std::string metric = run.metric.substr(run.metric.find('.') + 1);
    const std::string odd = run.trouble.empty() ? listed(run.alarms, ", ", 3) : run.trouble;
    rows.push_back({run.name, run.state, run.metric, run.metric.empty() ? "" : metric_text(metric, run.best),
                    std::to_string(run.epochs), std::isnan(run.seconds) ? "" : duration_text(run.seconds),
                    duration_text(now - run.started), run.data, odd});
  }
  for (const std::string& line : aligned(rows, {false, false, false, true, true, true, true}, 60))
    std::printf("%s\n", line.c_str());
}

/// The question on a terminal; otherwise --yes is needed.
bool is_confirmed(const RunsFlags& flags, const std::string& what) {
  if (flags.yes) return true;
  if (!::isatty(STDIN_FILENO) || !::isatty(STDERR_FILENO))
    throw Error(Trouble::usage, "tend runs", what + " needs a confirmation", "--yes, where no terminal can be asked");
  std::fprintf(stderr, "%s? [y/N] ", what.c_str());
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "yes");
}

int remove_runs(const RunsFlags& flags, const std::vector<ListedRun>& runs) {
  std::vector<std::string> names;
  for (const ListedRun& run : runs) {
    names.push_back(run.path);
    if (is_running(run.path))
      throw Error(Trouble::locked, run.path, "a process trains this run", "a run that no process holds", "nothing was deleted");
  }
  Value v = Value::table();
  v["schema"] = 1;
  v["deleted"] = Value::array();
  if (!runs.empty() &&
      is_confirmed(flags, "delete " + counted(static_cast<std::int64_t>(runs.size()), "run") + ": " + listed(names)))
    for (const std::string& path : names) {
      const std::vector<std::string> others = remove_run(path);
      v["deleted"].push_back(path);
      if (!flags.common.json && !flags.common.quiet)
        std::printf("deleted %s%s\n", path.c_str(),
                    others.empty() ? "" : ("; its folder stays, with files of others: " + listed(others, ", ", 5)).c_str());
      // The folder of seeds or folds, when its last run has gone.
      if (const std::string above = fs::path(path).parent_path().string(); !above.empty() && fs::path(above).filename() != "runs")
        for (const char* kind : {"seed-", "fold-"})
          if (fs::path(path).filename().string().starts_with(kind)) ::rmdir(above.c_str());
    }
  if (flags.common.json) std::printf("%s\n", to_json(v).c_str());
  else if (v.find("deleted")->array_items().empty() && !flags.common.quiet) std::printf("nothing was deleted\n");
  return exit_code::done;
}

/// Of the runs that have ended, all but the newest. Others can go on, and stay.
std::vector<ListedRun> beyond_newest(std::vector<ListedRun> runs, std::int64_t keep) {
  std::erase_if(runs, [](const ListedRun& run) { return !run.has_ended(); });
  sort_runs(runs, "age");
  runs.erase(runs.begin(), runs.begin() + std::min(keep, static_cast<std::int64_t>(runs.size())));
  return runs;
}

int runs(const RunsFlags& flags) {
  std::vector<RunFilter> filters;
  for (const std::string& text : flags.filters) filters.push_back(parse_filter(text));
  if (flags.deletes && flags.words.empty())
    throw Error(Trouble::usage, "--delete", "no run", "the runs to delete", "tend runs --delete RUN");
  if (flags.deletes && flags.keep >= 0) throw Error(Trouble::usage, "--keep", "together with --delete", "one of them");
  std::vector<ListedRun> all;
  bool are_single = true;
  for (const std::string& word : flags.words) {
    std::vector<ListedRun> some = runs_of(word);
    are_single &= some.size() == 1 && some[0].name == some[0].path && holds_experiment(some[0].path);
    if (flags.deletes && some.empty()) throw Error(Trouble::missing, word, "no run there", "a run to delete");
    all.insert(all.end(), some.begin(), some.end());
  }
  if (flags.words.empty() && fs::is_directory("runs")) all = list_runs("runs");
  if (flags.words.size() == 2 && are_single && !flags.deletes && flags.keep < 0)
    return compare_runs(all[0], all[1], flags.common);
  all = filtered(std::move(all), filters);
  if (flags.deletes) return remove_runs(flags, all);
  if (flags.keep >= 0) return remove_runs(flags, beyond_newest(std::move(all), flags.keep));
  sort_runs(all, flags.sort);
  const double now = static_cast<double>(std::time(nullptr));
  if (!flags.common.json) {
    print_list(all, now);
    return exit_code::done;
  }
  Value v = Value::table();
  v["schema"] = 1;
  v["runs"] = Value::array();
  for (const ListedRun& run : all) v["runs"].push_back(value_of_listed(run, now));
  std::printf("%s\n", to_json(v).c_str());
  return exit_code::done;
}

}  // namespace

void add_runs(CLI::App& app, int& code) {
  auto flags = std::make_shared<RunsFlags>();
  CLI::App* verb = app.add_subcommand(
      "runs",
      "Lists runs, compares two of them, or deletes some.\n\n"
      "  tend runs                                           all runs under runs/, the newest first\n"
      "  tend runs --sort metric --filter 'accuracy>0.9'     the best ones\n"
      "  tend runs a b                                       what differs between two runs\n"
      "  tend runs --keep 10 --yes                           deletes all but the 10 newest that have ended\n");
  verb->add_option("runs", flags->words, "folders of runs, or runs; two runs are compared; absent: runs/")->type_name("DIR|RUN");
  verb->add_option("--sort", flags->sort, "metric (the best first), time (of training), name, or age (the newest first)")
      ->check(CLI::IsMember({"metric", "time", "name", "age"}))
      ->capture_default_str();
  verb->add_option(
          "--filter", flags->filters,
          "only runs for which this holds; KEY is state, data, name, epochs, steps, seconds, best, a metric or a key of the "
          "experiment file; = != < <= > >=; can be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_flag("--delete", flags->deletes, "delete these runs");
  verb->add_option("--keep", flags->keep, "delete all runs that have ended but the N newest")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb->add_flag("--yes", flags->yes, "delete without a question");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = runs(*flags); });
}

}  // namespace tend

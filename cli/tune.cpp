#include <filesystem>
#include <iostream>
#include <memory>

#include "ask_tell.h"
#include "configuration.h"
#include "run_loop.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/record/run_directory.h"
#include "tend/store/address.h"
#include "tend/study/study_page.h"
#include "tend/study/usual_space.h"
#include "text.h"
#include "tune_display.h"
#include "waiting.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

struct TuneFlags : ConfigurationFlags {
  CommonFlags common;
  std::string run, time, show, worker, store;
  std::optional<std::int64_t> trials;
  std::optional<double> budget;
  bool asks_and_tells = false, overwrite = false, explain = false;
};

constexpr const char* study_files[] = {"study.toml", "study.db",   "study.db-wal", "study.db-shm", "trials",
                                       "best",       "trials.csv", "summary.json", "study.html"};

/// Reads a study for another program: a file whose keys are seed and tune.
Search read_study(const std::string& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "a study: a file with seed and [tune]");
  const Value file = text->starts_with("{") ? parse_json(*text, path) : parse_toml(*text, path);
  for (const auto& [key, v] : file.items())
    if (key != "seed" && key != "tune") unknown_key(path, key, {"seed", "tune"});
  const Value* tune = file.find("tune");
  if (!tune || !tune->is_table()) throw Error(Trouble::usage, path, "a study without [tune]", "a table [tune] with parameters");
  const Value* seed = file.find("seed");
  if (seed && (!seed->is_integer() || seed->integer() < 0))
    throw Error(Trouble::usage, path + ": seed", seed->describe(), "an integer >= 0");
  for (const char* key : {"stages", "widen", "budget", "parallel", "final_seeds", "final_pack", "store"})
    if (tune->find(key))
      throw Error(Trouble::usage, path + ": tune", std::string(key), "the keys of a study file",
                  "its keys are parameters, direction, steps, trials, budget_steps, sampler and stopper");
  const auto settings = read_fields<TuneSettings>(*tune, path + ": tune");
  return Search(settings, seed ? static_cast<std::uint64_t>(seed->integer()) : 0, path + ": tune");
}

/// The folder of the study: a new one, or one that holds this study already.
std::string study_folder(const TuneFlags& flags) {
  if (flags.run.empty()) return make_folder_by_time();
  std::error_code error;
  fs::create_directories(flags.run, error);
  if (error || !fs::is_directory(flags.run))
    throw Error(Trouble::write, flags.run, "it cannot be made", "a folder for the study", "choose another with --run DIR");
  if (flags.overwrite)
    for (const char* file : study_files) fs::remove_all(flags.run + "/" + file, error);
  if (fs::exists(flags.run + "/experiment.toml"))
    throw Error(Trouble::usage, "--run", "the folder " + flags.run + " holds a run", "a folder without one, or of a study",
                "choose another folder");
  return flags.run;
}

void write_outputs(const StudyResult& result) {
  write_whole(result.folder + "/trials.csv", result_to_csv(result));
  write_whole(result.folder + "/summary.json", to_json(result_to_value(result)) + "\n");
  write_whole(result.folder + "/study.html", study_page(result));
}

void print_next(const StudyResult& result) {
  if (!result.best) return;
  if (is_server_address(result.folder)) return std::printf("\nThe study is on %s\n", result.folder.c_str()), void();
  std::printf("\nThe study is in %s: study.html shows it, trials.csv lists the trials", result.folder.c_str());
  if (!fs::exists(result.folder + "/best/experiment.toml")) return std::printf("\n"), void();
  std::printf("\nThe best experiment is %s/best/experiment.toml; its model is beside it:\n  %s predict %s/best DATA\n",
              result.folder.c_str(), called_as().c_str(), result.folder.c_str());
}

/// The folder of a study: as it is given, its name under runs/, or for "latest" the newest of these.
std::string found_study(const std::string& given) {
  if (is_server_address(given) || fs::exists(study_file_in(given))) return given;
  if (given != "latest") return fs::exists(study_file_in("runs/" + given)) ? "runs/" + given : given;
  std::error_code error;
  std::pair<fs::file_time_type, std::string> newest{{}, given};
  for (const auto& entry : fs::directory_iterator("runs", error))
    if (const std::string file = study_file_in(entry.path().string()); fs::exists(file))
      if (const auto time = fs::last_write_time(file); newest.second == given || time > newest.first)
        newest = {time, entry.path().string()};
  return newest.second;
}

int show(TuneFlags flags) {
  flags.show = found_study(flags.show);
  const std::string name = without_password(flags.show);
  if (!is_server_address(flags.show) && !fs::exists(study_file_in(flags.show)))
    throw Error(Trouble::missing, name, "no study there",
                "the folder of a study, with study.db, its name under runs/, latest, or the address of its server");
  StudyStore store(flags.show, {.is_read_only = true});
  if (store.about("identity").is_null()) throw Error(Trouble::data, name, "a study that has not begun", "a study with trials");
  StudyDesk desk(store, course_of(store), "");
  desk.look();
  const StudyResult result = result_of(desk, store, name, "");
  if (flags.common.json) std::printf("%s\n", to_json(result_to_value(result)).c_str());
  else print_study(result), print_next(result);
  return exit_code::done;
}

/// What a worker's command line leaves open: the experiment of the study, from its folder or its server.
TuneFlags with_experiment_of_study(TuneFlags flags) {
  if (!is_server_address(flags.worker)) {
    flags.input = flags.worker + "/study.toml";
    return flags;
  }
  StudyStore store(flags.worker, {.is_read_only = true});
  flags.input = store.name();
  flags.given = store.about("experiment");
  if (flags.given->is_null()) throw Error(Trouble::missing, store.name(), "no study there", "a study that has begun");
  flags.store = flags.worker;
  return flags;
}

/// The server that keeps the study; "" if that is its folder.
std::string server_of(const Experiment& experiment, const TuneFlags& flags) {
  const Value* store = experiment.tune.is_table() ? experiment.tune.find("store") : nullptr;
  const std::string address = !flags.store.empty() ? flags.store : store && store->is_string() ? store->string() : "";
  return is_server_address(address) ? address : "";
}

/// The experiment with its space, from a file or bare data.
Experiment experiment_to_tune(const TuneFlags& flags, double seconds, Dataset& data, DataPlaces& places,
                              bool& has_inferred_space) {
  Configuration configuration = configure(flags);
  places = {configuration.experiment.folder, registered_folders()};
  if (const std::string server = server_of(configuration.experiment, flags); !server.empty())
    open_database(server);  // a wrong address is an error before the data are read
  std::vector<Inferred> reasons;
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  const bool chooses_pack = !configuration.experiment.gives("network", "pack");
  Experiment experiment = infer_from_source(configuration.experiment, places, data, reasons);
  if (chooses_pack) experiment = with_small_trials(experiment, reasons);
  waiting.reset();
  make_paths_absolute(experiment);
  if (!experiment.tune.is_table()) experiment.tune = Value::table();
  if (flags.trials) experiment.tune["trials"] = *flags.trials;
  if (flags.budget) experiment.tune["budget"] = *flags.budget;
  if (!flags.store.empty()) experiment.tune["store"] = flags.store;
  has_inferred_space = !experiment.tune.find("parameters");
  experiment = with_usual_space(experiment, seconds > 0, reasons);
  if (!flags.common.quiet) print_inferences(stderr, reasons, flags.explain);
  if (!flags.common.quiet) std::fprintf(stderr, "%s %s\n", coloured("Tuning", "1").c_str(), configuration.name.c_str());
  return experiment;
}

/// Opens the study; one that cannot begin leaves no folder.
std::unique_ptr<Tuning> begun(const Experiment& experiment, const Dataset& data, const std::string& folder,
                              const TuningOptions& options) {
  try {
    return std::make_unique<Tuning>(experiment, data, folder, options);
  } catch (...) {
    std::error_code error;
    fs::remove(folder, error);  // only if it is empty
    throw;
  }
}

int search_and_compare(const TuneFlags& flags) {
  const double seconds = flags.time.empty() ? 0 : seconds_of(flags.time, "--time");
  const bool is_worker = !flags.worker.empty();
  Dataset data;
  TuningOptions options;
  const Experiment experiment = experiment_to_tune(is_worker ? with_experiment_of_study(flags) : flags, seconds, data,
                                                   options.places, options.has_inferred_space);
  const std::string folder = is_worker ? without_password(flags.worker) : study_folder(flags);
  if (const std::string server = server_of(experiment, flags); flags.overwrite && !server.empty()) StudyStore(server).clear();
  TuneDisplay display(flags.common.quiet, seconds);
  std::stop_source stop;
  options.seconds = seconds;
  options.stop = stop.get_token();
  options.on_event = [&](const TuningEvent& event) {
    if (signal_of_run()) stop.request_stop();
    display.on_event(event);
  };
  if (!flags.common.quiet) options.on_waiting = [&](const std::string& text) { display.on_waiting(text); };
  const std::unique_ptr<Tuning> made = begun(experiment, data, folder, options);
  Tuning& tuning = *made;
  if (!is_worker) write_whole(folder + "/study.toml", to_toml(shown_experiment(experiment)));
  catch_signals();
  std::jthread signals([&](std::stop_token ends) {
    while (!ends.stop_requested()) {
      if (signal_of_run()) stop.request_stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  display.begin(tuning);
  if (const std::int64_t more = tuning.trainings_of_comparison(); more > 0 && !is_worker)
    display.on_event(
        {.text = "After the search the best trials and the experiment as given are trained with more seeds and compared: up to " +
                 std::to_string(more) + " trainings (--set tune.final_seeds=0: none)."});
  const std::string end = tuning.search();
  if (!is_worker && !signal_of_run()) tuning.compare();
  display.end();
  const StudyResult result = result_of(tuning.desk(), tuning.store(), folder, end);
  if (!is_worker) write_outputs(result);
  if (flags.common.json) std::printf("%s\n", to_json(result_to_value(result)).c_str());
  else if (!flags.common.quiet && !is_worker) print_study(result), print_next(result);
  if (signal_of_run()) return 128 + signal_of_run();
  return result.best ? exit_code::done : exit_code::failed;
}

int tune(const TuneFlags& flags) {
  if (flags.asks_and_tells) {
    Search search = read_study(flags.input);
    ask_and_tell(search, std::cin, stdout);
    return exit_code::done;
  }
  return flags.show.empty() ? search_and_compare(flags) : show(flags);
}

}  // namespace

void add_tune(CLI::App& app, int& code) {
  auto flags = std::make_shared<TuneFlags>();
  CLI::App* verb = app.add_subcommand(
      "tune",
      "Searches for the best values of settings, and compares the best experiment with the given one.\n\n"
      "  tend tune adult.csv --target income --time 10m\n"
      "  tend tune experiment.toml --trials 60 --run studies/first\n"
      "  tend tune --show studies/first\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("--run", flags->run, "the study's folder; absent: a new one under runs/; a study that is there goes on")
      ->type_name("DIR");
  verb->add_flag("--overwrite", flags->overwrite, "replace the study that the folder of --run holds");
  verb->add_option("--time", flags->time, "ends the study in time: 90s, 10m, 2h")->type_name("TIME");
  verb->add_option("--trials", flags->trials, "the most trials; 0: no limit (tune.trials)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb->add_option("--budget", flags->budget, "the most epochs, as a number of full trainings (tune.budget)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  add_threads(*verb);
  verb->add_option("--show", flags->show, "print what a study has found so far, and stop")->type_name("STUDY");
  verb->add_option(
          "--worker", flags->worker,
          "train trials of a study that another process has begun: its folder, or postgresql://USER@HOST/DATABASE?study=NAME")
      ->type_name("STUDY");
  verb->add_option("--store", flags->store,
                   "keep the study on a PostgreSQL server, for workers on several machines (tune.store): "
                   "postgresql://USER@HOST/DATABASE?study=NAME")
      ->type_name("ADDRESS");
  verb->add_flag("--explain", flags->explain, "show how to decide otherwise what was inferred from the data");
  verb->add_flag("--ask-tell", flags->asks_and_tells,
                 "let another program train: JSON lines on standard input and output; the file has seed and [tune]");
  verb->callback([flags, &code] { code = tune(*flags); });
}

}  // namespace tend

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "cli.h"
#include "tend/base/executor.h"
#include "tend/base/write_whole.h"
#include "tend/record/run_directory.h"

namespace tend {

int exit_code_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::usage: return exit_code::usage;
    case Trouble::data: return exit_code::bad_data;
    case Trouble::missing: return exit_code::missing;
    case Trouble::write: return exit_code::cannot_write;
    case Trouble::locked: return exit_code::locked;
  }
  return exit_code::failed;
}

int tell(const Error& error) {
  std::fprintf(stderr, "%s %s\n", coloured("tend: error:", "31").c_str(), error.what());
  return exit_code_of(error.trouble);
}

void add_common(CLI::App& verb, CommonFlags& flags) {
  verb.add_flag("--json", flags.json, "print one JSON document on standard output and nothing else");
  verb.add_flag("--quiet", flags.quiet, "print errors only");
}

std::vector<std::string> registered_folders() {
  std::vector<std::string> folders;
  if (const char* data = std::getenv("TEND_DATA"); data && *data) folders.push_back(data);
  else if (const char* home = std::getenv("HOME"); home && *home)
    folders.push_back(std::string(home) + "/.local/share/tend/data");
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  // <checkout>/build/release/tend
  const auto shared = program.parent_path().parent_path().parent_path().parent_path() / "shared" / "data";
  if (!error && std::filesystem::is_directory(shared, error)) folders.push_back(shared.string());
  return folders;
}

void take_threads_of_environment() {
  if (const char* text = std::getenv("OMP_NUM_THREADS"); text && *text) {
    char* end = nullptr;
    const long n = std::strtol(text, &end, 10);
    if (n > 0 && n < 1024 && (*end == '\0' || *end == ',')) set_usual_threads(static_cast<int>(n));
  }
}

void add_threads(CLI::App& verb) {
  verb.add_option_function<int>("--threads", set_usual_threads,
                                "absent: OMP_NUM_THREADS, otherwise all cores; the results are the same for any number")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
}

ModelSource find_model(const std::string& run_or_model) {
  namespace fs = std::filesystem;
  std::string folder;
  ModelSource source;
  if (fs::is_regular_file(run_or_model)) {
    source.name = source.model_path = run_or_model;
    folder = fs::path(run_or_model).parent_path().string();
    if (folder.empty()) folder = ".";
  } else {
    const FoundRun found = find_run(run_or_model);
    if (!found.note.empty()) std::fprintf(stderr, "%s\n", found.note.c_str());
    source.name = folder = found.path;
    source.model_path = folder + "/model.safetensors";
    if (!fs::exists(source.model_path))
      throw Error(Trouble::missing, folder, "a run without a model: it was stopped before its end", "a run that has ended",
                  called_as() + " resume " + folder);
  }
  warn_about(folder);
  if (const std::string file = folder + "/experiment.toml"; fs::exists(file)) source.experiment = Experiment::read(file);
  return source;
}

void warn_about(const std::string& run) {
  if (const std::string caution = caution_about(run); !caution.empty())
    std::fprintf(stderr, "%s %s\n", coloured("tend: warning:", "33").c_str(), caution.c_str());
}

void refuse_existing(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_other(status))  // /dev/stdout or a pipe is there to be written
    throw Error(Trouble::write, path, "a file that exists", "a new file", "--overwrite replaces it");
}

void write_new(const std::string& path, const std::string& text, bool overwrites) {
  if (!overwrites) refuse_existing(path);
  write_whole(path, text);
}

std::string& called_as() {
  static std::string name = "tend";
  return name;
}

void print_notes(const DataNotes& notes) {
  for (const DataNote& note : notes) std::fprintf(stderr, "%s\n", note.text.c_str());
}

std::string coloured(const std::string& text, const char* code) {
  static const bool is_coloured = ::isatty(STDERR_FILENO) && !(std::getenv("NO_COLOR") && *std::getenv("NO_COLOR"));
  return is_coloured ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
}

}  // namespace tend

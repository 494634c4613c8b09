#pragma once
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tend/tend.h"

namespace tend {

/// The flags of every verb.
struct CommonFlags {
  bool json = false, quiet = false;
};

/// The exit codes that interface.md defines.
namespace exit_code {
inline constexpr int done = 0, failed = 1, usage = 2, check_failed = 3, bad_data = 65, missing = 66, cannot_write = 73,
                     locked = 75, diverged = 86;
}
int exit_code_of(Trouble trouble);
/// Prints "tend: error: where: got; wanted ...; hint" on stderr and returns the exit code.
int tell(const Error& error);

/// A verb adds its flags to `app`; the callback stores the exit code.
void add_train(CLI::App& app, int& code);
void add_resume(CLI::App& app, int& code);
void add_verify(CLI::App& app, int& code);
void add_runs(CLI::App& app, int& code);
void add_show(CLI::App& app, int& code);
void add_diagnose(CLI::App& app, int& code);
void add_evaluate(CLI::App& app, int& code);
void add_predict(CLI::App& app, int& code);
void add_doctor(CLI::App& app, int& code);
void add_check(CLI::App& app, int& code);
void add_exam(CLI::App& app, int& code);
void add_schema(CLI::App& app, int& code);
void add_shell(CLI::App& app, int& code);
void add_gradcheck(CLI::App& app, int& code);
void add_data(CLI::App& app, int& code);
void add_init(CLI::App& app, int& code);
void add_tune(CLI::App& app, int& code);
void add_report(CLI::App& app, int& code);
void add_lecture(CLI::App& app, int& code);

/// The words with which the program was called: "tend", "./run", "build/release/tend".
std::string& called_as();

/// Adds --json and --quiet.
void add_common(CLI::App& verb, CommonFlags& flags);
/// Folders of registered data: $TEND_DATA, otherwise ~/.local/share/tend/data; and shared/data next to this checkout.
std::vector<std::string> registered_folders();
/// Makes OMP_NUM_THREADS, if it is a number, the usual number of threads.
void take_threads_of_environment();
/// Adds --threads, which sets the usual number of threads while the verb runs.
void add_threads(CLI::App& verb);
/// The model for `predict` and `evaluate`: a run, or a model file. Data for a model file are read with the settings of its run if
/// it lies in one, otherwise with the defaults.
struct ModelSource {
  std::string name, model_path;
  Experiment experiment;
};
/// Finds the model, and prints on stderr what its user must know. Throws Error{missing}.
ModelSource find_model(const std::string& run_or_model);
/// Warns on stderr if a run's model is not what its user may expect.
void warn_about(const std::string& run);
/// Throws Error{write} if there is a file.
void refuse_existing(const std::string& path);
/// Writes a file that a user asked for. Throws Error{write} if it exists and may not be replaced.
void write_new(const std::string& path, const std::string& text, bool overwrites);
/// Prints what was left out or changed in data, a line each, on stderr.
void print_notes(const DataNotes& notes);
/// Text for stderr, in colour if stderr is a terminal and NO_COLOR is not set.
std::string coloured(const std::string& text, const char* code);

}  // namespace tend

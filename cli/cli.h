#pragma once
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tend/tend.h"

namespace tend {

/// What every verb takes.
struct CommonFlags {
  bool json = false, quiet = false;
};

/// Exit codes of interface.md.
namespace exit_code {
inline constexpr int done = 0, failed = 1, usage = 2, check_failed = 3, bad_data = 65, missing = 66, cannot_write = 73,
                     locked = 75, diverged = 86;
}
int exit_code_of(Trouble trouble);
/// "tend: error: where: got; wanted ...; hint" on stderr; gives the exit code.
int tell(const Error& error);

/// A verb: adds its flags to `app`; the callback stores the exit code.
void add_train(CLI::App& app, int& code);
void add_evaluate(CLI::App& app, int& code);
void add_predict(CLI::App& app, int& code);
void add_doctor(CLI::App& app, int& code);
void add_check(CLI::App& app, int& code);
void add_exam(CLI::App& app, int& code);
void add_schema(CLI::App& app, int& code);
void add_gradcheck(CLI::App& app, int& code);

/// --json and --quiet.
void add_common(CLI::App& verb, CommonFlags& flags);
/// Folders of registered data: $TEND_DATA, else ~/.local/share/tend/data; and shared/data beside this checkout.
std::vector<std::string> registered_folders();
/// --threads, else OMP_NUM_THREADS, else all cores.
int threads_or_usual(int given);
/// What `predict` and `evaluate` take: a run, or a model file, whose data are read with the settings of its run where it lies in
/// one, otherwise with the defaults.
struct ModelSource {
  std::string name, model_path;
  Experiment experiment;
};
/// Prints on stderr what a user of the model must know. Throws Error{missing}.
ModelSource find_model(const std::string& run_or_model);
/// On stderr, where a run's model is not what its user may think.
void warn_about(const std::string& run);
/// A word on stderr in colour, where that is a terminal and NO_COLOR is not set.
std::string coloured(const std::string& text, const char* code);

}  // namespace tend

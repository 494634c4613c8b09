#include <cstdio>

#include "cli.h"

namespace {

/// Verbs of the interface that this version does not have.
constexpr const char* to_come[] = {"check", "resume", "runs", "show", "diagnose", "tune", "board", "report", "export", "import", "gradcheck", "exam", "profile", "data", "init", "schema"};

void add_to_come(CLI::App& app, int& code) {
  for (const char* verb : to_come) {
    CLI::App* sub = app.add_subcommand(verb)->group("");
    sub->allow_extras();
    sub->callback([verb, &code] {
      std::fprintf(stderr, "tend: error: %s: not built yet in version %s; wanted one of: train, evaluate, predict, doctor\n", verb, tend::version());
      code = tend::exit_code::usage;
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Trains neural networks and looks after them while they learn.\n\n"
               "  tend train                                 the bundled digits\n"
               "  tend train flowers.csv --target species    a table: everything else is inferred and said\n"
               "  tend train experiment.toml                 exactly what the file says\n"
               "  tend predict latest new.csv -o out.csv     with the run made last\n",
               "tend"};
  app.set_version_flag("--version", std::string("tend ") + tend::version());
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  int code = tend::exit_code::done;
  tend::add_train(app, code);
  tend::add_evaluate(app, code);
  tend::add_predict(app, code);
  tend::add_doctor(app, code);
  add_to_come(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    std::fprintf(stderr, "tend: error: command line: %s; see tend --help\n", e.what());
    return tend::exit_code::usage;
  } catch (const tend::Error& e) {
    std::fprintf(stderr, "tend: error: %s\n", e.what());
    return tend::exit_code_of(e.trouble);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "tend: error: memory: there is not enough for this run; try a smaller train.batch_size or data.limit\n");
    return tend::exit_code::failed;
  }
  return code;
}

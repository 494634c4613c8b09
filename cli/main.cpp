#include <algorithm>
#include <cstdio>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "cli.h"
#include "tend/base/aliases.h"
#include "tend/base/text.h"

namespace tend {

namespace {

/// Verbs of interface.md that this version does not have.
constexpr const char* to_come[] = {"board", "export", "import", "profile"};

std::vector<std::string> verbs_of(const CLI::App& app, bool with_those_to_come) {
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    if (with_those_to_come || !verb->get_group().empty()) verbs.push_back(verb->get_name());
  return verbs;
}

void add_to_come(CLI::App& app) {
  for (const char* verb : to_come) {
    CLI::App* sub = app.add_subcommand(verb)->group("");
    sub->set_help_flag();
    sub->allow_extras();
    sub->callback([verb, &app] {
      throw Error(Trouble::usage, verb, std::string("a verb that is not available in version ") + version(),
                  "one of: " + listed(verbs_of(app, false)));
    });
  }
}

/// Reports a first word that is not a verb. CLI11 would ignore it.
void check_verb(const CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> verbs = verbs_of(app, false), all = verbs_of(app, true);
  if (argc < 2)
    throw Error(Trouble::usage, "command line", "no verb", "one of: " + listed(verbs),
                "tend train trains on the bundled digits; tend --help says more");
  const std::string word = argv[1];
  if (word.empty() || word[0] == '-' || std::find(all.begin(), all.end(), word) != all.end()) return;
  std::string hint = hint_about(word, verbs);
  if (word.find_first_of("./") != std::string::npos) hint = "tend train " + word + " trains on it";
  throw Error(Trouble::usage, "command line", "the verb \"" + word + "\"", "one of: " + listed(verbs), hint);
}

/// CLI11's message in our form, with the most similar flag.
Error error_of(const CLI::App& app, const CLI::ParseError& e) {
  std::vector<std::string> flags;
  std::string unknown, where = "command line";
  for (const CLI::App* verb : app.get_subcommands()) {
    where = verb->get_name();
    for (const CLI::Option* option : verb->get_options())
      for (const std::string& name : option->get_lnames()) flags.push_back(name);
    for (const std::string& word : verb->remaining())
      if (unknown.empty() && word.starts_with("--"))
        unknown = word.substr(2, word.find('=') - std::min<std::size_t>(2, word.find('=')));
  }
  const std::string near = unknown.empty() ? "" : our_word(unknown, flags);
  return Error(
      Trouble::usage, where, e.what(), "",
      near.empty() ? "see tend " + (where == "command line" ? "" : where + " ") + "--help" : "did you mean --" + near + "?");
}

int failed(const Error& e, bool as_json) {
  if (as_json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["status"] = "failed";
    v["stop_reason"] = e.what();
    v["error"]["where"] = e.where;
    v["error"]["got"] = e.got;
    v["error"]["wanted"] = e.wanted;
    v["error"]["hint"] = e.hint;
    std::printf("%s\n", to_json(v).c_str());
  }
  return tell(e);
}

int run(int argc, char** argv) {
  CLI::App app{
      "Trains neural networks and looks after them while they learn.\n\n"
      "  tend train                                 the bundled digits\n"
      "  tend train flowers.csv --target species    a table: everything else is inferred and shown\n"
      "  tend train experiment.toml                 what the file says\n"
      "  tend predict latest new.csv -o out.csv     with the newest run under runs/\n",
      "tend"};
  app.set_version_flag("--version", std::string("tend ") + version());
  app.require_subcommand(1);
  int code = exit_code::done;
  add_train(app, code);
  add_resume(app, code);
  add_verify(app, code);
  add_runs(app, code);
  add_show(app, code);
  add_diagnose(app, code);
  add_evaluate(app, code);
  add_predict(app, code);
  add_doctor(app, code);
  add_gradcheck(app, code);
  add_check(app, code);
  add_exam(app, code);
  add_data(app, code);
  add_init(app, code);
  add_tune(app, code);
  add_report(app, code);
  add_lecture(app, code);
  add_schema(app, code);
  add_shell(app, code);
  add_to_come(app);
  const bool as_json = std::any_of(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--json") == 0; });
  try {
    check_verb(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return e.get_exit_code() == 0 ? app.exit(e) : failed(error_of(app, e), as_json);
  } catch (const Error& e) {
    return failed(e, as_json);
  } catch (const std::bad_alloc&) {
    failed(Error(Trouble::usage, "memory", "there is not enough for this", "",
                 "try a smaller network, train.batch_size or data.limit"),
           as_json);
    return exit_code::failed;
  } catch (const std::system_error& e) {
    failed(Error(Trouble::usage, "threads", e.what(), "room for the threads of this program",
                 "look at the limits that ulimit -a shows, or free memory"),
           as_json);
    return exit_code::failed;
  }
  return code;
}

}  // namespace

/// A file opened later must not get the number of a standard stream that is closed: prints would go into it.
void keep_standard_streams() {
  int file = -1;
  do file = ::open("/dev/null", O_RDWR);
  while (file >= 0 && file <= STDERR_FILENO);
  if (file > STDERR_FILENO) ::close(file);
}

}  // namespace tend

int main(int argc, char** argv) {
  tend::keep_standard_streams();
  if (argc > 0 && argv[0] && *argv[0]) tend::called_as() = argv[0];
  tend::take_threads_of_environment();
  return tend::run(argc, argv);
}
